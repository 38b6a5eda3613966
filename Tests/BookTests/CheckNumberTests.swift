import Exercises
import Foundation
import Graders
import Testing

@testable import book

@Suite("Exercises that ask which checks of a page fail")
struct CheckNumberTests {
  /// An exercise, and how the checks begin that its fault makes fail.
  struct Question: Sendable {
    let chapter: Int
    let exercise: Int
    let failing: [String]
  }

  static let network = [
    "The gradients of the whole network", "With the best step", "Steps of 1 and",
  ]
  static let questions = [
    Question(
      chapter: 1, exercise: 5,
      failing: ["The response to one pixel", "The seven loops", "Two layers without"]),
    Question(
      chapter: 3, exercise: 8,
      failing: [
        "ReLU: the gradients are those of the library", "ReLU: the gradients are those of diff",
      ] + network),
    Question(chapter: 3, exercise: 9, failing: network),
  ]

  @Test("The numbers are those of today's page, and so is how many there are", arguments: questions)
  func numbers(question: Question) throws {
    let folder = try #require(
      ExerciseFolder.all(in: ChapterFolder.package).first { $0.chapter == question.chapter })
    let exercise = try folder.exercise(question.exercise)
    let text = try #require(try folder.authorsText(of: exercise)).solution
    let page = ChapterFolder.package.appendingPathComponent("chapters/\(folder.name)/README.md")
    let checks = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("- ✓ ") }.map { $0.dropFirst("- ✓ ".count) }
    let numbers = checks.indices.filter { index in
      question.failing.contains { checks[index].hasPrefix($0) }
    }.map { $0 + 1 }
    #expect(numbers.count == question.failing.count)
    #expect(text.contains("\n  \(numbers)\n"), "They are \(numbers).")
    let speller = NumberFormatter()
    speller.numberStyle = .spellOut
    speller.locale = Locale(identifier: "en_US")
    let count = try #require(speller.string(from: checks.count as NSNumber))
    #expect(text.contains(count), "The page has \(count) checks.")
  }
}
