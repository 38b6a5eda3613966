import ArgumentParser
import Foundation

/// The numbers that an option takes: how one is read, and how that is said.
///
///     @Option(in: 1...256, help: "Threads that compute.") var threads: Int?
///     @Option(listIn: 8...2000, help: "The depths.") var depths: [Int]?
///
/// Every option that is a number has such a range, so that no number overflows, hangs or takes more
/// memory than there is in what is computed of it. What isn't a number at all (`nan`, `inf`, digits
/// without end) is out of every range.
public struct NumberRange<Number: Comparable & LosslessStringConvertible & Sendable>: Sendable {
  private let range: ClosedRange<Number>

  /// The numbers from the lower to the upper bound, both included.
  public init(_ range: ClosedRange<Number>) { self.range = range }

  /// Reads one number.
  ///
  /// - Throws: `ValidationError`, a sentence that says what is allowed.
  public func number(_ text: String) throws(ValidationError) -> Number {
    guard let number = Number(text), range.contains(number) else {
      let kind = isWhole ? "a whole number" : "a number"
      throw ValidationError("it takes \(kind) \(words), not \(text.prefix(40)).")
    }
    return number
  }

  /// Reads numbers with commas between them, at least one.
  ///
  /// - Throws: `ValidationError`, a sentence that says what is allowed.
  public func list(_ text: String) throws(ValidationError) -> [Number] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let numbers = parts.compactMap { Number($0) }.filter(range.contains)
    guard numbers.count == parts.count else {
      let kind = isWhole ? "whole numbers" : "numbers"
      throw ValidationError(
        "it takes \(kind) with commas between them, each \(words), not \(text.prefix(40)).")
    }
    return numbers
  }

  /// `from 1 to 256`.
  public var words: String {
    "from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
  }

  private var isWhole: Bool { Number.self is any BinaryInteger.Type }

  /// `0`, not `0.0`.
  private static func short(_ number: Number) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The help of an option that takes these numbers.
  fileprivate func added(to help: ArgumentHelp, default number: Number? = nil) -> ArgumentHelp {
    var help = help
    help.abstract += " (\(words))" + (number.map { " (default: \(Self.short($0)))" } ?? "")
    return help
  }
}

// The value is whatever comes next: `--seed -1` is told that -1 is too small, not that there is none.
extension Option {
  /// A number, or nothing.
  public init<Number>(
    in range: ClosedRange<Number>, name: NameSpecification = .long, help: ArgumentHelp
  ) where Number: Comparable & LosslessStringConvertible & Sendable, Value == Number? {
    let range = NumberRange(range)
    self.init(
      name: name, parsing: .unconditional, help: range.added(to: help), transform: range.number)
  }

  /// A number, with a default.
  public init(wrappedValue: Value, in range: ClosedRange<Value>, help: ArgumentHelp)
  where Value: Comparable & LosslessStringConvertible & Sendable {
    let range = NumberRange(range)
    self.init(
      wrappedValue: wrappedValue, parsing: .unconditional,
      help: range.added(to: help, default: wrappedValue), transform: range.number)
  }

  /// Numbers with commas between them, or nothing.
  public init<Number>(listIn range: ClosedRange<Number>, help: ArgumentHelp)
  where Number: Comparable & LosslessStringConvertible & Sendable, Value == [Number]? {
    let range = NumberRange(range)
    self.init(parsing: .unconditional, help: range.added(to: help), transform: range.list)
  }
}

extension Argument {
  /// A number that stands without an option, or nothing.
  public init<Number>(in range: ClosedRange<Number>, help: ArgumentHelp)
  where Number: Comparable & LosslessStringConvertible & Sendable, Value == Number? {
    let range = NumberRange(range)
    self.init(help: range.added(to: help), transform: range.number)
  }

  /// Numbers that stand without an option, none or more.
  public init<Number>(in range: ClosedRange<Number>, help: ArgumentHelp)
  where Number: Comparable & LosslessStringConvertible & Sendable, Value == [Number] {
    let range = NumberRange(range)
    self.init(wrappedValue: [], help: range.added(to: help), transform: range.number)
  }
}

/// How many threads a program may be told to use.
public let threadCounts = 1...256

/// The seeds that a program may be given.
public let seedNumbers = 0...4_294_967_295

/// The numbers that a chapter can have.
public let chapterNumbers = 1...99
