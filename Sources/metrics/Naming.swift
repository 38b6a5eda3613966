import Foundation
import RunStore

extension [String: HyperparameterValue] {
  /// `epochs 20, learningRate 0.1`, in alphabetical order.
  var words: String {
    sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.words)" }.joined(separator: ", ")
  }
}

extension HyperparameterValue? {
  /// As the cell of a table: a dash where there is none.
  var words: String { map(\.words) ?? "–" }
}

extension RecordedNetwork {
  /// The texts of networks, without channels and classes unless these alone tell some of them apart.
  static func shortTexts(_ networks: [RecordedNetwork]) -> [String] {
    let short = networks.map(\.textBesideData)
    let isEnough = Set(short).count == Set(networks.map(\.text)).count
    return isEnough ? short : networks.map(\.text)
  }
}

extension Date {
  /// The reader's own time, to the minute.
  var localText: String { Self.local.string(from: self) }

  /// UTC, as the store keeps it.
  var utcText: String { Self.utc.string(from: self) }

  private static let local = format("yyyy-MM-dd HH:mm", in: .current)
  private static let utc = format("yyyy-MM-dd HH:mm:ss.SSS", in: .gmt)

  /// Making one takes longer than using it.
  private static func format(_ pattern: String, in zone: TimeZone) -> DateFormatter {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = zone
    format.dateFormat = pattern
    return format
  }
}

extension Double {
  /// With a fixed number of digits after the point; `nan`, `inf` and `-inf` as they are.
  func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension Int {
  /// `812 bytes`, `312 kB`, `1.2 MB`.
  var bytesInWords: String {
    switch self {
    case ..<1000: "\(self) bytes"
    case ..<1_000_000: "\((Double(self) / 1000).fixed(0)) kB"
    default: "\((Double(self) / 1_000_000).fixed(1)) MB"
    }
  }
}

extension Double {
  /// A duration in seconds: `0.62 s`, `45 s`, `3 min 20 s`, `2 h 5 min`.
  var duration: String {
    guard isFinite, self >= 0 else { return "–" }
    if self < 9.95 { return "\(fixed(2)) s" }
    let whole = Int(min(self, 3.6e9).rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// With four significant digits.
  var short: String { String(format: "%.4g", self) }

  /// A fraction as per cent, with two digits after the point.
  var percent: String { isFinite ? (100 * self).fixed(2) : fixed(2) }
}

extension SQLValue {
  /// Whether there is nothing.
  var isNull: Bool { self == .null }
}
