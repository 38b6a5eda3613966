import Commands
import ExerciseKit
import Files
import Foundation
import MiniTensor

@testable import Exercises
@testable import Teaching

/// A package with one chapter of small exercises, and a class that hands them in.
struct SmallClass {
  let temporary: TemporaryFolder
  let folder: ExerciseFolder
  /// The folder with the submissions.
  let submissions: URL

  /// Made once: it copies libraries and calls the compiler.
  static let toolbox = Result { try Toolbox() }

  /// Whether there is a sandbox on this machine.
  static let hasSandbox: Bool = {
    guard let sandbox = try? Sandbox(toolchain: "/usr", readable: []) else { return false }
    return (try? sandbox.check()) != nil
  }()

  static let hasZip = programPath("zip") != nil && programPath("unzip") != nil

  static let exercises: [Exercise] = [
    .function(
      1, "double", title: "Twice a number", .easy, minutes: 1, hints: [], labels: ["x"],
      cases: { generator in [1, 2, 3, Int(generator.next() % 1000) + 10] },
      expected: { (x: Int) in 2 * x },
      misconceptions: { x in [Misconception("\(x) times itself is its square.", x * x)] }),
    .function(
      2, "ones", title: "A tensor of ones", .medium, minutes: 5, hints: [],
      labels: ["height", "width"], cases: { _ in [(1, 1), (2, 3)] },
      expected: { (height: Int, width: Int) in Tensor([height, width], repeating: 1) },
      misconceptions: { height, width in
        [Misconception("Height and width are exchanged.", Tensor([width, height], repeating: 1))]
      }),
    .experiment(
      3, "better", title: "Which network is better?", .hard, minutes: 20, hints: [],
      runs: RequiredRuns(command: "swift run chapter9", query: "SELECT 0"), answer: "residual",
      mistakes: [("plain", "At depth 8 that is so.")], explanation: "The residual one."),
  ]

  /// What the authors wrote.
  static let texts = [
    """
    import ExerciseKit

    /// Twice a number.
    func double(_ x: Int) throws -> Int {
      // solution
      2 * x
      // end of solution
    }

    // wrong: its square
    // - 2 * x
    // + x * x

    // wrong: The result is wrong
    // - 2 * x
    // + 3 * x
    """,
    """
    import ExerciseKit
    import MiniTensor

    /// A tensor of ones.
    func ones(height: Int, width: Int) throws -> Tensor {
      // solution
      Tensor([height, width], repeating: 1)
      // end of solution
    }

    // wrong: Height and width are exchanged
    // - [height, width]
    // + [width, height]
    """,
    """
    import ExerciseKit

    /// Which is better?
    func better() throws -> String {
      // solution
      "residual"
      // end of solution
    }

    // wrong: At depth 8
    // - "residual"
    // + "plain"
    """,
  ]

  static func solution(_ number: Int) -> String {
    try! ExerciseText(texts[number - 1], name: "\(number)").solution
  }

  init() throws {
    temporary = try TemporaryFolder()
    let package = temporary.url.appendingPathComponent("package")
    folder = ExerciseFolder(
      chapter: 1, exercises: Self.exercises, name: "01-small", package: package)
    submissions = temporary.url.appendingPathComponent("submissions")
    try makeFolder(submissions)
    let solutions = package.appendingPathComponent("Tests/ExerciseTests/Solutions/01-small")
    try makeFolder(solutions)
    for (exercise, text) in zip(Self.exercises, Self.texts) {
      try Data(text.utf8).write(to: solutions.appendingPathComponent(exercise.fileName))
    }
  }

  /// A file of a student's.
  func file(_ student: String, _ number: Int, below root: String = "") -> URL {
    submissions.appendingPathComponent(student).appendingPathComponent(root)
      .appendingPathComponent(folder.submittedPath(of: Self.exercises[number - 1]))
  }

  /// Hands in files; what isn't named is right.
  func handIn(_ student: String, _ own: [Int: Data?] = [:], below root: String = "") throws {
    for number in 1...3 {
      let file = file(student, number, below: root)
      try makeFolder(file.deletingLastPathComponent())
      if let bytes = own[number] ?? Data(Self.solution(number).utf8) { try bytes.write(to: file) }
    }
  }

  /// Hands in a body of the function `double`, and right answers to the rest.
  func handIn(_ student: String, double body: String) throws {
    let code = """
      import ExerciseKit
      import Foundation
      struct Said: Error, CustomStringConvertible { let description: String }
      func double(_ x: Int) throws -> Int {
        \(body)
      }
      """
    try handIn(student, [1: Data(code.utf8)])
  }

  func grader(isTrusted: Bool, seed: UInt64 = 1, deadline: Double = 20) throws -> SubmissionGrader {
    try SubmissionGrader(
      [folder], toolbox: Self.toolbox.get(), seed: seed, deadline: deadline, isTrusted: isTrusted)
  }

  /// Grades a student in this process.
  func grade(
    _ student: String, isTrusted: Bool, deadline: Double = 20
  ) throws -> StudentResult {
    try grader(isTrusted: isTrusted, deadline: deadline).grade(
      Submission(submissions.appendingPathComponent(student)))
  }

  /// Reads a submission.
  func read(_ name: String) throws -> SubmittedTexts {
    try Submission(submissions.appendingPathComponent(name)).texts(
      of: [folder], unzipping: OwnCode())
  }
}
