import Files

/// A JSON value, and the one way in which every program here prints it.
///
///     let run: JSON = ["network": .text("ResNet-56"), "seed": JSON(0), "error": .number(.nan)]
///     try printLine(run.line)  // {"network": "ResNet-56", "seed": 0, "error": "nan"}
///
/// Any parser reads it back without loss: JSON has no number that isn't finite, so these are the strings
/// `"nan"`, `"inf"` and `"-inf"`; all others have as many digits as their bits need, 64-bit integers too.
/// Bytes are an object with one member, `{"base64": "…"}`, which can't be taken for a text. The members
/// of an object keep their order, so that output reads like the table it stands for.
public enum JSON: Sendable {
  /// Nothing.
  case null
  /// `true` or `false`.
  case flag(Bool)
  /// A whole number.
  case integer(Int64)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// Values in their order.
  case array([JSON])
  /// Members in their order.
  ///
  /// - Precondition: no two have the same name; of such, parsers keep only one.
  case object([(name: String, value: JSON)])

  /// A whole number, or nothing.
  public init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }

  /// A number, or nothing.
  public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }

  /// A text, or nothing.
  public init(_ value: String?) { self = value.map { .text($0) } ?? .null }

  /// Bytes, given as base64.
  public init(base64: String) { self = ["base64": .text(base64)] }

  /// The text on one line.
  public var line: String {
    switch self {
    case .null: "null"
    case .flag(let flag): String(flag)
    case .integer(let number): String(number)
    case .number(let number) where number.isNaN: "\"nan\""
    case .number(let number) where number.isInfinite: number > 0 ? "\"inf\"" : "\"-inf\""
    case .number(let number): String(number)
    case .text(let text): Self.quoted(text)
    case .array(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)): \($1.line)" }.joined(separator: ", ") + "}"
    }
  }

  /// The text with a line for each element or member of the outermost value.
  public var page: String {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      "[\n" + elements.map { "  " + $0.line }.joined(separator: ",\n") + "\n]"
    case .object(let members) where !members.isEmpty:
      "{\n"
        + members.map { "  \(Self.quoted($0)): \($1.line)" }.joined(separator: ",\n") + "\n}"
    default: line
    }
  }

  /// In quotation marks. Characters that would steer a terminal, or break or turn a line, are escaped.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result.visibleInJSON + "\""
  }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object.
  public init(dictionaryLiteral members: (String, JSON)...) {
    self = .object(members.map { (name: $0, value: $1) })
  }
}
