import Commands
import Exercises
import Foundation
import Translation

extension ExerciseFolder {
  /// The exercises' texts as Markdown: the task, what the reader begins with, the command that grades it, and hints
  /// that unfold one by one. Each has the anchor `exercise-N`.
  ///
  /// - Parameters:
  ///   - words: what is said around them.
  ///   - translations: of titles, tasks and hints.
  func markdown(_ words: Words, _ translations: Catalog) throws -> String {
    func language(isEnglish: Bool) -> String { isEnglish ? " lang=\"en\"" : "" }
    return try exercises.map { exercise in
      let code = ExerciseFolder.parts(of: try starter(of: exercise)).code
      let task = try task(of: exercise)
      let isEnglish = task.messages.contains { translations[$0] == nil }
      let about =
        "\(words.difficulties[exercise.difficulty.rawValue]!), \(exercise.minutes) \(words.minutes)"
      let file = "`chapters/\(name)/Exercises/\(exercise.fileName)`"
      let title = translations.plain(exercise.title, .cell)
      let hints = exercise.hints.enumerated().map { number, hint in
        "<details class=\"hint\"\(language(isEnglish: translations[hint] == nil))>"
          + "<summary>\(words.hint) \(number + 1)</summary>\n\n\(translations.text(of: hint))\n\n</details>"
      }
      return
        ([
          "<details class=\"exercise\" id=\"exercise-\(exercise.number)\"><summary>"
            + "\(exercise.number). <span\(language(isEnglish: title == exercise.title))>\(title.escaped)</span> "
            + "<small>\(about)</small></summary>",
          "<div\(language(isEnglish: isEnglish))>", task.translated(by: translations), "</div>",
          "**\(words.begin)**", "```swift\n\(code)\n```",
          words.grade.replacing("{0}", with: file),
          "```sh\nswift run chapter\(chapter) exercises \(exercise.number)\n```",
        ] + hints + ["</details>"]).joined(separator: "\n\n")
    }.joined(separator: "\n\n")
  }

  /// The task of an exercise, cut into messages.
  func task(of exercise: Exercise) throws -> Page {
    Page(Self.parts(of: try starter(of: exercise)).text, isWoven: false)
  }

  /// The task, which is the comment that begins with the exercise's name, without that line; and the code around it.
  static func parts(of starter: String) -> (text: String, code: String) {
    let lines = starter.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex { $0.hasPrefix("/// Exercise ") } ?? 0
    let end = lines[start...].firstIndex { !$0.hasPrefix("///") } ?? start
    let text = lines[start..<end].dropFirst().map { $0.dropFirst($0.hasPrefix("/// ") ? 4 : 3) }
      .joined(separator: "\n")
    let code = (lines[..<start] + lines[end...]).joined(separator: "\n")
      .trimmingCharacters(in: .newlines)
    return (text.trimmingCharacters(in: .newlines), code)
  }
}
