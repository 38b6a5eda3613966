import Foundation

/// What differs between the page beside a chapter and the one that it weaves now.
///
/// Prose, code, claims and verdicts have to be the same. A number that was computed may differ a little
/// (another processor rounds otherwise, and training makes much of little). What stands between
/// `<!-- measured -->` marks, such as a time, only has to be there.
struct PageComparison {
  /// The share by which a computed number may differ, relative to the larger one.
  static let relativeTolerance = 0.25
  /// By how much it may differ in any case: 10 points of an error in per cent.
  static let absoluteTolerance = 10.0

  /// One sentence for each line that differs.
  let differences: [String]

  init(kept: String, woven: String) {
    let (old, new) = (Self.lines(kept), Self.lines(woven))
    var differences: [String] = []
    var fence: String?
    for (number, (old, new)) in zip(old, new).enumerated() {
      if old.hasPrefix("```") { fence = fence == nil ? old : nil }
      let isComputed =
        fence == "```text"
        || (fence == nil && ["- ", "|", "![", "> "].contains(where: old.hasPrefix))
      guard isComputed ? !Self.agree(old, new) : old != new else { continue }
      differences.append("line \(number + 1) is\n    \(old)\n  and would be\n    \(new)")
    }
    if old.count != new.count {
      differences.append("it has \(old.count) lines and would have \(new.count)")
    }
    self.differences = differences
  }

  /// The page's lines, with everything between marks replaced by one word.
  private static func lines(_ page: String) -> [String] {
    let begin = "<!-- measured -->"
    let end = "<!-- /measured -->"
    var result = ""
    for (index, part) in page.components(separatedBy: begin).enumerated() {
      guard index > 0 else {
        result += part
        continue
      }
      let pieces = part.components(separatedBy: end)
      result += begin + pieces.dropFirst().joined(separator: end)
    }
    return result.components(separatedBy: "\n")
  }

  private static func agree(_ old: String, _ new: String) -> Bool {
    if old == new { return true }
    let (left, right) = (tokens(old), tokens(new))
    guard left.count == right.count else { return false }
    return zip(left, right).allSatisfy { old, new in
      if old == new { return true }
      guard let a = Double(old), let b = Double(new) else { return false }
      return abs(a - b) <= max(absoluteTolerance, relativeTolerance * max(abs(a), abs(b)))
    }
  }

  /// The line cut into numbers and what is between them.
  private static func tokens(_ line: String) -> [String] {
    var tokens: [String] = []
    var token = ""
    var isNumber = false
    for character in line {
      let continues = character.isASCII && character.isNumber || (isNumber && character == ".")
      if continues != isNumber, !token.isEmpty {
        tokens.append(token)
        token = ""
      }
      isNumber = continues
      token.append(character)
    }
    return tokens + [token]
  }
}
