/// A table for the terminal.
struct TextTable {
  /// A column: its name, and whether it stands at the right.
  struct Column {
    let name: String
    let isNumber: Bool

    init(_ name: String, isNumber: Bool) {
      self.name = name
      self.isNumber = isNumber
    }
  }

  let columns: [Column]
  let rows: [[String]]

  private static let gap = "  "

  private var widths: [Int] {
    columns.indices.map { column in
      ([columns[column].name] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
  }

  /// The width it takes when nothing is cut.
  var naturalWidth: Int { widths.reduce(0, +) + Self.gap.count * max(0, columns.count - 1) }

  /// The table, at most so wide: the widest columns are cut, with an ellipsis.
  func text(width: Int) -> String {
    var widths = widths
    var excess = naturalWidth - width
    while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > 1
    {
      widths[widest] -= 1
      excess -= 1
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column -> String in
        let cell = cells[column].cut(to: widths[column])
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return columns[column].isNumber ? space + cell : cell + space
      }
      return padded.joined(separator: Self.gap).trimmingEnd
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: Self.gap)
    return ([line(columns.map(\.name)), rule] + rows.map(line)).joined(separator: "\n")
  }

  /// The rows one below the other, a value a line: for what is too wide for a table.
  var records: String {
    let width = columns.map(\.name.count).max() ?? 0
    return rows.map { row in
      zip(columns, row).map { column, value in
        String(repeating: " ", count: width - column.name.count) + column.name + Self.gap + value
      }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

extension String {
  /// Lines of at most a width, broken at spaces.
  func wrapped(width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  fileprivate func cut(to width: Int) -> String {
    count <= width ? self : prefix(max(0, width - 1)) + "…"
  }

  fileprivate var trimmingEnd: String {
    String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
  }
}
