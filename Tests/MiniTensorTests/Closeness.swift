import MiniTensor
import Testing

/// Expects a shape, and elements that differ from the expected ones by at most a share of a
/// magnitude: of the largest expected one, if none is given. A NaN is close to nothing.
func expectClose(
  _ actual: Tensor, shape: [Int], _ expected: [Double], within tolerance: Double,
  of magnitude: Double? = nil, _ what: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == shape, "\(what())", sourceLocation: sourceLocation)
  guard actual.shape == shape else { return }
  let allowed = tolerance * (magnitude ?? expected.map(abs).max() ?? 0)
  let scalars = actual.scalars
  let wrong = scalars.indices.filter { !(abs(Double(scalars[$0]) - expected[$0]) <= allowed) }
  guard let worst = wrong.max(by: { error($0) < error($1) }) else { return }
  func error(_ index: Int) -> Double {
    let error = abs(Double(scalars[index]) - expected[index])
    return error.isNaN ? .infinity : error
  }
  Issue.record(
    """
    \(what()): \(wrong.count) of \(scalars.count) elements are off, worst element \(worst): \
    \(scalars[worst]) instead of \(expected[worst]), allowed is \(allowed).
    """, sourceLocation: sourceLocation)
}

/// Expects a shape and exactly these elements.
func expectEqual(
  _ actual: Tensor, shape: [Int], _ expected: [Double], _ what: @autoclosure () -> String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual, shape: shape, expected, within: 0, what(), sourceLocation: sourceLocation)
}

extension Tensor {
  /// The bits of all elements: equal for equal results, NaN included.
  var bits: [UInt32] { scalars.map(\.bitPattern) }

  /// The elements in double precision.
  var doubles: [Double] { scalars.map(Double.init) }

  /// Whole numbers from −4 to 4. Sums of up to a million of their products are exact in Float32, in
  /// any order, so that a kernel can be compared with its twin without a tolerance.
  static func wholeNumbers(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
    Tensor(
      shape, (0..<shape.reduce(1, *)).map { _ in Float(Int.random(in: -4...4, using: &generator)) })
  }

  /// Normal numbers with mean 0 and deviation 1.
  static func normal(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
  }

  /// Numbers that are at least 0.1 apart from each other and from 0, in random order.
  static func distinct(_ shape: [Int], using generator: inout RandomGenerator) -> Tensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map {
      0.1 * (Float($0 - count / 2) + 0.5) + ($0 < count / 2 ? -0.1 : 0.1)
    }
    return Tensor(shape, values.shuffled(using: &generator))
  }
}

extension RandomGenerator {
  /// A generator for the tests.
  init(_ seed: Int) { self.init(seed: UInt64(seed), stream: .experiment) }
}
