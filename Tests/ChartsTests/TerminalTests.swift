import Testing

@testable import Charts

@Suite struct TerminalTests {
  @Test(
    "No line is longer than the width, and without colour there are no codes",
    arguments: Samples.all.indices)
  func width(index: Int) {
    for width in 20...120 {
      for color in [false, true] {
        let text = Samples.all[index].terminal(width: width, color: color)
        let lines = text.split(separator: "\n")
        // One expectation a figure and width: they cost more than the drawing.
        let widest = lines.map { String($0).columnsWithoutCodes }.max() ?? 0
        #expect(
          widest <= width && (color || !text.contains("\u{1B}")),
          "\(widest) columns of \(width):\n\(text)")
        #expect(text.isEmpty || text.hasSuffix("\n"))
      }
    }
  }

  @Test(
    "A figure with Korean words shows them, and no line is wider than the width",
    arguments: Samples.all.indices)
  func korean(index: Int) {
    let figure = Samples.all[index]
    let renamed = figure.renamed { $0.isEmpty ? "" : "한국어 " + $0 }
    #expect(renamed.title == (figure.title.isEmpty ? "" : "한국어 " + figure.title))
    for width in [20, 37, 80, 120] {
      let lines = renamed.terminal(width: width, color: false).split(separator: "\n")
      #expect(lines.allSatisfy { String($0).columnsWithoutCodes <= width })
    }
    // The numbers are the same.
    func numbers(_ figure: any Figure) -> [String] {
      figure.description.matches(of: /[\d.]+/).map { String($0.output) }
    }
    #expect(numbers(renamed) == numbers(figure))
  }

  @Test("Every code is taken back at the end of its line")
  func codes() {
    for figure in Samples.usual {
      let text = figure.terminal(width: 80, color: true)
      #expect(text.contains("\u{1B}["))
      for line in text.split(separator: "\n") where line.contains("\u{1B}") {
        let codes = line.split(separator: "\u{1B}").dropFirst(line.hasPrefix("\u{1B}") ? 0 : 1)
        #expect(codes.last?.hasPrefix("[0m") == true, "\(line)")
      }
    }
  }

  @Test("With and without colour a line chart has the same names, and each its own mark without")
  func names() {
    let plain = Samples.errorByDepth.terminal(width: 80, color: false)
    #expect(plain.contains("● plain") && plain.contains("■ residual"))
    #expect(Samples.gradientNorms.terminal(width: 80, color: true).contains("plain, no BN"))
    #expect(Samples.gradientNorms.terminal(width: 80, color: false).contains("■ plain, no BN"))
  }

  @Test("A chart with error bars is drawn like this on a terminal")
  func errorBars() {
    let series = Series(
      "s", [Point(0, 0.5), Point(1, 0.75)], spread: [0.1...0.9, 0.7...0.8], spreadMark: .bars,
      color: .hue(.blue), stroke: .hidden)
    let chart = LineChart(
      "t", x: Axis("x", range: -1...2), y: Axis("y", range: 0...1), series: [series])
    let rows = chart.terminal(width: 40, color: false).split(separator: "\n").map(String.init)
    #expect(
      rows == [
        "t", "● s", "y", "1.0┤", "   │          ⠈⡏", "   │           ⡇          ●⠁",
        "   │           ⡇          ⠉⠁", "0.5┤           ●", "   │           ⡇",
        "   │           ⡇", "   │           ⡇", "   │          ⢀⣇", "  0┤",
        "   └┬──────────┬──────────┬──────────┬", "    −1         0          1          2",
        "                    x",
      ])
  }

  @Test("Signs can be told apart without colour")
  func signs() {
    let image = PixelImage(height: 1, width: 4, values: [-1, -0.5, 0, 1], caption: "")
    let grid = ImageGrid("t", [image], columns: 1, palette: .diverging)
    let lines = grid.terminal(width: 40, color: false).split(separator: "\n")
    #expect(lines[1] == "−█−▒ ·+█")
  }

  @Test("Figures stand side by side if there is room, else one below the other")
  func panels() throws {
    let chart = LineChart("one", x: Axis("x"), y: Axis("y"), series: [])
    let pair = SideBySide("two", [chart, chart])
    let wide = pair.terminal(width: 78, color: false).split(separator: "\n")
    #expect(wide[1].filter { $0 == "o" }.count == 2)
    let narrow = pair.terminal(width: 70, color: false).split(separator: "\n")
    #expect(narrow[1] == "one" && narrow.count > wide.count + 10)
  }

  @Test("The same figure gives the same text", arguments: Samples.all.indices)
  func deterministic(index: Int) {
    let figure = Samples.all[index]
    #expect(figure.terminal(width: 80, color: true) == figure.terminal(width: 80, color: true))
  }

  @Test("A canvas keeps what fits and drops what doesn't")
  func canvas() {
    var canvas = TerminalCanvas(width: 5)
    canvas.write("abcdefg", column: 3, row: 0)
    canvas.write("xyz", column: -2, row: 0)
    canvas.write("深深深", column: 0, row: 1)
    canvas.dot(x: 0, y: 8, .plain)
    canvas.dot(x: 1, y: 11, .plain)
    #expect(canvas.text(color: false) == "z  ab\n深深\n⢁\n")
  }

  @Test("A small bar chart is drawn like this")
  func golden() {
    let chart = BarChart("t", Axis("x"), bars: [Bar("a", 1), Bar("b", 2)])
    #expect(
      chart.terminal(width: 20, color: false) == """
        t
        a │███████▌ 1
        b │███████████████ 2
          └┬──────┬──────┬
           0      1      2
                  x

        """)
  }
}
