/// Boxes and the arrows between them, in rows from top to bottom.
///
/// A box stands in the row above the first that it has an arrow to. An arrow that passes a row, such as a
/// shortcut, goes around the boxes on their right.
public struct Diagram: Figure {
  /// What arrows join.
  public struct Node: Sendable {
    enum Shape { case box, text, addition }

    let name: String
    fileprivate(set) var lines: [String]
    let shape: Shape
    let color: SeriesColor?

    /// A box.
    ///
    /// - Parameters:
    ///   - name: what arrows call it.
    ///   - lines: what stands in it; without any, its name. Those below the first are paler.
    ///   - color: the colour of its border.
    public static func box(_ name: String, _ lines: String..., color: SeriesColor? = nil) -> Node {
      Node(name: name, lines: lines.isEmpty ? [name] : lines, shape: .box, color: color)
    }

    /// Text without a border: what goes in or comes out.
    ///
    /// - Parameters:
    ///   - name: what arrows call it.
    ///   - text: what is written; without any, its name.
    public static func text(_ name: String, _ text: String? = nil) -> Node {
      Node(name: name, lines: [text ?? name], shape: .text, color: nil)
    }

    /// The sum of what comes in, ⊕.
    ///
    /// - Parameter name: what arrows call it.
    public static func addition(_ name: String) -> Node {
      Node(name: name, lines: ["⊕"], shape: .addition, color: nil)
    }
  }

  /// An arrow from one node to another.
  public struct Arrow: Sendable {
    let from: String
    let to: String
    fileprivate(set) var label: String
    let color: SeriesColor?

    /// Describes an arrow.
    ///
    /// - Parameters:
    ///   - from: the name of the node that it leaves.
    ///   - to: the name of the node that it leads to.
    ///   - label: what stands beside it.
    ///   - color: its colour.
    public init(_ from: String, _ to: String, _ label: String = "", color: SeriesColor? = nil) {
      self.from = from
      self.to = to
      self.label = label
      self.color = color
    }
  }

  /// Arrows from each node to the next.
  public static func chain(_ names: String...) -> [Arrow] {
    zip(names, names.dropFirst()).map { Arrow($0, $1) }
  }

  /// What the diagram shows, in a line.
  public var title: String
  private(set) var nodes: [Node]
  private(set) var arrows: [Arrow]
  /// The places of nodes in `nodes`, row by row, from left to right.
  let rows: [[Int]]
  private let givenDescription: String?

  /// Describes a diagram.
  ///
  /// - Parameters:
  ///   - title: what the diagram shows, in a line.
  ///   - nodes: those of a row from left to right. One with an arrow around others comes last in its row.
  ///   - arrows: which lead from one node to another.
  ///   - description: what a reader who can't see the diagram is told; without one, its boxes from top to
  ///     bottom and its arrows.
  /// - Precondition: no two nodes have the same name, every arrow is between two of them, arrows don't lead
  ///   in a circle, and a row has one node at most with an arrow around others.
  public init(
    _ title: String, _ nodes: [Node], _ arrows: [Arrow], description: String? = nil
  ) {
    self.title = title
    self.nodes = nodes
    self.arrows = arrows
    givenDescription = description
    let heights = Diagram.heights(nodes, arrows)
    let indices = Diagram.indices(nodes)
    let top = heights.max() ?? -1
    let bypassed = arrows.filter { heights[indices[$0.from]!] > heights[indices[$0.to]!] + 1 }
    let ends = Set(bypassed.flatMap { [indices[$0.from]!, indices[$0.to]!] })
    rows = (0..<top + 1).map { row in
      let inRow = nodes.indices.filter { heights[$0] == top - row }
      let last = inRow.filter(ends.contains)
      precondition(
        last.count <= 1,
        "'\(title)': arrows around others can't reach both \(last.map { nodes[$0].name }) in one row"
      )
      return inRow.filter { !ends.contains($0) } + last
    }
  }

  private static func indices(_ nodes: [Node]) -> [String: Int] {
    var indices: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      precondition(indices[node.name] == nil, "two nodes of a diagram are named '\(node.name)'")
      indices[node.name] = index
    }
    return indices
  }

  /// How many arrows lead from each node to an end, on the longest way.
  private static func heights(_ nodes: [Node], _ arrows: [Arrow]) -> [Int] {
    let indices = indices(nodes)
    var heights = [Int](repeating: 0, count: nodes.count)
    let ends = arrows.map { arrow in
      guard let from = indices[arrow.from], let to = indices[arrow.to] else {
        preconditionFailure("no two nodes for the arrow from '\(arrow.from)' to '\(arrow.to)'")
      }
      return (from: from, to: to)
    }
    // The longest way has fewer arrows than there are nodes.
    for round in 0...nodes.count {
      let raised = ends.filter { heights[$0.from] <= heights[$0.to] }
      if raised.isEmpty { break }
      precondition(round < nodes.count, "the arrows of a diagram lead in a circle")
      for arrow in raised { heights[arrow.from] = max(heights[arrow.from], heights[arrow.to] + 1) }
    }
    return heights
  }

  /// The places of an arrow's ends in `nodes`, and the rows from the first to the second.
  func ends(_ arrow: Arrow) -> (from: Int, to: Int, rows: ClosedRange<Int>) {
    let indices = Diagram.indices(nodes)
    let (from, to) = (indices[arrow.from]!, indices[arrow.to]!)
    func row(_ index: Int) -> Int { rows.firstIndex { $0.contains(index) }! }
    return (from, to, row(from)...row(to))
  }

  /// What a reader who can't see the diagram is told.
  public var description: String {
    if let givenDescription { return givenDescription }
    let list = rows.map { row in
      row.map { words($0, all: true) }.joined(separator: " and beside it ")
    }
    let isChain = rows.allSatisfy { $0.count == 1 }
    let told = arrows.compactMap { arrow -> String? in
      let (from, to, passed) = ends(arrow)
      let way = "from \(words(from, all: false)) to \(words(to, all: false))"
      let label = arrow.label.isEmpty ? "" : ": \(arrow.label)"
      if passed.count > 2 { return "A shortcut \(way)\(label)." }
      return isChain && arrow.label.isEmpty ? nil : "An arrow \(way)\(label)."
    }
    return (["\(title).", "From top to bottom: \(list.joined(separator: "; then "))."] + told)
      .joined(separator: " ")
  }

  /// The diagram with other words for its title, in its boxes and beside its arrows.
  public func renamed(_ words: (String) -> String) -> any Figure {
    var diagram = self
    diagram.title = words(title)
    for (index, node) in nodes.enumerated() { diagram.nodes[index].lines = node.lines.map(words) }
    for (index, arrow) in arrows.enumerated() { diagram.arrows[index].label = words(arrow.label) }
    return diagram
  }

  /// A node in words: all of its lines, or what is enough to know which it is.
  private func words(_ index: Int, all: Bool) -> String {
    let node = nodes[index]
    guard node.shape == .addition else {
      return all ? node.lines.joined(separator: ", ") : node.lines[0]
    }
    let additions = nodes.indices.filter { nodes[$0].shape == .addition }
    if additions.count == 1 { return "the addition" }
    return "addition \(additions.firstIndex(of: index)! + 1)"
  }
}
