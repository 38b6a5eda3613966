import Testing

@testable import Exercises

@Suite("The texts that exercises are made of")
struct ExerciseTextTests {
  static let text = """
    import ExerciseKit

    /// Exercise 1 of chapter 1. Twice a number.
    func double(_ x: Int) throws -> Int {
      // solution
      let sum = x + x
      return sum
      // end of solution
    }

    // wrong: That is the square
    // - x + x
    // + x * x
    // wrong: lines
    // -   let sum = x + x
    // -   return sum
    // +   return x

    """

  @Test("The starter has the task and no solution")
  func starter() throws {
    let text = try ExerciseText(Self.text, name: "1-double.swift")
    #expect(
      text.starter == """
        import ExerciseKit

        /// Exercise 1 of chapter 1. Twice a number.
        func double(_ x: Int) throws -> Int {
          // TODO: write this function.
          throw Unsolved()
        }

        """)
    #expect(text.solution.contains("  let sum = x + x\n  return sum\n}"))
    #expect(!text.solution.contains("wrong") && !text.solution.contains("// solution"))
  }

  @Test("Each wrong solution is the right one with one change")
  func wrong() throws {
    let text = try ExerciseText(Self.text, name: "1-double.swift")
    #expect(text.wrong.map(\.words) == ["That is the square", "lines"])
    #expect(text.wrong[0].text == text.solution.replacing("x + x", with: "x * x"))
    #expect(text.wrong[1].text.contains("throws -> Int {\n  return x\n}"))
  }

  @Test(
    "A text without one solution, or with a change that fits nowhere or twice, is refused",
    arguments: [
      (Self.text.replacing("// solution", with: "// answer"), "0 lines"),
      (Self.text.replacing("// end of solution", with: "// solution"), "2 lines"),
      (Self.text.replacing("// - x + x", with: "// - x - x"), "is 0 times"),
      (Self.text.replacing("// - x + x", with: "// - sum"), "is 2 times"),
    ])
  func refused(text: String, words: String) {
    let error = #expect(throws: ExerciseError.self) {
      try ExerciseText(text, name: "1-double.swift")
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "nothing")")
  }
}
