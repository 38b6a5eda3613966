import Charts
import Commands
import RunStore
import Testing

@testable import Notebook

@Suite("A chapter in the reader's language")
struct LanguageTests {
  private static let source = """
    //: # 3. Sums
    //:
    //: A sum of $x_1$ and
    //: two lines, by `f(x)`:
    //:
    //: $$
    //: x_1 + x_2
    //: $$
    //:
    //: Nobody translated this.
    //:
    //: This one changed since.
    let code = 1
    //: The end.
    """

  private static let korean = """
    msgid ""
    msgstr "Content-Type: text/plain; charset=UTF-8\\n"

    msgid "3. Sums"
    msgstr "3. 합"

    msgid "A sum of $`x_1$` and two lines, by `f(x)`:"
    msgstr "아닙니다."

    msgid "A sum of $`x_1`$ and two lines, by `f(x)`:"
    msgstr "`f(x)`로 구한 $`x_1`$의 합은 두 줄입니다."

    #, fuzzy
    msgid "This one changed since."
    msgstr "바뀌었습니다."

    msgid "The *sum* is $`y`$"
    msgstr "*합*은 $`y`$입니다"

    msgid "{1} of {2} values"
    msgstr "{2}개 값 가운데 {1}개"

    msgid "network"
    msgstr "네트워크"

    msgid "mean of {1}"
    msgstr "{1}회 평균"

    msgid "Which sum?"
    msgstr "어느 합입니까?"

    msgid "the first"
    msgstr "첫째"

    msgid "Error by step"
    msgstr "단계별 오차"

    msgid "step"
    msgstr "단계"

    msgid "{1} operations per byte"
    msgstr "바이트당 연산 {1}회"

    msgid "You said {1}."
    msgstr "여러분의 답: {1}."

    msgid "The check passed."
    msgstr "검사를 통과했습니다."

    msgid "{1} values, but {2} expected"
    msgstr "값이 {2}개여야 하는데 {1}개"

    msgid "training"
    msgstr "훈련"

    msgid "epochs"
    msgstr "에포크"
    """

  private func chapter(
    _ arguments: [String] = [], environment: [String: String] = ["LANG": "ko_KR.UTF-8"],
    korean: String = LanguageTests.korean, isTerminal: Bool = false, input: [String] = [],
    width: Int = 80
  ) throws -> ScriptedChapter {
    try ScriptedChapter(
      Self.source, arguments, environment: environment, isTerminal: isTerminal, width: width,
      input: input, korean: korean)
  }

  /// Shows everything that a page can have.
  private func run(_ it: ScriptedChapter) throws {
    let (chapter, file) = (it.chapter, it.file)
    let line = try it.line("let code")
    let guess = chapter.predict(
      "Which sum?", choices: ["the first", "the second"], line: line, file: file)
    chapter.show("12 operations per byte\n  drawn", line: line, file: file)
    chapter.table(
      Table([Column("network"), Column("error")], rows: [["mean of 5", "0.5"]]), line: line,
      file: file)
    chapter.plot(
      LineChart(
        "Error by step", x: Axis("step"), y: Axis("error"),
        series: [Series("plain", [Point(0, 1), Point(1, 2)])]),
      "error", line: line, file: file)
    chapter.reveal(guess, answer: "the first", line: line, file: file)
    chapter.check("The *sum* is $y$", true, "3 of 4 values", line: line, file: file)
    #expect(chapter.conclude() == 0)
  }

