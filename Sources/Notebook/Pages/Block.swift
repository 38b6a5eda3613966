import Charts

/// A piece of a chapter's page. A page is a sequence of blocks in reading order; ``TerminalPage``
/// and ``MarkdownPage`` are its two renderings.
///
/// `isVolatile` marks what differs between two runs of the same program, such as a time.
enum Block {
  /// Markdown.
  case prose(String)
  /// Swift; `afterGap` says that a blank line stands above it in the source.
  case code(String, isPlumbing: Bool, afterGap: Bool)
  case text(String, isVolatile: Bool)
  case table(Table, isVolatile: Bool)
  case figure(any Figure, name: String, isVolatile: Bool)
  case check(Check)
  case prediction(Prediction)
  case revelation(Prediction)
  case summary(Summary)
}

/// How a chapter's checks ended.
struct Summary {
  let checks: [Check]

  var failures: [Check] { checks.filter { !$0.passed } }

  var sentence: String {
    switch (checks.count, failures.count) {
    case (1, 0): "The check passed."
    case (let all, 0): "All \(all) checks passed."
    case (1, _): "The check failed."
    case (let all, let failed): "\(failed) of \(all) checks failed."
    }
  }
}
