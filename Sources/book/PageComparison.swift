import Foundation

/// What differs between the page beside a chapter and the one that it weaves now.
///
/// Prose, code, claims and verdicts have to be the same, and so have numbers, unless they are times. In a portable
/// build, how far a number that was computed may be off depends on what it measures: see ``Quantity``. What
/// stands between
/// `<!-- measured -->` marks, such as a time, only has to be there.
struct PageComparison {
  /// One sentence for each line that differs.
  let differences: [String]

  init(kept: String, woven: String, isExact: Bool = computesSharedBits) {
    let (old, new) = (Self.lines(kept), Self.lines(woven))
    let (oldTables, newTables) = (Self.tables(old), Self.tables(new))
    var differences: [String] = []
    var fence: String?
    for (index, (old, new)) in zip(old, new).enumerated() {
      if old.hasPrefix("```") { fence = fence == nil ? old : nil }
      let isComputed =
        fence == "```text"
        || (fence == nil && ["- ", "|", "![", "> "].contains(where: old.hasPrefix))
      if old == new { continue }
      if isComputed {
        let table = oldTables[index]
        let measures = zip(table.measures, newTables[index].measures).map { $0 || $1 }
        let (left, right) = (
          PageLine(old, headings: table.headings, measures: measures),
          PageLine(new, headings: table.headings, measures: measures)
        )
        if left.agrees(with: right, isExact: isExact) { continue }
      }
      differences.append("line \(index + 1) is\n    \(old)\n  and would be\n    \(new)")
    }
    if old.count != new.count {
      differences.append("it has \(old.count) lines and would have \(new.count)")
    }
    self.differences = differences
  }

  /// The page's lines, with everything between marks replaced by one word.
  private static func lines(_ page: String) -> [String] {
    let begin = "<!-- measured -->"
    let end = "<!-- /measured -->"
    var result = ""
    for (index, part) in page.components(separatedBy: begin).enumerated() {
      guard index > 0 else {
        result += part
        continue
      }
      let pieces = part.components(separatedBy: end)
      result += begin + pieces.dropFirst().joined(separator: end)
    }
    return result.components(separatedBy: "\n")
  }

  /// For each line, the table in which it stands: its headings, and which columns have decimals.
  private static func tables(_ lines: [String]) -> [(headings: [Substring], measures: [Bool])] {
    var result: [(headings: [Substring], measures: [Bool])] = []
    for table in lines.chunked(by: { $0.hasPrefix("|") && $1.hasPrefix("|") }) {
      guard table[0].hasPrefix("|") else {
        result += table.map { _ in ([], []) }
        continue
      }
      let cells = table.map { $0.split(separator: "|") }
      let measures = cells[0].indices.map { column in
        cells.dropFirst(2).contains { row in
          column < row.count && row[column].contains(/\d\.\d|\de[-+]?\d/)
        }
      }
      result += table.map { _ in (cells[0], measures) }
    }
    return result
  }
}

extension Array {
  /// The elements in runs: neighbours for which `together` holds are in one.
  fileprivate func chunked(by together: (Element, Element) -> Bool) -> [[Element]] {
    var runs: [[Element]] = []
    for element in self {
      if let last = runs.last?.last, together(last, element) {
        runs[runs.count - 1].append(element)
      } else {
        runs.append([element])
      }
    }
    return runs
  }
}
