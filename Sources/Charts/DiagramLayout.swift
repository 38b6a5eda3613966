/// Where the parts of a diagram lie, in pixels or in a terminal's columns and rows.
struct DiagramLayout {
  /// What a diagram is laid out with.
  struct Measures: Sendable {
    /// How wide a character is.
    let character: @Sendable (Character) -> Double
    /// The height of a line of text.
    let line: Double
    /// Between a box's text and its border, on each side.
    let padding: (x: Double, y: Double)
    /// Beside a text without a border.
    let textPadding: Double
    let addition: (width: Double, height: Double)
    /// Between two boxes of a row.
    let gap: Double
    /// Between two rows, if all arrows go straight down.
    let straight: Double
    /// Between two rows where arrows turn: above the turn and below it.
    let bent: (above: Double, below: Double)
    /// What the part above the turn takes more if there are labels in it.
    let label: Double
    /// From the boxes to an arrow around them, and from that to the next.
    let lane: Double
    /// From an arrow to its label.
    let labelGap: Double
    /// The least width that a box can have and that isn't less than this one.
    let boxWidth: @Sendable (Double) -> Double

    func width(_ text: String) -> Double { text.reduce(0) { $0 + character($1) } }
  }

  /// A node: its centre, its size, its text.
  struct Place {
    var x = 0.0
    var y = 0.0
    let width: Double
    let height: Double
    let lines: [String]

    var right: Double { x + width / 2 }
    var top: Double { y - height / 2 }
    var bottom: Double { y + height / 2 }
  }

  /// An arrow: its way from turn to turn, and the left end of its label at half height.
  struct Route {
    let arrow: Diagram.Arrow
    let from: Int
    let points: [(x: Double, y: Double)]
    let label: (x: Double, y: Double)
  }

  /// Those of the diagram's nodes.
  private(set) var places: [Place] = []
  private(set) var routes: [Route] = []
  private(set) var width = 0.0
  private(set) var height = 0.0

  private typealias Link = (arrow: Diagram.Arrow, from: Int, to: Int, rows: ClosedRange<Int>)

  /// Lays a diagram out.
  ///
  /// - Parameters:
  ///   - diagram: what is laid out.
  ///   - available: how wide it may be; it may take less.
  ///   - measures: in the unit of the result.
  init(_ diagram: Diagram, width available: Double, _ measures: Measures) {
    let links: [Link] = diagram.arrows.map { arrow in
      let ends = diagram.ends(arrow)
      return (arrow, ends.from, ends.to, ends.rows)
    }
    let direct = links.filter { $0.rows.count == 2 }
    let around = links.filter { $0.rows.count > 2 }
    let lanes = DiagramLayout.lanes(around.map(\.rows))
    func labelWidth(_ link: Link) -> Double {
      link.arrow.label.isEmpty ? 0 : measures.labelGap + measures.width(link.arrow.label)
    }
    let laneWidths = (0..<(lanes.max() ?? -1) + 1).map { lane in
      measures.lane + (zip(around, lanes).filter { $1 == lane }.map { labelWidth($0.0) }.max() ?? 0)
    }

    // All boxes have one width, and the label of an arrow has room beside it.
    let columns = Double(diagram.rows.map(\.count).max() ?? 0)
    let gaps = measures.gap * max(0, columns - 1)
    let room = (available - laneWidths.reduce(0, +) - gaps) / max(1, columns)
    let wanted = diagram.nodes.map { node in
      let text = node.lines.map(measures.width).max() ?? 0
      return text + 2 * (node.shape == .box ? measures.padding.x : measures.textPadding)
    }
    let box = measures.boxWidth(
      max(
        2 * measures.padding.x + 1,
        min(room - 1, (wanted + direct.map { 2 * labelWidth($0) }).max() ?? 0)))
    places = diagram.nodes.map { DiagramLayout.place($0, box: box, measures) }
    let area = columns * box + gaps
    width = area + laneWidths.reduce(0, +)

    for row in diagram.rows {
      for (position, node) in row.enumerated() {
        let steps = Double(position) - Double(row.count - 1) / 2
        places[node].x = area / 2 + steps * (box + measures.gap)
      }
    }
    var turns: [Int: Double] = [:]
    for (number, row) in diagram.rows.enumerated() {
      let tallest = row.map { places[$0].height }.max() ?? 0
      for node in row { places[node].y = height + tallest / 2 }
      height += tallest
      // Where one arrow around boxes ends, the next begins below.
      let branches = row.filter { node in
        around.contains { $0.from == node } && around.contains { $0.to == node }
      }
      for node in branches { turns[node] = height + measures.bent.above }
      addRoutes(
        direct.filter { $0.rows.lowerBound == number }, in: diagram, turns: !branches.isEmpty,
        measures)
    }
    for (link, lane) in zip(around, lanes) {
      let x = area + laneWidths.prefix(lane).reduce(0, +) + measures.lane / 2
      let (from, to) = (places[link.from], places[link.to])
      let start = turns[link.from].map { [(from.x, from.bottom), (from.x, $0), (x, $0)] }
      let points = (start ?? [(from.right, from.y), (x, from.y)]) + [(x, to.y), (to.right, to.y)]
      routes.append(
        Route(
          arrow: link.arrow, from: link.from, points: points,
          label: (x + measures.labelGap, (points[points.count - 3].1 + to.y) / 2)))
    }
  }

