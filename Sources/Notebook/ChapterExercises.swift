import ArgumentParser
import Charts
import Commands
import Exercises
import Files
import Foundation
import RunStore
import Translation

/// `swift run chapterN exercises`: a command line of its own, in the chapter's program.
struct ExercisesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: URL(fileURLWithPath: CommandLine.arguments[0]).lastPathComponent + " exercises",
    abstract: "Grades what you wrote in the chapter's folder Exercises, and says what to change.",
    discussion: """
      Your function runs in a process of its own, for at most 10 seconds. Nothing else of the package \
      depends on these files: write what you like.

      Exit status: 0, or 1 if the exercise you named isn't solved; 2 for bad usage.
      """)
  @OptionGroup var arguments: ExercisesArguments

  /// Does what the reader asked for, and ends the process.
  static func run(
    _ words: [String], _ chapter: Int, _ exercises: [Exercise], source: String, console: Console
  ) -> Never {
    let folder = URL(fileURLWithPath: source).deletingLastPathComponent()
    var translations = Catalog()
    do {
      let command: ExercisesCommand
      let language: Language
      do {
        command = try ExercisesCommand.parse(words)
        language = try command.arguments.language(environment: console.environment)
      } catch {
        let isHelp = ExercisesCommand.exitCode(for: error) == .success
        let message = ExercisesCommand.fullMessage(for: error)
        if isHelp { try printLine(message) } else { tell(message) }
        Foundation.exit(isHelp ? 0 : 2)
      }
      translations = Catalog(language, ofChapterAt: source, warn: console.tell)
      let program = ExercisesProgram(
        ExerciseFolder(
          chapter: chapter, exercises: exercises, name: folder.lastPathComponent,
          package: folder.deletingLastPathComponent().deletingLastPathComponent()),
        command.arguments, environment: console.environment,
        isTerminal: console.outputIsTerminal, width: console.width(),
        translations: translations)
      Foundation.exit(try program.run())
    } catch {
      let message =
        (error as? ExerciseError).map { translations.text(of: $0.message) }
        ?? explanation(of: error)
      tell(translations.words("Error: {1}", message))
      if case .unknownExercise? = error as? ExerciseError { Foundation.exit(2) }
      Foundation.exit(1)
    }
  }
}

extension Chapter {
  /// Shows the chapter's exercises, and how they are graded.
  public func listExercises(line: Int = #line, file: String = #filePath) {
    place(
      .table(Table(Exercise.columns, rows: exercises.map(\.row)), isVolatile: false), line: line,
      file: file)
  }

  /// Tells the reader, not the page, how many exercises are solved.
  func showExercisesSolved() {
    guard !exercises.isEmpty, options.weave == nil else { return }
    let learner = ExercisesProgram.learner(nil, console.environment)
    let attempts = (try? store?.attempts(by: learner, chapter: number)) ?? []
    let solved = Set(attempts.filter(\.attempt.passed).map(\.attempt.exercise))
    let count = exercises.count { solved.contains($0.number) }
    let sentence = translations.words(
      "Exercises: {1} of {2} solved.", "\(count)", "\(exercises.count)")
    write("\n\(sentence) swift run chapter\(number) exercises\n")
  }
}
