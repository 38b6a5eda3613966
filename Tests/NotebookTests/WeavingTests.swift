import Charts
import Foundation
import Testing

@testable import Notebook

@Suite("Weaving")
struct WeavingTests {
  private struct Square: Figure {
    var title: String { "Square" }
    var description: String { "A square,\n[of side 1]" }
    func drawing(width: Double) -> Drawing { Drawing(height: 10) }
    func terminal(width: Int, color: Bool) -> String { "■" }
  }

  /// Makes the calls of `Golden/chapter.swift.txt` from their lines.
  private func weaveFixture(to folder: TemporaryFolder) throws {
    let golden = try #require(Bundle.module.path(forResource: "Golden", ofType: nil))
    let source = try String(contentsOfFile: golden + "/chapter.swift.txt", encoding: .utf8)
    let it = try ScriptedChapter(source, ["--weave", folder.path])
    let chapter = it.chapter
    let file = it.file
    let guess = chapter.predict(
      "Which sum is *larger*?", choices: ["the sum of 1 … 3", "the sum of squares"],
      line: try it.line("let guess"), file: file)
    for (number, total) in [(1, 1), (2, 3), (3, 6)] {
      try it.show("after \(number): \(total)", at: "after \\(number)")
    }
    try it.show("sum = 14\n//: not prose", at: "sum = \\(sum)")
    chapter.measured("3.2 ms", line: try it.line("chapter.measured"), file: file)
    try it.show("reported", at: "report(\"reported\")")
    chapter.table(
      Table([Column("n")], rows: [["1"]]), line: try it.line("chapter.table"), file: file)
    chapter.plot(Square(), "square", line: try it.line("chapter.plot"), file: file)
    chapter.reveal(
      guess, answer: "the sum of squares", line: try it.line("chapter.reveal"), file: file)
    chapter.check("The *sum* is 14", true, "14", line: try it.line("The *sum*"), file: file)
    chapter.check(
      "Two arrays agree", [1, 2], closeTo: [1, 2], tolerance: 1e-6,
      line: try it.line("Two arrays"), file: file)
    chapter.check(
      "It was fast", true, "3.2 ms", volatile: true, line: try it.line("It was fast"), file: file)
    #expect(chapter.conclude() == 0)
  }

  @Test("The page of a fixture is the golden page")
  func golden() throws {
    let folder = try TemporaryFolder()
    try weaveFixture(to: folder)
    let golden = try #require(Bundle.module.path(forResource: "Golden", ofType: nil))
    let expected = try? String(contentsOfFile: golden + "/page.md", encoding: .utf8)
    let woven = try folder.read("README.md")
    guard woven != expected else { return }
    // To accept a change of the page, look at it and copy it over the golden one.
    let kept = NSTemporaryDirectory() + "woven-page.md"
    try woven.write(toFile: kept, atomically: true, encoding: .utf8)
    Issue.record("The page differs. If it should: cp \(kept) Tests/NotebookTests/Golden/page.md")
  }

  @Test("Weaving twice gives the same bytes")
  func twice() throws {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    try weaveFixture(to: first)
    try weaveFixture(to: second)
    #expect(try first.read("README.md") == second.read("README.md"))
  }

  @Test("Figures that are no longer drawn go, everything else stays")
  func staleFigures() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("figures"), withIntermediateDirectories: true)
    for name in ["figures/old.svg", "figures/mine.svg", "figures/notes.txt", "main.swift"] {
      _ = try folder.write("x", to: name)
    }
    // Of a page that somebody wrote nothing is removed.
    _ = try folder.write("# Mine\n\n![Old](figures/old.svg)\n", to: "README.md")
    try weaveFixture(to: folder)
    func left() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.file("figures")).sorted()
    }
    #expect(try left() == ["mine.svg", "notes.txt", "old.svg", "square.svg"])
    let page = try folder.read("README.md")
    _ = try folder.write(page + "\n![Old](figures/old.svg)\n", to: "README.md")
    try weaveFixture(to: folder)
    #expect(try left() == ["mine.svg", "notes.txt", "square.svg"])
    #expect(try folder.read("main.swift") == "x")
    #expect(try folder.read("figures/square.svg").hasPrefix("<svg"))
  }

  @Test("A page is replaced as a whole: who has the old one open keeps reading it")
  func atomic() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "README.md")
    let reader = try #require(FileHandle(forReadingAtPath: path))
    try WovenPage(markdown: "new", figures: [:]).write(to: folder.path)
    #expect(try reader.readToEnd() == Data("old".utf8))
    #expect(try folder.read("README.md") == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["README.md"])
  }

  @Test("A page that can't be written is told, and makes the status 1")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let it = try ScriptedChapter("", ["--weave", folder.file("woven")])
    _ = try folder.write("a file", to: "woven")
    #expect(it.chapter.conclude() == 1)
    #expect(it.script.errors.hasPrefix("The page can't be woven: \(folder.file("woven")) "))
    #expect(it.script.errors.contains("is a file, not a folder"))
  }

  @Test("A fence is longer than any in what it holds, and measured text can't become Markdown")
  func escaping() {
    let page = MarkdownPage([
      .text("a\n```\nb", isVolatile: false),
      .check(Check(claim: "*c*", passed: false, measured: "a_b * <c>", isVolatile: false)),
    ])
    #expect(page.text == "````text\na\n```\nb\n````\n\n- ✗ *c*: a\\_b \\* \\<c>\n")
  }

  @Test("A failed chapter's page says which checks failed")
  func failures() throws {
    let folder = try TemporaryFolder()
    let it = try ScriptedChapter("", ["--weave", folder.path])
    it.chapter.check("Wrong", false, "1")
    #expect(it.chapter.conclude() == 1)
    #expect(
      try folder.read("README.md").hasSuffix("---\n\nThe check failed.\n\n- ✗ Wrong: 1\n"))
  }
}
