import Charts
import Translation

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

  /// A sentence, in the catalog's language if it has it.
  func sentence(in catalog: Catalog = Catalog()) -> String {
    switch (checks.count, failures.count) {
    case (1, 0): catalog.words("The check passed.")
    case (let all, 0): catalog.words("All {1} checks passed.", "\(all)")
    case (1, _): catalog.words("The check failed.")
    case (let all, let failed):
      catalog.words("{1} of {2} checks failed.", "\(failed)", "\(all)")
    }
  }
}
