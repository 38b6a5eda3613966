import ArgumentParser
import Commands
import Foundation
import RunStore
import Statistics

/// `book shuffle`: proves that the chapters' checks pass in whatever order a reader runs them.
struct Shuffle: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs all chapters on one store in a random order, each one twice.",
    discussion: """
      Each is run with --quick, and every check has to pass each time: a chapter must not depend on which \
      runs the store already has. The store is a new one, and is removed afterwards.
      """)

  @OptionGroup var selection: ChapterSelection

  @Option(
    in: seedNumbers,
    help: ArgumentHelp(
      "The order: the same seed gives the same one. (default: a new one)", valueName: "s"))
  var seed: Int?

  @Flag(
    help:
      "Instead, run each chapter once, in the order of the book, and chapter 9 again at the end.")
  var inOrder = false

  func validate() throws {
    if inOrder, seed != nil { throw ValidationError("--in-order has no --seed.") }
  }

  func run() throws {
    let chapters = try selection.chapters()
    let seed = seed ?? .random(in: seedNumbers)
    let order =
      inOrder
      ? chapters + chapters.filter { $0.number == 9 }
      : Shuffle.order(of: chapters, seed: seed)
    try printLine("The order\(inOrder ? "" : " of seed \(seed)"): \(Shuffle.list(order))")
    let failures = try withTemporaryFolder { folder in
      try Shuffle.walk(order, store: folder.appendingPathComponent("runs.sqlite"))
    }
    guard failures.isEmpty else {
      let numbers = selection.numbers.map { "\($0) " }.joined()
      tell(
        "\(failures.count) of \(order.count) runs failed. The same again: swift run book shuffle "
          + numbers + (inOrder ? "--in-order" : "--seed \(seed)"))
      throw ExitCode(1)
    }
    try printLine("All \(order.count) runs passed every check.")
  }

  /// Each chapter twice, in an order that only the seed decides.
  static func order(of chapters: [ChapterFolder], seed: Int) -> [ChapterFolder] {
    var generator = SplitMix(seed: UInt64(seed))
    return (chapters + chapters).shuffled(using: &generator)
  }

  private static func list(_ chapters: [ChapterFolder]) -> String {
    chapters.map { "\($0.number)" }.joined(separator: " ")
  }

  /// Runs chapters one after the other on one store.
  ///
  /// - Parameter program: what to run for a chapter.
  /// - Returns: a sentence for each run that failed.
  static func walk(
    _ order: [ChapterFolder], store: URL, program: (ChapterFolder) -> URL = \.program
  ) throws -> [String] {
    var failures: [String] = []
    var checks: [Int: [String]] = [:]
    for (index, chapter) in order.enumerated() {
      let start = Date()
      let before = try claims(in: store, of: chapter).count
      let (status, complaints) = try book.run(
        program(chapter), ["--quick", "--no-color", "--store", store.path],
        environment: chapter.onlyBundledData(beside: store))
      let recorded = try claims(in: store, of: chapter).dropFirst(before)
      let failed = recorded.filter { !$0.passed }.map(\.claim)
      var problems = failed.map { "its check failed: \($0)" }
      if status != 0 { problems.append("it ended with status \(status)\n    \(complaints)") }
      if recorded.isEmpty { problems.append("it recorded no check in the store") }
      let all = recorded.map(\.claim)
      if let earlier = checks[chapter.number], earlier != all {
        problems.append("it made \(all.count) checks, and \(earlier.count) the time before")
      }
      checks[chapter.number] = all
      let seconds = Int(Date().timeIntervalSince(start))
      try printLine("\(chapter.name): \(problems.isEmpty ? "passed" : "FAILED"), \(seconds) s")
      for problem in problems { tell("  \(problem)") }
      if !problems.isEmpty {
        failures.append(
          "chapter \(chapter.number), behind \(list(Array(order[..<index]))): "
            + problems.joined(separator: "; "))
      }
    }
    return failures
  }

  /// The checks of a chapter that a store has, in the order in which they were recorded.
  private static func claims(
    in store: URL, of chapter: ChapterFolder
  ) throws -> [(claim: String, passed: Bool)] {
    guard FileManager.default.fileExists(atPath: store.path) else { return [] }
    let runStore = try RunStore(readingOnly: store.path)
    defer { runStore.close() }
    let sql = "SELECT claim, passed FROM checks WHERE chapter = \(chapter.number) ORDER BY rowid"
    return try runStore.rows(sql: sql).rows.map { ($0[0].description, $0[1] == .integer(1)) }
  }
}
