import Charts
import Foundation
import RunStore
import Testing

@testable import Notebook

@Suite("A chapter while it runs")
struct ChapterTests {
  private static let source = """
    //: First.
    let chapter = Chapter(3)
    //: <!-- plumbing -->
    func report(_ text: String) {
      chapter.show(text)
    }
    //: Second.
    //: <!-- plumbing -->
    for i in 1...2 {
      chapter.show("turn")
    }
    //: Third.
    //: <!-- plumbing -->
    let last = 1
    //: Fourth.
    """

  @Test("Output comes after the prose above it, and before the prose below it")
  func interleaving() throws {
    let it = try ScriptedChapter(ChapterTests.source)
    try it.show("out", at: "Chapter(3)")
    #expect(it.script.output == "First.\n\n  out\n")
    try it.show("turn 1", at: "\"turn\"")
    try it.show("turn 2", at: "\"turn\"")
    #expect(it.script.output == "First.\n\n  out\n\nSecond.\n\n  turn 1\n  turn 2\n")
    #expect(it.chapter.conclude() == 0)
    #expect(it.script.output.hasSuffix("  turn 2\n\nThird.\n\nFourth.\n"))
  }

  @Test("A reader who asks for one thing sees that, and nothing else of the page")
  func hiddenPage() throws {
    let it = try ScriptedChapter(ChapterTests.source)
    it.chapter.hidePage(if: true)
    try it.show("out", at: "Chapter(3)")
    it.chapter.check("It holds", false)
    let table = Table([Column("epoch", .right), Column("error", .right)], rows: [["1", "0.5"]])
    #expect(it.chapter.conclude(with: [table]) == 0)
    #expect(it.script.output.trimmingPrefix("\n").hasPrefix("  epoch  error\n"))
    #expect(!it.script.output.contains("First."))
    #expect(!it.script.output.contains("It holds"))
  }

  @Test("A function that stands above prints where the page is, not where it stands")
  func functions() throws {
    let it = try ScriptedChapter(ChapterTests.source)
    try it.show("turn", at: "\"turn\"")
    try it.show("from above", at: "chapter.show(text)")
    #expect(it.script.output == "First.\n\nSecond.\n\n  turn\n  from above\n")
  }

  @Test("A call in another file doesn't move the page, whatever its line")
  func otherFile() throws {
    let it = try ScriptedChapter(ChapterTests.source)
    it.chapter.show("elsewhere", line: 10, file: "Other.swift")
    #expect(it.script.output == "  elsewhere\n")
  }

