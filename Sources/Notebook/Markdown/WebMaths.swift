/// Markdown whose maths survives a web forge.
///
/// A forge reads `$…$` as Markdown first, and that takes backslashes away before punctuation (`\,`, `\{`)
/// and underscores in pairs. So formulas within a line are written `` $`…`$ ``, and those that stand alone
/// as a fence, `` ```math ``: Markdown leaves both as they are. A dollar that is none of maths is escaped.
struct WebMaths {
  private var result: [String] = []
  /// Lines of one paragraph, item, heading or row: maths within a line doesn't go beyond it.
  private var paragraph: [Substring] = []

  /// The Markdown of a chapter, with its formulas written for a forge.
  static func markdown(_ prose: String) -> String {
    var maths = WebMaths()
    var lines = prose.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() { maths.read(line, before: &lines) }
    maths.endParagraph()
    return maths.result.joined(separator: "\n")
  }

  private mutating func read(_ line: Substring, before rest: inout ArraySlice<Substring>) {
    let prefix = line.prefix(WebMaths.markerLength(line))
    let text = line[prefix.endIndex...]
    if text.hasPrefix("```") {
      endParagraph()
      result.append(String(line))
      let fence = text.prefix { $0 == "`" }
      while let next = rest.popFirst() {
        result.append(String(next))
        if next.dropFirst(WebMaths.markerLength(next)).hasPrefix(fence) { break }
      }
    } else if text.hasPrefix("$$") {
      endParagraph()
      readDisplay(text.dropFirst(2), prefix, before: &rest)
    } else {
      let isOwn = text.isEmpty || text.hasPrefix("#") || text.hasPrefix("|")
      if isOwn || prefix.contains(where: { !$0.isWhitespace && $0 != ">" }) { endParagraph() }
      paragraph.append(line)
      if isOwn { endParagraph() }
    }
  }

  /// Reads on behind the dollars that open a formula standing alone.
  private mutating func readDisplay(
    _ first: Substring, _ prefix: Substring, before rest: inout ArraySlice<Substring>
  ) {
    // A marker of a list stands once; what belongs to its item is indented as far.
    let indent = String(prefix.map { $0 == ">" ? ">" : " " })
    var lines: [String] = []
    var line = first
    while true {
      if let end = line.firstRange(of: "$$") {
        if end.lowerBound > line.startIndex { lines.append(String(line[..<end.lowerBound])) }
        line = line[end.upperBound...]
        break
      }
      lines.append(String(line))
      guard let next = rest.popFirst() else {
        line = ""
        break
      }
      line = next.dropFirst(min(indent.count, WebMaths.markerLength(next)))
    }
    if lines.first?.isEmpty == true { lines.removeFirst() }
    result.append(prefix + "```math")
    result += lines.map { indent + $0 }
    result.append(indent + "```")
    if !line.allSatisfy(\.isWhitespace) { paragraph.append(indent + line) }
  }

  private mutating func endParagraph() {
    guard !paragraph.isEmpty else { return }
    result.append(WebMaths.inline(paragraph.joined(separator: "\n")))
    paragraph = []
  }

  /// How much of a line is indent, marks of quotes, and the marker of an item.
  private static func markerLength(_ line: Substring) -> Int {
    line.prefixMatch(of: /[ >]*(?:(?:[-*+]|\d{1,3}[.)]) +)?/)?.output.count ?? 0
  }

  /// A paragraph, its formulas written for a forge.
  static func inline(_ paragraph: String) -> String {
    var result = ""
    var rest = paragraph[...]
    while let next = rest.first {
      var taken = rest.prefix(1)
      if next == "\\" {
        taken = rest.prefix(2)
      } else if next == "`" {
        let ticks = rest.prefix { $0 == "`" }
        let end = rest.dropFirst(ticks.count).firstRange(of: ticks)?.upperBound
        taken = rest[..<(end ?? ticks.endIndex)]
      } else if next == "<", let end = InlineMarkdown.tagEnd(rest) {
        taken = rest[..<end]
      } else if next == "$" {
        let (formula, end) = Maths.formula(at: rest) ?? ("", taken.endIndex)
        result += formula.isEmpty ? "\\$" : "$`\(formula.replacing("`", with: "‘"))`$"
        rest = rest[end...]
        continue
      }
      result += taken
      rest = rest[taken.endIndex...]
    }
    return result
  }
}
