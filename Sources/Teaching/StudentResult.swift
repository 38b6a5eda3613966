import Exercises
import Files
import Foundation

/// What came of grading a submission.
public struct StudentResult: Codable, Sendable {
  /// What came of an exercise.
  public struct Item: Codable, Sendable {
    /// The chapter.
    public let chapter: Int
    /// The exercise's number.
    public let exercise: Int
    /// The name of its function.
    public let name: String
    /// What it is about.
    public let title: String
    /// The verdict in a word or two; `missing` for a file that isn't there, `refused` for one that can't be read.
    public let state: String
    /// What the grader says.
    public let message: String
    /// What the code printed, the first of it.
    public let printed: String
    /// The points that it is worth.
    public let points: Double
    /// The points that it could be worth.
    public let maximum: Int
    /// How long the calls took, in seconds.
    public let seconds: Double

    /// Whether it is solved.
    public var isSolved: Bool { state == "solved" }
  }

  /// Who handed it in.
  public let student: String
  /// Why nothing of it could be graded, a sentence; nil if it was.
  public let problem: String?
  /// Its exercises, in the order of the book.
  public let items: [Item]
  /// The seed of the inputs.
  public let seed: UInt64
  /// The version of the graders.
  public let codeVersion: String
  /// Whether it ran in the sandbox.
  public let isConfined: Bool
  /// What decides whether it has to be graded anew: a checksum of the texts and of what they are graded with.
  public let basis: String

  /// The points that it got.
  public var points: Double { items.map(\.points).reduce(0, +) }
  /// The points that it could have got.
  public var maximum: Int { items.map(\.maximum).reduce(0, +) }

  /// Whether grading could have made it. A file of results may come from anywhere.
  var isPossible: Bool {
    items.count <= 1000
      && items.allSatisfy {
        (0...100).contains($0.maximum) && $0.points >= 0 && $0.points <= Double($0.maximum)
      }
  }

  /// How many exercises are in a state.
  public func count(_ state: String) -> Int { items.count { $0.state == state } }

  /// As one line of JSON, in which no character acts on a terminal: what a student printed is in it.
  public func line() throws -> String {
    String(decoding: try JSONEncoder().encode(self), as: UTF8.self).visibleInJSON
  }

  /// The states that an exercise can be in, in the order in which tables have them.
  public static let states = [
    "solved", "wrong", "doesn't compile", "crashed", "too slow", "to do", "missing", "refused",
  ]
}

extension Exercise.Difficulty {
  /// The points that an exercise is worth.
  public var points: Int {
    switch self {
    case .easy: 1
    case .medium: 2
    case .hard: 3
    }
  }
}

extension Verdict {
  /// All that it has to say, as text of several lines.
  var explanation: String {
    guard case .wrong(let complaint) = self else { return sentence }
    var lines = [sentence]
    for (label, value) in [
      ("with", complaint.input), ("place", complaint.place), ("expected", complaint.expected),
      ("found", complaint.found),
    ] {
      if let value, !value.isEmpty { lines.append("\(label): \(value)") }
    }
    return lines.joined(separator: "\n")
  }
}