  @Test(
    "The code that a chapter teaches is shown, in 80 columns, with and without colour; plumbing isn't"
  )
  func taughtCode() throws {
    let source = """
      //: Prose.
      func convolve() -> Int { 7 }  // seven loops
      //: <!-- plumbing -->
      let share = 1
      //:
      let name = "x \\(share)", pair = (share, "a text that is too long for a line"), more = [share]
      chapter.finish()
      """
    let page = try ScriptedChapter(source)
    #expect(page.chapter.conclude() == 0)
    #expect(
      page.script.output == """
        Prose.

            func convolve() -> Int { 7 }  // seven loops
            let name = "x \\(share)", pair = (share,
                "a text that is too long for a line"), more = [share]

        """)
    let coloured = try ScriptedChapter(source, isTerminal: true)
    #expect(coloured.chapter.conclude() == 0)
    let output = coloured.script.output
    #expect(
      output.contains(
        "\u{1B}[35mfunc\u{1B}[0m convolve() -> Int { \u{1B}[33m7\u{1B}[0m }  "
          + "\u{1B}[2m// seven loops\u{1B}[0m\n"))
    #expect(output.contains("\u{1B}[32m\"x \\(\u{1B}[0mshare)"), "\(output)")
  }

  @Test("With --code all statements stand before their output, calls of the notebook don't")
  func code() throws {
    let it = try ScriptedChapter(ChapterTests.source, ["--code"])
    try it.show("turn", at: "\"turn\"")
    #expect(
      it.script.output == """
        First.

            func report(_ text: String) {
              chapter.show(text)
            }

        Second.

            for i in 1...2 {
              chapter.show("turn")
            }

          turn

        """)
  }

  @Test("catchUp and progress show the prose so far, and nothing below")
  func catchUp() throws {
    let it = try ScriptedChapter(ChapterTests.source)
    it.chapter.catchUp(line: try it.line("for i"), file: it.file)
    #expect(it.script.output == "First.\n\nSecond.\n")
    _ = it.chapter.progress("p", total: 1, line: try it.line("let last"), file: it.file)
    #expect(it.script.output == "First.\n\nSecond.\n\nThird.\n")
  }

  @Test("A failed check lets the chapter go on, and makes its status 1")
  func failedCheck() throws {
    let it = try ScriptedChapter("")
    #expect(!it.chapter.check("One is two", false, "1"))
    #expect(it.chapter.check("One is one", true))
    #expect(it.chapter.conclude() == 1)
    #expect(
      it.script.output
        == "  ✗ One is two: 1\n  ✓ One is one\n\n1 of 2 checks failed.\n  ✗ One is two: 1\n")
  }

  @Test("With every check passed the status is 0")
  func passedChecks() throws {
    let it = try ScriptedChapter("")
    it.chapter.check("One is one", true)
    #expect(it.chapter.conclude() == 0)
    #expect(it.script.output.hasSuffix("\nThe check passed.\n"))
  }

  @Test(
    "Control characters in what a chapter shows reach neither the terminal, the page nor the store")
  func controlCharacters() throws {
    let folder = try TemporaryFolder()
    let it = try ScriptedChapter("", ["--weave", folder.path])
    let hostile = "name\u{1B}[2J\u{7}\u{9B}\u{202E}\r"
    it.chapter.show("two\nlines, \(hostile)")
    it.chapter.check("Claim", true, hostile)
    it.chapter.table(Table([Column(hostile)], rows: [[hostile]]))
    it.chapter.note(hostile)
    #expect(it.chapter.conclude() == 0)
    let store = try #require(it.chapter.store)
    let stored = try store.rows(sql: "SELECT measured FROM checks").rows[0][0].description
    for text in [it.script.output, it.script.errors, try folder.read("README.md"), stored] {
      let unseen = text.unicodeScalars.filter {
        $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
      }
      #expect(unseen.isEmpty, "\(text.debugDescription)")
    }
    #expect(it.script.output.hasPrefix("  two\n  lines, name\\u{1B}[2J"))
  }

  @Test("Checks are recorded in the store, in order")
  func recording() throws {
    let it = try ScriptedChapter("")
    it.chapter.check("a", true, "m")
    it.chapter.check("b", false)
    let store = try #require(it.chapter.store)
    let rows = try store.rows(
      sql: "SELECT chapter, claim, passed, measured FROM checks ORDER BY claim")
    #expect(
      rows.rows == [
        [.integer(3), .text("a"), .integer(1), .text("m")],
        [.integer(3), .text("b"), .integer(0), .text("")],
      ])
  }

  @Test("A store that can't be opened is told once, and the chapter goes on")
  func noStore() throws {
    let folder = try TemporaryFolder()
    let it = try ScriptedChapter("//: Prose.", ["--store", folder.path])
    #expect(it.chapter.store == nil)
    #expect(it.script.errors.contains(folder.path))
    it.chapter.check("a", true)
    #expect(it.chapter.conclude() == 0)
    #expect(it.script.errors.split(separator: "\n").count == 1)
  }

  @Test("A store that fails later is told once, and the chapter goes on")
  func storeFailsLater() throws {
    let it = try ScriptedChapter("")
    for _ in 1...2 {
      it.chapter.keep { _ throws(RunStoreError) in throw RunStoreError.diskFull(path: "x") }
    }
    #expect(it.script.errors.split(separator: "\n").count == 1)
    #expect(it.chapter.conclude() == 0)
  }

  @Test("Output that can't be written is told once, and makes the status 1")
  func outputFails() throws {
    let it = try ScriptedChapter("//: Prose.\n\n//: More.")
    it.script.outputFails = true
    it.chapter.show("a", line: 1, file: it.file)
    #expect(it.chapter.conclude() == 1)
    #expect(it.script.errors.split(separator: "\n").count == 1)
  }

  @Test("A source that isn't there is told; the output is shown all the same")
  func noSource() throws {
    let folder = try TemporaryFolder()
    let script = ScriptedConsole()
    let chapter = try Chapter(
      3, .basic, source: folder.file("gone.swift"),
      console: script.console(["--store", folder.file("runs.sqlite")]))
    chapter.show("out", line: 5, file: folder.file("gone.swift"))
    #expect(chapter.conclude() == 0)
    #expect(script.output == "  out\n")
    #expect(script.errors.contains("gone.swift"))
  }

  @Test("What throws no error is required without a word")
  func require() throws {
    let it = try ScriptedChapter("")
    #expect(it.chapter.require(try Int("5", format: .number)) == 5)
    #expect(it.script.errors.isEmpty)
  }

  @Test(
    "Escape codes are written to a terminal only, and never with NO_COLOR or --no-color",
    arguments: [
      (["--code"], [:], true, true), (["--code"], [:], false, false),
      (["--code", "--no-color"], [:], true, false),
      (["--code"], ["NO_COLOR": "1"], true, false), (["--code"], ["NO_COLOR": ""], true, true),
      (["--code"], ["TERM": "dumb"], true, false),
    ] as [([String], [String: String], Bool, Bool)])
  func color(
    arguments: [String], environment: [String: String], isTerminal: Bool, isColored: Bool
  ) throws {
    let source = "//: # Title\n//: *a* **b** `c` [d](e) $f$\nlet a = 1\n"
    let it = try ScriptedChapter(
      source, arguments, environment: environment, isTerminal: isTerminal)
    it.chapter.predict("q", choices: ["a", "b"], answer: "a")
    it.chapter.check("p", true)
    it.chapter.check("q", false, "m")
    #expect(it.chapter.conclude() == 1)
    #expect(it.script.output.contains("\u{1B}") == isColored)
    #expect(!it.script.errors.contains("\u{1B}"))
  }

  @Test("Without a terminal a progress bar draws nothing; the page clears it before going on")
  func progress() throws {
    let silent = try ScriptedChapter("")
    silent.chapter.progress("p", total: 2).advance(to: 1)
    #expect(silent.script.errors.isEmpty)
    let it = try ScriptedChapter("", isTerminal: true)
    let bar = it.chapter.progress("p", total: 2)
    bar.advance(to: 1)
    #expect(!it.script.errors.hasSuffix("\r"))
    it.chapter.show("text")
    #expect(it.script.errors.hasSuffix("\r"))
    bar.finish()
  }
}
