import ExerciseKit
import Files
import Foundation
import MiniTensor
import RunStore
import Testing
import Translation

@testable import Exercises

/// A package with one chapter of small exercises, in a temporary folder.
struct SmallExercises {
  let temporary: TemporaryFolder
  let folder: ExerciseFolder

  static let exercises: [Exercise] = [
    .function(
      1, "double", title: "Twice a number", .easy, minutes: 1,
      hints: ["Add it to itself.", "x + x"],
      labels: ["x"],
      cases: { generator in [1, 2, 3, Int(generator.next() % 1000) + 10] },
      expected: { (x: Int) in 2 * x },
      misconceptions: { x in
        [
          Misconception("\(x) times itself is its square.", x * x),
          Misconception("That adds two.", x + 2),
        ]
      }),
    .function(
      2, "ones", title: "A tensor of ones", .medium, minutes: 5, hints: [],
      labels: ["height", "width"],
      cases: { _ in [(1, 1), (2, 3)] },
      expected: { (height: Int, width: Int) in Tensor([height, width], repeating: 1) },
      misconceptions: { height, width in
        [Misconception("Height and width are exchanged.", Tensor([width, height], repeating: 1))]
      }),
    .experiment(
      3, "better", title: "Which network is better?", .hard, minutes: 20, hints: ["Look at it."],
      runs: RequiredRuns(
        command: "swift run chapter9", query: "SELECT count(*) FROM checks WHERE chapter = 9"),
      answer: "residual",
      mistakes: [("plain", "At depth 8 that is so, but not at 56.")],
      explanation: "The residual one, by 40 points."),
  ]

  init() throws {
    temporary = try TemporaryFolder()
    folder = ExerciseFolder(
      chapter: 1, exercises: Self.exercises, name: "01-small", package: temporary.url)
    let starters = temporary.url.appendingPathComponent("Starters/01-small")
    try FileManager.default.createDirectory(at: starters, withIntermediateDirectories: true)
    for (exercise, declaration) in zip(
      Self.exercises,
      [
        "func double(_ x: Int) throws -> Int",
        "func ones(height: Int, width: Int) throws -> Tensor",
        "func better() throws -> String",
      ])
    {
      let text = Self.file("\(declaration) {\n  throw Unsolved()\n}")
      try Data(text.utf8).write(to: starters.appendingPathComponent(exercise.fileName))
      _ = try folder.reset(exercise)
    }
  }

  static func file(_ code: String) -> String {
    "import ExerciseKit\nimport MiniTensor\n\n\(code)\n"
  }

  /// Writes a reader's file.
  func write(_ number: Int, _ code: String) throws {
    try Data(Self.file(code).utf8).write(to: folder.file(of: folder.exercise(number)))
  }

  /// What a command line shows, and its exit status.
  func run(
    _ words: String..., translations: Catalog = Catalog()
  ) throws -> (text: String, status: Int32) {
    var text = ""
    let store = temporary.url.appendingPathComponent("runs.sqlite").path
    let arguments = try ExercisesArguments.parse(words + ["--learner", "kim", "--store", store])
    let program = ExercisesProgram(
      folder, arguments, environment: [:], isTerminal: false, width: 80,
      translations: translations, builds: false
    ) { text += $0 + "\n" }
    let status = try program.run()
    return (text, status)
  }

  var store: RunStore {
    get throws { try RunStore(opening: temporary.url.appendingPathComponent("runs.sqlite").path) }
  }
}
