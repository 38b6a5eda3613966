import Charts
import Commands
import Exercises
import Foundation
import Translation

/// A page of the book that is translated, and the files of its translation.
struct BookPage {
  /// From the package's folder.
  let path: String
  let chapter: ChapterFolder?
  private let package: URL

  /// All pages, in the order of the book.
  static func all(in package: URL = ChapterFolder.package) throws -> [BookPage] {
    let chapters = try ChapterFolder.all(in: package).map {
      BookPage(path: "chapters/\($0.name)/README.md", chapter: $0, package: package)
    }
    let others = [
      "README.md", "chapters/GLOSSARY.md", "chapters/QUESTIONS.md", "docs/teaching.md",
      "docs/performance.md", "docs/store.md", "docs/cluster.md",
    ].map { BookPage(path: $0, chapter: nil, package: package) }
    return chapters + others
  }

  /// Where the translations stand: beside the page.
  var translationPath: String {
    chapter.map { "chapters/\($0.name)/ko.po" } ?? path.dropLast(2) + "ko.po"
  }

  /// What several pages say, and the programs around them.
  static let sharedPath = "chapters/ko.po"

  /// The page's Markdown, in English.
  func markdown() throws -> String {
    try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
  }

  /// How the page's claims begin: in its table of faults, and in the chapter's sources, as far as they are
  /// the same on the page.
  func claims() throws -> [String] {
    guard let chapter else { return [] }
    let files = try FileManager.default.contentsOfDirectory(atPath: chapter.url.path).sorted()
    let written = try files.filter { $0.hasSuffix(".swift") }.flatMap { file in
      Self.claims(
        inSource: try String(contentsOf: chapter.url.appendingPathComponent(file), encoding: .utf8))
    }
    // A package that was handed out has no tests, and so no tables.
    let hasTables = FileManager.default.fileExists(
      atPath: package.appendingPathComponent("Tests").path)
    let faults = hasTables ? try Mutation.table(of: chapter.number, in: package) : []
    return faults.map(\.check) + written
  }

  /// The literals in calls of `check`, up to the first value or formula in them.
  static func claims(inSource source: String) -> [String] {
    source.matches(of: #/check\(\s*"((?:[^"\\\n$]|\\[^(])+)/#).map { call in
      String(call.output.1).replacing(#/\\(.)/#) { $0.output.1 }
    }
  }

  /// The page, cut into messages.
  func page() throws -> Page { try Page(markdown(), claims: claims()) }

  /// What is written in the chapter's figures; the page has only their descriptions.
  func figureMessages() throws -> [Message] {
    guard let chapter else { return [] }
    return try chapter.figures.flatMap { file in
      DrawnFigure(try String(contentsOf: file, encoding: .utf8)).words
        .map { Message(plain: $0, .caption) }.filter(\.hasWords)
    }
  }

  /// The tasks of the chapter's exercises, as far as they are in the package.
  func taskMessages() throws -> [Message] {
    let folder = ExerciseFolder.all(in: package).first { $0.chapter == chapter?.number }
    guard let folder else { return [] }
    return try folder.exercises.flatMap { exercise in
      do {
        return try folder.task(of: exercise).messages
      } catch ExerciseError.noStarter {
        return []
      }
    }
  }

  /// All that is translated of it: the page, its figures, and what the chapter's exercises tell their reader.
  func messages() throws -> [Message] {
    let exercises = try chapter.map { try ProgramWords.ofExercises($0.number, in: package) }
    return try page().messages + figureMessages() + taskMessages() + (exercises ?? [])
  }

  /// The page's own translations, and the shared ones.
  func translations() throws -> [POFile] {
    try [translationPath, Self.sharedPath].map {
      try Self.file($0, in: package) ?? POFile()
    }
  }

  /// The page in Korean, as far as it is translated.
  func korean() throws -> String { try page().translated(by: Catalog(translations())) }

  /// A file of translations; `nil` if there is none.
  static func file(_ path: String, in package: URL) throws -> POFile? {
    let url = package.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    do {
      return try POFile(Data(contentsOf: url))
    } catch let error as POError {
      throw UnreadableTranslations(path: path, error: error)
    }
  }
}

/// A file of translations that can't be read.
struct UnreadableTranslations: Error, CustomStringConvertible {
  let path: String
  let error: POError

  var description: String { "\(path), \(error)." }
}

/// What programs say around the prose, as far as it can be translated.
enum ProgramWords {
  /// The words in calls of `words` in the sources and in the chapters, in the order of their files.
  static func messages(in package: URL) throws -> [Message] {
    try ["Sources", "chapters"].flatMap { name in
      let folder = package.appendingPathComponent(name, isDirectory: true)
      let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
      // What readers write is theirs.
      let own = (files ?? []).filter {
        $0.hasSuffix(".swift") && !$0.contains("/Exercises/") && !$0.hasPrefix(".")
      }
      return try own.sorted().flatMap { file in
        messages(
          inSource: try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8))
      }
    }
  }

  /// What a chapter's exercises tell their reader: hints, what is wrong with an answer, what was measured.
  static func ofExercises(_ chapter: Int, in package: URL) throws -> [Message] {
    let name = String(format: "Sources/Graders/Chapter%02d.swift", chapter)
    let grader = package.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: grader.path) else { return [] }
    return sentences(inSource: try String(contentsOf: grader, encoding: .utf8))
  }

  /// The texts in a grader's source that end as a sentence does: names, code and queries don't.
  static func sentences(inSource source: String) -> [Message] {
    StringLiteral.all(in: source).map(\.template).filter(isSentence).map { Message($0, .exercise) }
  }

  /// Whether a text ends as a sentence does, whatever is closed behind its last mark.
  static func isSentence(_ text: String) -> Bool {
    let last = text.last { !")\"".contains($0) }
    return text.contains(" ") && last.map { ".?!".contains($0) } ?? false
  }

  /// The words in calls of `words`, whose literals may be joined by `+`.
  static func messages(inSource source: String) -> [Message] {
    source.matches(
      of: #/(?:^|[^A-Za-z])words\(\s*("(?:[^"\\\n]|\\.)*"(?:\s*\+\s*"(?:[^"\\\n]|\\.)*")*)/#
    )
    .map { call in
      let literals = call.output.1.matches(of: #/"((?:[^"\\\n]|\\.)*)"/#)
      let text = literals.map { String($0.output.1) }.joined()
      return Message(
        text.replacing("\\n", with: "\n").replacing("\\\"", with: "\""), .word)
    }
  }
}
