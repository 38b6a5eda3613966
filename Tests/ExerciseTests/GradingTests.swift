import ExerciseKit
import Foundation
import MiniTensor
import RunStore
import Testing
import Translation

@testable import Exercises

@Suite("What a reader sees of exercises")
struct GradingTests {
  let small: SmallExercises

  init() throws { small = try SmallExercises() }

  @Test("What nobody touched is to do")
  func toDo() throws {
    let (text, status) = try small.run()
    #expect(status == 0 && text.contains("0 of 3 solved"))
    #expect(text.split(separator: "\n").filter { $0.hasSuffix("to do") }.count == 3, "\(text)")
    #expect(text.contains("chapters/01-small/Exercises/1-double.swift"))
    #expect(try small.run("1").status == 1)
    #expect(try small.store.attempts().isEmpty)
  }

  @Test("A right answer is solved, and the attempt is kept with who made it")
  func solved() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { x + x }")
    let (text, status) = try small.run("1")
    #expect(status == 0 && text.contains("SOLVED") && text.contains("exercises 2"), "\(text)")
    #expect(try small.run().text.contains("1 of 3 solved"))
    let attempts = try small.store.attempts(by: "kim", chapter: 1)
    #expect(attempts.count == 1 && attempts[0].attempt.passed)
    #expect(attempts[0].attempt.seconds != nil && attempts[0].attempt.source?.count == 16)
  }

  @Test("A misconception is told with the smallest input that shows it")
  func misconception() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { x * x }")
    let (text, status) = try small.run("1")
    #expect(status == 1)
    #expect(text.contains("WRONG: 1 times itself is its square."), "\(text)")
    #expect(text.contains("x = 1") && text.contains("expected  2") && text.contains("found     1"))
    #expect(text.contains("--hint"))
  }

  @Test("A wrong idea that explains only some failures isn't told")
  func notRecognised() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { x < 3 ? x * x : 7 }")
    let text = try small.run("1").text
    #expect(text.contains("The result is wrong.") && !text.contains("square"), "\(text)")
  }

  @Test("A list of the fixed answers fails, because inputs come from fresh seeds too")
  func hardCoded() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { [1: 2, 2: 4, 3: 6][x] ?? 0 }")
    #expect(try small.run("1").text.contains("WRONG"))
  }

  @Test("Another shape is told as shapes, another number with its place")
  func shapes() throws {
    try small.write(
      2,
      "func ones(height: Int, width: Int) throws -> Tensor { Tensor([width, height], repeating: 1) }"
    )
    var text = try small.run("2").text
    #expect(text.contains("Height and width are exchanged."))
    #expect(text.contains("the shape [2, 3]") && text.contains("the shape [3, 2]"), "\(text)")
    try small.write(
      2,
      """
      func ones(height: Int, width: Int) throws -> Tensor {
        var result = Tensor([height, width], repeating: 1)
        if width > 2 { result[1, 2] = 0.5 }
        return result
      }
      """)
    text = try small.run("2").text
    #expect(text.contains("[1, 2]") && text.contains("0.5"), "\(text)")
  }

  @Test("A syntax error is the compiler's first message with its line, and the others are graded")
  func syntaxError() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { x + }")
    try small.write(
      2,
      "func ones(height: Int, width: Int) throws -> Tensor { Tensor([height, width], repeating: 1) }"
    )
    let (text, _) = try small.run()
    #expect(text.contains("doesn't compile") && text.contains("1 of 3 solved"), "\(text)")
    let one = try small.run("1").text
    #expect(one.contains("chapters/01-small/Exercises/1-double.swift:4:"), "\(one)")
    #expect(one.split(separator: "\n").count < 12)
  }

  @Test("Who uses a function of Foundation's without its import is told so")
  func missingImport() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { Int(pow(Double(x), 1)) * 2 }")
    #expect(try small.run("1").text.contains("write `import Foundation`"))
  }

  @Test("A wrong idea is told only if it explains the right outputs, too")
  func notTheIdea() throws {
    // For 2 it is what squares are, for others it isn't.
    try small.write(1, "func double(_ x: Int) throws -> Int { x == 3 ? 9 : x + x }")
    let text = try small.run("1").text
    #expect(text.contains("WRONG: The result is wrong."), "\(text)")
  }

  @Test(
    "A function that isn't the one that was asked for is said to be so",
    arguments: [
      "func twice(_ x: Int) throws -> Int { x + x }",
      "func double(_ x: Int, _ y: Int) throws -> Int { x + y }",
    ])
  func anotherFunction(code: String) throws {
    try small.write(1, code)
    let text = try small.run("1").text
    #expect(text.contains("DOESN'T COMPILE") || text.contains("other parameters"), "\(text)")
  }

  @Test(
    "Whoever ends the program instead of returning has crashed, whatever was printed",
    arguments: [
      ("exit(0)", "ended the program"), ("[0, 1][x + 7]", "in line 5: Index out of range"),
      ("Int(Tensor([2], repeating: 1)[x + 7])", "outside the shape [2]"),
      ("print(\"{\\\"output\\\":{\\\"_0\\\":\\\"[2]\\\"}}\"); exit(0)", "ended the program"),
      (
        "func deep(_ n: Int) -> Int { n == -1 ? 0 : deep(n + 1) + n }; return deep(1)",
        "without end"
      ),
      ("fatalError(\"solved\")", "crashed"), ("abort()", "signal 6"),
    ])
  func crashed(body: String, words: String) throws {
    try small.write(1, "import Foundation\nfunc double(_ x: Int) throws -> Int { \(body) }")
    try small.write(
      2,
      "func ones(height: Int, width: Int) throws -> Tensor { Tensor([height, width], repeating: 1) }"
    )
    let one = try small.run("1")
    #expect(one.text.contains("with      x = "), "the inputs of the call that crashed")
    #expect(!one.text.contains("stack trace") && !one.text.contains("Thread 0"), "\(one.text)")
    #expect(
      one.status == 1 && one.text.contains("CRASHED") && one.text.contains(words), "\(one.text)")
    #expect(try small.run().text.contains("1 of 3 solved"))
  }

  @Test("What a function prints is shown apart, without acting on the terminal")
  func printed() throws {
    try small.write(
      1, "func double(_ x: Int) throws -> Int { print(\"x is\", x, \"\\u{1B}[2J\"); return x + x }")
    let (text, status) = try small.run("1")
    #expect(status == 0 && text.contains("What it printed:\n  x is 1"), "\(text)")
    #expect(!text.contains("\u{1B}"))
  }

  @Test("How exercises stand is said in the reader's language, and recorded in English")
  func korean() throws {
    let korean = [
      "Exercises of chapter {1}: {2} of {3} solved": "{1}장: {3}개 가운데 {2}개 해결", "state": "상태",
      "to do": "풀기 전", "wrong": "틀림", "expected": "기댓값", "exercise": "연습 문제",
      "Twice a number": "두 배", "easy": "쉬움", "Exercise {1} of chapter {2}: {3}": "{2}장 {1}번: {3}",
      "A hint:": "힌트:", "Your file:": "여러분의 파일:",
      "{1} times itself is its square.": "{1}에 {1}을 곱하면 제곱입니다.",
      "Height and width are exchanged.": "높이와 너비가 바뀌었습니다.", "the shape {1}": "모양 {1}",
      "Add it to itself.": "자신을 더하세요.",
    ]
    let catalog = Catalog([POFile(entries: korean.map { .init($0, $1) })])
    try small.write(1, "func double(_ x: Int) throws -> Int { x * x }")
    let list = try small.run(translations: catalog).text
    #expect(list.contains("1장: 3개 가운데 0개 해결"))
    #expect(
      list.split(separator: "\n").contains {
        $0.hasPrefix("1  두 배 ") && $0.contains(" 쉬움 ") && $0.hasSuffix("  틀림")
      })
    let graded = try small.run("1", translations: catalog).text
    #expect(graded.contains("1장 1번: 두 배"))
    #expect(graded.contains("틀림: 1에 1을 곱하면 제곱입니다."))
    #expect(graded.contains("  기댓값    "))
    #expect(graded.contains("\n여러분의 파일: ") && graded.contains("\n힌트:          swift run"))
    try small.write(
      2,
      "func ones(height: Int, width: Int) throws -> Tensor { Tensor([width, height], repeating: 1) }"
    )
    let shapes = try small.run("2", translations: catalog).text
    #expect(shapes.contains("틀림: 높이와 너비가 바뀌었습니다."))
    #expect(shapes.contains("  기댓값    모양 [2, 3]"), "\(shapes)")
    #expect(try small.run("1", "--hint", translations: catalog).text.contains("자신을 더하세요."))
    let attempts = try small.store.rows(
      sql: """
        SELECT DISTINCT verdict, message FROM exercise_attempts WHERE verdict = 'wrong'
        ORDER BY exercise
        """
    ).rows
    #expect(
      attempts == [
        [.text("wrong"), .text("1 times itself is its square.")],
        [.text("wrong"), .text("Height and width are exchanged.")],
      ])
  }

  @Test("One hint at a time, and the last stays")
  func hints() throws {
    #expect(try small.run("1", "--hint").text.contains("Hint 1 of 2: Add it to itself."))
    let second = try small.run("1", "--hint").text
    #expect(second.contains("Hint 1 of 2") && second.contains("Hint 2 of 2: x + x"))
    #expect(try small.run("1", "--hint").text.contains("There are no more."))
    #expect(try small.store.attempts().map(\.attempt.verdict) == ["hint", "hint"])
    #expect(try small.run("2", "--hint").text.contains("has no hints"))
  }

  @Test("Reset puts the original back and keeps what was there")
  func reset() throws {
    try small.write(1, "my first idea")
    #expect(try small.run("1", "--reset").text.contains("1-double.swift.kept-1"))
    try small.write(1, "my second idea")
    #expect(try small.run("1", "--reset").text.contains("1-double.swift.kept-2"))
    let exercise = try small.folder.exercise(1)
    #expect(try small.folder.text(of: exercise) == small.folder.starter(of: exercise))
    let kept = small.folder.file(of: exercise).path + ".kept-1"
    #expect(try String(contentsOfFile: kept, encoding: .utf8).contains("my first idea"))
    // Nothing to keep.
    #expect(try !small.run("1", "--reset").text.contains("kept"))
  }

  @Test("A solution is shown once it is solved, or given up, which is recorded")
  func solution() throws {
    let solutions = small.temporary.url.appendingPathComponent(
      "Tests/ExerciseTests/Solutions/01-small")
    try FileManager.default.createDirectory(at: solutions, withIntermediateDirectories: true)
    #expect(try small.run("1", "--solution").text.contains("without solutions"))
    try Data(ExerciseTextTests.text.utf8).write(
      to: solutions.appendingPathComponent("1-double.swift"))
    let refused = try small.run("1", "--solution")
    #expect(refused.status == 1 && !refused.text.contains("x + x"))
    let given = try small.run("1", "--solution", "--give-up")
    #expect(
      given.status == 0 && given.text.contains("let sum = x + x") && !given.text.contains("wrong:"))
    #expect(try small.store.attempts().last?.attempt.verdict == "gave up")
    try small.write(1, "func double(_ x: Int) throws -> Int { 2 * x }")
    #expect(try small.run("1", "--solution").text.contains("let sum = x + x"))
  }

  @Test(
    "A conclusion is judged once its runs are in the store, and not before",
    arguments: ["plain", "residual"])
  func experiment(conclusion: String) throws {
    try small.write(3, "func better() throws -> String { \"\(conclusion)\" }")
    let early = try small.run("3")
    #expect(early.status == 1 && early.text.contains("swift run chapter9"), "\(early.text)")
    #expect(!early.text.contains("At depth 8") && !early.text.contains("by 40 points"))
    let store = try small.store
    try store.record(CheckRecord(chapter: 9, claim: "it holds", passed: true, measured: "1"))
    store.close()
    let late = try small.run("3")
    #expect(late.status == (conclusion == "plain" ? 1 : 0), "\(late.text)")
    #expect(
      late.text.contains(conclusion == "plain" ? "At depth 8 that is so" : "by 40 points"),
      "\(late.text)")
  }

  @Test("A crash doesn't hide what was wrong before it")
  func wrongThenCrashed() throws {
    try small.write(1, "func double(_ x: Int) throws -> Int { x < 3 ? x * x : [0][x] }")
    let text = try small.run("1").text
    #expect(
      text.contains("WRONG: 1 times itself is its square.") && text.contains("x = 1"), "\(text)")
  }

  @Test("An exercise that isn't there is a sentence")
  func unknown() throws {
    let error = #expect(throws: ExerciseError.self) { try small.run("9") }
    #expect(error?.description.contains("has 3 exercises") == true)
    for words in [["0"], ["-1"], ["--hint"], ["1", "--hint", "--reset"], ["1", "--give-up"]] {
      #expect(throws: (any Error).self) { try ExercisesArguments.parse(words) }
    }
  }

  @Test("A file that is missing is to do")
  func missing() throws {
    try FileManager.default.removeItem(at: small.folder.folder)
    #expect(try small.run().text.contains("0 of 3 solved"))
  }
}
