import Foundation

/// What an axis of dots spans: all values, with a little room at both ends.
struct Span {
  let lower: Double
  let upper: Double

  /// - Parameters:
  ///   - values: those that aren't finite don't count.
  ///   - hasZero: whether zero has to be on it.
  init(_ values: [Double], hasZero: Bool) {
    let values = values.filter(\.isFinite) + (hasZero ? [0] : [])
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let room = least == most ? max(abs(least) / 10, 1e-9) : (most - least) / 20
    (lower, upper) = (least - room, most + room)
  }

  /// Where a value lies, in per cent of the width.
  func place(_ value: Double) -> String {
    String(format: "%.2f%%", 100 * (value - lower) / (upper - lower))
  }
}

/// Values as dots on a line, with their mean and its interval. It is as wide as its cell: only the places are in per
/// cent, so that dots stay round and text isn't scaled.
struct Strip {
  /// A value and what is said of it.
  struct Dot {
    let seed: Int?
    let value: Double
    let words: String
  }

  let dots: [Dot]
  let mean: Double?
  let interval: (lower: Double, upper: Double)?
  let span: Span
  /// Whether a line marks zero.
  let hasZero: Bool
  /// What a reader is told who can't see it.
  let description: String
  /// Tells the values of a factor apart by colour.
  let series: Int

  private static let middle = "14"

  var html: HTML {
    var parts: [HTML] = []
    func line(_ name: String, _ from: Double, _ to: Double, _ top: String, _ bottom: String) {
      parts.append(
        .element(
          "line",
          [
            "class": name, "x1": span.place(from), "x2": span.place(to), "y1": top, "y2": bottom,
          ]))
    }
    if hasZero { line("zero", 0, 0, "0", "28") }
    if let interval {
      line("interval", interval.lower, interval.upper, Self.middle, Self.middle)
      line("interval end", interval.lower, interval.lower, "9", "19")
      line("interval end", interval.upper, interval.upper, "9", "19")
    }
    for dot in dots {
      let isFinite = dot.value.isFinite
      // A number that has no place stands at the left end, hollow.
      parts.append(
        .element(
          "circle",
          [
            "class": isFinite ? "dot" : "dot hollow", "cx": isFinite ? span.place(dot.value) : "4",
            "cy": Self.middle, "r": "4", "data-seed": dot.seed.map(String.init),
            "data-value": CSV.words(.number(dot.value)),
          ], [.element("title", [:], [.text(dot.words)])]))
    }
    if let mean, mean.isFinite { line("mean", mean, mean, "5", "23") }
    return .element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "strip series\(series % 7)",
        "width": "100%", "height": "28", "role": "img", "aria-label": description,
      ], parts)
  }
}
