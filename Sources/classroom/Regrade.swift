import ArgumentParser
import Charts
import Commands
import Exercises
import Files
import Foundation
import Graders
import Teaching

/// What decides how submissions are graded.
struct GradingOptions: ParsableArguments {
  @Option(
    listIn: 1...15,
    help: ArgumentHelp("Only these chapters, with commas between them.", valueName: "numbers"))
  var chapters: [Int]?

  @Flag(
    help: "Without a sandbox: what was handed in can do whatever you can. For code of your own.")
  var trusted = false

  @Option(in: seedNumbers, help: ArgumentHelp("The seed of the inputs.", valueName: "number"))
  var seed: Int?

  @Option(
    in: 1...600.0, help: ArgumentHelp("How long an exercise may take, in seconds.", valueName: "s"))
  var deadline = Grader.deadline

  @Option(
    in: 1...64,
    help: ArgumentHelp(
      "How many students are graded at a time; without it, one for each processor."))
  var jobs: Int?

  func folders() -> [ExerciseFolder] {
    ExerciseFolder.all(in: Classroom.package).filter {
      !$0.exercises.isEmpty && (chapters?.contains($0.chapter) ?? true)
    }
  }

  func grader(toolbox: Toolbox, seed: UInt64) throws -> SubmissionGrader {
    try SubmissionGrader(
      folders(), toolbox: toolbox, seed: seed, deadline: deadline, isTrusted: trusted)
  }

  /// Grades a class, each student in a process of its own, so that whatever happens to one happens to it alone.
  func regrade(
    _ submissions: [Submission], shard: WorkShard? = nil, into output: URL, seed: UInt64
  ) throws -> Regrading.Outcome {
    if !trusted {
      // Before anything is built: whether there is a sandbox at all.
      try Sandbox(toolchain: "/usr", readable: []).check()
    }
    try SupportLibrary.build(in: Classroom.package, for: Compiler.folderOfThisProgram)
    let toolbox = try Toolbox()
    let grader = try grader(toolbox: toolbox, seed: seed)
    try grader.checkSandbox()
    let bar = ProgressBar(
      "Grading",
      total: max(
        1, (shard?.part(of: submissions) ?? submissions).count * grader.folders.count),
      unit: "chapters")
    let program = Compiler.folderOfThisProgram.appendingPathComponent("classroom").path
    var command = [program, RegradeOne._commandName, "--toolbox", toolbox.url.path]
    command += ["--seed", "\(seed)", "--deadline", "\(deadline)"]
    if let chapters { command += ["--chapters", chapters.map(String.init).joined(separator: ",")] }
    if trusted { command.append("--trusted") }
    // For a chapter: to compile it, and for exercises that never end.
    let patience =
      1800 + deadline * Double(grader.folders.map(\.exercises.count).max() ?? 0)
    return try Regrading(grader, into: output).run(
      submissions, shard: shard, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
      bar: bar
    ) { [command] submission, report in
      let process = try ChildProcess(
        command + ["--", submission.url.path],
        in: FileManager.default.temporaryDirectory.path)
      defer { process.kill() }
      do {
        while true {
          let line = try process.ask(Data(), before: Date(timeIntervalSinceNow: patience))
          if let chapter = Int(String(decoding: line, as: UTF8.self)) {
            report(chapter)
          } else {
            return try JSONDecoder().decode(StudentResult.self, from: line)
          }
        }
      } catch let ending as ChildProcess.Ending {
        if case .ended(.exit, 1) = ending {
          throw TeachingError.unreadable(
            process.complaints.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return try grader.result(of: submission, endedBy: "\(ending)")
      }
    }
  }
}

/// `classroom regrade`: grades what students handed in.
struct Regrade: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grades every student's folder or zip with the graders of this package.",
    discussion: """
      Of a submission only chapters/*/Exercises/*.swift are read, at most 1 MiB each; the folder chapters \
      may be one or two levels down. Each is compiled and run in a sandbox: no network, no files but the \
      system's, limits on time, memory, processes and disk. What came of a student is kept at once; a \
      student whose files haven't changed since isn't graded again, unless the graders, the seed or the \
      deadline have.

      With --shard 1/3, 2/3 and 3/3 three machines share a class, each with a folder of results of its own; \
      `classroom join` makes one of them.

      Exit status: 0 if everybody was graded, however it came out; 1 if somebody couldn't be; 2 for bad usage.
      """)

