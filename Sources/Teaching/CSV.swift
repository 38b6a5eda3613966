import Files
import Foundation

/// A table as comma-separated values.
enum CSV {
  /// The text: a line for each row, the first with the columns' names.
  static func text(_ columns: [String], _ rows: [[String]]) -> String {
    ([columns] + rows).map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  /// A cell. A spreadsheet takes what begins with `=`, `+`, `-` or `@` for a formula, which may read files and
  /// call programs: an apostrophe before it makes it text.
  private static func cell(_ text: String) -> String {
    // Scalars: with an accent over it a sign is another character, and the same to a spreadsheet.
    let isFormula =
      text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
    let isNumber = Double(text) != nil
    let safe = (isFormula && !isNumber ? "'" + text : text).filter { $0 != "\0" }
    guard safe.unicodeScalars.contains(where: { ",\"\n\r ".unicodeScalars.contains($0) }) else {
      return safe
    }
    return "\"" + safe.replacing(["\"": "\"\""]) + "\""
  }
}
