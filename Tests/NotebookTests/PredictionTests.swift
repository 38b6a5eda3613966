import RunStore
import Testing

@testable import Notebook

@Suite("Predictions")
struct PredictionTests {
  private func ask(
    _ input: [String], isTerminal: Bool = true, arguments: [String] = [], answer: String? = nil
  ) throws -> (ScriptedChapter, Prediction) {
    let it = try ScriptedChapter("", arguments, isTerminal: isTerminal, input: input)
    let prediction = it.chapter.predict("Which?", choices: ["plain", "residual"], answer: answer)
    return (it, prediction)
  }

  private func recorded(_ it: ScriptedChapter) throws -> [[SQLValue]] {
    let store = try #require(it.chapter.store)
    return try store.rows(sql: "SELECT question, answer, correct FROM predictions").rows
  }

  @Test("A number chooses, and the answer says whether it was right")
  func choice() throws {
    let (it, prediction) = try ask(["2\n"])
    #expect(prediction.guess == "residual")
    it.chapter.reveal(prediction, answer: "residual")
    #expect(it.script.output.contains("You said residual."))
    #expect(try recorded(it) == [[.text("Which?"), .text("residual"), .integer(1)]])
  }

  @Test("What isn't a choice is asked again")
  func again() throws {
    let (it, prediction) = try ask(["3", "x", "1"])
    #expect(prediction.guess == "plain")
    #expect(it.script.output.components(separatedBy: "number from 1 to 2").count == 3)
  }

  @Test("Enter and end of input skip, and nothing is recorded", arguments: [[""], []])
  func skip(input: [String]) throws {
    let (it, prediction) = try ask(input)
    #expect(prediction.guess == nil)
    it.chapter.reveal(prediction, answer: "plain")
    #expect(!it.script.output.contains("You said"))
    #expect(try recorded(it).isEmpty)
  }

  @Test("Nobody is asked by a page that isn't shown")
  func hidden() throws {
    let it = try ScriptedChapter("", isTerminal: true, input: ["1"])
    it.chapter.hidePage(if: true)
    #expect(it.chapter.predict("Which?", choices: ["plain", "residual"]).guess == nil)
    #expect(it.script.output.isEmpty)
  }

  @Test("Nobody is asked without a terminal, nor while weaving")
  func notAsked() throws {
    let (it, prediction) = try ask(["1"], isTerminal: false)
    #expect(prediction.guess == nil)
    #expect(it.script.output.contains("Which?"))
    #expect(!it.script.output.contains("Your answer"))
    let folder = try TemporaryFolder()
    #expect(try ask(["1"], arguments: ["--weave", folder.path]).1.guess == nil)
  }

  @Test("A prediction that is never revealed is recorded when the chapter ends, once")
  func unrevealed() throws {
    let (it, _) = try ask(["1"])
    #expect(it.chapter.conclude() == 0)
    #expect(try recorded(it) == [[.text("Which?"), .text("plain"), .null]])
    let (known, _) = try ask(["1"], answer: "residual")
    #expect(known.chapter.conclude() == 0)
    #expect(try recorded(known) == [[.text("Which?"), .text("plain"), .integer(0)]])
  }
}
