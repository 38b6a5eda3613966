import ArgumentParser
import Commands

/// `book`: weaves the chapters' pages, makes web pages of them, and proves that they are up to date and that their
/// checks can fail.
@main
struct Book: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "book",
    abstract: "Weaves the chapters' pages, makes a book of them, and proves that they are sound.",
    discussion: """
      Exit status: 0 if everything holds, 1 if something doesn't, 2 if it was asked in a wrong way.
      """,
    subcommands: [
      Build.self, API.self, Weave.self, Check.self, Translate.self, Mutate.self, Shuffle.self,
    ])

  static func main() { runAsProgram() }
}

/// Which chapters a command is about.
struct ChapterSelection: ParsableArguments {
  @Argument(
    in: chapterNumbers, help: ArgumentHelp("Only these chapters, by number.", valueName: "number"))
  var numbers: [Int]

  /// The chapters that were asked for, in the order of the book.
  func chapters() throws -> [ChapterFolder] {
    let all = try ChapterFolder.all()
    let known = all.map { "\($0.number)" }.joined(separator: ", ")
    for number in numbers where !all.contains(where: { $0.number == number }) {
      throw ValidationError("There is no chapter \(number). There are: \(known).")
    }
    return numbers.isEmpty ? all : all.filter { numbers.contains($0.number) }
  }
}
