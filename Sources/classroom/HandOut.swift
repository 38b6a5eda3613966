import ArgumentParser
import Commands
import Exercises
import Foundation
import Graders
import Teaching

/// `classroom handout`: a package for students.
struct HandOut: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "handout",
    abstract: "Makes a package for students: with graders, without solutions.",
    discussion: """
      It has the files of this package, without the tests, whose folder has the solutions, and every \
      exercise as it was before anybody wrote in it. It builds on its own. Without this package's .git: \
      the solutions would be in its history.
      """)

  @Argument(help: "Where; a folder that isn't there yet, or is empty.")
  var folder: String

  @Flag(help: "With the tests and the solutions in them: for those who teach with you.")
  var solutions = false

  func validate() throws { try requirePath(folder, of: "The package for students") }

  func run() throws {
    let count = try HandedOutPackage(
      of: Classroom.package, ExerciseFolder.all(in: Classroom.package), hasSolutions: solutions
    ).make(at: URL(fileURLWithPath: folder))
    try printLine("\(count) files in \(folder)")
  }
}
