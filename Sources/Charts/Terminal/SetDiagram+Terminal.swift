extension SetDiagram {
  /// The sets drawn with braille dots.
  public func terminal(width: Int, color: Bool) -> String {
    var canvas = TerminalCanvas(width: width)
    canvas.append(title, .bold)
    let top = canvas.height
    // A character has two dots across and four down, which are about as far apart.
    let scale = Double(2 * canvas.width - 1)
    func dot(_ point: Point) -> (x: Int, y: Int) {
      (Int((scale * point.x).rounded()), 4 * top + Int((scale * point.y).rounded()))
    }
    for region in regions {
      for point in region.border(count: 8 * canvas.width) {
        let place = dot(point)
        canvas.dot(x: place.x, y: place.y, TerminalCanvas.Pen(region.color))
      }
    }
    for region in regions {
      let upper = dot(Point(region.center.x, region.center.y - region.radii.down))
      canvas.write(
        region.name, column: upper.x / 2 - region.name.displayWidth / 2, row: upper.y / 4 + 2,
        TerminalCanvas.Pen(region.color))
    }
    for mark in marks {
      let place = dot(mark.place)
      canvas.write("● \(mark.name)", column: place.x / 2, row: place.y / 4)
    }
    return canvas.text(color: color)
  }
}
