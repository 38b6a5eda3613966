import Testing

@testable import Charts

@Suite("A figure that was drawn before") struct DrawnFigureTests {
  /// What is written in a document, and where from left to right.
  private struct Text {
    let words: String
    let y: Double
    let start: Double
    let end: Double
  }

  private func texts(_ svg: String) -> [Text] {
    svg.matches(of: /<text ([^>]*)>([^<]*)</).map { match in
      func value(_ name: String) -> String? {
        match.output.1.firstRange(of: "\(name)=\"").map {
          String(match.output.1[$0.upperBound...].prefix { $0 != "\"" })
        }
      }
      let words = String(match.output.2)
      let look = value("class") ?? ""
      let usual =
        look.hasSuffix("title")
        ? Pixels.width(words, size: Pixels.title) * 1.06
        : Pixels.width(words) * (look.hasPrefix("label") ? 1.08 : 1)
      let width = value("textLength").flatMap(Double.init) ?? usual
      let x = value(" x").flatMap(Double.init) ?? 0
      let start =
        switch value("text-anchor") {
        case "end": x - width
        case "middle": x - width / 2
        default: x
        }
      return Text(
        words: words, y: value(" y").flatMap(Double.init) ?? 0, start: start, end: start + width)
    }
  }

  @Test("With its own words it is the same document", arguments: Samples.all.indices)
  func unchanged(index: Int) {
    let svg = Samples.all[index].svg()
    #expect(DrawnFigure(svg).renamed { $0 } == svg)
  }

  @Test("Its words are those that it was described with", arguments: Samples.usual.indices)
  func words(index: Int) {
    let figure = Samples.usual[index]
    // A bar's number is written by the chart, and may have letters.
    guard !(figure is BarChart) else { return }
    func korean(_ words: String) -> String {
      words.contains(where: \.isLetter) ? "한국어" : words
    }
    // Which numbers stand at an axis depends on the room that names leave.
    func written(_ svg: String) -> [String] {
      texts(svg).map(\.words).filter { $0.contains(where: \.isLetter) }.sorted()
    }
    let drawn = DrawnFigure(figure.svg()).renamed(korean)
    #expect(written(drawn) == written(figure.renamed(korean).svg()))
    #expect(drawn.contains("<title>한국어</title>"))
  }

  @Test("A bar chart's words are read with their values")
  func bars() {
    let words = DrawnFigure(Samples.bars.svg()).words
    #expect(words.contains("the machine's peak: 150"))
    #expect(words.contains("im2col and matrix product"))
    #expect(words.filter { $0 == "By hand" }.count == 1)
  }

  @Test("Longer words stay on the card, and run into no others", arguments: Samples.usual.indices)
  func room(index: Int) {
    let figure = Samples.usual[index]
    guard !(figure is SideBySide) else { return }
    let svg = DrawnFigure(figure.svg()).renamed { words in
      words.contains(where: \.isLetter) ? "\(words) 그리고 \(words)" : words
    }
    let all = texts(svg)
    for text in all {
      #expect(text.start >= 0 && text.end <= figure.naturalWidth + 0.01, "\(text.words)")
    }
    for (index, text) in all.enumerated() where text.words.contains("그리고") {
      for (other, next) in all.enumerated()
      where other != index && next.y == text.y && !next.words.isEmpty {
        #expect(text.end <= next.start + 0.02 || next.end <= text.start + 0.02, "\(text.words)")
      }
    }
  }

  @Test("A title of two lines is read as one, and new words take as many lines")
  func title() {
    let title = "A title that says so much about its figure that it takes two lines, not just one"
    let chart = LineChart(title, x: Axis("x"), y: Axis("y"), series: [])
    let drawn = DrawnFigure(chart.svg())
    #expect(drawn.words.first == title)
    let short = texts(drawn.renamed { $0 == title ? "짧은 제목" : $0 }).prefix(2).map(\.words)
    #expect(short == ["짧은 제목", ""])
    let long = texts(drawn.renamed { $0 == title ? title + " " + title : $0 }).prefix(2)
    #expect(long.map(\.words).joined(separator: " ") == title + " " + title)
    #expect(long.allSatisfy { $0.end <= chart.naturalWidth - Pixels.margin + 0.01 })
  }

  @Test("Words are written as XML has them")
  func escaping() {
    let chart = LineChart("t", x: Axis("a & b"), y: Axis("y"), series: [])
    let drawn = DrawnFigure(chart.svg())
    #expect(drawn.words.contains("a & b"))
    #expect(drawn.renamed { $0 == "a & b" ? "<\($0)>" : $0 }.contains(">&lt;a &amp; b&gt;</text>"))
  }
}
