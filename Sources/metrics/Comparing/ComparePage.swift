import Charts
import Commands
import Reports
import Statistics

/// Comparisons in full: a section for everything that was trained alike.
struct ComparePage {
  private let comparisons: Comparisons

  init(_ comparisons: Comparisons) { self.comparisons = comparisons }

  func print(width: Int) throws {
    let sections = Dictionary(grouping: comparisons.groups) { $0.common.page }
    var printed: Set<CommonGround.Page> = []
    for first in comparisons.groups where printed.insert(first.common.page).inserted {
      let section = sections[first.common.page] ?? []
      let kind = Self.words(of: section)
      let heading =
        [first.common.title + (kind.isEmpty ? "" : ", " + kind)]
        + first.common.recipe.wrapped(width: width)
      try printLine(heading.joined(separator: "\n"))
      for measure in section.reduce(
        into: [Measure](), { if !$0.contains($1.measure) { $0.append($1.measure) } })
      {
        try printLine("\n\(measure.words)\(measure.unitWords), mean ± sd over the seeds\n")
        let groups = section.filter { $0.measure == measure }
        let columns = Self.valuesInColumns(groups, kind)
        let values = columns.fits(width) ? columns : Self.valuesInRows(groups, kind)
        try values.print(width: width) { $0.naturalWidth }
        try printLine("")
        try Self.differences(groups, kind).print(width: width) { $0.naturalWidth }
      }
      try printLine("")
    }
    try printLine(explanation.wrapped(width: width).joined(separator: "\n"))
  }

  private var explanation: String {
    let count = comparisons.count
    let threshold = comparisons.groups.first?.pairs.first?.threshold
    let beyond = threshold.map { value in
      let measure = comparisons.groups[0].measure
      return " and beyond the threshold of \(measure.text(value))\(measure.unit)"
    }
    return """
      higher, lower: the difference has that sign in every seed\(beyond ?? ""); otherwise it can't be decided with so many \
      seeds. p is two-sided; in brackets the least that so many seeds allow. Holm corrects for the \(count) \
      comparison\(count == 1 ? "" : "s") of this page. needs: seeds of each for p under 5 %, a rough estimate.
      """
  }

  /// What all networks of a section have in common, for its heading.
  private static func words(of section: [Comparisons.Group]) -> String {
    let networks = Set(section.map(\.common.network))
    let kinds = Set(section.map(\.common.kind))
    return (networks.count == 1 ? networks.first : kinds.count == 1 ? kinds.first ?? nil : nil)
      ?? ""
  }

  /// Means and deviations: a column a value of the factor.
  private static func valuesInColumns(_ groups: [Comparisons.Group], _ kind: String) -> WideTable {
    let values = Set(groups.flatMap { $0.sides.map(\.value) }).sorted()
    return WideTable(
      [Column("networks")] + values.map { Column($0.text, .right) } + [Column("seeds", .right)],
      rows: groups.map { group in
        let sides = values.map { value in group.sides.first { $0.value == value } }
        let counts = sides.map { $0?.spread.count ?? 0 }
        return [group.common.networkBeside(kind)]
          + sides.map { $0.map { group.measure.text($0.spread) } ?? "–" }
          + [
            Set(counts).count == 1
              ? "\(counts[0])" : counts.map(String.init).joined(separator: ", ")
          ]
      }, leavingOutFirst: [])
  }

  /// The same with a row for each value of the factor, for long names and many values.
  private static func valuesInRows(_ groups: [Comparisons.Group], _ kind: String) -> WideTable {
    WideTable(
      [
        Column("networks"), Column(groups[0].factor.name), Column("mean ± sd", .right),
        Column("seeds", .right),
      ],
      rows: groups.flatMap { group in
        group.sides.map {
          [
            group.common.networkBeside(kind), $0.value.text, group.measure.text($0.spread),
            String($0.spread.count),
          ]
        }
      }, leavingOutFirst: [])
  }

  /// What is known of every difference.
  private static func differences(_ groups: [Comparisons.Group], _ kind: String) -> WideTable {
    WideTable(
      [Column("networks"), Column("from → to")]
        + ["change", "95 % interval", "p (least)", "Holm"].map { Column($0, .right) }
        + [Column("verdict")] + ["P(lower)", "needs"].map { Column($0, .right) },
      rows: groups.flatMap { group in
        group.pairs.map { pair in
          [
            group.common.networkBeside(kind), "\(pair.first.text) → \(pair.second.text)",
            pair.contrast.difference.map(group.measure.difference) ?? "–",
            pair.interval.map(group.measure.text) ?? "–", pair.pText,
            pair.corrected.map(PairComparison.short) ?? "–", pair.shortVerdict,
            pair.contrast.probabilityOfLess.map(PairComparison.short) ?? "–",
            pair.contrast.seedsNeeded.map { "~\($0)" } ?? "–",
          ]
        }
      }, leavingOutFirst: ["P(lower)", "Holm", "needs", "p (least)", "95 % interval"])
  }
}
