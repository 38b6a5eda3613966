import Translation

/// Where and why a function crashed, as far as Swift's runtime said so.
struct Crash {
  /// The line of the reader's file.
  var line: String?
  /// A sentence without its full stop.
  var reason: String?

  /// That it did.
  var sentence: Message {
    switch (line, reason) {
    case (let line?, let reason?): .words("It crashed in line {1}: {2}.", line, reason)
    case (nil, let reason?): .words("It crashed: {1}.", reason)
    case (let line?, nil):
      .words(
        "It crashed in line {1}: a precondition of a function that it calls doesn't hold. Look at shapes "
          + "and indices.", line)
    case (nil, nil):
      .words(
        "It crashed: a precondition of a function that it calls doesn't hold. Look at shapes and indices."
      )
    }
  }

  /// That it did for another input than the one that is told.
  var remark: Message {
    switch (line, reason) {
    case (let line?, let reason?):
      .words("For another input it crashed in line {1}: {2}.", line, reason)
    case (nil, let reason?): .words("For another input it crashed: {1}.", reason)
    case (let line?, nil): .words("For another input it crashed in line {1}.", line)
    case (nil, nil): .words("For another input it crashed.")
    }
  }
}

/// What a reader's program wrote to standard error: what its code printed, and what Swift's runtime said of a
/// crash.
struct Complaints {
  /// What the reader's code printed.
  let printed: String
  /// Where and why it crashed; nil if it didn't.
  let crash: Crash?

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
      (printed, crash) = (lines.joined(separator: "\n"), nil)
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
    let hasReason = !reason.isEmpty && reason != "precondition failure"
    crash = Crash(line: line.map(String.init), reason: hasReason ? reason : nil)
  }
}
