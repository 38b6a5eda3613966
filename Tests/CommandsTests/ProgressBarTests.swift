import Charts
import Testing
import Translation

@testable import Commands

@Suite("Progress bar")
struct ProgressBarTests {
  /// A terminal's line, as carriage returns leave it.
  private final class Line {
    var time = 100.0
    var draws = 0
    var cells: [Character] = []
    private var column = 0
    var text: String { String(cells).trimmed }

    func draw(_ text: String) {
      draws += 1
      for character in text {
        if character == "\r" {
          column = 0
          continue
        }
        if column == cells.count { cells.append(" ") }
        cells[column] = character
        column += 1
      }
    }

    func bar(
      width: Int = 80, total: Int = 20, unit: String = "epochs", translations: Catalog = Catalog()
    ) -> ProgressBar {
      ProgressBar(
        "plain-56", total: total, unit: unit, translations: translations, width: { width },
        now: { self.time }, draw: draw)
    }
  }

  @Test("It shows count, rate, time left and detail")
  func format() {
    let line = Line()
    let bar = line.bar(width: 100)
    line.time += 4
    bar.advance(to: 10, detail: "loss 0.5")
    #expect(
      line.text
        == "plain-56  ━━━━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄  10/20 epochs  2.5/s  4 s left  loss 0.5")
  }

  @Test(
    "On a narrow terminal it drops the rate, the count, the rest, its label", arguments: 1...120)
  func narrow(width: Int) {
    let bar = Line().bar()
    let text = bar.line(done: 10, after: 4, detail: "loss 0.5", width: width)
    #expect(text.displayWidth <= width)
    #expect(text.contains("2.5/s") == (width >= 61))
    #expect(text.contains("10/20") == (width >= 54 || 5..<40 ~= width))
    #expect(text.contains("4 s left  loss") == (width >= 40))
    let long = bar.line(done: 10, after: 4, detail: "a detail that is too long", width: width)
    #expect(long.contains("2.5/s  4 s left") == (51..<57 ~= width || width >= 78))
  }

  @Test(
    "Rates and times at any speed",
    arguments: [
      (5, 10.0, "2.0 s each  30 s left"), (10, 0.01, "1000/s  1 s left"),
      (1, 400.0, "400 s each  2 h 6 min left"), (10, 90.0, "9.0 s each  1 min 30 s left"),
    ])
  func pace(done: Int, seconds: Double, text: String) {
    #expect(Line().bar().line(done: done, after: seconds, detail: "", width: 90).contains(text))
  }

  @Test("In Korean it fits the columns that wide letters take", arguments: 1...80)
  func korean(width: Int) {
    let korean = [
      "{1} left": "{1} 남음", "{1}/s": "초당 {1}", "{1} min {2} s": "{1}분 {2}초", "loss {1}": "손실 {1}",
    ]
    let catalog = Catalog([POFile(entries: korean.map { .init($0, $1) })])
    let bar = Line().bar(total: 400, unit: "에포크", translations: catalog)
    let text = bar.line(done: 100, after: 25, detail: "손실 0.5", width: width)
    #expect(text.displayWidth <= width)
    if width == 80 { #expect(text.hasSuffix("100/400 에포크  초당 4.0  1분 15초 남음  손실 0.5")) }
    let line = Line()
    let drawn = line.bar(width: 60, translations: catalog)
    line.time += 1
    drawn.advance(to: 1, detail: "loss 0.25")
    #expect(line.text.hasSuffix("손실 0.25"))
  }

  @Test(
    "The pace of work that is continued is that of this session alone",
    arguments: [
      (10, 12, 4.0, "12/20 epochs  2.0 s each  16 s left"), (10, 10, 4.0, "10/20 epochs"),
      (19, 20, 0.5, "20/20 epochs  2.0/s  0 s left"),
    ])
  func continued(before: Int, done: Int, seconds: Double, text: String) {
    let line = Line()
    let bar = line.bar(width: 100)
    line.time += 1000
    bar.begin(at: before)
    line.time += seconds
    bar.advance(to: done)
    #expect(line.text.hasSuffix(text), "\(line.text)")
  }

  @Test("Nothing is known of the pace before the first step")
  func noPace() {
    let text = Line().bar().line(done: 0, after: 1, detail: "", width: 80)
    #expect(text.hasSuffix("0/20 epochs"))
  }

  @Test("It draws at most ten times a second")
  func throttle() {
    let line = Line()
    let bar = line.bar(total: 1000)
    for step in 1...1000 {
      line.time += 0.001
      bar.advance(to: step)
    }
    #expect((9...11).contains(line.draws))
  }

  @Test("A shorter line leaves nothing of a longer one, and the end leaves nothing at all")
  func noGarbage() {
    let line = Line()
    let bar = line.bar()
    line.time += 1
    bar.advance(to: 1, detail: "a long detail")
    line.time += 1
    bar.advance(to: 2)
    #expect(line.text.hasSuffix("left"))
    bar.finish()
    #expect(line.text.isEmpty)
    bar.finish()
    #expect(line.draws == 3)
  }

  @Test("A bar that is let go takes its line with it")
  func letGo() {
    let line = Line()
    do {
      let bar = line.bar()
      line.time += 1
      bar.advance(to: 1)
    }
    #expect(line.draws == 2)
    #expect(line.text.isEmpty)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(reversed().drop(while: \.isWhitespace).reversed())
  }
}