  /// Adds the arrows between the row that ends here and the next, and the height that they take.
  ///
  /// - Parameter turns: whether an arrow around boxes turns between these rows too.
  private mutating func addRoutes(
    _ links: [Link], in diagram: Diagram, turns: Bool, _ measures: Measures
  ) {
    guard !links.isEmpty else { return }
    func span(_ link: Link) -> ClosedRange<Double> {
      let (from, to) = (places[link.from].x, places[link.to].x)
      return min(from, to)...max(from, to)
    }
    for (index, link) in links.enumerated() {
      for other in links.prefix(index) where link.from != other.from && link.to != other.to {
        precondition(
          !span(link).overlaps(span(other)),
          "'\(diagram.title)': the arrows to \(link.arrow.to) and \(other.arrow.to) would cross")
      }
    }
    // Several arrows from one node have their labels where they part.
    func parts(_ link: Link) -> Bool { links.count { $0.from == link.from } > 1 }
    let isStraight = !turns && links.allSatisfy { places[$0.from].x == places[$0.to].x }
    let hasLabels = links.contains { !$0.arrow.label.isEmpty && !parts($0) }
    let start = height
    let turn = start + measures.bent.above + (hasLabels ? measures.label : 0)
    height = isStraight ? start + measures.straight : turn + measures.bent.below
    for link in links {
      let (from, to) = (places[link.from], places[link.to])
      let end = height + (tallest(beside: link.to, in: diagram) - to.height) / 2
      let labelHeight =
        isStraight
        ? start + measures.straight / 2
        : parts(link)
          ? height - measures.label / 2 : start + (measures.bent.above + measures.label) / 2
      routes.append(
        Route(
          arrow: link.arrow, from: link.from,
          points: from.x == to.x
            ? [(from.x, from.bottom), (to.x, end)]
            : [(from.x, from.bottom), (from.x, turn), (to.x, turn), (to.x, end)],
          label: ((parts(link) ? to.x : from.x) + measures.labelGap, labelHeight)))
    }
  }

  private func tallest(beside node: Int, in diagram: Diagram) -> Double {
    diagram.rows.first { $0.contains(node) }!.map { places[$0].height }.max()!
  }

  private static func place(_ node: Diagram.Node, box: Double, _ measures: Measures) -> Place {
    func wrapped(_ padding: Double) -> [String] {
      node.lines.flatMap { $0.wrapped(width: box - 2 * padding, size: measures.character) }
    }
    switch node.shape {
    case .addition:
      return Place(
        width: measures.addition.width, height: measures.addition.height, lines: node.lines)
    case .box:
      let lines = wrapped(measures.padding.x)
      let height = measures.line * Double(lines.count) + 2 * measures.padding.y
      return Place(width: box, height: height, lines: lines)
    case .text:
      let lines = wrapped(measures.textPadding)
      let width = (lines.map(measures.width).max() ?? 0) + 2 * measures.textPadding
      return Place(width: width, height: measures.line * Double(lines.count), lines: lines)
    }
  }

  /// For each arrow around boxes the first lane in which none passes the same rows.
  private static func lanes(_ rows: [ClosedRange<Int>]) -> [Int] {
    var lanes: [Int] = []
    for (index, range) in rows.enumerated() {
      let taken = zip(lanes, rows.prefix(index)).filter { _, other in
        max(range.lowerBound, other.lowerBound) < min(range.upperBound, other.upperBound)
      }.map(\.0)
      lanes.append((0...taken.count).first { !taken.contains($0) }!)
    }
    return lanes
  }
}
