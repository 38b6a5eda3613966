import ArgumentParser
import Commands
import Files
import Foundation

/// `book build`: the book as web pages.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes web pages of the chapters' pages, the glossary and the rest.",
    discussion: """
      Reads the pages that are kept beside the chapters, and trains nothing. What it writes works from a folder as \
      well as from a server, and loads nothing from elsewhere. Needs pandoc (apt-get install pandoc).
      """)

  enum Choice: String, CaseIterable, ExpressibleByArgument { case en, ko, all }

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output = ".build/book"

  @Option(help: "The languages of the book: en, ko or all.")
  var language = Choice.all

  @Flag(help: "Then show it on this machine, at an address that is printed, until Ctrl-C.")
  var serve = false

  func validate() throws { try requirePath(output, of: "--output") }

  func run() throws {
    let start = Date()
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    let languages = Language.allCases.filter {
      language == .all || $0.rawValue == language.rawValue
    }
    let count = try Website(package: ChapterFolder.package, languages: languages).write(to: folder)
    let seconds = Date().timeIntervalSince(start)
    try printLine(
      "\(count) pages, \(String(format: "%.1f", seconds)) s. The first: \(folder.path)/index.html")
    guard serve else { return }
    let server = try BookServer(folder: folder)
    try printLine("Open \(server.address) in your browser. Ctrl-C ends this.")
    server.run()
  }
}
