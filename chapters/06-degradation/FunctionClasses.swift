import Charts

/// What networks of three depths can compute, if each depth has functions of its own, and if the deeper ones have
/// those of the shallower too.
let functionClasses: SideBySide = {
  let depths = [("8 layers", Hue.gray), ("20", .sky), ("56", .blue)]
  func classes(_ title: String, _ places: [(Point, Double, Double)]) -> SetDiagram {
    SetDiagram(
      title,
      zip(depths, places).map { depth, place in
        .init(depth.0, place.0, across: place.1, down: place.2, color: .hue(depth.1))
      }, marks: [.init("wanted", Point(0.78, 0.05))])
  }
  return SideBySide(
    "The functions that networks can compute, by depth",
    [
      classes(
        "If each depth has its own",
        [
          (Point(0.6, 0.25), 0.19, 0.14), (Point(0.42, 0.36), 0.26, 0.2),
          (Point(0.34, 0.56), 0.33, 0.22),
        ]),
      classes(
        "If the deeper contain the shallower",
        [
          (Point(0.5, 0.55), 0.17, 0.13), (Point(0.5, 0.48), 0.32, 0.23),
          (Point(0.5, 0.41), 0.47, 0.34),
        ]),
    ])
}()
