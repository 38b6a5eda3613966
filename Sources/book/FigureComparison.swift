/// Whether a figure beside a chapter is about the one that it weaves now.
///
/// It has to have the same elements; words and numbers in it are compared like those of a page (see
/// ``Quantity``), and what a portable build draws may be off by a tenth of the usual width. Colours of pixels,
/// which are numbers too, are not compared then, nor where the lines of single seeds run, which a reader can choose. A
/// figure that is marked as measured only has to be there.
enum FigureComparison {
  /// By how many pixels something may be drawn elsewhere.
  static let shift = 64.0

  /// Whether two SVG documents agree.
  static func agree(
    _ kept: String, _ woven: String, isExact: Bool = computesSharedBits
  ) -> Bool {
    let (old, new) = (parts(kept), parts(woven))
    return old.count == new.count
      && zip(old, new).allSatisfy { old, new in
        if old == new { return true }
        guard old.hasPrefix("<") else {
          return PageLine("![" + old).agrees(with: PageLine("![" + new), isExact: isExact)
        }
        if isExact { return false }
        let (left, right) = (numbers(in: old), numbers(in: new))
        return left.words == right.words
          && (old.hasPrefix("<path class=\"line seed")
            || zip(left.values, right.values).allSatisfy { abs($0 - $1) <= shift })
      }
  }

  /// The tags and the text between them; the same style sheet is in every figure.
  private static func parts(_ svg: String) -> [String] {
    svg.replacing(#/<style>.*?</style>/#.dotMatchesNewlines(), with: "")
      .replacing("<", with: "\n<").replacing(">", with: ">\n").split(whereSeparator: \.isNewline)
      .map(String.init)
  }

  private static func numbers(in tag: String) -> (words: [Substring], values: [Double]) {
    let shape = tag.replacing(/#[0-9a-f]{6}/, with: "")
    let number = /-?\d+(?:\.\d+)?/
    return (
      shape.split(separator: number, omittingEmptySubsequences: false),
      shape.matches(of: number).compactMap { Double($0.output) }
    )
  }
}
