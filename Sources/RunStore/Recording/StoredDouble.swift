import Foundation
import GRDB

/// A double as the store keeps it, in a pair of columns.
///
/// SQLite turns a NaN into NULL and prints infinities in ways that JSON and people can't read, so a finite
/// number goes to the column `value`, and any other to `not_finite`, as the words `nan`, `inf` and `-inf`.
/// The views show whichever is there.
struct StoredDouble {
  let number: Double

  /// What goes to the column `value`.
  var value: Double? { number.isFinite ? number : nil }

  /// What goes to the column `not_finite`.
  var notFinite: String? {
    if number.isFinite { return nil }
    if number.isNaN { return "nan" }
    return number > 0 ? "inf" : "-inf"
  }

  /// Reads `coalesce(value, not_finite)`, the form in which the views show a number.
  ///
  /// - Returns: nil when nothing was recorded.
  static func number(_ shown: DatabaseValue) -> Double? {
    switch shown.storage {
    case .double(let number): number
    case .int64(let number): Double(number)
    case .string(let word): Double(word)
    case .null, .blob: nil
    }
  }
}
