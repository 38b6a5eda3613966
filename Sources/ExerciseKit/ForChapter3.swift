import ElementaryFunctions

/// A function of several numbers whose gradient chapter 3's first exercise checks.
///
/// - Parameter name: as in ``functionsToCheck``.
/// - Throws: an explanation if there is none of that name.
public func functionToCheck(_ name: String) throws -> ([Double]) -> Double {
  guard let function = functionsToCheck[name] else { throw NoSuch(what: "function", name: name) }
  return function
}

/// Functions of several numbers, by what they compute.
public let functionsToCheck: [String: @Sendable ([Double]) -> Double] = [
  "x0^3": { $0[0] * $0[0] * $0[0] },
  "exp(x0) + x1^3": { .exp($0[0]) + $0[1] * $0[1] * $0[1] },
  "x0^2 * x1^3": { $0[0] * $0[0] * $0[1] * $0[1] * $0[1] },
  "sin(x0) * exp(x1) + x2^3": { .sin($0[0]) * .exp($0[1]) + $0[2] * $0[2] * $0[2] },
]

/// A number on chapter 3's tape, with the gradient that it has received.
public final class Number {
  /// The number.
  public let value: Double
  /// The sum of what it has received; 0 until something came.
  public private(set) var gradient = 0.0

  /// A number.
  public init(_ value: Double) { self.value = value }

  /// Adds a contribution to its gradient.
  public func receive(_ contribution: Double) { gradient += contribution }
}

/// The tape of chapter 3, for numbers instead of arrays.
public final class NumberTape {
  private var notes: [() -> Void] = []

  /// A tape with nothing on it.
  public init() {}

  /// Writes an operation down.
  ///
  /// - Parameters:
  ///   - value: its result.
  ///   - backward: from the gradient of the result, gives each input what it has to receive.
  /// - Returns: the result.
  public func record(_ value: Double, _ backward: @escaping (_ delta: Double) -> Void) -> Number {
    let result = Number(value)
    notes.append { backward(result.gradient) }
    return result
  }

  /// Adds two numbers.
  public func add(_ a: Number, _ b: Number) -> Number {
    record(a.value + b.value) { delta in
      a.receive(delta)
      b.receive(delta)
    }
  }

  /// Goes back from a result to all that it was computed from.
  public func backward(from result: Number) {
    result.receive(1)
    while let note = notes.popLast() { note() }
  }
}

/// Divides one number by another on a tape.
public typealias Division = (_ a: Number, _ b: Number, _ tape: NumberTape) throws -> Number

/// What a program finds that divides: its result, and the gradients of `a` and `b`.
///
/// - Parameters:
///   - name: as in ``programsThatDivide``.
///   - a: a number.
///   - b: another.
///   - divide: divides.
/// - Throws: what `divide` throws, or an explanation if there is no such program.
public func results(
  of name: String, _ a: Double, _ b: Double, dividingWith divide: @escaping Division
) throws -> [Double] {
  guard let program = programsThatDivide[name] else { throw NoSuch(what: "program", name: name) }
  let (a, b, tape) = (Number(a), Number(b), NumberTape())
  let result = try program(a, b, tape) { try divide($0, $1, tape) }
  tape.backward(from: result)
  return [result.value, a.gradient, b.gradient]
}

/// Programs of two numbers, by what they compute.
public let programsThatDivide:
  [String:
    @Sendable (
      _ a: Number, _ b: Number, _ tape: NumberTape,
      _ divide: (_ a: Number, _ b: Number) throws -> Number
    ) throws -> Number] = [
      "a / b": { a, b, _, divide in try divide(a, b) },
      "a / b + a": { a, b, tape, divide in tape.add(try divide(a, b), a) },
      "b / b + a": { a, b, tape, divide in tape.add(try divide(b, b), a) },
      "a / b / b": { a, b, _, divide in try divide(divide(a, b), b) },
      "(a + b) / (a / b)": { a, b, tape, divide in try divide(tape.add(a, b), divide(a, b)) },
    ]

private struct NoSuch: Error, CustomStringConvertible {
  let (what, name): (String, String)
  var description: String { "there is no \(what) \(name)" }
}
