import Testing

@testable import Charts

@Suite struct TableTests {
  private let table = Table(
    [Column("name"), Column("error, %", .right), Column("x", .center)],
    rows: [["plain", "52.50", "a"], ["ResNet-56 深い", "0.1", "bcd"]])

  @Test("Columns stand under one another, each aligned as it says")
  func alignment() {
    #expect(
      table.text(width: 80) == """
        name            error, %   x
        ──────────────  ────────  ───
        plain              52.50   a
        ResNet-56 深い       0.1  bcd
        """)
  }

  @Test(
    "Text is wrapped so that no line is wider than asked for, and nothing is lost",
    arguments: 20...120)
  func width(width: Int) {
    let words = "A cell with a good many words in it, which no terminal has room for in one line"
    for count in [1, 2, 5, 9, 15] {
      let table = Table(
        (0..<count).map { Column("column \($0)", $0 % 2 == 0 ? .left : .right) },
        rows: [
          (0..<count).map { _ in words }, (0..<count).map { "深いネットワーク\($0)" },
          (0..<count).map { "unbreakable-\($0)-word-0123456789" },
        ])
      let text = table.text(width: width)
      for line in text.split(separator: "\n") { #expect(line.displayWidth <= width, "\(line)") }
      let letters = text.filter { $0.isLetter || $0.isNumber }
      let expected = (words + "深いネットワーク0").filter { $0.isLetter }.count * count
      #expect(letters.count >= expected)
    }
  }

  @Test("Rows one below the other keep each value in a line")
  func records() {
    #expect(
      table.records(width: .max) == """
            name  plain
        error, %  52.50
               x  a

            name  ResNet-56 深い
        error, %  0.1
               x  bcd
        """)
  }

  @Test("Markdown says the alignment, and a cell can hold a bar, a line break or any mark")
  func markdown() {
    let table = Table(
      [Column("a|b"), Column("n", .right), Column("c", .center)],
      rows: [
        ["x || y", "1", "two\r\nlines"], ["a_b *c* `d` [e](f)", "$1", "<br>\u{1B}[2J\u{202E}"],
      ])
    #expect(
      table.markdown() == """
        | a\\|b | n | c |
        |---|---:|:---:|
        | x \\|\\| y | 1 | two<br>lines |
        | a\\_b \\*c\\* \\`d\\` \\[e](f) | \\$1 | \\<br> \\[2J  |
        """)
    #expect(Table([Column("a|\u{301}")], rows: []).markdown().hasPrefix("| a\\|\u{301} |"))
  }

  @Test("A table without a column is the table of the others")
  func without() {
    let others = Table(
      [Column("name"), Column("x", .center)], rows: [["plain", "a"], ["ResNet-56 深い", "bcd"]])
    #expect(table.without("error, %").text(width: 80) == others.text(width: 80))
    #expect(table.without("error, %").naturalWidth == 14 + 2 + 3)
    let half = Table([Column("a"), Column("b")], rows: [["", "1"], ["", ""]])
    #expect(half.withoutEmptyColumns.names == ["b"])
  }

  @Test("An empty table has its heading")
  func empty() {
    #expect(Table([Column("a")], rows: []).text(width: 20) == "a\n─")
    #expect(Table([], rows: []).text(width: 20).allSatisfy { $0 == "\n" })
  }

  @Test("Text is broken at spaces, and a long word where it must be")
  func wrapping() {
    #expect("one two three".wrapped(width: 7) == ["one two", "three"])
    #expect("abcdefgh ij".wrapped(width: 3) == ["abc", "def", "gh", "ij"])
    #expect("a\nb".wrapped(width: 9) == ["a", "b"] && "".wrapped(width: 9) == [""])
    #expect("深い深い".wrapped(width: 5) == ["深い", "深い"])
    #expect("abcdef".cut(width: 4) == "abc…" && "abcd".cut(width: 4) == "abcd")
    #expect("深い".cut(width: 3) == "深…" && "ab".cut(width: 0) == "")
  }

  @Test("Korean takes two columns a syllable, in headings and cells")
  func korean() {
    let table = Table(
      [Column("name"), Column("n", .right)], rows: [["one", "1"], ["three", "20"]])
    let words = ["name": "이름", "one": "하나", "three": "셋"]
    let lines = table.renamed { words[$0] ?? $0 }.text(width: 80).split(separator: "\n")
    #expect(lines == ["이름   n", "────  ──", "하나   1", "셋    20"])
  }
}
