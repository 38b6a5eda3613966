import ArgumentParser
import Commands
import Foundation

/// `book check`: whether the pages beside the chapters are what the chapters weave now.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares the pages beside the chapters with what they weave now.",
    discussion: """
      Prose, code, claims, verdicts and counts have to be the same. Other numbers may differ a little, as \
      another processor rounds: percentages by 5 points or a quarter, losses by 0.05 or a tenth, rounding \
      errors by a factor of ten, anything else by a quarter; behind ± by twice as much. Figures are \
      compared too. What is marked as measured (times, rates) only has to be there. Changes nothing but \
      the store that it is given. At the end it lists how far the pages are translated into Korean, and \
      what is wrong with that (`book translate --check` lists it without running a chapter).
      """)

  @OptionGroup var selection: ChapterSelection

  @Option(
    help: ArgumentHelp(
      "A store: the runs that it has aren't trained again. (default: a new one)", valueName: "file")
  )
  var store: String?

  @Option(in: 1...64, help: "Chapters that run at the same time; they share the threads.")
  var jobs = 1

  @Flag(help: "Fail if a page isn't translated wholly and well, too.")
  var strict = false

  func run() throws {
    let chapters = try selection.chapters()
    let failed = try withTemporaryFolder { folder in
      let store =
        store.map { URL(fileURLWithPath: $0) } ?? folder.appendingPathComponent("runs.sqlite")
      return try failures(among: chapters, in: folder, store: store)
    }
    let isTranslated = try TranslationLibrary().report(
      on: selection.numbers.isEmpty ? nil : Set(chapters.map(\.number)))
    guard failed.isEmpty else {
      let numbers = failed.map { "\($0.number)" }.joined(separator: " ")
      tell("Look at the differences; `swift run book weave \(numbers)` writes these pages anew.")
      throw ExitCode(1)
    }
    if strict, !isTranslated { throw ExitCode(1) }
  }

  /// The chapters whose pages differ, in the order of the book.
  private func failures(
    among chapters: [ChapterFolder], in folder: URL, store: URL
  ) throws -> [ChapterFolder] {
    let lock = NSLock()
    // Behind the lock while other chapters run.
    nonisolated(unsafe) var waiting = chapters[...]
    nonisolated(unsafe) var results: [Result<ChapterFolder?, any Error>] = []
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while let chapter = lock.withLock({ waiting.popFirst() }) {
        let start = Date()
        let result = Result {
          let problems = try problems(of: chapter, in: folder, store: store)
          let seconds = Int(Date().timeIntervalSince(start))
          try printLine(
            "\(chapter.name): \(problems.isEmpty ? "up to date" : "differs"), \(seconds) s")
          for problem in problems { tell("  \(chapter.name): \(problem)") }
          return problems.isEmpty ? nil : chapter
        }
        lock.withLock { results.append(result) }
      }
    }
    return try results.compactMap { try $0.get() }.sorted { $0.number < $1.number }
  }

  private func problems(of chapter: ChapterFolder, in folder: URL, store: URL) throws -> [String] {
    let woven = folder.appendingPathComponent(chapter.name, isDirectory: true)
    let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / jobs)
    let (status, complaints) = try chapter.weave(to: woven, store: store, threads: threads)
    var problems = status == 0 ? [] : ["it ended with status \(status): \(complaints)"]
    guard
      let new = try? String(contentsOf: woven.appendingPathComponent("README.md"), encoding: .utf8)
    else { return problems + ["it wove no page"] }
    let kept = (try? String(contentsOf: chapter.page, encoding: .utf8)) ?? ""
    problems += PageComparison(kept: kept, woven: new).differences
    let (old, drawn) = (figures(in: chapter.url), figures(in: woven))
    if old != drawn {
      problems.append("it has the figures \(old.sorted()) and would have \(drawn.sorted())")
    }
    let isMeasured = Set(
      new.matches(of: /measured -->\n\n!\[.*\]\(figures\/(.+)\)/).map { String($0.1) })
    for name in old.intersection(drawn).subtracting(isMeasured).sorted() {
      let documents = try [chapter.url, woven].map {
        try String(contentsOf: $0.appendingPathComponent("figures/\(name)"), encoding: .utf8)
      }
      if !FigureComparison.agree(documents[0], documents[1]) {
        problems.append("its figure \(name) would be another")
      }
    }
    return problems
  }

  private func figures(in folder: URL) -> Set<String> {
    let gallery = folder.appendingPathComponent("figures").path
    return Set((try? FileManager.default.contentsOfDirectory(atPath: gallery)) ?? [])
  }
}
