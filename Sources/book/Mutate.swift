import ArgumentParser
import Commands
import Files
import Foundation

/// A fault that a check has to notice: a piece of a source file, and a wrong one in its place.
struct Mutation: Codable {
  /// How the check's claim begins, as on the woven page.
  let check: String
  /// The file, from the package's folder.
  let file: String
  /// What is replaced; it stands in the file once.
  let replace: String
  /// What replaces it.
  let by: String
  /// Over how many seeds the check was measured on the woven page, 0 if nothing in it is random. Every check of a
  /// page needs it, for the book's index of claims.
  let seeds: Int?

  /// The table of a chapter.
  static func table(of chapter: Int, in package: URL) throws -> [Mutation] {
    let name = String(format: "chapter%02d.json", chapter)
    let file = package.appendingPathComponent("Tests/ChapterTests/Mutations/\(name)")
    return try JSONDecoder().decode([Mutation].self, from: Data(contentsOf: file))
  }
}

/// `book mutate`: proves that every check of a chapter can fail.
struct Mutate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Proves that every check can fail: plants a fault for each, one after the other.",
    discussion: """
      The faults are those of Tests/ChapterTests/Mutations. Each is planted in a copy of the package, the \
      chapter is built there and run with --quick, and its check has to fail. Takes about half a minute a \
      fault.
      """)

  @OptionGroup var selection: ChapterSelection

  @Option(help: "Where the copy is built; kept, so that the next time is faster.")
  var scratch = ".build-mutants"

  func validate() throws { try requirePath(scratch, of: "--scratch") }

  func run() throws {
    let chapters = try selection.chapters()
    let scratch = URL(fileURLWithPath: scratch)
    let copy = scratch.appendingPathComponent("package", isDirectory: true)
    // The copy is made by writing and removing files, and the faults are planted in it.
    func places(in folder: URL) -> [Place] {
      Self.copied.map { Place(folder.appendingPathComponent($0).path) }
    }
    try checkPlaces(reading: places(in: ChapterFolder.package), writing: places(in: copy))
    try check(copy)
    var survivors = 0
    for chapter in chapters {
      for mutation in try Mutation.table(of: chapter.number, in: ChapterFolder.package) {
        try refresh(copy)
        let outcome = try outcome(of: mutation, chapter, in: copy)
        if !outcome.isCaught { survivors += 1 }
        try printLine(
          "\(outcome.isCaught ? "✓" : "✗") \(chapter.number): \(mutation.check): \(outcome.text)")
      }
    }
    guard survivors == 0 else {
      tell("\(survivors) faults were not noticed by their checks.")
      throw ExitCode(1)
    }
  }

  /// What is copied of the package.
  private static let copied = ["Package.swift", "Sources", "Tests", "chapters"]

  /// Refuses a folder with anything but an earlier copy in it: what the package doesn't have is removed there.
  private func check(_ copy: URL) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: copy.path)) ?? []
    let expected = Self.copied + ["Package.resolved", ".build", ".swiftpm"]
    func name(in package: URL) -> Substring? {
      let manifest = package.appendingPathComponent("Package.swift")
      let text = try? String(contentsOf: manifest, encoding: .utf8)
      return text?.firstMatch(of: /Package\(\s*name: "[^"]*"/)?.output
    }
    guard
      names.isEmpty
        || names.allSatisfy(expected.contains) && name(in: copy) == name(in: ChapterFolder.package)
    else {
      throw ValidationError(
        "\(copy.path.visible) has other files than a copy of this package, which would be lost. "
          + "Name another --scratch.")
    }
  }

  /// Makes the copy the same as the package, its sources and tests.
  private func refresh(_ copy: URL) throws {
    let files = FileManager.default
    try files.createDirectory(at: copy, withIntermediateDirectories: true)
    for name in Self.copied {
      let (from, to) = (
        ChapterFolder.package.appendingPathComponent(name), copy.appendingPathComponent(name)
      )
      try mirror(from, to)
    }
  }

  /// Copies what differs, so that only that is compiled again.
  private func mirror(_ from: URL, _ to: URL) throws {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: from.path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else {
      if !files.contentsEqual(atPath: from.path, andPath: to.path) {
        try Data(contentsOf: from).write(to: to, options: .atomic)
      }
      return
    }
    try files.createDirectory(at: to, withIntermediateDirectories: true)
    let names = try files.contentsOfDirectory(atPath: from.path)
    for name in names {
      try mirror(from.appendingPathComponent(name), to.appendingPathComponent(name))
    }
    for name in try files.contentsOfDirectory(atPath: to.path) where !names.contains(name) {
      try files.removeItem(at: to.appendingPathComponent(name))
    }
  }

  private func outcome(
    of mutation: Mutation, _ chapter: ChapterFolder, in copy: URL
  ) throws -> (isCaught: Bool, text: String) {
    let file = copy.appendingPathComponent(mutation.file)
    let source = try String(contentsOf: file, encoding: .utf8)
    guard source.components(separatedBy: mutation.replace).count == 2 else {
      return (false, "what it replaces doesn't stand once in \(mutation.file)")
    }
    let mutant = source.replacingOccurrences(of: mutation.replace, with: mutation.by)
    try Data(mutant.utf8).write(to: file, options: .atomic)
    let build = copy.appendingPathComponent(".build", isDirectory: true)
    // Swift's package manager leaves empty folders among the temporary files each time it runs.
    let (built, complaints) = try withTemporaryFolder { temporary in
      try book.run(
        URL(fileURLWithPath: "/usr/bin/env"),
        [
          "TMPDIR=\(temporary.path)", "swift", "build", "--package-path", copy.path,
          "--scratch-path", build.path, "--product", "chapter\(chapter.number)",
        ])
    }
    guard built == 0 else { return (false, "the mutant doesn't compile\n\(complaints)") }
    return try withTemporaryFolder { folder in
      let program = build.appendingPathComponent("debug/chapter\(chapter.number)")
      let (status, _) = try chapter.weave(
        to: folder, store: folder.appendingPathComponent("runs.sqlite"), program: program,
        quick: true)
      let page = folder.appendingPathComponent("README.md")
      let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
      let isCaught = text.contains("- ✗ " + mutation.check)
      return (isCaught, isCaught ? "failed, as it should" : "passed (exit status \(status))")
    }
  }
}
