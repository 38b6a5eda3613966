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
    let isFormula = text.first.map { "=+-@\t\r＝＋－＠".contains($0) } ?? false
    let isNumber = Double(text) != nil
    let safe = (isFormula && !isNumber ? "'" + text : text).filter { $0 != "\0" }
    guard safe.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" || $0 == " " }) else {
      return safe
    }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
