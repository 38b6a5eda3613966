import ElementaryFunctions

/// Sets as ellipses, which contain each other, overlap or lie apart, and points in them or outside.
///
/// Places and sizes are parts of the figure's width, from its upper left corner.
public struct SetDiagram: Figure {
  /// A set.
  public struct Region: Sendable {
    fileprivate(set) var name: String
    let center: Point
    let radii: (across: Double, down: Double)
    let color: SeriesColor

    /// Describes a set.
    ///
    /// - Parameters:
    ///   - name: what is written in its upper end.
    ///   - center: its middle.
    ///   - across: half its width.
    ///   - down: half its height.
    ///   - color: the colour of its border.
    public init(
      _ name: String, _ center: Point, across: Double, down: Double, color: SeriesColor
    ) {
      self.name = name
      self.center = center
      radii = (across, down)
      self.color = color
    }

    func contains(_ point: Point) -> Bool {
      let (x, y) = ((point.x - center.x) / radii.across, (point.y - center.y) / radii.down)
      return x * x + y * y <= 1
    }

    /// Points of its border, from the right end on.
    func border(count: Int) -> [Point] {
      (0..<count).map { step in
        let angle = 2 * Double.pi * Double(step) / Double(count)
        return Point(
          center.x + radii.across * .cos(angle), center.y + radii.down * .sin(angle))
      }
    }
  }

  /// An element, or what isn't one.
  public struct Mark: Sendable {
    fileprivate(set) var name: String
    let place: Point

    /// Describes a point.
    ///
    /// - Parameters:
    ///   - name: what is written beside it.
    ///   - place: where it lies.
    public init(_ name: String, _ place: Point) {
      self.name = name
      self.place = place
    }
  }

  /// What the sets show, in a line.
  public var title: String
  private(set) var regions: [Region]
  private(set) var marks: [Mark]
  private let givenDescription: String?

  /// Describes sets.
  ///
  /// - Parameters:
  ///   - title: what they show, in a line.
  ///   - regions: the sets.
  ///   - marks: the points.
  ///   - description: what a reader who can't see them is told; without one, which set lies within which,
  ///     which overlap, and where the points are.
  public init(
    _ title: String, _ regions: [Region], marks: [Mark] = [], description: String? = nil
  ) {
    self.title = title
    self.regions = regions
    self.marks = marks
    givenDescription = description
  }

  /// The lowest place that is drawn at.
  var depth: Double {
    (regions.map { $0.center.y + $0.radii.down } + marks.map(\.place.y)).max() ?? 0
  }

  /// What a reader who can't see the sets is told.
  public var description: String {
    if let givenDescription { return givenDescription }
    var told: [String] = []
    for (index, region) in regions.enumerated() {
      for other in regions[(index + 1)...] {
        let within = region.border(count: 72).filter(other.contains).count
        let around = other.border(count: 72).filter(region.contains).count
        let relation =
          within == 72
          ? "lies within" : around == 72 ? "contains" : within > 0 ? "overlaps" : "lies apart from"
        told.append("\(region.name) \(relation) \(other.name).")
      }
    }
    for mark in marks {
      let holders = regions.filter { $0.contains(mark.place) }.map(\.name)
      told.append(
        "\(mark.name): "
          + (holders.isEmpty ? "outside of all." : "in \(holders.joined(separator: " and in "))."))
    }
    return (["\(title).", "Sets."] + told).joined(separator: " ")
  }

  /// The sets with other words for their title, their names and those of the points.
  public func renamed(_ words: (String) -> String) -> any Figure {
    var diagram = self
    diagram.title = words(title)
    for (index, region) in regions.enumerated() {
      diagram.regions[index].name = words(region.name)
    }
    for (index, mark) in marks.enumerated() { diagram.marks[index].name = words(mark.name) }
    return diagram
  }
}
