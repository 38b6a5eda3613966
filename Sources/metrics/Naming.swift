import Foundation
import RunStore

extension [String: HyperparameterValue] {
  /// `epochs 20, learningRate 0.1`, in alphabetical order.
  var words: String {
    sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }
}

extension Date {
  /// The reader's own time, to the minute.
  var localText: String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd HH:mm"
    return format.string(from: self)
  }

  /// UTC, as the store keeps it.
  var utcText: String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd HH:mm:ss.SSS"
    return format.string(from: self)
  }
}

extension Double {
  /// With a fixed number of digits after the point; `nan`, `inf` and `-inf` as they are.
  func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension SQLValue {
  /// Whether there is nothing.
  var isNull: Bool { self == .null }
}
