extension SetDiagram {
  /// The sets as SVG elements.
  public func drawing(width: Double) -> Drawing {
    var (elements, top) = Element.title(title, width: width)
    top += 12
    let scale = width - 2 * Pixels.margin
    func place(_ point: Point) -> (x: Double, y: Double) {
      (Pixels.margin + scale * point.x, top + scale * point.y)
    }
    for region in regions {
      let center = place(region.center)
      elements.append(
        Element(
          "ellipse",
          [
            "class": "line", "stroke-width": 1.5, "cx": center.x, "cy": center.y,
            "rx": scale * region.radii.across, "ry": scale * region.radii.down,
          ], color: region.color))
    }
    for region in regions {
      let center = place(region.center)
      elements.append(
        .text(
          region.name, x: center.x, y: center.y - scale * region.radii.down + 20,
          class: "label halo", anchor: "middle", color: region.color))
    }
    for mark in marks {
      let center = place(mark.place)
      elements.append(
        Element("circle", ["class": "ink", "cx": center.x, "cy": center.y, "r": 4]))
      elements.append(.text(mark.name, x: center.x + 9, y: center.y + 5, class: "ink halo"))
    }
    return Drawing(height: top + scale * depth + Pixels.margin, elements)
  }
}
