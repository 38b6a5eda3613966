import Foundation
import Testing

@testable import Charts

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SVGTests {
  /// What an XML parser finds in a figure.
  private final class Reading: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var texts: [String: [String]] = [:]
    private var open: [String] = []

    init(_ svg: String) throws {
      super.init()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = self
      guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append((name, attributes))
      open.append(name)
      texts[name, default: []].append("")
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) { open.removeLast() }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      guard let name = open.last, let count = texts[name]?.count else { return }
      texts[name]?[count - 1] += text
    }
  }

  @Test(
    "No leader crosses the chart: names stand at the ends of lines only if all end together",
    arguments: [(20.0, true), (19.5, true), (9, false), (15, false)])
  func leaders(end: Double, isDirect: Bool) throws {
    func series(_ name: String, to end: Double) -> Series {
      Series(name, [Point(1, 0.2), Point(end / 2, 0.9), Point(end, 0.5)])
    }
    let chart = LineChart(
      "Errors", x: Axis("block"), y: Axis("error"),
      series: [series("long", to: 20), series("short", to: end)])
    let leaders = try Reading(chart.svg()).elements.count {
      $0.attributes["class"]?.hasPrefix("leader") == true
    }
    #expect((leaders > 0) == isDirect)
  }

  @Test(
    "Every figure is well-formed, has a size, a title and a description",
    arguments: Samples.all.indices)
  func wellFormed(index: Int) throws {
    let figure = Samples.all[index]
    let reading = try Reading(figure.svg())
    let root = try #require(reading.elements.first)
    #expect(root.name == "svg" && root.attributes["role"] == "img")
    #expect(
      root.attributes["viewBox"]?.hasPrefix("0 0 \(root.attributes["width"] ?? "?") ") == true)
    #expect(reading.elements[1].name == "title" && reading.elements[2].name == "desc")
    #expect(reading.texts["title"] == [figure.title.printable])
    #expect(reading.texts["desc"] == [figure.description.printable])
    for (_, attributes) in reading.elements {
      for (name, value) in attributes where ["x", "y", "width", "height", "d"].contains(name) {
        #expect(!value.contains("nan") && !value.contains("inf"), "\(name)=\(value)")
      }
      #expect(attributes["id"] == nil && attributes["href"] == nil)
    }
  }

  @Test("A title is shown as it was written, whatever is in it")
  func escaping() throws {
    let chart = LineChart("a < b & \"c\"", x: Axis("]]>"), y: Axis("'y'"), series: [])
    let texts = try #require(try Reading(chart.svg()).texts["text"])
    #expect(texts.contains("a < b & \"c\"") && texts.contains("]]>") && texts.contains("'y'"))
    // With an accent over it a mark of XML is still one.
    let accents = LineChart(
      "<\u{301}\"\u{301}&\u{301}", x: Axis("x"), y: Axis("y"),
      series: [Series("\"\u{301}", [Point(0, 1), Point(1, 0)])])
    #expect(try Reading(accents.svg()).texts["title"] == [accents.title])
  }

  @Test("Text stays on the card", arguments: Samples.usual.indices)
  func onTheCard(index: Int) throws {
    let figure = Samples.usual[index]
    guard !(figure is SideBySide) else { return }
    let reading = try Reading(figure.svg())
    let texts = reading.texts["text"] ?? []
    for (element, text) in zip(reading.elements.filter { $0.name == "text" }, texts) {
      let x = try #require(element.attributes["x"].flatMap(Double.init))
      let width = Pixels.width(text)
      let start =
        switch element.attributes["text-anchor"] {
        case "end": x - width
        case "middle": x - width / 2
        default: x
        }
      #expect(start >= 0 && start + width <= figure.naturalWidth, "\(text)")
    }
  }

  @Test("The last number at an axis ends before the card's margin, where no names stand beside it")
  func lastTick() throws {
    let chart = LineChart(
      "Errors", x: Axis("step", scale: .log), y: Axis("error"),
      series: [Series("a", [Point(1, 1), Point(100_000, 0)]), Series("b", [Point(1, 0)])])
    let reading = try Reading(chart.svg())
    let texts = zip(
      reading.elements.filter { $0.name == "text" }, try #require(reading.texts["text"]))
    let (last, _) = try #require(texts.first { $0.1 == "10⁵" })
    let center = try #require(last.attributes["x"].flatMap(Double.init))
    #expect(center + Pixels.width("10⁵") / 2 <= chart.naturalWidth - Pixels.margin + 0.01)
  }

  @Test("A marked sample in the legend keeps away from its name and within the margin")
  func legend() throws {
    let chart = LineChart(
      "Errors", x: Axis("block"), y: Axis("error"),
      series: [
        Series("long", [Point(0, 1), Point(9, 0)], markers: true),
        Series("short", [Point(0, 1), Point(2, 0)], markers: true),
      ])
    let marks = try Reading(chart.svg()).elements.compactMap { $0.attributes["transform"] }
      .map { mark in mark.split { "(, )".contains($0) }.compactMap { Double($0) } }
    // Those of the first name: above the data, at the left, where its text begins 30 pixels from the margin.
    let first = marks.filter { $0[0] < Pixels.margin + 30 && $0[1] < 60 }.map { $0[0] }
    #expect(first.count == 2)
    #expect(first.allSatisfy { $0 >= Pixels.margin + 5 && $0 <= Pixels.margin + 30 - 10 })
  }

  @Test("A panel has the range that its description names", arguments: [380.0, 640, 1000])
  func range(width: Double) throws {
    let chart = LineChart(
      "t", x: Axis("x"), y: Axis("error"),
      series: [Series("s", [Point(0, -3.6), Point(1, 3.9), Point(2, 0)])])
    #expect(chart.description.contains("Up: error from −4 to 4."))
    let ticks = chart.drawing(width: width).elements.filter { element in
      element.name == "text" && element.attributes.contains { $0 == ("text-anchor", "end") }
    }
    #expect(ticks.first?.content == "−4" && ticks.last?.content == "4")
  }

  @Test("The same figure gives the same bytes", arguments: Samples.all.indices)
  func deterministic(index: Int) {
    #expect(Samples.all[index].svg() == Samples.all[index].svg())
  }

  @Test("A point without a place leaves a gap")
  func gaps() throws {
    let points = [0, 1, .nan, 3, 4, .infinity, 6].enumerated().map { Point(Double($0), $1) }
    let chart = LineChart("t", x: Axis("x"), y: Axis("y"), series: [Series("s", points)])
    let lines = try Reading(chart.svg()).elements.filter { $0.attributes["class"] == "line blue" }
    #expect(lines.count == 3)
    #expect(lines.map { $0.attributes["d"]?.filter { $0 == "L" }.count } == [1, 1, 0])
  }

  @Test("An error bar spans its range around the point, with a cap at each end")
  func errorBars() throws {
    func drawn(_ mark: SpreadMark) throws -> [[String: String]] {
      let series = Series(
        "s", [Point(0, 0.5), Point(1, 0.5)], spread: [0.25...0.75, 0.5...1], spreadMark: mark)
      let chart = LineChart(
        "t", x: Axis("x"), y: Axis("y", range: 0...1, ticks: [0, 1]), series: [series])
      return try Reading(chart.svg()).elements.map(\.attributes)
    }
    func paths(_ mark: SpreadMark, _ kind: String) throws -> [String] {
      try drawn(mark).filter { $0["class"] == kind }.compactMap { $0["d"] }
    }
    let grid = try paths(.bars, "grid").compactMap { Double($0.split { "MH ".contains($0) }[1]) }
    let (zero, one) = (grid.max()!, grid.min()!)
    let bars = try paths(.bars, "line blue").filter { $0.contains("V") }
    #expect(bars.count == 2)
    for (bar, range) in zip(bars, [0.25...0.75, 0.5...1]) {
      let numbers = bar.split { "MVh ".contains($0) }.compactMap { Double($0) }
      let (low, high) = (
        zero + (one - zero) * range.lowerBound, zero + (one - zero) * range.upperBound
      )
      // From the lower end to the upper one, then a cap 4 pixels to either side at both.
      #expect(abs(numbers[1] - low) < 0.02 && abs(numbers[2] - high) < 0.02)
      #expect(numbers[3] == numbers[0] - 4 && numbers[4] == numbers[1] && numbers[5] == 8)
      #expect(numbers[7] == numbers[2] && numbers[8] == 8)
    }
    #expect(try paths(.bars, "band blue").isEmpty)
    #expect(try paths(.band, "band blue").count == 1)
    #expect(try paths(.band, "line blue").allSatisfy { !$0.contains("V") })
  }

  @Test("The lines of other seeds are kept unseen, and change nothing else")
  func seeds() throws {
    let (chart, plain) = (Samples.bySeed(), Samples.bySeed(seeds: []))
    func lines(_ chart: LineChart) -> [Substring] { chart.svg().split(separator: "\n") }
    let hidden = lines(chart).filter { $0.contains("class=\"line seed") }
    #expect(hidden.count == 6 && hidden.allSatisfy { $0.contains(" display=\"none\"/>") })
    #expect(lines(chart).filter { !hidden.contains($0) } == lines(plain))
    #expect(chart.description == plain.description)
    #expect(chart.terminal(width: 80, color: false) == plain.terminal(width: 80, color: false))
    let own = try Reading(chart.svg()).elements.map(\.attributes)
      .filter { $0["class"] == "line seed orange" }
    #expect(own.map { $0["data-seed"] } == ["0", "1", "2"])
    // That of seed 1 is the mean's, here.
    let shown = try Reading(plain.svg()).elements.first { $0.attributes["class"] == "line orange" }
    #expect(own[1]["d"] == shown?.attributes["d"] && own[0]["d"] != own[1]["d"])
    #expect(own[1]["stroke-width"] == shown?.attributes["stroke-width"])
  }

  @Test("Where one seed is shown, it has its number, and only the others are unseen")
  func shownSeed() throws {
    let lines = try Reading(Samples.bySeed(shown: 2).svg()).elements.map(\.attributes)
    let shown = lines.filter { $0["class"] == "line blue" }
    #expect(shown.map { $0["data-seed"] } == ["2"] && shown[0]["display"] == nil)
    let others = lines.filter { $0["class"] == "line seed blue" }
    #expect(others.map { $0["data-seed"] } == ["0", "1"])
    // One seed is no choice.
    #expect(!Samples.bySeed(shown: 1, seeds: [1]).svg().contains("seed=\""))
  }

  @Test("Points that aren't joined have marks, no line, and their names above the chart")
  func scatter() throws {
    let elements = try Reading(Samples.scatter.svg()).elements
    #expect(!elements.contains { $0.attributes["class"]?.hasPrefix("line") == true })
    // One more of each is beside its name.
    let marks = elements.map(\.attributes).filter { $0["class"]?.hasPrefix("mark") == true }
    #expect(marks.count == 2 * 31)
    let shapes = Dictionary(grouping: marks) { $0["class"]! }.values.map {
      Set($0.map { $0["d"]! })
    }
    #expect(shapes.map(\.count) == [1, 1] && shapes[0] != shapes[1])
    #expect(Samples.scatter.description.contains("1: 30 points."))
  }

  @Test("A description says what the axes are, and where each line begins, ends and turns")
  func description() {
    let chart = LineChart(
      "Errors", x: Axis("epoch"), y: Axis("error", format: .percent),
      series: [Series("plain", [Point(1, 0.5), Point(2, 0.75), Point(3, 0.125)])])
    #expect(
      chart.description
        == "Errors. Line chart. Across: epoch from 1 to 3. Up: error from 0 % to 80 %. "
        + "plain: from 50 % at 1 to 12.5 % at 3, lowest 12.5 %, highest 75 %.")
    let given = LineChart("t", x: Axis("x"), y: Axis("y"), series: [], description: "As given.")
    #expect(given.description == "As given.")
  }

  @Test("Each colour in use has a rule for a light and for a dark card, and no other has")
  func colors() {
    let svg = Samples.errorByDepth.svg()
    for name in ["orange", "blue"] {
      #expect(svg.components(separatedBy: ".chart .\(name){color:").count == 3)
    }
    #expect(svg.contains("@media (prefers-color-scheme:dark)") && !svg.contains(".chart .green"))
  }

  @Test("Coordinates are written to the hundredth")
  func coordinates() {
    let written = [0, 1, -0.001, 12.5, 12.345, 0.05, -3.999, .nan, .infinity].map(\.coordinate)
    #expect(written == ["0", "1", "0", "12.5", "12.35", "0.05", "-4", "0", "1000000"])
  }
}
