/// What a reader's program wrote to standard error: what its code printed, and what Swift's runtime said of a
/// crash.
struct Complaints {
  /// What the reader's code printed.
  let printed: String
  /// Where and why it crashed, to be said after "It crashed"; nil if it didn't.
  let crash: String?
  /// Whether that says why.
  let hasReason: Bool

  /// Takes apart what was written.
  ///
  /// - Parameters:
  ///   - text: all of it.
  ///   - fileName: the reader's file, of which the line is told.
  init(_ text: String, fileName: String) {
    // The runtime says so at the beginning where it has no program that looks for lines.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("swift runtime: ") && !$0.hasPrefix("swift-runtime: ") }
    let fatal = lines.lastIndex { $0.contains("Fatal error") }
    guard let begin = fatal ?? lines.firstIndex(where: { $0.hasPrefix("*** ") }) else {
      (printed, crash, hasReason) = (lines.joined(separator: "\n"), nil, false)
      return
    }
    printed = lines[..<begin].joined(separator: "\n")
    let report = lines[begin...]
    let line = report.lazy.compactMap { line -> Substring? in
      guard let file = line.range(of: "/\(fileName):") else { return nil }
      return line[file.upperBound...].prefix { $0.isNumber }
    }.first
    let words =
      fatal.flatMap { lines[$0].split(separator: "Fatal error", maxSplits: 1).last }
      ?? report.lazy.compactMap { $0.firstMatch(of: /Swift runtime failure: (.*) \*\*\*/)?.1 }.first
      ?? ""
    var reason = String(words.drop { ": ".contains($0) })
    while reason.hasSuffix(".") { reason.removeLast() }
    hasReason = !reason.isEmpty && reason != "precondition failure"
    crash = (line.map { " in line \($0)" } ?? "") + (hasReason ? ": \(reason)" : "")
  }
}
