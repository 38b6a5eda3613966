import ArgumentParser
import Commands
import Exercises
import Files
import Foundation
import Teaching

/// `classroom rehearse`: a class that isn't real, regraded.
struct Rehearse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a class out of right and wrong solutions, regrades it, and compares.",
    discussion: """
      Each student's exercises are solved, wrong in a known way, untouched, missing, broken, crashing, endless \
      or no text at all. The gradebook has to say just that.

      A class that is graded elsewhere, on a cluster for instance, takes two calls: --into makes the submissions, and \
      --graded, with as many students and the same chapters, compares the results.

      Exit status: 0 if it does, 1 if it doesn't, 2 for bad usage.
      """)

  @Option(in: 1...1000, help: ArgumentHelp("How many students.", valueName: "number"))
  var students = 40

  @Option(
    help: ArgumentHelp(
      "Only make the submissions, in this folder, and grade none of them.", valueName: "folder"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Only compare: this folder has results of the submissions that --into made.",
      valueName: "folder"))
  var graded: String?

  @OptionGroup var options: GradingOptions

  func validate() throws {
    if into != nil, graded != nil {
      throw ValidationError("--into makes a class, --graded looks at one that was graded.")
    }
    try requirePath(into, of: "--into")
    try requirePath(graded, of: "--graded")
  }

  func run() throws {
    if let into {
      let folder = URL(fileURLWithPath: into)
      if let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path),
        !names.isEmpty
      {
        throw TeachingError.badFolder(into, reason: "there is something in it. Name a new folder.")
      }
      _ = try Rehearsal(students: students, options.folders(), in: folder)
      return
    }
    let scratch = try TemporaryFolder()
    defer { withExtendedLifetime(scratch) {} }
    let submissions = scratch.url.appendingPathComponent("submissions")
    let folders = options.folders()
    let rehearsal = try Rehearsal(students: students, folders, in: submissions)
    let begin = Date()
    var outcome = Regrading.Outcome()
    if let graded {
      outcome.results = try Regrading.results(in: URL(fileURLWithPath: graded))
    } else {
      outcome = try options.regrade(
        Submission.all(in: submissions).submissions,
        into: scratch.url.appendingPathComponent("results"), seed: UInt64(options.seed ?? 1))
    }
    let minutes = Date().timeIntervalSince(begin) / 60
    for failure in outcome.failures { tell("\(failure.student): \(failure.reason)") }
    let book = Gradebook(results: outcome.results, stores: [], folders: folders)
    let differences = rehearsal.differences(from: book)
    for difference in differences { tell(difference) }
    guard differences.isEmpty, outcome.failures.isEmpty else { throw ExitCode(1) }
    let exercises = folders.map(\.exercises.count).reduce(0, +)
    try printLine(
      "The gradebook of \(students) students and \(exercises) exercises says what was made of them"
        + (graded == nil ? ", after \(String(format: "%.1f", minutes)) minutes." : "."))
  }
}
