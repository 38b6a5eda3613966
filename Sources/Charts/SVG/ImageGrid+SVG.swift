extension ImageGrid {
  /// The images as SVG elements: one path for all pixels of a colour.
  public func drawing(width: Double) -> Drawing {
    var (elements, top) = Element.title(title, width: width)
    top += 8
    let gap = 12.0
    let inner = width - 2 * Pixels.margin
    let columns = max(1, min(self.columns, images.count, Int((inner + gap) / (24 + gap))))
    let cell = min(120, (inner - gap * Double(columns - 1)) / Double(columns))
    let hasCaptions = images.contains { !$0.caption.isEmpty }
    let range = self.range

    var paths = Array(repeating: "", count: ImageGrid.levels + 1)
    var missing = ""
    var captions: [Element] = []
    var y = top
    for start in stride(from: 0, to: images.count, by: columns) {
      let row = images[start..<min(images.count, start + columns)]
      var height = 0.0
      for (column, image) in row.enumerated() {
        let x = Pixels.margin + Double(column) * (cell + gap)
        let pixel = cell / Double(max(image.width, image.height))
        for run in runs(image, range) {
          let path =
            "M\((x + pixel * Double(run.column)).coordinate) "
            + "\((y + pixel * Double(run.row)).coordinate)h\((pixel * Double(run.length)).coordinate)"
            + "v\(pixel.coordinate)h\((-pixel * Double(run.length)).coordinate)z"
          if let level = run.level { paths[level] += path } else { missing += path }
        }
        let size = (width: pixel * Double(image.width), height: pixel * Double(image.height))
        captions.append(
          Element(
            "rect",
            [
              "class": "axis", "x": x - 0.5, "y": y - 0.5, "width": size.width + 1,
              "height": size.height + 1,
            ]))
        let caption = image.caption.cut(width: cell + gap - 2) { Pixels.width($0) }
        if !caption.isEmpty {
          captions.append(
            .text(
              caption, x: x + cell / 2, y: y + size.height + 17, class: "muted", anchor: "middle"))
        }
        height = max(height, size.height)
      }
      y += height + (hasCaptions ? 30 : gap)
    }
    let pixels = paths.enumerated().filter { !$0.element.isEmpty }.map { level, path in
      let color = palette.color(Double(level) / Double(ImageGrid.levels))
      return Element("path", ["fill": color.hex, "d": path])
    }
    elements.append(Element("g", ["shape-rendering": "crispEdges"], pixels))
    if !missing.isEmpty { elements.append(Element("path", ["class": "gap", "d": missing])) }
    elements += captions
    if images.isEmpty { return Drawing(height: y + 8, elements) }
    elements += key(range, y: y + 6)
    return Drawing(height: y + 36, elements)
  }

  /// The colours are rounded to so many steps.
  private static let levels = 64

  /// Pixels of one colour side by side in a row.
  private struct Run {
    var level: Int?
    var row: Int
    var column: Int
    var length: Int
  }

  private func runs(_ image: PixelImage, _ range: (low: Double, high: Double)) -> [Run] {
    var runs: [Run] = []
    for (index, value) in image.values.enumerated() {
      let level = level(value, in: range).map { Int(($0 * Double(ImageGrid.levels)).rounded()) }
      let (row, column) = (index / image.width, index % image.width)
      if let last = runs.last, last.row == row, last.level == level {
        runs[runs.count - 1].length += 1
      } else {
        runs.append(Run(level: level, row: row, column: column, length: 1))
      }
    }
    return runs
  }

  /// A strip of the palette between the numbers at its ends.
  private func key(_ range: (low: Double, high: Double), y: Double) -> [Element] {
    let (low, high) = (number(range.low), number(range.high))
    let left = Pixels.margin + Pixels.width(low) + 10
    let strip = (0..<32).map { step in
      Element(
        "path",
        [
          "fill": palette.color(Double(step) / 31).hex,
          "d": "M\((left + 4 * Double(step)).coordinate) \(y.coordinate)h4v12h-4z",
        ])
    }
    return [
      .text(low, x: Pixels.margin, y: y + 11, class: "muted"),
      Element("g", ["shape-rendering": "crispEdges"], strip),
      Element(
        "rect", ["class": "axis", "x": left - 0.5, "y": y - 0.5, "width": 129.0, "height": 13]),
      .text(high, x: left + 136, y: y + 11, class: "muted"),
    ]
  }
}
