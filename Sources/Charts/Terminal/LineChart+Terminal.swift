extension LineChart {
  /// The chart drawn with braille dots. Without colour each line has marks of its own shape.
  public func terminal(width: Int, color: Bool) -> String {
    var canvas = TerminalCanvas(width: width)
    canvas.append(title, .bold)
    let rows = min(16, max(10, width / 4))
    let vertical = fittedY(count: rows / 3)
    let left = min(canvas.width / 3, vertical.ticks.map(\.label.displayWidth).max() ?? 0)
    let labels = self.labels
    let names = labels.map { name($0.series, color) }
    let longest = names.map(\.displayWidth).max() ?? 0
    let isDirect = hasEnds && longest + 2 <= canvas.width * 2 / 5 && labels.count <= rows
    if !isDirect { legend(labels.map(\.series), color, on: &canvas) }
    canvas.append(y.label.cut(width: canvas.width))

    // The labels of ticks at the right end stand half beyond it.
    let columns = max(4, canvas.width - left - 1 - (isDirect && longest > 0 ? longest + 1 : 2))
    let plot = TerminalPlot(
      left: left + 1, top: canvas.height, columns: columns, rows: rows,
      x: fittedX(count: max(2, columns / 8)), y: vertical)
    plot.drawAxes(on: &canvas)
    for series in series { shade(series, plot, on: &canvas) }
    for series in series {
      drawBars(series, plot, on: &canvas)
      draw(series, plot, on: &canvas)
    }
    for (index, series) in series.enumerated() {
      mark(series, index, plot, everyPoint: series.markers, color, on: &canvas)
    }
    if isDirect {
      let wanted = labels.map { plot.height($0.end.y) }
      let bounds = Double(plot.top)...Double(plot.top + rows - 1)
      // Halves are rounded to one side, so that rows which differ by one stay apart.
      let placed = placeLabels(wanted, spacing: 1, in: bounds) ?? []
      for (label, row) in zip(zip(labels, names), placed) {
        canvas.write(
          label.1, column: plot.left + columns + 1, row: Int((row + 0.5 - 1e-9).rounded(.down)),
          TerminalCanvas.Pen(self.color(label.0.series)))
      }
    }
    return canvas.text(color: color)
  }

  /// A name, behind the marker of its line if that has one.
  private func name(_ series: Series, _ color: Bool) -> String {
    color && !series.markers ? series.name : "\(glyph(series)) \(series.name)"
  }

  private func glyph(_ series: Series) -> Character {
    let shapes: [Character] =
      series.stroke == .solid || series.stroke == .hidden
      ? ["●", "■", "▲", "◆", "▼", "✚"] : ["○", "□", "△", "◇", "▽", "✛"]
    return shapes[marker(series) % shapes.count]
  }

  private func legend(_ series: [Series], _ color: Bool, on canvas: inout TerminalCanvas) {
    var (column, row) = (0, canvas.height)
    for one in series {
      let sample =
        switch one.stroke {
        case .solid: "── "
        case .dashed: "╌╌ "
        case .dotted: "·· "
        case .hidden: ""
        }
      let text = (sample + name(one, color)).cut(width: canvas.width)
      if column > 0, column + text.displayWidth > canvas.width { (column, row) = (0, row + 1) }
      canvas.write(text, column: column, row: row, TerminalCanvas.Pen(self.color(one)))
      column += text.displayWidth + 2
    }
  }

  private func draw(_ series: Series, _ plot: TerminalPlot, on canvas: inout TerminalCanvas) {
    let pattern: (on: Int, length: Int) =
      switch series.stroke {
      case .solid: (1, 1)
      case .dashed: (3, 6)
      case .dotted: (1, 3)
      case .hidden: (0, 1)
      }
    let pen = TerminalCanvas.Pen(color(series))
    for segment in segments(of: series) {
      let places = segment.map { plot.dot(series.points[$0]) }
      var step = 0
      for (from, to) in zip(places, places.dropFirst() + places.suffix(1)) {
        let length = max(1, max(abs(to.x - from.x), abs(to.y - from.y)))
        for move in 0..<length {
          defer { step += 1 }
          guard step % pattern.length < pattern.on else { continue }
          let x = from.x + (to.x - from.x) * move / length
          let y = from.y + (to.y - from.y) * move / length
          for thickness in 0..<(series.width == .bold ? 2 : 1) {
            // A bold line at the upper edge grows downwards.
            let upper = y - thickness < plot.top * 4 ? y + thickness : y - thickness
            guard plot.contains(x: x, y: upper) else { continue }
            canvas.dot(x: x, y: upper, pen)
          }
        }
      }
    }
  }

  private func drawBars(_ series: Series, _ plot: TerminalPlot, on canvas: inout TerminalCanvas) {
    guard let spread = series.spread, series.spreadMark == .bars else { return }
    let pen = TerminalCanvas.Pen(color(series))
    for index in segments(of: series).joined() {
      let across = series.points[index].x
      let low = plot.dot(Point(across, spread[index].lowerBound))
      let high = plot.dot(Point(across, spread[index].upperBound))
      let stem = (min(low.y, high.y)...max(low.y, high.y)).map { (x: low.x, y: $0) }
      let caps = [low, high].flatMap { end in (-1...1).map { (x: end.x + $0, y: end.y) } }
      for dot in stem + caps where plot.contains(x: dot.x, y: dot.y) {
        canvas.dot(x: dot.x, y: dot.y, pen)
      }
    }
  }

  private func shade(_ series: Series, _ plot: TerminalPlot, on canvas: inout TerminalCanvas) {
    guard let spread = series.spread, series.spreadMark == .band else { return }
    let pen = TerminalCanvas.Pen(color(series))
    for segment in segments(of: series) {
      for (from, to) in zip(segment, segment.dropFirst()) {
        let (start, end) = (plot.dot(series.points[from]).x / 2, plot.dot(series.points[to]).x / 2)
        for column in min(start, end)...max(start, end) {
          let share = start == end ? 0 : Double(column - start) / Double(end - start)
          func bound(_ side: (ClosedRange<Double>) -> Double) -> Double {
            let heights = [from, to].map { index in
              plot.y.position(side(spread[index])) ?? 0
            }
            return heights[0] + (heights[1] - heights[0]) * share
          }
          let (low, high) = (bound(\.lowerBound), bound(\.upperBound))
          for row in 0..<plot.rows {
            let height = 1 - (Double(row) + 0.5) / Double(plot.rows)
            guard low <= height, height <= high,
              canvas.isFree(column: column, row: plot.top + row)
            else { continue }
            canvas.write("░", column: column, row: plot.top + row, pen)
          }
        }
      }
    }
  }

  /// Marks points: all of them, or without colour one about every twelve columns and the last.
  private func mark(
    _ series: Series, _ number: Int, _ plot: TerminalPlot, everyPoint: Bool, _ color: Bool,
    on canvas: inout TerminalCanvas
  ) {
    guard everyPoint || !color else { return }
    let pen = TerminalCanvas.Pen(self.color(series))
    var next = plot.left + number * 5 % 12
    let shown = segments(of: series).flatMap { $0 }
    for index in shown {
      let place = plot.dot(series.points[index])
      guard plot.contains(x: place.x, y: place.y) else { continue }
      guard everyPoint || place.x / 2 >= next || index == shown.last else { continue }
      next = place.x / 2 + 12
      canvas.write(String(glyph(series)), column: place.x / 2, row: place.y / 4, pen)
    }
  }
}
