import ArgumentParser
import Commands
import Foundation
import Teaching

/// `classroom join`: one folder of results out of those of the parts of a class.
struct Join: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Joins the results of a class that was regraded in parts.",
    discussion: """
      The parts are the folders that `classroom regrade` made with --shard, all of them, in any order. They have to be \
      of the same class, graded in the same way, and complete; if one isn't, or is missing, that is said, and \
      nothing is written. What comes out is the same as if the class had been regraded at once.

      Exit status: 0 if they were joined, 1 if not, 2 for bad usage.
      """)

  @Argument(help: ArgumentHelp("The folders of results, one for each part.", valueName: "parts"))
  var parts: [String]

  @Option(help: ArgumentHelp("Where the joined results are kept.", valueName: "folder"))
  var into: String

  func validate() throws { try requirePath(into, of: "--into") }

  func run() throws {
    let folder = URL(fileURLWithPath: into)
    let results = try Regrading.join(
      parts.map { URL(fileURLWithPath: $0).standardizedFileURL }, into: folder)
    try printLine(
      "\(results.count) student\(results.count == 1 ? "" : "s") of \(parts.count) part\(parts.count == 1 ? "" : "s"); results in \(folder.relativePath.visible)"
    )
  }
}
