import ExerciseKit
import Files
import Foundation
import Translation

/// What came of grading an exercise.
public struct Grade: Sendable {
  /// The exercise's number.
  public let exercise: Int
  /// The verdict.
  public let verdict: Verdict
  /// What the reader's code printed.
  public let printed: String
  /// How long the calls took, in seconds, without the compiler.
  public let seconds: Double
  /// A checksum of the reader's text: sixteen hexadecimal digits.
  public let source: String
}

/// Grades readers' texts: compiles them, calls their functions in a process of their own, and judges in this
/// one, so that expected values and verdicts never are where a reader's code runs.
public struct Grader: Sendable {
  /// How long an exercise may take unless something else is said, in seconds.
  public static let deadline = 10.0

  let compiler: Compiler
  let confinement: any Confinement
  let seed: UInt64
  let deadline: Double

  /// A grader.
  ///
  /// - Parameters:
  ///   - compiler: compiles what is graded.
  ///   - confinement: what it may do while it runs.
  ///   - seed: of the inputs that aren't fixed; another each time, so that nobody can answer with a list.
  ///   - deadline: how long an exercise may take, in seconds.
  public init(
    compiler: Compiler, confinement: any Confinement = OwnCode(),
    seed: UInt64 = .random(in: 0...UInt64(Int64.max)), deadline: Double = Grader.deadline
  ) {
    (self.compiler, self.confinement) = (compiler, confinement)
    (self.seed, self.deadline) = (seed, deadline)
  }

  /// Grades some exercises of a chapter.
  ///
  /// - Parameters:
  ///   - numbers: which; nil for all of them.
  ///   - folder: the chapter's exercises.
  ///   - texts: what is in the readers' files, by number; a file that isn't there is missing.
  ///   - shownFolder: the folder that messages name.
  ///   - report: is told each grade as soon as it is known.
  public func grade(
    _ numbers: [Int]? = nil, of folder: ExerciseFolder, texts: [Int: String],
    shownAs shownFolder: String, report: (Grade) throws -> Void = { _ in }
  ) throws -> [Grade] {
    let wanted = folder.exercises.filter { numbers?.contains($0.number) ?? true }
    let scratch = try TemporaryFolder()
    defer { withExtendedLifetime(scratch) {} }
    // Somebody else may have to write there: who compiles confined does it as another user.
    chmod(scratch.url.path, 0o777)
    var starters: [Int: String] = [:]
    for exercise in folder.exercises {
      starters[exercise.number] = try folder.starter(of: exercise)
    }
    let isTouched = { (exercise: Exercise) in
      texts[exercise.number].map { $0 != starters[exercise.number] } ?? false
    }
    // All files of a chapter are one module, as they are for an editor; what nobody touched needs no compiler.
    let built =
      wanted.contains(where: isTouched)
      ? try compiler.compile(
        folder.exercises.compactMap { exercise in texts[exercise.number].map { (exercise, $0) } },
        in: scratch.url, shownAs: shownFolder)
      : Compiler.Built(program: nil, compiled: [], messages: [:])
    return try wanted.map { exercise in
      let grade: Grade
      let text = texts[exercise.number] ?? ""
      let source = hexadecimal(checksum(Array(text.utf8)))
      if !isTouched(exercise) {
        grade = Grade(
          exercise: exercise.number, verdict: .toDo, printed: "", seconds: 0, source: source)
      } else if let program = built.program, built.compiled.contains(exercise.number) {
        grade = try self.grade(exercise, program: program, source: source, in: scratch.url)
      } else {
        grade = Grade(
          exercise: exercise.number,
          verdict: .doesNotCompile(
            built.messages[exercise.number] ?? [.words("It doesn't compile.")]),
          printed: "", seconds: 0, source: source)
      }
      try report(grade)
      return grade
    }
  }

  private func grade(
    _ exercise: Exercise, program: URL, source: String, in folder: URL
  ) throws -> Grade {
    let process = try ChildProcess(
      confinement.confined([program.path], in: folder.path), in: folder.path)
    defer { process.kill() }
    let begin = Date()
    let end = begin.addingTimeInterval(deadline)
    var verdict: Verdict
    do {
      verdict = try exercise.judge(
        { inputs in
          let call = Call(
            exercise: exercise.number, inputs: String(decoding: inputs, as: UTF8.self))
          let line = try process.ask(
            try JSONEncoder.ofExercises.encode(call), before: end)
          guard let reply = try? JSONDecoder.ofExercises.decode(Reply.self, from: line) else {
            throw Forged()
          }
          return reply
        }, seed)
    } catch let interruption as Interruption {
      verdict = try ended(
        by: interruption.cause, input: interruption.input, process, fileName: exercise.fileName)
    } catch {
      verdict = try ended(by: error, input: nil, process, fileName: exercise.fileName)
    }
    let seconds = Date().timeIntervalSince(begin)
    process.kill()
    let written = Complaints(process.complaints, fileName: exercise.fileName)
    if case .wrong(var complaint) = verdict, let crash = written.crash {
      complaint.remark = crash.remark
      verdict = .wrong(complaint)
    }
    return Grade(
      exercise: exercise.number, verdict: verdict, printed: written.printed, seconds: seconds,
      source: source)
  }

  private struct Forged: Error {}

  /// The verdict on a function that didn't return.
  private func ended(
    by error: any Error, input: String?, _ process: ChildProcess, fileName: String
  ) throws -> Verdict {
    switch error {
    case ChildProcess.Ending.late: return .tooSlow(seconds: deadline, input: input)
    case ChildProcess.Ending.flooded:
      return .crashed(.words("It returned more than 64 MiB."), input: input)
    case is Forged:
      return .crashed(.words("Something other than its result was written where results go."))
    case ChildProcess.Ending.ended(let reason, let status):
      let written = Complaints(process.complaints, fileName: fileName)
      return .crashed(cause(reason, status, written), input: input)
    default: throw error
    }
  }

  /// Why a process ended before it had answered.
  private func cause(
    _ reason: Process.TerminationReason, _ status: Int32, _ written: Complaints
  ) -> Message {
    let signal = reason == .uncaughtSignal ? status : status > 128 ? status - 128 : 0
    let crash = written.crash ?? Crash()
    switch signal {
    case SIGSEGV, SIGBUS:
      return .words("It crashed in its memory. Does a function call itself without end?")
    case _ where crash.reason != nil: return crash.sentence
    case SIGILL, SIGTRAP: return crash.sentence
    case SIGXCPU: return .words("It used more than a minute of the processor.")
    case SIGXFSZ: return .words("It wrote a file that is too large.")
    case SIGKILL:
      return .words(
        "It was ended by the system, most often because it wanted too much memory.")
    case 0:
      return .words(
        "It ended the program (exit status {1}) instead of returning.", "\(status)")
    default: return .words("It was ended by signal {1}.", "\(signal)")
    }
  }
}
