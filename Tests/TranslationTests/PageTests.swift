import Foundation
import Testing
import Translation

@Suite("Pages, cut into messages")
struct PageTests {
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All Markdown of the repository that is translated.
  static let pages: [String] = {
    let files = FileManager.default
    let chapters = (try? files.contentsOfDirectory(atPath: package.path + "/chapters")) ?? []
    return chapters.filter { $0.first!.isNumber }.sorted().map { "chapters/\($0)/README.md" }
      + ["README.md", "chapters/GLOSSARY.md", "chapters/QUESTIONS.md", "CONTRIBUTING.md"]
      + ["docs/teaching.md", "docs/store.md", "docs/performance.md", "docs/cluster.md"]
  }()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.package.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("With no translations a page comes out as it was, to the byte", arguments: pages)
  func untranslated(path: String) throws {
    let text = try text(path)
    #expect(Page(text).translated(by: Catalog()) == text)
  }

  @Test("A translated page has the blocks of the page, and its code and formulas", arguments: pages)
  func structure(path: String) throws {
    let text = try text(path)
    let page = Page(text)
    // Each message in its own words, marked; on one line.
    let entries = Set(page.messages.map(\.id)).map { POFile.Entry($0, "가" + $0) }
    let translated = page.translated(by: Catalog([POFile(entries: entries)]))
    func shape(_ text: String) -> [String] {
      text.components(separatedBy: "\n\n").map { block in
        let isCode = block.hasPrefix("```") && !block.hasPrefix("```text")
        if isCode || block.hasPrefix("    ") { return block }
        let mark = block.prefix { "#>|-!<".contains($0) }
        return mark + (block.hasPrefix("|") ? "\(block.count { $0 == "\n" }) rows" : "")
      }
    }
    #expect(shape(translated) == shape(text))
  }

  private let woven = """
    <!-- Woven from main.swift by `swift run book weave 3`. Edit that file. -->

    # 3. Gradients

    A paragraph of
    two lines, with `code` and $`x_1`$, before

    ```math
    x = y
    ```

    **Predict.** What falls?

    1. the error
    2. the *loss*

    <details><summary>Answer</summary>

    the error

    </details>

    <details><summary>Plumbing: 2 lines</summary>

    ```swift
    let x = 2 // not a message
    ```

    </details>

    - ✓ Sums: they agree: 39 values, at most 7.5e-8
    - ✗ It is fast: <!-- measured -->25 times<!-- /measured -->

    > What falls? **the error**.

    | network | error, % |
    |---|---:|
    | ResNet-20 | 1.3 ± 0.8 |
    | the mean of 5 | 2 |

    ![Error by step. Line chart. Across: step from 10⁻¹⁵ to 1, logarithmic. plain-20: from 1 at 2 to 3 at 4, lowest 1, highest 3.](figures/a.svg)

    ```text
    4 operations per byte
      6  drawn
    ```

    - an item
      of two lines

    ---

    All 16 checks passed.

    """

  private func messages(_ text: String, claims: [String] = ["Sums: they", "It is"]) -> [String] {
    Page(text, claims: claims).messages.map { "\($0.kind.rawValue): \($0.id)" }
  }

  @Test(
    "A woven page's messages: numbers that were computed are placeholders, code is none of them")
  func wovenPage() {
    #expect(
      messages(woven) == [
        "heading: 3. Gradients",
        "paragraph: A paragraph of two lines, with `code` and $`x_1`$, before",
        "word of the program: Predict.", "question: What falls?", "item: the error",
        "item: the *loss*", "summary: Answer", "answer: the error", "summary: Plumbing: {1} lines",
        "claim: Sums: they agree", "detail: {1} values, at most {2}", "claim: It is fast",
        "detail: {1} times", "question: What falls?", "answer: the error", "cell: network",
        "cell: error, %", "cell: the mean of {1}", "caption: Error by step", "caption: Line chart",
        "caption: Across", "caption: step", "caption: from {1} to {2}, logarithmic",
        "caption: from {1} at {2} to {3} at {4}, lowest {5}, highest {6}",
        "output: {1} operations per byte", "item: an item of two lines",
        "summary: All {1} checks passed.",
      ])
  }

  @Test("A translation takes the place of its message, with the numbers of this run")
  func translated() {
    let page = Page(woven, claims: ["Sums: they agree", "It is fast"])
    let file = POFile(entries: [
      POFile.Entry("A paragraph of two lines, with `code` and $`x_1`$, before", "두 줄의 문단"),
      POFile.Entry("{1} values, at most {2}", "최대 {2}, 값 {1}개"),
      POFile.Entry("from {1} at {2} to {3} at {4}, lowest {5}, highest {6}", "{7}"),
      POFile.Entry("the mean of {1}", "평균"),
      POFile.Entry("an item of two lines", "항목"),
    ])
    let korean = page.translated(by: Catalog([file]))
    #expect(korean.contains("\n\n두 줄의 문단\n\n```math"))
    #expect(korean.contains("- ✓ Sums: they agree: 최대 7.5e-8, 값 39개\n"))
    #expect(korean.contains("\n\n- 항목\n\n---"))
    // Placeholders that aren't the message's leave it in English.
    #expect(korean.contains("| the mean of 5 |"))
    #expect(korean.contains("from 1 at 2 to 3 at 4, lowest 1, highest 3."))
  }

  @Test("In prose, numbers are part of the text; a glossary's terms and code stay")
  func prose() {
    #expect(
      messages(
        """
        # The 3 ways

        | term | Korean | meaning | where |
        |---|---|---|---|
        | loss | 손실 | The number 1. | `runs` |
        | a \\| b | c |

        1. First
           goes on.

           A second paragraph.

               code of the item
        2. Second

        Text with 2

            indented code

        Text
        - an item

        ![A figure of 10 networks](a.svg)

        > A quote of
        > two lines

        $$
        x = text
        $$

        <!-- a comment
        of two lines -->
        """) == [
          "heading: The 3 ways", "cell: term", "cell: Korean", "cell: meaning", "cell: where",
          "cell: The number 1.", "item: First goes on.", "item: A second paragraph.",
          "item: Second", "paragraph: Text with 2", "paragraph: Text", "item: an item",
          "caption: A figure of 10 networks", "quote: A quote of two lines",
        ])
  }

  @Test("A message that is empty, fuzzy or obsolete is shown in English")
  func fallback() throws {
    let file = try POFile(
      """
      msgid "One."
      msgstr ""

      #, fuzzy
      msgid "Two."
      msgstr "둘."

      msgid "Three."
      msgstr "셋."

      #~ msgid "Four."
      #~ msgstr "넷."
      """)
    let page = Page("One.\n\nTwo.\n\nThree.\n\nFour.\n")
    #expect(page.translated(by: Catalog([file])) == "One.\n\nTwo.\n\n셋.\n\nFour.\n")
  }

  @Test("What a program computed is taken out and put back, whatever it is")
  func numbers() {
    for text in [
      "0.5 and 64,000", "10⁻¹⁵ or 3.3·10⁻⁹", "$`\\frac{1}{2}`$ of it", "ResNet-56 in conv2d, 3x3",
      "{1} was there", "-3e-05, 1.0e+02", "−0.68 to +26.5M", "1-2 and (-3)",
    ] {
      let message = Message(computed: text, .detail)
      #expect(message.text == text)
      #expect(message.filled(message.id) == text)
    }
    #expect(Message(computed: "conv2d with 3x3", .cell).id == "conv2d with {1}x{2}")
    #expect(Message(computed: "plain-20 at −1: -2 ± 3", .cell).id == "plain-{1} at {2}: {3} ± {4}")
  }
}
