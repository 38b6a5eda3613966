extension ImageGrid {
  /// The images drawn with characters: with colour two pixels in one, as half blocks; without, two
  /// characters a pixel, of which the first is the sign if the palette has two sides.
  public func terminal(width: Int, color: Bool) -> String {
    var canvas = TerminalCanvas(width: width)
    canvas.append(title, .bold)
    let range = self.range
    let across = color ? 1 : 2
    let images = self.images.map { image in
      image.reduced(by: (image.width * across + canvas.width - 1) / canvas.width)
    }
    let cell = min(
      canvas.width,
      images.map { max($0.width * across, min(12, $0.caption.displayWidth)) }.max() ?? 1)
    let columns = max(1, min(self.columns, (canvas.width + 2) / (cell + 2)))
    for start in stride(from: 0, to: images.count, by: columns) {
      let top = canvas.height
      let row = images[start..<min(images.count, start + columns)]
      let height = row.map { color ? ($0.height + 1) / 2 : $0.height }.max() ?? 0
      for (index, image) in row.enumerated() {
        let left = index * (cell + 2)
        if color {
          drawHalfBlocks(image, range, left: left, top: top, on: &canvas)
        } else {
          drawShades(image, range, left: left, top: top, on: &canvas)
        }
        let caption = image.caption.cut(width: cell)
        let center = left + (image.width * across - caption.displayWidth) / 2
        canvas.write(caption, column: max(left, center), row: top + height)
      }
    }
    if !images.isEmpty { drawKey(range, color, on: &canvas) }
    return canvas.text(color: color)
  }

  private func drawHalfBlocks(
    _ image: PixelImage, _ range: (low: Double, high: Double), left: Int, top: Int,
    on canvas: inout TerminalCanvas
  ) {
    func color(_ row: Int, _ column: Int) -> Color? {
      guard row < image.height else { return nil }
      return level(image.values[row * image.width + column], in: range).map(palette.color)
    }
    for row in stride(from: 0, to: image.height, by: 2) {
      for column in 0..<image.width {
        let (upper, lower) = (color(row, column), color(row + 1, column))
        let place = (column: left + column, row: top + row / 2)
        // What isn't a number is left open.
        switch (upper, lower) {
        case (nil, nil): canvas.write(" ", column: place.column, row: place.row)
        case (nil, let lower):
          canvas.write("▄", column: place.column, row: place.row, .init(foreground: lower))
        case (let upper, let lower):
          canvas.write(
            "▀", column: place.column, row: place.row,
            .init(foreground: upper, background: lower))
        }
      }
    }
  }

  private func drawShades(
    _ image: PixelImage, _ range: (low: Double, high: Double), left: Int, top: Int,
    on canvas: inout TerminalCanvas
  ) {
    for (index, value) in image.values.enumerated() {
      let text = level(value, in: range).map(shade) ?? "??"
      canvas.write(
        text, column: left + 2 * (index % image.width), row: top + index / image.width)
    }
  }

  /// Two characters for a place in the range.
  private func shade(_ level: Double) -> String {
    let shades = Array(" ░▒▓█")
    switch palette {
    case .gray:
      let shade = shades[min(4, Int(level * 5))]
      return "\(shade)\(shade)"
    case .diverging:
      let signed = 2 * level - 1
      let size = Int((abs(signed) * 4).rounded())
      return size == 0 ? " ·" : (signed < 0 ? "−" : "+") + String(shades[size])
    }
  }

  private func drawKey(
    _ range: (low: Double, high: Double), _ color: Bool, on canvas: inout TerminalCanvas
  ) {
    let row = canvas.height
    let (low, high) = (number(range.low), number(range.high))
    canvas.write(low, column: 0, row: row)
    var column = low.displayWidth + 1
    let steps = palette == .gray ? 5 : 9
    for step in 0..<steps {
      let level = Double(step) / Double(steps - 1)
      if color {
        canvas.write("█", column: column, row: row, .init(foreground: palette.color(level)))
      } else {
        canvas.write(shade(level), column: column, row: row)
      }
      column += color ? 1 : 2
    }
    canvas.write(high, column: column + 1, row: row)
  }
}
