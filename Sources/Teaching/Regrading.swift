import Commands
import Files
import Foundation

/// Grades a class, several students at a time, and keeps what came of each as soon as it is known.
///
/// In the folder of results each student has a folder in `students/`, with `grades.json`, which this program
/// reads back, `results.json` in Gradescope's shape and `exercism.json` in that of Exercism's test runners.
/// Beside it is `summary.csv`, a line for each student. A class can be regraded in parts, several at the same time,
/// each in a folder of its own; ``join(_:into:)`` puts them together.
public struct Regrading: Sendable {
  /// What came of all of it.
  public struct Outcome: Sendable {
    /// What came of each student, by name.
    public var results: [StudentResult] = []
    /// Students whose grading failed for a reason that isn't theirs, and the reason.
    public var failures: [(student: String, reason: String)] = []
    /// How many had been graded before and weren't graded again.
    public var kept = 0

    /// Of nobody.
    public init() {}
  }

  /// Grades one submission and reports each chapter that is done.
  public typealias Grading =
    @Sendable (_ submission: Submission, _ report: @Sendable (Int) -> Void) throws -> StudentResult

  private let folder: URL
  private let grader: SubmissionGrader

  /// Grades into a folder.
  ///
  /// - Parameters:
  ///   - grader: the graders.
  ///   - folder: where results are kept; made if it isn't there.
  public init(_ grader: SubmissionGrader, into folder: URL) {
    (self.grader, self.folder) = (grader, folder)
  }

  /// The seed that results in a folder were made with; nil if there are none, or it is none.
  public static func seed(of folder: URL) -> UInt64? {
    guard let bytes = kept(folder.appendingPathComponent("seed"), limit: 100) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)).flatMap {
      seedNumbers.contains($0) ? UInt64($0) : nil
    }
  }

  /// Grades submissions. Those whose texts and graders are the same as before keep their results.
  ///
  /// - Parameters:
  ///   - submissions: what was handed in, by the whole class.
  ///   - shard: the part of the class that is graded; nil for all of it.
  ///   - jobs: how many are graded at a time.
  ///   - bar: shows how far it is, in chapters.
  ///   - grade: grades one; without it, in this process.
  /// - Throws: `FileError` if results can't be kept, ``TeachingError/badFolder(_:reason:)`` if the folder has
  ///   those of another part.
  public func run(
    _ submissions: [Submission], shard: WorkShard? = nil, jobs: Int, bar: ProgressBar? = nil,
    grade: Grading? = nil
  ) throws -> Outcome {
    try RegradedPart.check(folder, for: shard)
    try makeFolder(folder.appendingPathComponent("students"))
    try replaceFile(folder.appendingPathComponent("seed"), with: Data("\(grader.seed)\n".utf8))
    var part = shard.map {
      RegradedPart(
        $0, of: submissions.map(\.student), basis: grader.basis(nil, problem: nil))
    }
    // Until the end it isn't known that everybody's result is of this grading.
    try part?.write(in: folder)
    let submissions = shard?.part(of: submissions) ?? submissions
    let work = Work(submissions, chapters: grader.folders.count, bar: bar)
    let grade =
      grade ?? { [grader] submission, report in try grader.grade(submission) { report($0) } }
    let group = DispatchGroup()
    for _ in 0..<max(1, jobs) {
      group.enter()
      Thread.detachNewThread { [self] in
        while let submission = work.next() {
          do {
            let (texts, problem) = try grader.read(submission)
            if let old = Self.result(in: Self.place(of: submission.student, in: folder)),
              old.student == submission.student,
              old.basis == grader.basis(texts, problem: problem)
            {
              work.keep(old)
            } else {
              let result = try grade(submission) { _ in work.advance() }
              try keep(result)
              work.add(result)
            }
          } catch {
            work.fail(submission.student, explanation(of: error))
          }
        }
        group.leave()
      }
    }
    group.wait()
    bar?.finish()
    var outcome = work.outcome
    outcome.results.sort { $0.student < $1.student }
    outcome.failures.sort { $0.student < $1.student }
    try Self.writeSummary(of: outcome.results, in: folder)
    part?.isComplete = outcome.failures.isEmpty
    try part?.write(in: folder)
    return outcome
  }

  static func writeSummary(of results: [StudentResult], in folder: URL) throws {
    try replaceFile(
      folder.appendingPathComponent("summary.csv"),
      with: Data(CSV.text(StudentResult.summaryColumns, results.map(\.summaryRow)).utf8))
  }

  /// Where the results of a student are.
  static func place(of student: String, in folder: URL) -> URL {
    folder.appendingPathComponent("students/\(student)", isDirectory: true)
  }

  /// What is kept of a student. The last: who finds it finds the others.
  static let fileNames = ["results.json", "exercism.json", "grades.json"]

  private func keep(_ result: StudentResult) throws {
    let place = Self.place(of: result.student, in: folder)
    try makeFolder(place)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let files = [
      Data((result.forGradescope.page + "\n").utf8), Data((result.forExercism.page + "\n").utf8),
      try encoder.encode(result),
    ]
    for (name, bytes) in zip(Self.fileNames, files) {
      try replaceFile(place.appendingPathComponent(name), with: bytes)
    }
  }

  /// What is kept of a student; nil if nothing is, or nothing that grading could have made.
  static func result(in place: URL) -> StudentResult? {
    guard let bytes = kept(place.appendingPathComponent("grades.json"), limit: 64 << 20),
      let result = try? JSONDecoder().decode(StudentResult.self, from: bytes), result.isPossible
    else { return nil }
    return result
  }

  /// The bytes of a file, of nothing else: a pipe would be waited for.
  static func kept(_ file: URL, limit: Int) -> Data? {
    guard FileKind(at: file.path)?.type == S_IFREG else { return nil }
    return try? readFile(file.path, limit: limit)
  }

  /// The results that a folder has, by student.
  ///
  /// - Throws: ``TeachingError/badFolder(_:reason:)`` if it has none.
  public static func results(in folder: URL) throws -> [StudentResult] {
    let students = folder.appendingPathComponent("students")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: students.path)) ?? []
    let results = names.sorted().compactMap { result(in: students.appendingPathComponent($0)) }
    guard !results.isEmpty else {
      throw TeachingError.badFolder(
        folder.path, reason: "it has no results of `classroom regrade`. Check the name.")
    }
    return results
  }

  /// Whether a folder has results.
  public static func hasResults(_ folder: URL) -> Bool { (try? results(in: folder)) != nil }
}

/// What is to do and what is done, for several threads.
private final class Work: @unchecked Sendable {
  private let lock = NSLock()
  private var left: [Submission]
  private let chapters: Int
  private let bar: ProgressBar?
  private var done = 0
  private(set) var outcome = Regrading.Outcome()

  init(_ submissions: [Submission], chapters: Int, bar: ProgressBar?) {
    (left, self.chapters, self.bar) = (submissions.reversed(), chapters, bar)
  }

  func next() -> Submission? { lock.withLock { left.popLast() } }

  func advance(by chapters: Int = 1) {
    lock.withLock {
      done += chapters
      bar?.advance(to: done)
    }
  }

  func add(_ result: StudentResult) { lock.withLock { outcome.results.append(result) } }

  func keep(_ result: StudentResult) {
    advance(by: chapters)
    lock.withLock {
      outcome.results.append(result)
      outcome.kept += 1
    }
  }

  func fail(_ student: String, _ reason: String) {
    lock.withLock { outcome.failures.append((student, reason)) }
  }
}