  @Argument(help: "A folder with a folder or zip for each student.")
  var submissions: String

  @Option(
    help: ArgumentHelp(
      "Where results are kept; without it, SUBMISSIONS-regraded, of a part SUBMISSIONS-regraded-I-of-N.",
      valueName: "folder"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: "Which part of the class: I/N is the I-th of N. It needs --seed, the same for all parts.",
    transform: WorkShard.init)
  var shard: WorkShard?

  @OptionGroup var options: GradingOptions

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func validate() throws {
    try requirePath(submissions, of: "SUBMISSIONS")
    try requirePath(output, of: "--output")
  }

  func run() throws {
    let place = URL(fileURLWithPath: submissions).standardizedFileURL
    let (found, ignored) = try Submission.all(in: place)
    for sentence in ignored { tell(sentence) }
    guard !found.isEmpty else {
      throw TeachingError.badFolder(submissions, reason: "there are no submissions in it.")
    }
    let ending = shard.map { "-\($0.index)-of-\($0.count)" } ?? ""
    let folder = URL(fileURLWithPath: output ?? place.path + "-regraded" + ending)
    // Results among submissions would be taken for one of them.
    guard !leads(folder.path, into: place.path) else {
      throw PlaceConflict.inside(
        Place(folder.relativePath, as: output == nil ? "" : "--output"), input: Place(submissions))
    }
    guard let seed = seed(for: folder) else {
      throw ValidationError(
        "--shard needs --seed N, the same for all parts: everybody shall get the same inputs.")
    }
    let outcome = try options.regrade(found, shard: shard, into: folder, seed: seed)
    if json {
      try printLine(JSON.array(outcome.results.map(\.summary)).page)
    } else {
      try printLine(table(outcome).text(width: pageWidth))
      for result in outcome.results {
        if let problem = result.problem {
          try printLine("\n\(result.student.visible): \(problem)")
        }
      }
      let kept = outcome.kept == 0 ? "" : ", \(outcome.kept) of them kept from before"
      try printLine(
        "\n\(outcome.results.count) student\(outcome.results.count == 1 ? "" : "s")\(kept); seed \(seed); results in \(folder.relativePath)"
      )
    }
    for failure in outcome.failures {
      tell("\(failure.student.visible) couldn't be graded: \(failure.reason)")
    }
    guard outcome.failures.isEmpty else { throw ExitCode(1) }
  }

  /// The seed that was given or that the results have; a random one for a whole class, nil for a part.
  private func seed(for folder: URL) -> UInt64? {
    if let seed = options.seed.map(UInt64.init) ?? Regrading.seed(of: folder) { return seed }
    return shard == nil ? .random(in: 0...UInt64(seedNumbers.upperBound)) : nil
  }

  private func table(_ outcome: Regrading.Outcome) -> Table {
    let states = StudentResult.states.filter { state in
      outcome.results.contains { $0.count(state) > 0 }
    }
    return Table(
      [Column("student"), Column("points", .right)] + states.map { Column($0, .right) },
      rows: outcome.results.map { result in
        [result.student.visible, result.marks]
          + states.map { "\(result.count($0))" }
      })
  }
}

/// `classroom regrade-one`: what `regrade` starts for each student.
struct RegradeOne: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regrade-one",
    abstract: "Grades one submission: a line for each chapter, and then the result as JSON.",
    shouldDisplay: false)

  @Argument(help: "The submission.")
  var submission: String

  @Option(help: "What it is built against.")
  var toolbox: String

  @OptionGroup var options: GradingOptions

  func run() throws {
    // Whoever started it may be gone.
    Thread.detachNewThread {
      while readLine() != nil {}
      Foundation.exit(1)
    }
    // Who gets the result ends this process: what it keeps in files has to be gone before.
    let result = try grade()
    try printLine(result.line())
  }

  private func grade() throws -> StudentResult {
    let grader = try options.grader(
      toolbox: Toolbox(at: URL(fileURLWithPath: toolbox)), seed: UInt64(options.seed ?? 0))
    return try grader.grade(Submission(URL(fileURLWithPath: submission))) {
      try printLine("\($0)")
    }
  }
}
