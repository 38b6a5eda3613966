import Exercises
import Files
import Foundation
import RunStore

/// Grades submissions with the graders of this package, whatever else a submission brings along.
public struct SubmissionGrader: Sendable {
  /// The chapters that are graded.
  public let folders: [ExerciseFolder]
  /// What submissions are built against.
  public let toolbox: Toolbox
  /// The seed of the inputs: the same for everybody.
  public let seed: UInt64
  /// How long an exercise may take, in seconds.
  public let deadline: Double
  private let sandbox: Sandbox?

  /// Graders of chapters.
  ///
  /// - Parameters:
  ///   - folders: the chapters.
  ///   - toolbox: what submissions are built against.
  ///   - seed: of the inputs.
  ///   - deadline: how long an exercise may take, in seconds.
  ///   - isTrusted: whether submissions run without a sandbox.
  /// - Throws: ``TeachingError`` if there is no sandbox and should be one.
  public init(
    _ folders: [ExerciseFolder], toolbox: Toolbox, seed: UInt64, deadline: Double = Grader.deadline,
    isTrusted: Bool
  ) throws {
    (self.folders, self.toolbox) = (folders, toolbox)
    (self.seed, self.deadline) = (seed, deadline)
    sandbox =
      isTrusted ? nil : try Sandbox(toolchain: toolbox.toolchain, readable: [toolbox.url.path])
  }

  /// Tries whether the sandbox works here.
  ///
  /// - Throws: ``TeachingError/brokenSandbox(_:)``.
  public func checkSandbox() throws { try sandbox?.check() }

  /// What decides whether a submission that was graded has to be graded anew.
  public func basis(_ texts: SubmittedTexts?, problem: String?) -> String {
    let graders = "\(folders.map(\.chapter)) \(seed) \(deadline) \(sandbox != nil)"
    let text = "\(Self.build) \(graders) \(texts?.sum ?? "") \(problem ?? "")"
    return hexadecimal(checksum(Array(text.utf8)))
  }

  /// The texts of a submission, or why there are none.
  public func read(_ submission: Submission) throws -> (texts: SubmittedTexts?, problem: String?) {
    do {
      return (try submission.texts(of: folders, unzipping: sandbox ?? OwnCode()), nil)
    } catch TeachingError.unreadable(let sentence) {
      return (nil, sentence)
    }
  }

  /// Grades a submission.
  ///
  /// - Parameters:
  ///   - submission: what was handed in.
  ///   - report: is told the number of each chapter that is done.
  /// - Throws: `FileError`, ``TeachingError``, ``ExerciseError``; nothing that the submission does.
  public func grade(
    _ submission: Submission, report: (Int) throws -> Void = { _ in }
  ) throws -> StudentResult {
    let (texts, problem) = try read(submission)
    let sandbox = sandbox?.forAnotherSubmission
    let confinement: any Confinement = sandbox ?? OwnCode()
    let grader = Grader(
      compiler: try Compiler(
        buildFolder: toolbox.buildFolder, swiftc: toolbox.swiftc, confinement: confinement),
      confinement: sandbox?.forPrograms ?? confinement, seed: seed, deadline: deadline)
    var items: [StudentResult.Item] = []
    for folder in folders {
      if let texts {
        items += try grade(folder, texts, grader)
      } else {
        items += try folder.exercises.map {
          try item(folder, $0.number, state: "refused", message: problem ?? "")
        }
      }
      try report(folder.chapter)
    }
    return StudentResult(
      student: submission.student, problem: problem, items: items, seed: seed,
      codeVersion: CodeVersion.current(in: folders.first?.package.path), isConfined: sandbox != nil,
      basis: basis(texts, problem: problem))
  }

  /// What is told of a submission that ended the grader itself.
  public func result(of submission: Submission, endedBy cause: String) throws -> StudentResult {
    let message = "The grader itself ended while it graded this (\(cause)). Look at it by hand."
    return StudentResult(
      student: submission.student, problem: message,
      items: try folders.flatMap { folder in
        try folder.exercises.map { try item(folder, $0.number, state: "refused", message: message) }
      }, seed: seed, codeVersion: CodeVersion.current(in: folders.first?.package.path),
      isConfined: sandbox != nil, basis: "")
  }

  private func grade(
    _ folder: ExerciseFolder, _ texts: SubmittedTexts, _ grader: Grader
  ) throws -> [StudentResult.Item] {
    let (own, refusals) = (
      texts.texts[folder.chapter] ?? [:], texts.refusals[folder.chapter] ?? [:]
    )
    return try grader.grade(
      of: folder, texts: own, shownAs: "chapters/\(folder.name)/Exercises"
    ).map { grade in
      let number = grade.exercise
      if let sentence = refusals[number] {
        return try item(folder, number, state: "refused", message: sentence)
      }
      guard own[number] != nil else {
        return try item(folder, number, state: "missing", message: "Its file isn't there.")
      }
      return try item(
        folder, number, state: grade.verdict.word, message: grade.verdict.explanation,
        credit: grade.verdict.credit, printed: grade.printed, seconds: grade.seconds)
    }
  }

  private func item(
    _ folder: ExerciseFolder, _ number: Int, state: String, message: String, credit: Double = 0,
    printed: String = "", seconds: Double = 0
  ) throws -> StudentResult.Item {
    let exercise = try folder.exercise(number)
    let maximum = exercise.difficulty.points
    let isConclusion = exercise.runs != nil && credit > 0
    // An error that a student's code throws can be of any length.
    let start = String(message.unicodeScalars.prefix(20_000))
    let message = start.utf8.count < message.utf8.count ? start + " …" : message
    return StudentResult.Item(
      chapter: folder.chapter, exercise: number, name: exercise.name, title: exercise.title,
      state: state,
      message: isConclusion
        ? message + "\nOnly the conclusion is graded here, not the runs that it is drawn from."
        : message,
      printed: String(printed.prefix(2000)), points: credit * Double(maximum), maximum: maximum,
      seconds: seconds)
  }

  /// Which build of the graders this is: a change of them is a change of this program.
  private static let build: String = {
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    guard let status = FileKind(at: program)?.status else { return "" }
    #if os(Linux)
      return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    #else
      return "\(status.st_size) \(status.st_mtimespec.tv_sec)"
    #endif
  }()
}
