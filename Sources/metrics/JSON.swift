import Foundation
import RunStore

/// A JSON value whose objects keep the order of their keys, so that output reads like the table it stands for.
indirect enum JSON {
  case null
  case flag(Bool)
  case integer(Int64)
  /// A number; one that is not finite is written as the string `"nan"`, `"inf"` or `"-inf"`.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }

  init(_ value: String?) { self = value.map { .string($0) } ?? .null }

  init(_ values: [String: HyperparameterValue]) {
    self = .object(
      values.sorted { $0.key < $1.key }.map { key, value in
        switch value {
        case .text(let text): (key, .string(text))
        case .flag(let flag): (key, .flag(flag))
        case .number(let number):
          (key, Int64(exactly: number).map { .integer($0) } ?? .number(number))
        }
      })
  }

  /// An array with an object for every row.
  init(_ answer: Rows) {
    self = .array(
      answer.rows.map { row in
        .object(
          zip(answer.columns, row).map { column, cell in
            switch cell {
            case .null: (column, .null)
            case .integer(let number): (column, .integer(number))
            case .real(let number): (column, .number(number))
            case .text(let text): (column, .string(text))
            case .blob(let data): (column, .string(data.base64EncodedString()))
            }
          })
      })
  }

  /// The text, with one element or member of the outermost value a line.
  var text: String {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      "[\n" + elements.map { "  " + $0.line }.joined(separator: ",\n") + "\n]"
    case .object(let members) where !members.isEmpty:
      "{\n"
        + members.map { "  \(Self.quoted($0)): \($1.line)" }.joined(separator: ",\n") + "\n}"
    default: line
    }
  }

  private var line: String {
    switch self {
    case .null: "null"
    case .flag(let flag): String(flag)
    case .integer(let number): String(number)
    case .number(let number) where number.isNaN: "\"nan\""
    case .number(let number) where number.isInfinite: number > 0 ? "\"inf\"" : "\"-inf\""
    case .number(let number): String(number)
    case .string(let string): Self.quoted(string)
    case .array(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)): \($1.line)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
