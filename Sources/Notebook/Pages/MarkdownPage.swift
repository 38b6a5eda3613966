import Charts

/// A page as Markdown that a web forge shows: prose, code, output and figures in reading order.
///
/// What differs from run to run stands between `<!-- measured -->` and `<!-- /measured -->`, so that
/// two pages can be compared without it.
struct MarkdownPage {
  private var parts: [Part] = []

  /// A part of the page; neighbours of one kind share a fence or a list.
  private struct Part {
    enum Kind: Equatable { case code, plumbing, text, measuredText, checks, other }
    var kind: Kind
    var body: String
  }

  init(_ blocks: [Block]) {
    for block in blocks { append(block) }
  }

  /// The page's text.
  var text: String {
    parts.map { part in
      switch part.kind {
      case .code: MarkdownPage.fenced(part.body, "swift")
      case .plumbing: MarkdownPage.folded(part.body)
      case .text: MarkdownPage.fenced(part.body, "text")
      case .measuredText: MarkdownPage.measured(MarkdownPage.fenced(part.body, "text"))
      case .checks, .other: part.body
      }
    }.joined(separator: "\n\n") + "\n"
  }

  private mutating func append(_ block: Block) {
    switch block {
    case .prose(let markdown): append(.other, WebMaths.markdown(markdown))
    case .code(let text, let isPlumbing, let afterGap):
      append(isPlumbing ? .plumbing : .code, text, afterGap ? "\n\n" : "\n")
    case .text(let text, let isVolatile): append(isVolatile ? .measuredText : .text, text)
    case .table(let table, let isVolatile):
      let rows = MarkdownPage.trimmed(table.markdown())
      append(.other, isVolatile ? MarkdownPage.measured(rows) : rows)
    case .figure(let figure, let name, let isVolatile):
      let image = "![\(MarkdownPage.alternative(figure.description))](figures/\(name).svg)"
      append(.other, isVolatile ? MarkdownPage.measured(image) : image)
    case .check(let check): append(.checks, MarkdownPage.item(check))
    case .prediction(let prediction): append(.other, MarkdownPage.question(prediction))
    case .revelation(let prediction):
      let sentence = "\(prediction.question) **\(prediction.answer ?? "")**."
      append(.other, "> " + WebMaths.inline(sentence))
    case .summary(let summary):
      let failures = summary.failures.map(MarkdownPage.item).joined(separator: "\n")
      let parts = ["---", summary.sentence(), failures].filter { !$0.isEmpty }
      append(.other, parts.joined(separator: "\n\n"))
    }
  }

  private mutating func append(_ kind: Part.Kind, _ body: String, _ separator: String = "\n") {
    if kind != .other, parts.last?.kind == kind {
      parts[parts.count - 1].body += separator + body
    } else {
      parts.append(Part(kind: kind, body: body))
    }
  }

  private static func item(_ check: Check) -> String {
    let mark = check.passed ? "✓" : "✗"
    let claim = "- \(mark) \(WebMaths.inline(check.claim))"
    guard !check.measured.isEmpty else { return claim }
    let found = check.measured.escapedForMarkdown
    return claim + ": "
      + (check.isVolatile ? "<!-- measured -->\(found)<!-- /measured -->" : found)
  }

  private static func question(_ prediction: Prediction) -> String {
    let choices = prediction.choices.enumerated().map { "\($0 + 1). \($1)" }
    var lines = ["**Predict.** \(prediction.question)", ""] + choices
    if let answer = prediction.answer {
      lines += ["", "<details><summary>Answer</summary>", "", answer, "", "</details>"]
    }
    return lines.map(WebMaths.inline).joined(separator: "\n")
  }

  private static func measured(_ markdown: String) -> String {
    "<!-- measured -->\n\n\(markdown)\n\n<!-- /measured -->"
  }

  /// Code that a reader may skip.
  private static func folded(_ code: String) -> String {
    let lines = code.split(separator: "\n").count
    let summary = "Plumbing: \(lines) line\(lines == 1 ? "" : "s")"
    return "<details><summary>\(summary)</summary>\n\n\(fenced(code, "swift"))\n\n</details>"
  }

  /// A fence longer than any run of backticks in what it holds.
  private static func fenced(_ text: String, _ language: String) -> String {
    var longest = 2
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  private static func alternative(_ description: String) -> String {
    description.split(whereSeparator: \.isNewline).joined(separator: " ").escapedForMarkdown
      .replacing("]", with: "\\]")
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop(while: \.isNewline).reversed())
  }
}
