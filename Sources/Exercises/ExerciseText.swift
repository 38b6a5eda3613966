import Foundation
import Translation

/// The text of an exercise as its author wrote it: the task, a solution, and wrong solutions.
///
/// ```swift
/// /// Exercise 2 of chapter 3. …
/// func double(_ x: Int) throws -> Int {
///   // solution
///   2 * x
///   // end of solution
/// }
///
/// // wrong: That is the square
/// // - 2 * x
/// // + x * x
/// ```
public struct ExerciseText {
  /// A wrong solution.
  public struct Wrong: Sendable {
    /// Words of the message that it has to get.
    public let words: String
    /// What a reader would have written.
    public let text: String
  }

  /// What the reader begins with.
  public let starter: String
  /// A solution.
  public let solution: String
  /// Solutions that have to be found wrong.
  public let wrong: [Wrong]

  /// Reads an author's text.
  ///
  /// - Throws: ``ExerciseError/badText(name:reason:)``.
  public init(_ text: String, name: String) throws {
    func bad(_ reason: String) -> ExerciseError { .badText(name: name, reason: reason) }
    var lines = text.components(separatedBy: "\n")
    let firstWrong = lines.firstIndex { $0.hasPrefix("// wrong:") } ?? lines.count
    let wrongLines = lines[firstWrong...]
    lines.removeSubrange(firstWrong...)
    while lines.last?.isEmpty == true { lines.removeLast() }
    lines.append("")
    func mark(_ words: String) throws -> Int {
      let places = lines.indices.filter {
        lines[$0].trimmingCharacters(in: .whitespaces) == "// \(words)"
      }
      guard places.count == 1 else {
        throw bad("it has \(places.count) lines `// \(words)`, not one")
      }
      return places[0]
    }
    let (begin, end) = (try mark("solution"), try mark("end of solution"))
    guard begin < end else { throw bad("its solution ends before it begins") }
    let indent = lines[begin].prefix { $0 == " " }
    starter =
      (lines[..<begin] + ["\(indent)// TODO: write this function.", "\(indent)throw Unsolved()"]
      + lines[(end + 1)...]).joined(separator: "\n")
    let solution = (lines[..<begin] + lines[(begin + 1)..<end] + lines[(end + 1)...])
      .joined(separator: "\n")
    self.solution = solution
    wrong = try Self.blocks(Array(wrongLines)).map { words, old, new in
      let parts = solution.components(separatedBy: old)
      guard !old.isEmpty, parts.count == 2 else {
        throw bad("`\(old)` of \"\(words)\" is \(parts.count - 1) times in its solution, not once")
      }
      return Wrong(words: words, text: parts.joined(separator: new))
    }
  }

  private static func blocks(_ lines: [String]) -> [(words: String, old: String, new: String)] {
    var blocks: [(words: String, old: [String], new: [String])] = []
    for line in lines {
      if line.hasPrefix("// wrong: ") {
        blocks.append((String(line.dropFirst(10)), [], []))
      } else if line == "// -" || line.hasPrefix("// - ") {
        blocks[blocks.count - 1].old.append(String(line.dropFirst(5)))
      } else if line == "// +" || line.hasPrefix("// + ") {
        blocks[blocks.count - 1].new.append(String(line.dropFirst(5)))
      }
    }
    return blocks.map { ($0.words, $0.old.joined(separator: "\n"), $0.new.joined(separator: "\n")) }
  }
}

/// Why an exercise can't be graded or shown.
public enum ExerciseError: Error, CustomStringConvertible {
  /// A chapter has no exercise of that number.
  case unknownExercise(chapter: Int, number: Int, count: Int)
  /// An author's text isn't in the form that it has to have.
  case badText(name: String, reason: String)
  /// Neither the solution nor the starter of an exercise is in the package.
  case noStarter(String)
  /// The library that readers' functions are built against can't be built.
  case noSupport(String)
  /// The Swift compiler isn't there.
  case noCompiler

  /// What is wrong and what to do.
  public var description: String { message.text }

  /// The same, for a reader of any language.
  public var message: Message {
    switch self {
    case .unknownExercise(let chapter, let number, let count):
      .words(
        "Chapter {1} has {2} exercises, so there is no exercise {3}. `{4}` lists them.",
        "\(chapter)", "\(count)", "\(number)", "swift run chapter\(chapter) exercises")
    case .badText(let name, let reason):
      .words("The text of exercise {1} can't be used: {2}.", name, reason)
    case .noStarter(let name):
      .words(
        "The original of exercise {1} isn't in this package. Clone it anew, or ask your teacher.",
        name)
    case .noSupport(let log):
      .words(
        "The library that exercises are built against can't be built:\n{1}\n`swift build` shows more.",
        log)
    case .noCompiler:
      .words(
        "There is no `swiftc` to compile exercises with. Put Swift's folder of programs into PATH.")
    }
  }
}
