import Files
import RunStore

/// A table as a file that spreadsheets read: RFC 4180 with `\n` at the end of a line.
///
/// Numbers have as many digits as their bits need. Characters that act unseen are shown, so a name stays on its
/// line; a text that a spreadsheet would take for a formula gets an apostrophe before it.
struct CSV {
  /// One cell.
  enum Cell {
    case text(String)
    case number(Double?)
    case count(Int?)
  }

  let columns: [String]
  private(set) var rows: [[String]] = []

  init(_ columns: [String]) { self.columns = columns.map { Self.words(.text($0)) } }

  mutating func add(_ cells: [Cell]) { rows.append(cells.map(Self.words)) }

  /// The file.
  var text: String {
    ([columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// What stands in a cell, before quotation marks.
  static func words(_ cell: Cell) -> String {
    switch cell {
    case .number(let number): number.map { "\($0)" } ?? ""
    case .count(let count): count.map { "\($0)" } ?? ""
    case .text(let text):
      text.unicodeScalars.first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } == true
        && Double(text) == nil
        ? "'" + text.visible : text.visible
    }
  }

  private static func quoted(_ cell: String) -> String {
    cell.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
      ? "\"" + cell.replacing(["\"": "\"\""]) + "\"" : cell
  }
}