  @Test(
    "Prose, claims, tables, figures and the program's words are Korean, with this run's numbers")
  func korean() throws {
    let it = try chapter(isTerminal: true, input: ["1"])
    try run(it)
    let page = it.script.output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    for words in [
      "3. 합\n═════", "f(x)로 구한 x₁의 합은 두 줄입니다.", "    x₁ + x₂", "? 어느 합입니까?",
      "1. 첫째\n    2. the second", "바이트당 연산 12회\n    drawn", "5회 평균  0.5", "단계별 오차",
      "✓ 합은 y입니다: 4개 값 가운데 3개", "→ 어느 합입니까? 첫째. 여러분의 답: 첫째.",
      "검사를 통과했습니다.",
    ] {
      #expect(page.contains(words), "\(words) isn't in\n\(page)")
    }
    // What has no translation, or none that somebody has looked at, is English.
    #expect(page.contains("Nobody translated this.\n\nThis one changed since."))
    // The store has English.
    let store = try #require(it.chapter.store)
    #expect(
      try store.rows(sql: "SELECT question, answer FROM predictions").rows == [
        [.text("Which sum?"), .text("the first")]
      ])
    #expect(
      try store.rows(sql: "SELECT claim, measured FROM checks").rows == [
        [.text("The *sum* is $y$"), .text("3 of 4 values")]
      ])
  }

  @Test("What only a failure says, and what is said while a network trains, is Korean too")
  func failureAndProgress() throws {
    let it = try chapter(isTerminal: true)
    let bar = it.chapter.progress(.words("training"), total: 4)
    bar.advance(to: 1)
    #expect(it.script.errors.contains("훈련") && it.script.errors.contains("1/4 에포크"))
    bar.finish()
    #expect(!it.chapter.check("They agree", [1, 2], closeTo: [1], tolerance: 0))
    #expect(it.script.output.contains("값이 1개여야 하는데 2개"), "\(it.script.output)")
    let store = try #require(it.chapter.store)
    _ = it.chapter.conclude()
    #expect(
      try store.rows(sql: "SELECT measured FROM checks").rows == [
        [.text("2 values, but 1 expected")]
      ])
  }

  @Test("A page is woven in English, whatever the locale and whatever was asked for")
  func woven() throws {
    var pages: [String] = []
    for (arguments, environment) in [
      ([], [:]), ([], ["LANG": "ko_KR.UTF-8"]), ([], ["RESNET_LANGUAGE": "ko"]),
      (["--language", "ko"], [:]),
    ] {
      let folder = try TemporaryFolder()
      let it = try chapter(["--weave", folder.path] + arguments, environment: environment)
      try run(it)
      pages.append(try folder.read("README.md"))
      #expect(it.script.output.contains("3. Sums"))
      #expect(try folder.read("figures/error.svg").contains("Error by step"))
    }
    #expect(pages[0].contains("# 3. Sums") && pages.allSatisfy { $0 == pages[0] })
  }

  @Test("Without a Korean locale the page is English")
  func english() throws {
    for environment in [["LANG": "en_US.UTF-8"], ["LANG": "ko_KR.UTF-8", "RESNET_LANGUAGE": "en"]] {
      let it = try chapter(environment: environment)
      try run(it)
      #expect(it.script.output.contains("3. Sums") && !it.script.output.contains("합"))
    }
  }

  @Test("A file of translations that can't be read is told with its line, and the page is English")
  func unreadable() throws {
    let it = try chapter(korean: "msgid \"3. Sums\"\nmsgstr \"3. 합\n")
    try run(it)
    #expect(it.script.errors.contains("ko.po can't be read: line 2: the string has no"))
    #expect(it.script.output.contains("3. Sums"))
  }

  @Test("A language that there is not is bad usage")
  func unknown() {
    for (arguments, environment) in [
      (["--language", "fr"], [:]), ([], ["RESNET_LANGUAGE": "fr"]),
    ] {
      let exit = #expect(throws: EarlyExit.self) {
        try chapter(arguments, environment: environment)
      }
      #expect(exit?.status == 2)
      #expect(exit?.message.contains("ko") == true)
    }
  }

  @Test(
    "Korean lines end between words, and none is wider than the terminal", arguments: [20, 33, 80])
  func wide(width: Int) throws {
    let sentence = "합성곱 층은 이미지의 각 위치에서 필터와 픽셀의 곱을 더하는 층입니다."
    let it = try chapter(
      korean: "msgid \"The end.\"\nmsgstr \"\(sentence)\"\n", width: width)
    #expect(it.chapter.conclude() == 0)
    let lines = it.script.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.displayWidth <= width })
    let words = lines.flatMap { $0.split(separator: " ") }
    #expect(sentence.split(separator: " ").allSatisfy(words.contains))
  }
}
