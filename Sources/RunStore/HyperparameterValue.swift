import Foundation

/// One hyper-parameter of a run: a number, a text or a flag.
///
///     let recipe: [String: HyperparameterValue] = ["epochs": 20, "learningRate": 0.1, "nesterov": false]
///
/// All numbers are doubles, so that `20` and `20.0` are the same value and match the same runs.
public enum HyperparameterValue: Hashable, Sendable {
  /// A number; it has to be finite, JSON has no other.
  case number(Double)
  /// A word or a sentence.
  case text(String)
  /// Yes or no.
  case flag(Bool)

  /// A whole number.
  public init(_ value: Int) { self = .number(Double(value)) }

  /// A number.
  public init(_ value: Double) { self = .number(value) }

  /// The shortest decimal of a single-precision number: 0.1 is stored as 0.1, not as 0.10000000149.
  public init(_ value: Float) { self = .number(Double(value.description) ?? Double(value)) }

  /// A word or a sentence.
  public init(_ value: String) { self = .text(value) }

  /// Yes or no.
  public init(_ value: Bool) { self = .flag(value) }
}

extension HyperparameterValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(value) }

  /// A number.
  public init(floatLiteral value: Double) { self.init(value) }

  /// A word or a sentence.
  public init(stringLiteral value: String) { self.init(value) }

  /// Yes or no.
  public init(booleanLiteral value: Bool) { self.init(value) }
}

extension HyperparameterValue: Codable {
  /// Reads a JSON number, string, `true` or `false`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self), number.isFinite {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Writes a JSON number, string, `true` or `false`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .flag(let flag): try container.encode(flag)
    }
  }
}

extension HyperparameterValue: CustomStringConvertible {
  /// The value as a person writes it: `20`, `0.1`, `cosine`, `true`.
  public var description: String {
    switch self {
    case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
    case .text(let text): text
    case .flag(let flag): String(flag)
    }
  }

  /// The same for a table or a sentence, where an empty text would not be seen.
  public var words: String { description.isEmpty ? "none" : description }
}

extension [String: HyperparameterValue] {
  /// The one JSON text of these values: keys sorted by their Unicode scalars, no spaces, whole numbers without a point.
  ///
  /// Runs are found again by comparing this text, so it is written here and not by `JSONEncoder`, whose
  /// order of keys and digits of numbers have differed between platforms.
  ///
  /// - Precondition: every number is finite.
  public var canonicalJSON: String {
    let members = sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
      .map { key, value -> String in
        switch value {
        case .text(let text):
          return "\(Self.quoted(key)):\(Self.quoted(text))"
        case .number(let number):
          precondition(
            number.isFinite, "the hyper-parameter \(key) is \(number), not a finite number")
          return "\(Self.quoted(key)):\(value)"
        case .flag:
          return "\(Self.quoted(key)):\(value)"
        }
      }
    return "{" + members.joined(separator: ",") + "}"
  }

  /// Reads such a text.
  init(canonicalJSON text: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
