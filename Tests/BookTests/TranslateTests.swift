import ChapterExperiments
import Commands
import Exercises
import Foundation
import Graders
import Testing
import Translation

@testable import book

@Suite("The book's translations")
struct TranslateTests {
  @Test("Words that programs say are found in their sources")
  func words() {
    let source = """
      note(translations.words("Chapter {1} can't go on: {2}", number, "not this"))
      let text = words(
        "one " + "line of \\"two\\""
          + " parts", value)
      let other = passwords("not this")
      """
    #expect(
      ProgramWords.messages(inSource: source).map(\.id) == [
        "Chapter {1} can't go on: {2}", "one line of \"two\" parts",
      ])
  }

  @Test("What graders say is found in their sources: texts that end as sentences do")
  func sentences() {
    let source = #"""
      private var double = Exercise.function(
        1, "double", title: "Twice a number", labels: ["x of y"],
        hints: ["Add it to itself.", "x + x, as (x) is."],
        adapter: "Answer { (x: Int) in try double(x) }",
        misconceptions: { x in
          // "Not this one."
          let sum: Message = "It isn't \(f("a", x)) but \(x + x) (\"twice\")."
          return [
            Misconception(
              """
              That is \(x) squared, \
              isn't it?
              """,
              x * x),
            Misconception(sum, x),
          ]
        })
      """#
    let found = ProgramWords.sentences(inSource: source)
    #expect(
      found.map(\.id) == [
        "Add it to itself.", "x + x, as (x) is.", "It isn't {1} but {2} (\"twice\").",
        "That is {1} squared, isn't it?",
      ])
    #expect(found.allSatisfy { $0.kind == .exercise })
  }

  @Test("All that exercises say, of whatever inputs, is in Korean")
  func exercises() throws {
    for folder in ExerciseFolder.all(in: ChapterFolder.package) {
      let page = try #require(
        BookPage.all().first { $0.chapter?.number == folder.chapter })
      let catalog = Catalog(try page.translations())
      for exercise in folder.exercises {
        #expect(catalog.plain(exercise.title, .cell) != exercise.title, "\(exercise.title)")
        for seed in [1, 2, 3] as [UInt64] {
          // A hint may be a line of code.
          for sentence in try exercise.sentences(seed: seed)
          where ProgramWords.isSentence(sentence.id) {
            #expect(
              catalog[sentence] != nil,
              "chapter \(folder.chapter), exercise \(exercise.number): \(sentence.id)")
          }
        }
      }
    }
  }

  @Test("What chapters show in some runs only is what their sources have")
  func someRuns() throws {
    var literals: [String] = []
    for folder in ["chapters", "Sources/Statistics"] {
      let url = ChapterFolder.package.appendingPathComponent(folder, isDirectory: true)
      let files = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }
      for file in files ?? [] where file.hasSuffix(".swift") && !file.hasPrefix(".") {
        let source = try String(contentsOf: url.appendingPathComponent(file), encoding: .utf8)
        literals += StringLiteral.all(in: source).map { $0.pieces.joined() }
      }
    }
    for message in wordsOfSomeRuns {
      // Numbers are formatted, and lines made of several texts: one stretch of words is enough.
      let pieces = message.id.split(separator: /\{\d\}/).map { $0.trimming { " %:,".contains($0) } }
      #expect(
        pieces.contains { piece in piece.count > 2 && literals.contains { $0.contains(piece) } },
        "\(message.id)")
    }
  }

  @Test("A claim begins as its source says, up to a value or a formula")
  func claims() {
    let source = """
      chapter.check("It \\"holds\\": always", true, "a: b")
      chapter.check(
        "With \\(depth) layers", true)
      chapter.check("Of $x$: none", true)
      """
    #expect(BookPage.claims(inSource: source) == ["It \"holds\": always", "With ", "Of "])
    let page = Page(
      "- ✓ It \"holds\": always: a: b\n", isWoven: true, claims: ["It", "It \"holds\": always"])
    #expect(page.messages.map(\.id) == ["It \"holds\": always"])
  }

  /// A package with two pages that share a heading.
  private func package(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      func write(_ text: String, to path: String) throws {
        let file = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
      try write("# Teaching\n\n## Next\n", to: "docs/teaching.md")
      for name in ["store", "performance", "cluster"].map({ "docs/\($0).md" })
        + ["chapters/QUESTIONS.md", "README.md"]
      {
        try write("", to: name)
      }
      try write("| term | Korean |\n|---|---|\n| loss | 손실 |\n", to: "chapters/GLOSSARY.md")
      try write(
        "<!-- Woven from main.swift -->\n\n# 1. Loss\n\n## Next\n\n- ✓ Sums agree: b: 3 times\n",
        to: "chapters/01-one/README.md")
      try write(
        #"[{"check": "Sums", "seeds": 1, "file": "", "replace": "", "by": ""}]"#,
        to: "Tests/ChapterTests/Mutations/chapter01.json")
      try write("words(\"A word\")", to: "Sources/a.swift")
      try body(folder)
    }
  }

  @Test("Each page has its file; what two pages say, and programs, stands in one")
  func files() throws {
    try package { folder in
      let library = try TranslationLibrary(in: folder)
      let files = library.updated { _ in true }
      let messages = Dictionary(
        uniqueKeysWithValues: files.map { ($0.path, $0.file.entries.map(\.id)) })
      #expect(messages["chapters/01-one/ko.po"] == ["1. Loss", "Sums agree", "b: {1} times"])
      #expect(messages["docs/teaching.ko.po"] == ["Teaching"])
      #expect(messages["chapters/ko.po"] == ["Next", "A word"])
      for (path, file) in files {
        try Data(file.text.utf8).write(to: folder.appendingPathComponent(path))
      }
      let again = try TranslationLibrary(in: folder).updated { _ in true }
      #expect(again.map(\.file) == files.map(\.file))
    }
  }

  @Test("What one page was translated for is fuzzy for several, but where it is kept for that page")
  func shared() throws {
    try package { folder in
      func write(_ remark: String) throws {
        let text = remark + "msgid \"Next\"\nmsgstr \"다음\"\n"
        try Data(text.utf8).write(to: folder.appendingPathComponent("docs/teaching.ko.po"))
      }
      func updated() throws -> (own: [String], shared: POFile.Entry?) {
        let files = try TranslationLibrary(in: folder).updated { _ in true }
        let file = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.file) })
        return (
          file["docs/teaching.ko.po"]?.entries.filter { !$0.isObsolete }.map(\.id) ?? [],
          file["chapters/ko.po"]?.entries.first { $0.id == "Next" }
        )
      }
      try write("")
      #expect(try updated().own == ["Teaching"])
      #expect(try updated().shared?.isFuzzy == true)
      try write("# only here\n")
      #expect(try updated().own == ["Teaching", "Next"])
      let page = try #require(BookPage.all(in: folder).first { $0.path == "docs/teaching.md" })
      #expect(try page.korean() == "# Teaching\n\n## 다음\n")
    }
  }

  @Test("What is written in a chapter's figures is translated with its page")
  func figures() throws {
    try package { folder in
      let gallery = folder.appendingPathComponent("chapters/01-one/figures")
      try FileManager.default.createDirectory(at: gallery, withIntermediateDirectories: true)
      let svg = """
        <svg width="640">
        <style></style>
        <text class="muted" x="20" y="56">loss</text>
        <text class="muted" x="61" y="257" text-anchor="end">0.5</text>
        <text class="label blue" x="500" y="60">rate 0.1</text>
        <text class="label gray" x="500" y="80">ResNet-20</text>
        </svg>
        """
      try Data(svg.utf8).write(to: gallery.appendingPathComponent("losses.svg"))
      let file = try TranslationLibrary(in: folder).updated { _ in true }[0].file
      #expect(
        file.entries.map(\.id)
          == ["1. Loss", "Sums agree", "b: {1} times", "loss", "rate {1}"])
      let drawing = try Figure(gallery.appendingPathComponent("losses.svg")) { "(\($0))" }
      #expect(drawing.svg.contains("x=\"20\" y=\"56\">(loss)</text>"))
    }
  }

  @Test("A page is counted from its text, and its file's faults are told")
  func statuses() throws {
    try package { folder in
      let korean = """
        msgid "1. Loss"
        msgstr "1. 비용"
        """
      try Data(korean.utf8).write(to: folder.appendingPathComponent("chapters/01-one/ko.po"))
      let library = try TranslationLibrary(in: folder)
      let status = try #require(library.statuses().first?.status)
      #expect((status.translated, status.missing, status.fuzzy) == (1, 3, 0))
      #expect(status.faults.count == 1 && status.faults[0].contains("“loss” isn't 손실"))
      let page = try #require(BookPage.all(in: folder).first)
      #expect(try page.korean().hasSuffix("# 1. 비용\n\n## Next\n\n- ✓ Sums agree: b: 3 times\n"))
    }
  }

  @Test("A file that can't be read is named, with the line")
  func unreadable() throws {
    try package { folder in
      try Data("msgid".utf8).write(to: folder.appendingPathComponent("chapters/ko.po"))
      let error = #expect(throws: UnreadableTranslations.self) {
        try TranslationLibrary(in: folder)
      }
      #expect(error?.description.hasPrefix("chapters/ko.po, line 1: ") == true)
    }
  }
}

extension Substring {
  /// The text without some characters at its beginning and its end.
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
    var text = drop(while: isTrimmed)
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return text
  }
}
