import Foundation
import RunStore
import Testing

@testable import Reports

@Suite struct ReportTests {
  let sample: SampleStore

  init() throws { sample = try SampleStore() }

  /// Three seeds of two networks, and a check.
  private func fill(experiment: String = "e", message: String? = nil) throws {
    for seed in 0..<3 {
      let error = 0.4 + Double(seed) / 30
      try sample.add(
        "plain-20 width 8", experiment: experiment, seed: seed, errors: [0.9, error],
        message: message)
      try sample.add(
        "ResNet-20 A width 8", experiment: experiment, seed: seed, errors: [0.8, error / 3],
        loss: seed == 1 ? .nan : 0.5, message: message)
    }
    try sample.store.record(
      CheckRecord(chapter: 9, claim: "c", passed: true, measured: "1 < 2"))
  }

  private func report() throws -> Report {
    try Report(ReportQuestion(), of: sample.store, made: Date(timeIntervalSince1970: 0))
  }

  @Test("The page is well-formed, and refers to nothing outside of itself")
  func structure() throws {
    try fill()
    let page = try Page(report())
    for (element, attributes) in page.elements {
      for name in ["href", "src", "action", "srcset", "data", "style"] {
        let value = attributes[name] ?? "#"
        #expect(value.hasPrefix("#"), "\(element) \(name)")
      }
    }
    let namespace = "http://www.w3.org/2000/svg"
    let source = page.source.replacing(namespace, with: "")
    for word in ["http:", "https:", "url(", "@import", "//cdn"] {
      #expect(!source.contains(word), "\(word)")
    }
    #expect(page.count("script") == 1 && page.count("style") == 1 && page.count("h1") == 1)
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let policy = try #require(page.elements.first { $0.attributes["http-equiv"] != nil })
    #expect(
      policy.attributes["content"]?.hasPrefix("default-src 'none'; script-src 'nonce-") == true)
  }

  @Test("The tables that are saved are in the page to the byte, and its dots are their numbers")
  func tables() throws {
    try fill()
    let report = try report()
    let page = try Page(report)
    for (name, text) in report.tables { #expect(page.templates[name] == text) }
    let dots = page.elements.filter { $0.name == "circle" }.compactMap {
      $0.attributes["data-value"]
    }
    let seeds = report.comparisons.seedsTable.rows.map { $0[10] }
    let differences = report.comparisons.groups.flatMap { $0.pairs.flatMap(\.effects) }
      .map { "\($0)" }
    #expect(dots.sorted() == (seeds + differences).sorted())
    // 2 sets, 2 networks, 3 seeds; 2 sets, a pair of networks, 3 seeds.
    #expect(seeds.count == 12 && differences.count == 6)
    let cells = page.elements.filter { $0.name == "td" }.compactMap { $0.attributes["data-value"] }
    for row in report.comparisons.differencesTable.rows {
      for column in [11, 14, 16] { #expect(cells.contains(row[column])) }
    }
    #expect(report.curves.table.rows.count == 12)
    #expect(report.curves.table.text.contains("nan"))
  }

  @Test("Whatever the names in a store are, they are text")
  func hostile() throws {
    let name = """
      </script></template></style><script>document.documentElement.dataset.hacked = 1</script>\
      <img src=x onerror="document.documentElement.dataset.hacked = 1">\u{0}\u{1B}[2J\u{9B}\u{202E}'"&amp;{0}\u{FFFE}
      =1+1,`]]>
      """
    try fill(experiment: name, message: name)
    let page = try Page(report())
    #expect(page.count("script") == 1 && page.count("img") == 0 && page.count("template") == 5)
    #expect(
      !page.source.unicodeScalars.contains {
        "\u{0}\u{1B}\u{9B}\u{202E}\u{FFFE}".unicodeScalars.contains($0)
      })
    #expect(page.text.contains("</script></template></style><script>document"))
    #expect(page.text.contains("\\u{1B}[2J"))
    if let dom = try Browser.dom(of: page.source, in: sample.folder) {
      #expect(!dom.contains("data-hacked") && dom.contains("<polyline"))
    }
  }

  @Test("The SQL beside a table gives its rows")
  func questions() throws {
    try fill()
    try sample.add("plain-8 width 8", experiment: "it's another", errors: [0.1])
    var question = ReportQuestion()
    question.filter = RunFilter(
      experiment: "it's another", architecture: "plain-8", chapter: 9, since: .distantPast)
    for (question, runs, curves) in [(ReportQuestion(), 7, 52), (question, 1, 4)] {
      let report = try Report(question, of: sample.store, made: Date())
      let page = try Page(report)
      #expect(page.codes.count == 2 + (question.filter == RunFilter() ? 2 : 0) + 2)
      for code in page.codes { #expect(try !sample.store.rows(sql: code).rows.isEmpty, "\(code)") }
      #expect(try sample.store.rows(sql: report.queries.runs).rows.count == runs)
      #expect(report.runs.count == runs)
      #expect(try sample.store.rows(sql: report.queries.curves).rows.count == curves)
      #expect(report.checks.rows.count == 1)
    }
  }

  @Test("The same report of the same store is the same page, and an empty store has one too")
  func repeatable() throws {
    let empty = try Page(report())
    #expect(empty.text.contains("No run has a metric"))
    try fill()
    let pages = try [Page(report()), Page(report())]
    #expect(pages[0].source == pages[1].source)
    var question = ReportQuestion()
    question.limit = 2
    let short = try Report(question, of: sample.store, made: Date())
    let page = try Page(short)
    #expect(short.runCount == 2 && page.text.contains("the newest 2 of 6"))
  }

  @Test("A saved table has quotation marks where they are needed, and no formula")
  func csv() {
    var table = CSV(["a", "b,c"])
    table.add([.text("x\"y\nz"), .number(1e-7)])
    table.add([.text("=1+1"), .number(.nan)])
    table.add([.text("-0.5"), .number(nil)])
    #expect(table.text == "a,\"b,c\"\n\"x\"\"y\\nz\",1e-07\n'=1+1,nan\n-0.5,\n")
    // With an accent over it a sign is another character, and the same to whoever reads the file.
    var accents = CSV(["a", "＝1"])
    accents.add([.text("=\u{301}"), .text("\"\u{301},")])
    #expect(Array(accents.text.utf8) == Array("a,'＝1\n'=\u{301},\"\"\"\u{301},\"\n".utf8))
  }

  // MARK: In a browser

  @Test(
    "In Chromium the script draws the saved curves, and nothing is complained about",
    .enabled(if: Browser.program != nil))
  func browser() throws {
    try fill()
    let report = try report()
    let page = try Page(report)
    let dom = try #require(try Browser.dom(of: page.source, in: sample.folder))
    let drawn = dom.matches(of: /data-run="([^"]+)" data-values="([^"]*)"/)
    for run in report.runs {
      let values = report.curves.table.rows.filter { $0[3] == run.id }.map { $0[6] }
      #expect(
        drawn.contains { $0.1 == run.id && $0.2 == values.joined(separator: " ") }, "\(run.id)")
    }
  }

  @Test(
    "axe finds no fault with it, light or dark",
    .enabled(if: Browser.program != nil && Browser.axe != nil), arguments: ["light", "dark"])
  func accessible(theme: String) throws {
    try fill()
    let axe = try String(contentsOfFile: try #require(Browser.axe), encoding: .utf8)
    let page = try Page(report())
    let script = """
      <script nonce="\(page.nonce)">\(axe)</script><script nonce="\(page.nonce)">
      document.documentElement.dataset.theme = '\(theme)';
      axe.run().then((result) => {
        document.documentElement.dataset.violations = result.violations.map((fault) => fault.id).join(' ');
      });
      </script></body>
      """
    let dom = try #require(
      try Browser.dom(of: page.source.replacing("</body>", with: script), in: sample.folder))
    #expect(dom.prefix(500).contains("data-violations=\"\""), "\(dom.prefix(500))")
  }
}
