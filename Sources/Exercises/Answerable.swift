import ExerciseKit
import Foundation
import MiniTensor

/// A value that goes through the pipe to a reader's function or comes back, and that a message can show.
public protocol Answerable: Codable, SendableMetatype {
  /// The largest absolute value in it, 0 if there is none.
  var magnitude: Double { get }
  /// It in a few words: numbers without needless digits, long arrays cut.
  var shown: String { get }
  /// The first place where it isn't what it should be, or nil.
  ///
  /// - Parameters:
  ///   - expected: what it should be.
  ///   - tolerance: by how much a number may differ.
  func difference(from expected: Self, within tolerance: Double) -> Difference?
}

/// Where a result is not what it should be.
public struct Difference: Sendable {
  /// Such as `at [0, 2, 1, 0]`; empty if there is only one place.
  var place = ""
  /// What should stand there.
  let expected: String
  /// What was found there.
  let found: String

  /// The same, seen from a value that has it at a place.
  func inside(_ outer: String) -> Difference {
    Difference(
      place: place.isEmpty ? outer : "\(outer)\(place)", expected: expected, found: found)
  }
}

extension Double: Answerable {
  /// Its absolute value, 0 if it isn't finite.
  public var magnitude: Double { isFinite ? abs(self) : 0 }

  /// Up to six digits.
  public var shown: String {
    self == rounded() && abs(self) < 1e6 ? String(Int(self)) : String(format: "%.6g", self)
  }

  /// Two that aren't numbers are equal, and so are equal infinities.
  public func difference(from expected: Double, within tolerance: Double) -> Difference? {
    if self == expected || (isNaN && expected.isNaN) { return nil }
    if isFinite, expected.isFinite, abs(self - expected) <= tolerance { return nil }
    return differing(from: expected)
  }
}

extension Float: Answerable {
  /// As of a `Double`.
  public var magnitude: Double { Double(self).magnitude }
  /// As of a `Double`.
  public var shown: String { Double(self).shown }
  /// As of a `Double`.
  public func difference(from expected: Float, within tolerance: Double) -> Difference? {
    Double(self).difference(from: Double(expected), within: tolerance)
  }
}

extension Answerable {
  /// Not even one number.
  public var magnitude: Double { 0 }

  fileprivate func differing(from expected: Self) -> Difference {
    guard shown == expected.shown else { return Difference(expected: expected.shown, found: shown) }
    return Difference(expected: "\(expected)", found: "\(self)")
  }
}

extension Answerable where Self: Equatable & CustomStringConvertible {
  /// As Swift prints it.
  public var shown: String { description }
  /// Equal or not.
  public func difference(from expected: Self, within tolerance: Double) -> Difference? {
    self == expected ? nil : differing(from: expected)
  }
}

extension Int: Answerable {}
extension Bool: Answerable {}

extension String: Answerable {
  /// In quotation marks.
  public var shown: String { "\"\(self)\"" }
}

extension Optional: Answerable where Wrapped: Answerable {
  /// That of the value, 0 for none.
  public var magnitude: Double { self?.magnitude ?? 0 }
  /// The value, or `nil`.
  public var shown: String { self?.shown ?? "nil" }
  /// None differs from any value.
  public func difference(from expected: Self, within tolerance: Double) -> Difference? {
    switch (self, expected) {
    case (nil, nil): nil
    case (let found?, let expected?): found.difference(from: expected, within: tolerance)
    default: differing(from: expected)
    }
  }
}

extension Array: Answerable where Element: Answerable {
  /// The largest of its elements'.
  public var magnitude: Double { map(\.magnitude).max() ?? 0 }

  /// Its elements, the first two dozen of them.
  public var shown: String {
    let most = 24
    let elements = prefix(most).map(\.shown) + (count > most ? ["… (\(count) in all)"] : [])
    return "[" + elements.joined(separator: ", ") + "]"
  }

  /// By their number, then element by element.
  public func difference(from expected: Self, within tolerance: Double) -> Difference? {
    guard count == expected.count else {
      return Difference(
        expected: "\(expected.count) element\(expected.count == 1 ? "" : "s")",
        found: "\(count) element\(count == 1 ? "" : "s")")
    }
    for (index, (found, expected)) in zip(self, expected).enumerated() {
      if let difference = found.difference(from: expected, within: tolerance) {
        return difference.inside("[\(index)]")
      }
    }
    return nil
  }
}

/// The first place where arrays with a shape differ.
///
/// - Parameters:
///   - found: shape and elements in row-major order.
///   - expected: what they should be.
///   - tolerance: by how much a number may differ.
public func arrayDifference(
  _ found: (shape: [Int], values: [Float]), from expected: (shape: [Int], values: [Float]),
  within tolerance: Double
) -> Difference? {
  guard found.shape == expected.shape else {
    return Difference(expected: "the shape \(expected.shape)", found: "the shape \(found.shape)")
  }
  for (index, (value, right)) in zip(found.values, expected.values).enumerated() {
    guard let difference = value.difference(from: right, within: tolerance) else { continue }
    var (rest, place) = (index, [Int]())
    for extent in expected.shape.reversed() {
      place.insert(rest % extent, at: 0)
      rest /= extent
    }
    return expected.values.count == 1 ? difference : difference.inside("\(place)")
  }
  return nil
}

/// An array with a shape, in words.
public func shownArray(shape: [Int], values: [Float]) -> String {
  values.count == 1 && shape.isEmpty ? values[0].shown : "\(values.shown) of shape \(shape)"
}

extension Tensor: Answerable {
  /// The largest absolute value of its elements.
  public var magnitude: Double { scalars.magnitude }
  /// Its elements and its shape.
  public var shown: String { shownArray(shape: shape, values: scalars) }
  /// By the shape, then element by element.
  public func difference(from expected: Tensor, within tolerance: Double) -> Difference? {
    arrayDifference(
      (shape, scalars), from: (expected.shape, expected.scalars), within: tolerance)
  }
}
