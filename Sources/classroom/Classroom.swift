import ArgumentParser
import Commands
import Exercises
import Foundation
import Graders

/// `classroom`: hands exercises out, grades what comes back, and proves the graders.
@main
struct Classroom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classroom",
    abstract: "Hands exercises out, grades what comes back, and proves the graders.",
    discussion: """
      Exit status: 0 if it could do what it was asked, 1 if it couldn't, 2 if it was asked in a wrong way.
      """,
    subcommands: [
      Plan.self, HandOut.self, Regrade.self, RegradeOne.self, Join.self, MakeGradebook.self,
      Rehearse.self, Prove.self, Starters.self,
    ])

  static func main() { runAsProgram() }

  /// The package's folder, from which this program was built.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// Which chapters a command is about.
struct ChapterNumbers: ParsableArguments {
  @Argument(in: chapterNumbers, help: "The chapters' numbers; without one, all.")
  var chapters: [Int]

  func folders() throws -> [ExerciseFolder] {
    let all = ExerciseFolder.all(in: Classroom.package)
    if let unknown = chapters.first(where: { number in !all.contains { $0.chapter == number } }) {
      throw ValidationError(
        "Chapters are numbered from 1 to \(all.count), so there is no chapter \(unknown).")
    }
    return all.filter { chapters.isEmpty || chapters.contains($0.chapter) }
  }
}

/// `classroom starters`: writes what readers begin with.
struct Starters: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the files that readers begin with, from the authors' texts.",
    discussion: "What is in chapters/*/Exercises is replaced: for authors, not for readers.")

  @OptionGroup var chapters: ChapterNumbers

  func run() throws {
    for folder in try chapters.folders() {
      for exercise in folder.exercises {
        if let kept = try folder.reset(exercise) { try FileManager.default.removeItem(at: kept) }
      }
      try printLine("chapter \(folder.chapter): \(folder.exercises.count) exercises")
    }
  }
}
