import Charts
import Commands
import Foundation

/// A table that may be wider than the page: then it is printed without the columns that matter least.
struct WideTable {
  let columns: [Column]
  let rows: [[String]]
  private let leavingOut: [String]

  /// - Parameter names: the columns that may be left out, the least important first.
  init(_ columns: [Column], rows: [[String]], leavingOutFirst names: [String]) {
    (self.columns, self.rows, leavingOut) = (columns, rows, names)
  }

  /// Prints as many columns as there is room for, and says on standard error which are left out.
  ///
  /// - Parameter room: what a table needs; if too little is left out even so, its rows stand one below
  ///   the other.
  func print(width: Int, needing room: (Table) -> Int) throws {
    var (shown, missing) = (Array(columns.indices), [String]())
    func table() -> Table {
      Table(shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } })
    }
    for name in leavingOut where room(table()) > width {
      shown.removeAll { columns[$0].name == name }
      missing.append(name)
    }
    if room(table()) > width { (shown, missing) = (Array(columns.indices), []) }
    try printLine(table().text(width: width))
    guard !missing.isEmpty else { return }
    let names = missing.joined(separator: ", ")
    tell("Not shown for want of room: \(names). A wider terminal shows more, --json all.")
  }
}
