extension BarChart {
  /// The chart drawn with blocks. Without colour each colour has a shade of its own.
  public func terminal(width: Int, color: Bool) -> String {
    var canvas = TerminalCanvas(width: width)
    canvas.append(title, .bold)
    let values = bars.map { text($0).cut(width: canvas.width / 3) }
    let labels = bars.map { $0.label.cut(width: canvas.width * 2 / 5) }
    let left = (labels.map(\.displayWidth).max() ?? 0) + 2
    let longest = values.map(\.displayWidth).max() ?? 0
    let columns = max(2, canvas.width - left - longest - 1)
    let axis = fitted(count: max(4, columns / 10))
    let shades = bars.map(\.color).reduce(into: [SeriesColor]()) { colors, color in
      if !colors.contains(color) { colors.append(color) }
    }

    let top = canvas.height
    for (index, bar) in bars.enumerated() {
      if beginsGroup(index) { canvas.append(bar.group ?? "", .bold) }
      let row = canvas.height
      canvas.write(labels[index], column: left - 2 - labels[index].displayWidth, row: row)
      canvas.write("│", column: left - 1, row: row)
      var end = left
      if let ends = ends(bar, on: axis) {
        let shade = color ? 0 : shades.firstIndex(of: bar.color) ?? 0
        let (start, drawn) = blocks(ends, columns, shade)
        canvas.write(drawn, column: left + start, row: row, TerminalCanvas.Pen(bar.color))
        end = left + start + drawn.count
      }
      canvas.write(values[index], column: end + 1, row: row)
    }
    let bottom = max(canvas.height, top + 1)
    TerminalPlot.drawHorizontalAxis(axis, left: left, columns: columns, row: bottom, on: &canvas)
    if let reference, let position = axis.position(reference.value), (0...1).contains(position) {
      let column = left + Int((position * Double(columns - 1)).rounded())
      for row in top..<bottom
      where (column - 1...column + 1).allSatisfy({ canvas.isBlank(column: $0, row: row) }) {
        canvas.write("┆", column: column, row: row)
      }
      canvas.append("┆ \(words(reference))")
    }
    return canvas.text(color: color)
  }

  /// The first column of a bar, and its characters; a full block may end with a part of one.
  private func blocks(
    _ ends: (from: Double, to: Double), _ columns: Int, _ shade: Int
  ) -> (start: Int, text: String) {
    let start = Int((ends.from * Double(columns)).rounded())
    let eighths = max(1, Int((ends.to * Double(columns) * 8).rounded()) - start * 8)
    let partial = Array(" ▏▎▍▌▋▊▉")
    if shade == 0 {
      let rest = eighths % 8 == 0 ? "" : String(partial[eighths % 8])
      return (start, String(repeating: "█", count: eighths / 8) + rest)
    }
    let fill = ["█", "▒", "▓", "░"][shade % 4]
    return (start, String(repeating: fill, count: max(1, (eighths + 4) / 8)))
  }
}
