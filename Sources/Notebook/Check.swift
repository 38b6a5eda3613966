import Files
import RunStore
import Translation

/// A claim of a chapter, and whether it held in this run.
struct Check {
  /// A sentence without its full stop; may hold inline Markdown.
  let claim: String
  let passed: Bool
  /// What was measured, or nothing.
  let measured: String
  /// Whether `measured` differs between two runs of the same program.
  let isVolatile: Bool
}

/// How far two arrays of numbers are apart.
struct Closeness {
  let passed: Bool
  /// What was found, for the page. What only a failure says is marked for `book translate`: no page has it.
  let measured: String

  /// Compares `values` with `expected`.
  ///
  /// The largest difference is divided by the largest magnitude in `expected`: element by element a
  /// relative difference says nothing where the true value is near zero and others cancelled to it.
  init(_ values: [Float], to expected: [Float], tolerance: Float) {
    guard values.count == expected.count else {
      passed = false
      measured =
        Message.words("{1} values, but {2} expected", "\(values.count)", "\(expected.count)").text
      return
    }
    guard !values.isEmpty else {
      passed = false
      measured = Message.words("no values to compare").text
      return
    }
    if let index = values.indices.first(where: { values[$0].isNaN || expected[$0].isNaN }) {
      passed = false
      measured =
        Message.words("value {1} of {2} is not a number", "\(index + 1)", "\(values.count)").text
      return
    }
    var largest: Float = 0
    var place = 0
    for index in values.indices where values[index] != expected[index] {
      let difference = abs(values[index] - expected[index])
      if difference > largest { (largest, place) = (difference, index) }
    }
    let scale = expected.map(abs).max() ?? 0
    let relative = largest == 0 ? 0 : largest / scale
    // Infinity by infinity is NaN, which is never below the tolerance.
    passed = relative <= tolerance
    let found = [
      "\(values.count)", Closeness.short(relative), Closeness.short(tolerance),
    ]
    measured =
      passed
      ? Message.words(
        "{1} values, largest relative difference {2}, allowed {3}", found[0], found[1], found[2]
      ).text
      : Message.words(
        "{1} values, largest relative difference {2}, allowed {3}; value {4} is {5}, expected {6}",
        found[0], found[1], found[2], "\(place + 1)", "\(values[place])", "\(expected[place])"
      ).text
  }

  private static func short(_ value: Float) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var exponent = 0
    var digits = Double(value)
    while digits >= 9.95 { (digits, exponent) = (digits / 10, exponent + 1) }
    while digits < 0.995 { (digits, exponent) = (digits * 10, exponent - 1) }
    let rounded = (digits * 10).rounded() / 10
    let mantissa = rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    return "\(mantissa)e\(exponent)"
  }
}

extension Chapter {
  /// Checks a claim. The chapter goes on whatever comes out; a failure decides its exit status.
  ///
  /// - Parameters:
  ///   - claim: a sentence without its full stop; may hold inline Markdown.
  ///   - holds: whether the claim holds.
  ///   - measured: the figures behind it, such as `plain-56: 51.2 %, plain-20: 0.1 %`.
  ///   - volatile: whether `measured` differs between two runs of the same program.
  /// - Returns: `holds`.
  @discardableResult
  public func check(
    _ claim: String, _ holds: Bool, _ measured: String = "", volatile: Bool = false,
    line: Int = #line, file: String = #filePath
  ) -> Bool {
    let (claim, measured) = (claim.visible, measured.visible)
    let check = Check(claim: claim, passed: holds, measured: measured, isVolatile: volatile)
    place(.check(check), line: line, file: file)
    checks.append(check)
    keep { [number] store throws(RunStoreError) in
      try store.record(
        CheckRecord(chapter: number, claim: claim, passed: holds, measured: measured))
    }
    return holds
  }

  /// Checks that two arrays of numbers agree, and reports their largest difference.
  ///
  /// The difference is relative to the largest magnitude in `expected`. NaN, unequal counts and empty
  /// arrays fail.
  ///
  /// - Parameters:
  ///   - claim: a sentence without its full stop; may hold inline Markdown.
  ///   - values: the computed numbers.
  ///   - expected: the numbers they are compared with.
  ///   - tolerance: the largest relative difference that is allowed.
  /// - Returns: whether they agree.
  @discardableResult
  public func check(
    _ claim: String, _ values: [Float], closeTo expected: [Float], tolerance: Float,
    line: Int = #line, file: String = #filePath
  ) -> Bool {
    let closeness = Closeness(values, to: expected, tolerance: tolerance)
    return check(claim, closeness.passed, closeness.measured, line: line, file: file)
  }
}
