import ArgumentParser
import Charts
import Commands
import Exercises
import Files
import Foundation
import Graders
import Teaching

/// `classroom gradebook`: one row for each student.
struct MakeGradebook: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradebook",
    abstract: "One row for each student: marks out of regraded submissions, and what stores say.",
    discussion: """
      Points and states come from results of `classroom regrade` only. Attempts, minutes, hints and \
      give-ups come out of students' own stores, which they can write whatever they like into: their columns \
      begin with self_reported. A store named runs.sqlite belongs to the student whose folder it is in, any \
      other to the student whose name the file has.

      Without an option the page is CSV.
      """)

  @Argument(
    help: ArgumentHelp(
      "Students' stores, folders that have them in them, and results of `classroom regrade`.",
      valueName: "paths"))
  var paths: [String]

  @Option(help: ArgumentHelp("The results of `classroom regrade`.", valueName: "folder"))
  var regraded: String?

  @Option(help: ArgumentHelp("Write a page for a browser to this file.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the CSV to this file.", valueName: "file"))
  var output: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    for path in [html, output].compactMap({ $0 }) { try checkOutput(path) }
    var results: [StudentResult] = []
    var stores: [String] = []
    var inputs: [Place] = []
    for path in (regraded.map { [$0] } ?? []) + paths {
      let url = URL(fileURLWithPath: path)
      guard FileManager.default.fileExists(atPath: path) else {
        throw TeachingError.badFolder(path, reason: "it isn't there. Check the name.")
      }
      if path == regraded || Regrading.hasResults(url) {
        results += try Regrading.results(in: url)
        if !isSameFile(path, ".") {
          inputs.append(Place(path, as: path == regraded ? "--regraded" : ""))
        }
      } else {
        stores += Gradebook.stores(at: url)
      }
    }
    // Students' stores and results can't be made again.
    try checkPlaces(
      reading: stores.map { Place($0) } + inputs,
      writing: [html.map { Place($0, as: "--html") }, output.map { Place($0, as: "--output") }]
        .compactMap { $0 })
    let book = Gradebook(
      results: results, stores: stores, folders: ExerciseFolder.all(in: Classroom.package))
    for sentence in book.unread { tell(sentence) }
    if let html { try writeOutput(Data(book.page.utf8), to: html) }
    if let output { try writeOutput(Data(book.csv.utf8), to: output) }
    if json {
      try printLine(book.json.page)
    } else if html == nil, output == nil {
      try printLine(String(book.csv.dropLast()))
    }
    guard !book.rows.isEmpty else {
      throw TeachingError.badFolder(paths.joined(separator: ", "), reason: "nobody is in it.")
    }
  }
}
