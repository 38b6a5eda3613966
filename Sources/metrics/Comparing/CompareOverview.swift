import Charts
import Reports
import RunStore

/// Plain against residual networks on one screen: what was trained last, the rest counted.
struct CompareOverview {
  /// A screen of 24 lines has one for the next prompt.
  static let lines = 23

  private let measure: Measure
  private let blocks: [Block]
  private let lonely: Int

  /// What was trained alike, and has one kind of shortcut.
  fileprivate struct Block {
    let common: CommonGround
    var heading: String
    var rows: [(pair: PairComparison, group: Comparisons.Group)]
  }

  /// - Parameter comparisons: of one metric by shortcut, with plain networks.
  init?(_ comparisons: Comparisons) {
    guard let measure = comparisons.groups.first?.measure else { return nil }
    (self.measure, lonely) = (measure, comparisons.lonely)
    var blocks: [Block] = []
    for group in comparisons.groups {
      for pair in group.pairs {
        let kind = group.common.kind ?? ""
        let words = [group.common.title, kind, "shortcut \(pair.second.text)"]
        let heading = words.filter { !$0.isEmpty }.joined(separator: ", ")
        if let index = blocks.firstIndex(where: {
          $0.heading == heading && $0.common.differsInDepthOnly(from: group.common)
        }) {
          blocks[index].rows.append((pair, group))
        } else {
          blocks.append(Block(common: group.common, heading: heading, rows: [(pair, group)]))
        }
      }
    }
    self.blocks = blocks.withWhatDiffers
  }

  private static func cells(_ pair: PairComparison, _ group: Comparisons.Group) -> [String] {
    let pair = pair.tested
    let sides = [pair.first, pair.second].map { value in
      group.sides.first { $0.value == value }.map { group.measure.text($0.spread) } ?? "–"
    }
    return [group.common.depth.map(String.init) ?? "–"] + sides + [
      pair.contrast.difference.map(group.measure.difference) ?? "–",
      pair.interval.map(group.measure.text) ?? "–", pair.pText, pair.shortVerdict,
    ]
  }

  /// At most ``lines`` lines.
  func text(width: Int) -> String {
    var shown = blocks
    // They take so many lines at least: what has no room anyway needn't be tested.
    while shown.reduce(0, { $0 + 1 + $1.rows.count }) > Self.lines, shown.count > 1 {
      shown.removeLast()
    }
    while height(shown, width) > Self.lines, shown.count > 1 { shown.removeLast() }
    let excess = min(height(shown, width) - Self.lines, shown[0].rows.count - 1)
    if excess > 0 {
      // The deepest networks are those that the question is about.
      shown[0].rows.removeFirst(excess)
      shown[0].heading += " (and \(excess) more)"
    }
    return page(shown, width: width).joined(separator: "\n")
  }

  /// How many lines that takes: an empty line, a table's head of two and another empty line stand there always.
  private func height(_ shown: [Block], _ width: Int) -> Int {
    let missing = table(shown, width: width).missing
    return shown.reduce(
      4 + title.wrapped(width: width).count
        + footer(shown.count, missing).wrapped(width: width).count
    ) {
      $0 + $1.heading.wrapped(width: width).count + $1.rows.count
    }
  }

  private var title: String {
    "Plain against residual networks: \(measure.words)\(measure.unitWords), mean ± sd over the seeds"
  }

  /// As many columns as there is room for, and the names of the others.
  private func table(_ shown: [Block], width: Int) -> (table: Table, missing: [String]) {
    let names = ["depth", "plain", "residual", "change", "95 % interval", "p (least)", "verdict"]
    var table = Table(
      names.map { Column($0, $0 == "verdict" ? .left : .right) },
      rows: shown.flatMap(\.rows).map(Self.cells))
    var missing: [String] = []
    for name in ["p (least)", "95 % interval", "plain", "residual"]
    where table.naturalWidth > width {
      table = table.without(name)
      missing.append(name)
    }
    return (table, missing)
  }

  private func page(_ shown: [Block], width: Int) -> [String] {
    let (table, missing) = table(shown, width: width)
    // No row may take two lines, since the headings stand between them.
    var lines = table.text(width: table.naturalWidth).split(separator: "\n").map(String.init)[...]
    var page = title.wrapped(width: width) + [""] + lines.prefix(2)
    lines = lines.dropFirst(2)
    for block in shown {
      page += block.heading.wrapped(width: width)
      page += lines.prefix(block.rows.count)
      lines = lines.dropFirst(block.rows.count)
    }
    return page + [""] + footer(shown.count, missing).wrapped(width: width)
  }

  private func footer(_ shown: Int, _ missing: [String]) -> String {
    var sentences: [String] = []
    if !missing.isEmpty {
      sentences.append("Not shown for want of room: \(missing.joined(separator: ", ")).")
    }
    let rest = blocks[shown...].map(\.common.experiment)
    if !rest.isEmpty {
      let experiments = rest.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      let names = experiments.prefix(4).joined(separator: ", ")
      sentences.append(
        "Not shown: \(rest.count.of("comparison")) more (\(names)\(experiments.count > 4 ? " …" : ""))."
      )
    }
    sentences.append("--experiment NAME shows one in full, both sets and every statistic.")
    if lonely > 0 {
      sentences.append("\(lonely.of("network")) \(lonely == 1 ? "has" : "have") no partner yet.")
    }
    return sentences.joined(separator: " ")
  }
}

extension [CompareOverview.Block] {
  /// Where two headings are the same, with the hyper-parameters that tell them apart.
  fileprivate var withWhatDiffers: Self {
    map { block in
      let twins = filter { $0.heading == block.heading }.map(\.common.hyperparameters)
      guard twins.count > 1 else { return block }
      let names = Set(twins.flatMap(\.keys)).sorted().filter { name in
        Set(twins.map { $0[name] }).count > 1
      }
      var block = block
      block.heading += names.map { name in
        ", \(name) \(block.common.hyperparameters[name].map { "\($0)" } ?? "not set")"
      }.joined()
      return block
    }
  }
}

extension Int {
  /// `1 network`, `2 networks`.
  fileprivate func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
