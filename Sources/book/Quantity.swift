/// Whether this build computes the bits that every other one does: all processors with fused multiply-adds do,
/// and a portable build rounds otherwise.
#if PORTABLE
  let computesSharedBits = false
#else
  let computesSharedBits = true
#endif

/// A number on a woven page, with what it measures: how far may it differ from run to run?
///
/// The same seed gives the same bits on every processor with fused multiply-adds, so pages come out as they
/// were but for times. The other tolerances are for a portable build: it rounds otherwise, and training makes
/// more of it.
struct Quantity: Equatable {
  enum Unit: Equatable {
    /// A whole number: images, layers, parameters, places. It has to be the same.
    case count
    /// In per cent or points: 5 points, or a quarter. One of 360 test images is 0.3 points, and the best
    /// runs of a shallow network differ by one or two from seed to seed.
    case percentage
    /// A loss: 0.05, or a tenth. It is a mean over many images, and smooth where an error jumps.
    case loss
    /// Below 0.01, a difference of two ways to compute the same, or the cosine of a right angle: a factor of
    /// ten, or both below 1e-6. It consists of the last bits.
    case rounding
    /// Seconds, or something a second: a factor of ten, for another machine. (Times should be marked as
    /// measured; then they only have to be there.)
    case time
    /// Any other number with decimals (a norm, a ratio, a deviation): a quarter.
    case measure
  }

  let value: Double
  /// What one step of its last printed digit is worth; a count was never rounded.
  let step: Double
  let unit: Unit
  /// Whether it stands behind ±: a deviation over a few seeds, which is itself known to half of it only.
  let isSpread: Bool

  /// Whether another page may have `other` in its place.
  ///
  /// - Parameter isExact: whether only times may differ.
  func agrees(with other: Quantity, isExact: Bool) -> Bool {
    let (a, b) = (abs(value), abs(other.value))
    let (difference, larger) = (abs(value - other.value), max(a, b))
    if difference == 0 { return true }
    if isExact && unit != .time { return false }
    let slack = isSpread ? 2.0 : 1
    // What rounds to two neighbouring digits may be as near as you like.
    let digit = 1.001 * max(step, other.step)
    // A measure can come out whole.
    let isOneUnit = unit == other.unit || other.unit == .count
    return switch isOneUnit ? unit : unit == .count ? other.unit : .measure {
    case .count: false
    case .percentage: difference <= max(digit, slack * max(5, 0.25 * larger))
    case .loss: difference <= max(digit, slack * max(0.05, 0.1 * larger))
    case .measure: difference <= max(digit, slack * 0.25 * larger)
    case .rounding: larger < 1e-6 || larger <= 10 * min(a, b)
    case .time: larger <= 10 * min(a, b)
    }
  }
}

/// A line of a page, cut into its numbers and what is between them.
struct PageLine {
  private(set) var words: [Substring] = []
  private(set) var quantities: [Quantity] = []

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - headings: of a table's columns, from left to right; what a number measures may stand there.
  ///   - measures: for each column, whether another of its rows has decimals.
  init(_ line: String, headings: [Substring] = [], measures: [Bool] = []) {
    let isFigure = line.hasPrefix("![")
    var rest = line[...]
    var column = -1
    while let match = rest.firstMatch(of: Self.number) {
      var before = rest[..<match.range.lowerBound]
      var text = String(match.output)
      // A minus that isn't a hyphen.
      if let sign = before.last, "-−".contains(sign), !Self.isWord(before.dropLast().last) {
        before = before.dropLast()
        text = "-" + text
      }
      rest = rest[match.range.upperBound...]
      column += before.count { $0 == "|" }
      words.append(before)
      let heading = headings.indices.contains(column) ? headings[column] : ""
      // A figure's description rounds to three digits, so that even whole ones are rounded.
      let isMeasure =
        measures.indices.contains(column) && measures[column]
        || isFigure && text.count { $0.isNumber } > 2
      let (value, lastDigit) = Self.read(text)
      let unit = Self.unit(
        text, value, before: line[..<before.endIndex], after: rest, heading, isMeasure: isMeasure)
      quantities.append(
        Quantity(
          value: value, step: unit == .count ? 0 : lastDigit, unit: unit,
          isSpread: before.hasSuffix("± ")))
    }
    words.append(rest)
  }

  /// Whether another page may have `other` in the place of this line.
  func agrees(with other: PageLine, isExact: Bool) -> Bool {
    words == other.words
      && zip(quantities, other.quantities).allSatisfy { $0.agrees(with: $1, isExact: isExact) }
  }

  /// `12`, `64,000`, `0.5`, `3.8e+02`, `3.3·10⁻⁹`, `10⁻⁸`, without a sign.
  nonisolated(unsafe) private static let number =
    /\d+(?:,\d{3}(?!\d))*(?:\.\d+)?(?:e[-+]?\d+)?(?:(?:·10)?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?/

  private static func isWord(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || ")]".contains($0) } ?? false
  }

  private static func read(_ text: String) -> (value: Double, step: Double) {
    let plain = text.replacing(",", with: "")
    let raised = plain.firstIndex { "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains($0) } ?? plain.endIndex
    let exponent = Int(
      String(plain[raised...].map { $0 == "⁻" ? "-" : Character("\($0.wholeNumberValue!)") }))
    var mantissa = plain[..<raised]
    if exponent != nil { mantissa = mantissa.hasSuffix("·10") ? mantissa.dropLast(3) : "1" }
    let parts = mantissa.split(separator: "e")
    let decimals = parts.first?.split(separator: ".").dropFirst().first?.count ?? 0
    let power = Double((exponent ?? 0) + (parts.dropFirst().first.flatMap { Int($0) } ?? 0))
    let scale = powerOfTen(power)
    return (
      (parts.first.flatMap { Double($0) } ?? .nan) * scale, powerOfTen(Double(-decimals)) * scale
    )
  }

  private static func powerOfTen(_ exponent: Double) -> Double { Double("1e\(Int(exponent))")! }

  private static func unit(
    _ text: String, _ value: Double, before: Substring, after: Substring, _ heading: Substring,
    isMeasure: Bool
  ) -> Quantity.Unit {
    let spread = after.prefixMatch(of: #/ ± [\d.]+/#).map { after[$0.range.upperBound...] } ?? after
    if spread.hasPrefix(" %") || spread.hasPrefix(" points") || heading.contains("%") {
      return .percentage
    }
    if spread.prefixMatch(of: #/ (?:ms|s|min|h|milliseconds|seconds|GFLOP/s|GB/s)\b/#) != nil {
      return .time
    }
    let isWhole = text.allSatisfy { $0.isNumber || "-,".contains($0) }
    if isWhole, !isMeasure, !after.hasPrefix(" times") { return .count }
    let cell = before.split(separator: "|", omittingEmptySubsequences: false).last ?? before
    let context = heading + cell
    if context.contains(/difference|cosine/), abs(value) < 0.01 { return .rounding }
    return context.contains("loss") ? .loss : .measure
  }
}
