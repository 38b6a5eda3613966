extension Diagram {
  /// The diagram drawn with lines of characters, at the left.
  public func terminal(width: Int, color: Bool) -> String {
    var canvas = TerminalCanvas(width: width)
    canvas.append(title, .bold)
    let layout = DiagramLayout(self, width: Double(canvas.width - 1), .cells)
    var lines = BoxLines()
    for (node, place) in zip(nodes, layout.places) where node.shape == .box {
      lines.add(
        left: Int(place.x - place.width / 2), top: Int(place.top), right: Int(place.right) - 1,
        bottom: Int(place.bottom) - 1, pen(node.color))
    }
    for route in layout.routes {
      lines.add(route, leavesBox: nodes[route.from].shape == .box, pen(route.arrow.color))
    }
    let top = canvas.height
    lines.draw(on: &canvas, top: top)
    for route in layout.routes {
      let (row, column) = (Int(route.label.y), Int(route.label.x))
      canvas.write(route.arrow.label, column: column, row: top + row, pen(route.arrow.color))
    }
    for place in layout.places {
      let first = top + Int(place.y - Double(place.lines.count) / 2)
      for (index, line) in place.lines.enumerated() {
        let column = Int((place.x - Double(line.displayWidth) / 2).rounded(.up))
        canvas.write(line, column: column, row: first + index)
      }
    }
    return canvas.text(color: color)
  }

  private func pen(_ color: SeriesColor?) -> TerminalCanvas.Pen {
    color.map { TerminalCanvas.Pen($0) } ?? .plain
  }
}

extension DiagramLayout.Measures {
  /// Boxes are of an odd width, so that an arrow can leave from the middle column.
  static let cells = DiagramLayout.Measures(
    character: { Double($0.displayWidth) }, line: 1, padding: (x: 2, y: 1), textPadding: 1,
    addition: (width: 3, height: 1), gap: 3, straight: 1, bent: (above: 0.5, below: 1.5), label: 1,
    lane: 5, labelGap: 2, boxWidth: { 2 * (($0 - 1) / 2).rounded(.up) + 1 })
}

/// Lines along the rows and columns of a terminal, joined where they meet.
private struct BoxLines {
  private struct Cell: Hashable {
    var column: Int
    var row: Int
  }

  /// The sides of a cell to which a line goes.
  private struct Sides: OptionSet, Hashable {
    let rawValue: Int
    static let up = Sides(rawValue: 1)
    static let down = Sides(rawValue: 2)
    static let left = Sides(rawValue: 4)
    static let right = Sides(rawValue: 8)
  }

  private var sides: [Cell: Sides] = [:]
  private var pens: [Cell: TerminalCanvas.Pen] = [:]
  private var heads: [Cell: Character] = [:]

  /// Adds a rectangle.
  mutating func add(left: Int, top: Int, right: Int, bottom: Int, _ pen: TerminalCanvas.Pen) {
    draw(from: Cell(column: left, row: top), to: Cell(column: right, row: top), pen)
    draw(from: Cell(column: left, row: bottom), to: Cell(column: right, row: bottom), pen)
    draw(from: Cell(column: left, row: top), to: Cell(column: left, row: bottom), pen)
    draw(from: Cell(column: right, row: top), to: Cell(column: right, row: bottom), pen)
  }

  /// Adds an arrow, which joins the border of the box that it leaves.
  mutating func add(_ route: DiagramLayout.Route, leavesBox: Bool, _ pen: TerminalCanvas.Pen) {
    let points = route.points
    let leavesDown = points[0].x == points[1].x
    let comesDown = points[points.count - 2].x == points[points.count - 1].x
    var cells = points.map { Cell(column: Int($0.x), row: Int($0.y)) }
    let last = cells.count - 1
    if !leavesDown { cells[0].column = Int(points[0].x.rounded(.up)) }
    if comesDown {
      cells[last].row -= 1
    } else {
      cells[last].column = Int(points[last].x.rounded(.up))
    }
    for (from, to) in zip(cells, cells.dropFirst()) { draw(from: from, to: to, pen) }
    if leavesDown { sides[cells[0], default: []].insert(.up) }
    if leavesBox {
      var border = cells[0]
      if leavesDown { border.row -= 1 } else { border.column -= 1 }
      sides[border, default: []].insert(leavesDown ? .down : .right)
    }
    heads[cells[last]] = comesDown ? "▼" : "◄"
  }

  private mutating func draw(from: Cell, to: Cell, _ pen: TerminalCanvas.Pen) {
    for row in min(from.row, to.row)...max(from.row, to.row) {
      for column in min(from.column, to.column)...max(from.column, to.column) {
        let cell = Cell(column: column, row: row)
        if row > min(from.row, to.row) { sides[cell, default: []].insert(.up) }
        if row < max(from.row, to.row) { sides[cell, default: []].insert(.down) }
        if column > min(from.column, to.column) { sides[cell, default: []].insert(.left) }
        if column < max(from.column, to.column) { sides[cell, default: []].insert(.right) }
        pens[cell] = pen
      }
    }
  }

  func draw(on canvas: inout TerminalCanvas, top: Int) {
    for (cell, pen) in pens {
      let character = heads[cell] ?? BoxLines.characters[sides[cell, default: []].rawValue]
      canvas.write(String(character), column: cell.column, row: top + cell.row, pen)
    }
  }

  /// By the sides to which lines go: up 1, down 2, left 4, right 8.
  private static let characters = Array(" │││─┘┐┤─└┌├─┴┬┼")
}
