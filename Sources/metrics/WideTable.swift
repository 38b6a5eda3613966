import Charts
import Commands
import Foundation

/// A table that may be wider than the page: then it is printed without the columns that matter least.
struct WideTable {
  let columns: [Column]
  let rows: [[String]]
  private let leavingOut: [String]
  private let note: String?

  /// - Parameters:
  ///   - names: the columns that may be left out, the least important first.
  ///   - note: what is said on standard error when it is printed.
  init(
    _ columns: [Column], rows: [[String]], leavingOutFirst names: [String], note: String? = nil
  ) {
    (self.columns, self.rows, leavingOut, self.note) = (columns, rows, names, note)
  }

  /// Without the columns in which no row has anything.
  var withoutEmptyColumns: WideTable {
    let kept = columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    return WideTable(
      kept.map { columns[$0] }, rows: rows.map { row in kept.map { row[$0] } },
      leavingOutFirst: leavingOut, note: note)
  }

  /// As many columns as there is room for, and the names of those that are left out.
  ///
  /// - Parameter room: what a table needs; if too little is left out even so, its rows stand one below
  ///   the other.
  func text(width: Int, needing room: (Table) -> Int) -> (text: String, missing: [String]) {
    var (shown, missing) = (Array(columns.indices), [String]())
    func table() -> Table {
      Table(shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } })
    }
    for name in leavingOut where room(table()) > width {
      shown.removeAll { columns[$0].name == name }
      missing.append(name)
    }
    if room(table()) > width { (shown, missing) = (Array(columns.indices), []) }
    return (table().text(width: width), missing)
  }

  /// Prints as many columns as there is room for, and says on standard error which are left out.
  func print(width: Int, needing room: (Table) -> Int) throws {
    let (text, missing) = text(width: width, needing: room)
    try printLine(text)
    if let note { tell(note) }
    guard !missing.isEmpty else { return }
    let names = missing.joined(separator: ", ")
    tell("Not shown for want of room: \(names). --json shows all.")
  }
}
