import Charts
import Commands

/// A table that may be wider than the page: then it is printed without the columns that matter least.
struct WideTable {
  private let table: Table
  private let leavingOut: [String]
  private let note: String?

  /// - Parameters:
  ///   - names: the columns that may be left out, the least important first.
  ///   - note: what is said on standard error when it is printed.
  init(
    _ columns: [Column], rows: [[String]], leavingOutFirst names: [String], note: String? = nil
  ) {
    (table, leavingOut, self.note) = (Table(columns, rows: rows), names, note)
  }

  /// As many columns as there is room for, and the names of those that are left out.
  ///
  /// - Parameter room: what a table needs; if too little can be left out, its rows stand one below the
  ///   other, with all that they have.
  func text(width: Int, needing room: (Table) -> Int) -> (text: String, missing: [String]) {
    // What says nothing of any row needs no column.
    let all = table.withoutEmptyColumns
    var (shown, missing) = (all, [String]())
    for name in leavingOut where room(shown) > width && all.names.contains(name) {
      shown = shown.without(name)
      missing.append(name)
    }
    if room(shown) > width { return (all.records(width: width), []) }
    return (shown.text(width: width), missing)
  }

  /// Whether all columns have room beside each other.
  func fits(_ width: Int) -> Bool { table.withoutEmptyColumns.naturalWidth <= width }

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
