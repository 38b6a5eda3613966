import Commands
import Testing

@Suite("Display width")
struct DisplayWidthTests {
  @Test("Wide characters and emoji take two columns, marks none")
  func displayWidth() {
    #expect("a深🙂e\u{301}ℱ✓".displayWidth == 8)
  }
}
