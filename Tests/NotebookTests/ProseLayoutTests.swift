import Charts
import Testing

@testable import Notebook

@Suite("Prose on a terminal")
struct ProseLayoutTests {
  private func lines(_ markdown: String, width: Int = 40, marks: Bool = false) -> [String] {
    ProseLayout(width: width, keepsMarks: marks).lines(of: markdown).map(\.plain)
  }

  private static let prose = """
    # A heading that is much too long to fit on one line of a narrow terminal

    A paragraph with *emphasis*, **strong text that goes on for a while**, `code` and $x_l + 1$;
    深度残差学习用于图像识别,让网络可以训练得更深。Supercalifragilisticexpialidocious_and_longer_than_a_line.

    - an item with several words in it, enough to wrap
      - and an inner one that wraps as well, at least here
    10. ten

    > quoted words, more of them than fit on one single line
    """

  @Test("No line is wider than the terminal", arguments: [20, 31, 40, 79, 80, 100])
  func width(width: Int) {
    for line in lines(ProseLayoutTests.prose, width: width) {
      #expect(line.displayWidth <= width, "\(line)")
    }
  }

  @Test("Wrapping loses no character and adds none", arguments: [20, 33, 80])
  func nothingLost(width: Int) {
    let text = "one *two* 深度残差 學習。three `four`, and a_very_long_word_that_must_be_broken"
    let wrapped = lines(text, width: width).joined().filter { $0 != " " }
    #expect(wrapped == "onetwo深度残差學習。threefour,anda_very_long_word_that_must_be_broken")
  }

  @Test("Lines are filled: the first word of the next wouldn't have fitted")
  func filled() {
    let result = lines("aaa bbb ccc ddd eee fff", width: 11)
    #expect(result == ["aaa bbb ccc", "ddd eee fff"])
  }

  @Test("Chinese breaks between any two characters, but not before a full stop")
  func chinese() {
    #expect(lines("深度残差学习。网络", width: 12) == ["深度残差学", "习。网络"])
    #expect(lines("深度残差学习", width: 5) == ["深度", "残差", "学习"])
  }

  @Test("Emphasis that spans a line break stays emphasised on both lines")
  func emphasisAcrossLines() {
    let result = ProseLayout(width: 10, keepsMarks: false).lines(of: "one **two three four** five")
    #expect(
      result == [
        [Span(text: "one "), Span(text: "two", look: .strong)],
        [Span(text: "three four", look: .strong)],
        [Span(text: "five")],
      ])
  }

  @Test("Items hang under their text, nested ones too")
  func lists() {
    let markdown = "- one two three\n  four\n  - five six seven\n- eight"
    #expect(
      lines(markdown, width: 12)
        == ["• one two", "  three four", "  • five six", "    seven", "• eight"])
    #expect(lines("9. a\n10. b") == [" 9. a", "10. b"])
    #expect(lines("- a\n\n- b") == ["• a", "", "• b"])
  }

  @Test("Headings, quotes, fences, rules and comments")
  func blocks() {
    #expect(lines("## Two") == ["Two", "───"])
    #expect(lines("### Three") == ["Three"])
    #expect(lines("> a *b*\n> c") == ["│ a b c"])
    #expect(lines("```swift\nlet a  = 1\n```") == ["    let a  = 1"])
    #expect(lines("$$\n\\gamma^2\n$$") == ["    γ²"])
    #expect(lines("<!-- not shown -->\ntext") == ["text"])
    #expect(lines("a\n\n---\n\nb").count == 5)
  }

  @Test("Without colour, emphasis and code keep their marks")
  func marks() {
    #expect(lines("*training* **error** `x`", marks: true) == ["*training* *error* `x`"])
  }

  @Test(
    "Inline marks",
    arguments: [
      ("a_b_c 2 * 3 * 4", "a_b_c 2 * 3 * 4"), ("\\*not\\*", "*not*"), ("[text](a/b.md)", "text"),
      ("[text](https://a.b)", "text (https://a.b)"), ("<https://a.b>", "https://a.b"),
      ("![alt](a.png)", "alt"), ("``a`b``", "a`b"), ("5 $ and 6 $", "5 $ and 6 $"),
      ("*a **b** c*", "a b c"), ("x < y > z", "x < y > z"), ("a<br>b", "ab"),
      ("**unclosed", "**unclosed"), ("*`a*b`*", "a*b"),
    ])
  func inline(markdown: String, plain: String) {
    #expect(lines(markdown) == [plain])
  }

  @Test(
    "Maths becomes readable Unicode",
    arguments: [
      ("\\mathcal{F}(x) + x", "ℱ(x) + x"), ("x_{l+1}", "xₗ₊₁"), ("W_s x", "Wₛ x"), ("x^2", "x²"),
      ("10^{-4}", "10⁻⁴"), ("\\frac{a+b}{2}", "(a+b)/2"),
      ("\\frac{\\partial L}{\\partial x}", "∂L/∂x"),
      ("\\sqrt{2/n}", "√(2/n)"), ("a \\times b", "a × b"), ("x_L", "x_L"), ("e^{ab}", "e^(ab)"),
      ("\\text{so } \\unknown", "so unknown"), ("\\overline{g}", "g\u{304}"),
      ("\\overline{g x}", "g\u{305} x\u{305}"),
      ("\\hat{x}", "x\u{302}"), ("{", ""), ("\\", ""),
    ])
  func maths(tex: String, plain: String) {
    #expect(Maths.readable(tex) == plain)
  }
}
