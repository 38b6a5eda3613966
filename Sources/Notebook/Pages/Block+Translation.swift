import Charts
import Commands
import Translation

/// A page's blocks in the reader's language, as far as there are translations.
extension Block {
  /// The block as it is shown on a terminal; pages are woven in English.
  func translated(by catalog: Catalog) -> Block {
    if catalog.isEmpty { return self }
    switch self {
    case .prose(let markdown):
      // Translations are those of the woven page.
      let woven = WebMaths.markdown(markdown)
      let translated = Page(woven, isWoven: true).translated(by: catalog)
      return translated == woven ? self : .prose(translated)
    case .code: return self
    case .text(let text, let isVolatile):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        Message(output: line).flatMap { catalog[$0] } ?? String(line)
      }
      return .text(lines.joined(separator: "\n"), isVolatile: isVolatile)
    case .table(let table, let isVolatile):
      return .table(table.renamed { catalog.plain($0, .cell) }, isVolatile: isVolatile)
    case .figure(let figure, let name, let isVolatile):
      let renamed = figure.renamed { catalog.plain($0, .caption) }
      return .figure(renamed, name: name, isVolatile: isVolatile)
    case .check(let check): return .check(check.translated(by: catalog))
    case .prediction(let prediction): return .prediction(prediction.translated(by: catalog))
    case .revelation(let prediction): return .revelation(prediction.translated(by: catalog))
    case .summary(let summary):
      return .summary(Summary(checks: summary.checks.map { $0.translated(by: catalog) }))
    }
  }
}

extension Check {
  fileprivate func translated(by catalog: Catalog) -> Check {
    Check(
      claim: catalog.inline(claim), passed: passed, measured: catalog.plain(measured, .detail),
      isVolatile: isVolatile)
  }
}

extension Prediction {
  fileprivate func translated(by catalog: Catalog) -> Prediction {
    let translated = Prediction(
      question: catalog.inline(question), choices: choices.map(catalog.inline),
      answer: answer.map(catalog.inline))
    translated.guess = guess.map(catalog.inline)
    return translated
  }
}

extension Catalog {
  /// A sentence that may hold inline Markdown.
  fileprivate func inline(_ markdown: String) -> String {
    self[WebMaths.inline(markdown)] ?? markdown
  }
}
