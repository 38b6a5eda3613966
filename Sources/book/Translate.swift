import ArgumentParser
import Commands
import Files
import Foundation
import Translation

/// `book translate`: brings the files of translations up to date with the pages, or says how far they are.
struct Translate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Brings the Korean translations up to date with the pages, or says how far they are.",
    discussion: """
      Each page has a file of translations beside it, ko.po, in the format of GNU gettext, and a chapter's file \
      has what its exercises say too; chapters/ko.po has what several pages and the programs say; an entry with a \
      line `# only here` stays in its page's file. New messages come in without a translation; a changed one gets \
      the translation of the most similar one that is gone, marked as fuzzy; what is gone moves to the end. Runs no \
      chapter.
      """)

  @OptionGroup var selection: ChapterSelection

  @Flag(help: "Write nothing: list how far each page is, and what is wrong with its translations.")
  var check = false

  @Flag(help: "With --check: fail if anything is missing, fuzzy or wrong.")
  var strict = false

  func validate() throws {
    if strict, !check { throw ValidationError("--strict goes with --check.") }
  }

  func run() throws {
    let library = try TranslationLibrary()
    let chapters = try selection.chapters().map(\.number)
    let isChosen: (BookPage) -> Bool = { page in
      selection.numbers.isEmpty || page.chapter.map { chapters.contains($0.number) } ?? false
    }
    if check {
      let isComplete = try library.report(on: selection.numbers.isEmpty ? nil : Set(chapters))
      if strict, !isComplete { throw ExitCode(1) }
    } else {
      for (path, file) in library.updated(where: isChosen) {
        try writeOutput(
          Data(file.text.utf8), to: ChapterFolder.package.appendingPathComponent(path).path)
      }
    }
  }
}

/// All pages with their messages and their files of translations.
struct TranslationLibrary {
  private let pages: [(page: BookPage, messages: [Message], file: POFile)]
  private let shared: (messages: [Message], file: POFile)
  private let words: [Message]
  private let terms: [Term]

  init(in package: URL = ChapterFolder.package) throws {
    pages = try BookPage.all(in: package).map { page in
      (
        page, try page.messages(),
        try BookPage.file(page.translationPath, in: package) ?? POFile()
      )
    }
    // What stands on two pages is translated once.
    var first: [String: Int] = [:]
    var common = Set<String>()
    for (index, page) in pages.enumerated() {
      for message in page.messages where first[message.id, default: index] != index {
        common.insert(message.id)
      }
      for message in page.messages where first[message.id] == nil { first[message.id] = index }
    }
    words = try ProgramWords.messages(in: package)
    common.formUnion(words.map(\.id))
    shared = (
      pages.flatMap(\.messages).filter { common.contains($0.id) } + words,
      try BookPage.file(BookPage.sharedPath, in: package) ?? POFile()
    )
    terms = try Term.read(
      String(
        contentsOf: package.appendingPathComponent("chapters/GLOSSARY.md"), encoding: .utf8))
  }

  /// How far each page is.
  func statuses() -> [(page: BookPage, status: Status)] {
    pages.map { ($0.page, Status(of: $0.messages, in: [$0.file, shared.file], terms: terms)) }
  }

  /// Lists how far each page is, and what is wrong with its translations.
  ///
  /// - Parameter numbers: only of these chapters; `nil` for all pages and the programs' own words.
  /// - Returns: whether nothing is left to do.
  func report(on numbers: Set<Int>? = nil) throws -> Bool {
    var rows = statuses().filter { page, _ in
      numbers.map { numbers in page.chapter.map { numbers.contains($0.number) } ?? false } ?? true
    }.map { (path: $0.page.path, file: $0.page.translationPath, status: $0.status) }
    if numbers == nil {
      let status = Status(of: words, in: [shared.file], terms: terms)
      rows.append(("what programs say", BookPage.sharedPath, status))
    }
    for line in Self.table(rows.map { ($0.path, $0.status) }) { try printLine(line) }
    for row in rows {
      for fault in row.status.faults { tell("\(row.file): \(fault)") }
    }
    return rows.allSatisfy(\.status.isComplete)
  }

  /// The files of translations as they should be, by their paths.
  func updated(where isChosen: (BookPage) -> Bool) -> [(path: String, file: POFile)] {
    var elsewhere: [String: POFile.Entry] = [:]
    for entry in pages.flatMap(\.file.entries) + shared.file.entries
    where !entry.translation.isEmpty && elsewhere[entry.id]?.isFuzzy ?? true {
      elsewhere[entry.id] = entry
    }
    let common = Set(shared.messages.map(\.id))
    // What was translated for one page may not fit another: somebody has to look at it.
    let known = Set(shared.file.entries.map(\.id))
    let moved = elsewhere.mapValues { entry in
      var entry = entry
      if !known.contains(entry.id), !entry.isFuzzy { entry.flags.append("fuzzy") }
      return entry
    }
    return pages.filter { isChosen($0.page) }.map { page, messages, file in
      let kept = Set(file.entries.filter { $0.remarks.contains("only here") }.map(\.id))
      let own = messages.filter { !common.contains($0.id) || kept.contains($0.id) }
      return (page.translationPath, file.updated(with: own, elsewhere: elsewhere))
    } + [(BookPage.sharedPath, shared.file.updated(with: shared.messages, elsewhere: moved))]
  }

  /// A line for each page, one of headings, and one of sums.
  static func table(_ statuses: [(path: String, status: Status)]) -> [String] {
    let rows = statuses.map { path, status in
      [path]
        + [status.translated, status.missing, status.fuzzy, status.faults.count].map(String.init)
    }
    let sums = (1...4).map { column in "\(rows.reduce(0) { $0 + Int($1[column])! })" }
    let all = [["page", "translated", "missing", "fuzzy", "wrong"]] + rows + [["all"] + sums]
    let width = all.map(\.[0].count).max()! + 2
    return all.map { row in
      row[0].padding(toLength: width, withPad: " ", startingAt: 0)
        + row.dropFirst().map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }
        .joined(separator: "  ")
    }
  }
}
