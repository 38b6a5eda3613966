import ArgumentParser
import Charts
import Commands
import Exercises
import Foundation
import Teaching

/// `classroom plan`: how much there is to do.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how many exercises a chapter has, how long they take and what they are worth.",
    discussion: """
      The minutes are those of somebody who has read the chapter, as the exercises' authors say. An easy \
      exercise is worth 1 point, a medium one 2, a hard one 3.
      """)

  @OptionGroup var chapters: ChapterNumbers

  func run() throws {
    var rows: [[String]] = []
    var sums = [0, 0, 0, 0, 0, 0]
    for folder in try chapters.folders() {
      let difficulties = folder.exercises.map(\.difficulty)
      let numbers = [
        difficulties.count { $0 == .easy }, difficulties.count { $0 == .medium },
        difficulties.count { $0 == .hard }, folder.exercises.count { $0.runs != nil },
        folder.exercises.map(\.minutes).reduce(0, +), difficulties.map(\.points).reduce(0, +),
      ]
      sums = zip(sums, numbers).map(+)
      rows.append(["\(folder.chapter)", folder.name] + numbers.map(String.init))
    }
    rows.append(["", "all"] + sums.map(String.init))
    let numbers = ["easy", "medium", "hard", "with runs", "minutes", "points"]
    let columns =
      [Column("", .right), Column("chapter")] + numbers.map { Column($0, .right) }
    try printLine(Table(columns, rows: rows).text(width: pageWidth))
  }
}
