/// The rectangle of a canvas in which data are drawn, with its axes around it.
struct TerminalPlot {
  /// The first column and row of the rectangle; the vertical axis stands left of it.
  let left: Int
  let top: Int
  let columns: Int
  let rows: Int
  let x: FittedAxis
  let y: FittedAxis

  /// The braille dot of a point.
  func dot(_ point: Point) -> (x: Int, y: Int) {
    let across = (x.position(point.x) ?? 0) * Double(columns * 2 - 1)
    let up = (y.position(point.y) ?? 0) * Double(rows * 4 - 1)
    return (left * 2 + Int(across.rounded()), top * 4 + rows * 4 - 1 - Int(up.rounded()))
  }

  /// The row of a value and a little, more the lower it is: labels in one row keep their order.
  func height(_ value: Double) -> Double {
    Double(row(value)) + 0.2 * (1 - min(1, max(0, y.position(value) ?? 0)))
  }

  /// The row of a value, within the rectangle.
  func row(_ value: Double) -> Int {
    min(top + rows - 1, max(top, dot(Point(0, value)).y / 4))
  }

  func contains(x: Int, y: Int) -> Bool {
    x >= left * 2 && x < (left + columns) * 2 && y >= top * 4 && y < (top + rows) * 4
  }

  func drawAxes(on canvas: inout TerminalCanvas) {
    for row in top..<(top + rows) { canvas.write("│", column: left - 1, row: row) }
    var used: Set<Int> = []
    for tick in y.ticks where used.insert(row(tick.value)).inserted {
      let label = tick.label.cut(width: left - 1)
      canvas.write(label, column: left - 1 - label.displayWidth, row: row(tick.value))
      canvas.write("┤", column: left - 1, row: row(tick.value))
    }
    TerminalPlot.drawHorizontalAxis(x, left: left, columns: columns, row: top + rows, on: &canvas)
  }

  /// A horizontal axis in three rows: the line, its ticks, its label.
  static func drawHorizontalAxis(
    _ axis: FittedAxis, left: Int, columns: Int, row: Int, on canvas: inout TerminalCanvas
  ) {
    canvas.write("└" + String(repeating: "─", count: columns), column: left - 1, row: row)
    let ticks = axis.ticks.map { tick in
      let column = left + Int(((axis.position(tick.value) ?? 0) * Double(columns - 1)).rounded())
      // A label at the end of the line is moved inwards until it fits on the canvas.
      let start = column - (tick.label.displayWidth - 1) / 2
      return (column, max(0, min(start, canvas.width - tick.label.displayWidth)), tick.label)
    }
    let shown = thinned(
      ticks.map { _, start, label in
        (Double(start) + Double(label.displayWidth) / 2, Double(label.displayWidth))
      }, gap: 1)
    for index in shown {
      let (column, start, label) = ticks[index]
      canvas.write("┬", column: column, row: row)
      canvas.write(label, column: start, row: row + 1)
    }
    let label = axis.axis.label.cut(width: canvas.width)
    let center = left + (columns - label.displayWidth) / 2
    canvas.write(
      label, column: max(0, min(center, canvas.width - label.displayWidth)), row: row + 2)
  }
}
