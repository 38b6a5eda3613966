import Charts
import Translation

/// A page on a terminal, rendered block by block as the chapter goes.
struct TerminalPage {
  /// The terminal's width at this moment, which the reader may change.
  let width: () -> Int
  let ink: Ink
  /// Whether code that the chapter doesn't teach is shown too.
  let showsPlumbing: Bool
  let translations: Catalog

  private var previous: Kind?

  init(
    width: @escaping () -> Int, ink: Ink, showsPlumbing: Bool, translations: Catalog = Catalog()
  ) {
    self.width = width
    self.ink = ink
    self.showsPlumbing = showsPlumbing
    self.translations = translations
  }

  /// Blocks of one kind may stand together without a blank line.
  private enum Kind { case prose, code, text, table, figure, check, question, summary }

  /// The block as text that ends its last line, or nothing for what this page leaves out.
  mutating func render(_ block: Block) -> String {
    let kind: Kind
    var lines: [String]
    var standsApart = true
    switch block {
    case .prose(let markdown):
      (kind, lines) = (.prose, layout.lines(of: markdown).map(ink.paint))
    case .code(let text, let isPlumbing, let afterGap):
      guard showsPlumbing || !isPlumbing else { return "" }
      (kind, standsApart) = (.code, afterGap)
      lines = SwiftCode.lines(of: text).flatMap { $0.brokenAsCode(to: columns - 4) }
        .map { $0.isEmpty ? "" : "    " + ink.paint($0) }
    case .text(let text, _):
      (kind, standsApart) = (.text, false)
      lines = split(text).flatMap(wrapPreformatted).map(indent)
    case .table(let table, _):
      (kind, lines) = (.table, split(table.text(width: columns - 2)).map(indent))
    case .figure(let figure, _, _):
      kind = .figure
      lines = split(figure.terminal(width: textColumns - 2, color: ink.isOn)).map(indent)
    case .check(let check):
      (kind, standsApart) = (.check, false)
      lines = self.lines(of: check)
    case .prediction(let prediction):
      (kind, lines) = (.question, self.lines(of: prediction))
    case .revelation(let prediction):
      (kind, lines) = (.question, revelation(of: prediction))
    case .summary(let summary):
      let look: Look = summary.failures.isEmpty ? .passed : .failed
      kind = .summary
      lines =
        [ink.paint(summary.sentence(in: translations), look)]
        + summary.failures.flatMap(self.lines(of:))
    }
    while lines.last == "" { lines.removeLast() }
    if lines.isEmpty { return "" }
    let gap = previous == nil || (previous == kind && !standsApart) ? "" : "\n"
    previous = kind
    return gap + lines.joined(separator: "\n") + "\n"
  }

  private var columns: Int { max(20, width()) }

  /// Longer lines than this are hard to read.
  private var textColumns: Int { min(columns, 100) }

  private var layout: ProseLayout { ProseLayout(width: textColumns, keepsMarks: !ink.isOn) }

  private var indentedLayout: ProseLayout {
    ProseLayout(width: textColumns - 2, keepsMarks: !ink.isOn)
  }

  private func indent(_ line: String) -> String { line.isEmpty ? "" : "  " + line }

  private func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// A line as it is, or, if it is too wide, wrapped under its own indent.
  private func wrapPreformatted(_ line: String) -> [String] {
    guard line.displayWidth > columns - 2 else { return [line] }
    let spaces = String(line.prefix { $0 == " " })
    return StyledText(line).wrapped(to: max(10, columns - 2 - spaces.count))
      .map { spaces + $0.plain }
  }

  private func lines(of check: Check) -> [String] {
    let marker = Span(text: check.passed ? "✓" : "✗", look: check.passed ? .passed : .failed)
    var text = indentedLayout.inline(check.claim)
    if !check.passed { text = text.map { Span(text: $0.text, look: $0.look.union(.failed)) } }
    if !check.measured.isEmpty { text.append(Span(text: ": " + check.measured, look: .faint)) }
    return indentedLayout.item(marker, text).map { indent(ink.paint($0)) }
  }

  private func lines(of prediction: Prediction) -> [String] {
    let marker = Span(text: "?", look: .strong)
    let question = indentedLayout.item(marker, indentedLayout.inline(prediction.question))
    let choices = prediction.choices.enumerated().flatMap { index, choice in
      indentedLayout.item(Span(text: "  \(index + 1)."), indentedLayout.inline(choice))
    }
    return (question + choices).map { indent(ink.paint($0)) }
  }

  private func revelation(of prediction: Prediction) -> [String] {
    let guess = prediction.guess.map { " " + translations.words("You said {1}.", $0) } ?? ""
    let text = "\(prediction.question) **\(prediction.answer ?? "")**.\(guess)"
    let marker = Span(text: "→", look: prediction.isCorrect == true ? .passed : .strong)
    return indentedLayout.item(marker, indentedLayout.inline(text)).map { indent(ink.paint($0)) }
  }
}
