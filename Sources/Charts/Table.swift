/// A column of a table.
public struct Column: Sendable {
  /// Where the text of a cell stands.
  public enum Alignment: Sendable {
    /// At the left.
    case left
    /// At the right, as numbers do.
    case right
    /// In the middle.
    case center
  }

  /// The heading.
  public var name: String
  /// Where the text of its cells stands.
  public var alignment: Alignment

  /// Describes a column.
  ///
  /// - Parameters:
  ///   - name: the heading.
  ///   - alignment: where the text of its cells stands.
  public init(_ name: String, _ alignment: Alignment = .left) {
    self.name = name
    self.alignment = alignment
  }
}

/// A table, as text for a terminal and as Markdown.
public struct Table: Sendable {
  let columns: [Column]
  let rows: [[String]]
  /// What each column takes when nothing is wrapped.
  private let naturalWidths: [Int]

  private static let gap = "  "

  /// Describes a table.
  ///
  /// - Parameters:
  ///   - columns: from left to right.
  ///   - rows: from top to bottom, a cell for each column.
  /// - Precondition: every row has as many cells as there are columns.
  public init(_ columns: [Column], rows: [[String]]) {
    for row in rows {
      precondition(
        row.count == columns.count,
        "a table of \(columns.count) columns can't have a row of \(row.count): \(row)")
    }
    self.columns = columns.map { Column($0.name.printable, $0.alignment) }
    self.rows = rows.map { $0.map(\.printable) }
    // Closures, not key paths, which without optimisation are looked up for every character.
    naturalWidths = Self.widths(self.columns, self.rows) { $0.isNewline }
  }

  /// What each column takes if its text is broken wherever there is a gap.
  private static func widths(
    _ columns: [Column], _ rows: [[String]], gap: (Character) -> Bool
  ) -> [Int] {
    columns.indices.map { column in
      ([columns[column].name] + rows.map { $0[column] })
        .flatMap { $0.split(whereSeparator: gap) }.map(\.displayWidth).max() ?? 0
    }
  }

  /// What each column takes so that no word has to be broken.
  private var longestWords: [Int] { Self.widths(columns, rows) { $0.isWhitespace } }

  private init(_ table: Table, columns kept: [Int]) {
    columns = kept.map { table.columns[$0] }
    rows = table.rows.map { row in kept.map { row[$0] } }
    naturalWidths = kept.map { table.naturalWidths[$0] }
  }

  /// The table without the columns that have this heading.
  public func without(_ name: String) -> Table {
    Table(self, columns: columns.indices.filter { columns[$0].name != name })
  }

  /// The table with other words in its headings and cells.
  package func renamed(_ words: (String) -> String) -> Table {
    Table(columns.map { Column(words($0.name), $0.alignment) }, rows: rows.map { $0.map(words) })
  }

  /// The headings, from left to right.
  public var names: [String] { columns.map(\.name) }

  /// The table without the columns in which no row has anything; one without rows keeps all.
  public var withoutEmptyColumns: Table {
    Table(
      self,
      columns: columns.indices.filter { column in
        rows.isEmpty || rows.contains { !$0[column].isEmpty }
      })
  }

  /// The columns of a terminal it takes at least, so that no word has to be broken.
  public var narrowestWidth: Int {
    longestWords.reduce(0, +) + Table.gap.count * max(0, columns.count - 1)
  }

  /// The columns of a terminal it takes when nothing is wrapped.
  public var naturalWidth: Int {
    naturalWidths.reduce(0, +) + Table.gap.count * max(0, columns.count - 1)
  }

  /// The table as lines of text, none wider than so many columns of a terminal.
  ///
  /// The text of the widest columns is wrapped between words. If that isn't enough, the rows stand one
  /// below the other (see ``records(width:)``).
  public func text(width: Int) -> String {
    var widths = naturalWidths
    var excess = naturalWidth - width
    let words = excess > 0 ? longestWords : []
    while excess > 0 {
      let wrappable = widths.indices.filter { widths[$0] > words[$0] }
      guard let widest = wrappable.max(by: { widths[$0] < widths[$1] }) else {
        return records(width: width)
      }
      widths[widest] -= 1
      excess -= 1
    }
    func lines(_ cells: [String]) -> [String] {
      let wrapped = cells.indices.map { cells[$0].wrapped(width: max(1, widths[$0])) }
      return (0..<(wrapped.map(\.count).max() ?? 0)).map { line in
        wrapped.indices.map { column in
          let text = line < wrapped[column].count ? wrapped[column][line] : ""
          return columns[column].alignment.pad(text, to: widths[column])
        }.joined(separator: Table.gap).trimmingEnd
      }
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: Table.gap)
    return (lines(columns.map(\.name)) + [rule] + rows.flatMap(lines)).joined(separator: "\n")
  }

  /// The rows one below the other, a value a line: for what is too wide for a table.
  public func records(width: Int) -> String {
    let names = columns.map { $0.name.cut(width: width / 2) }
    let longest = names.map(\.displayWidth).max() ?? 0
    let room = max(1, width - longest - Table.gap.count)
    return rows.map { row in
      zip(names, row).flatMap { name, value in
        value.wrapped(width: room).enumerated().map { index, line in
          Column.Alignment.right.pad(index == 0 ? name : "", to: longest) + Table.gap + line
        }
      }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// The table in Markdown.
  public func markdown() -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func escaped(_ cell: String) -> String {
      cell.escapedForMarkdown.split(whereSeparator: \.isNewline).joined(separator: "<br>")
    }
    let rules = columns.map { column in
      switch column.alignment {
      case .left: "---"
      case .right: "---:"
      case .center: ":---:"
      }
    }
    let rule = "|" + rules.joined(separator: "|") + "|"
    let head = [line(columns.map { escaped($0.name) }), rule]
    return (head + rows.map { line($0.map(escaped)) }).joined(separator: "\n")
  }
}

extension Column.Alignment {
  fileprivate func pad(_ text: String, to width: Int) -> String {
    let room = max(0, width - text.displayWidth)
    let before =
      switch self {
      case .left: 0
      case .right: room
      case .center: room / 2
      }
    return String(repeating: " ", count: before) + text
      + String(repeating: " ", count: room - before)
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
  }
}
