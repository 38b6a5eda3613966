import ArgumentParser
import Commands
import Foundation

/// `book weave`: runs the chapters and writes their pages beside them.
struct Weave: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the chapters and writes their pages beside them.",
    discussion:
      "All of them share one new run store, so that nothing on a page is older than its code.")

  @OptionGroup var selection: ChapterSelection

  func run() throws {
    let chapters = try selection.chapters()
    try withTemporaryFolder { folder in
      let store = folder.appendingPathComponent("runs.sqlite")
      for chapter in chapters {
        let start = Date()
        let (status, complaints) = try chapter.weave(to: chapter.url, store: store)
        guard status == 0 else {
          tell("chapter \(chapter.number) ended with status \(status):\n\(complaints)")
          throw ExitCode(1)
        }
        try printLine(
          "chapters/\(chapter.name)/README.md, \(Int(Date().timeIntervalSince(start))) s")
      }
    }
  }
}
