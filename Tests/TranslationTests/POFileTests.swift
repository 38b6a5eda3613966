import Testing
import Translation

@Suite("Files of translations")
struct POFileTests {
  @Test("What is written reads back as it was")
  func roundTrip() throws {
    var entry = POFile.Entry("A \"quoted\" word, a \\ and a tab\t.", "“인용” 낱말\n둘째 줄")
    entry.remarks = ["", "a remark"]
    entry.comments = ["paragraph"]
    entry.references = ["README.md"]
    entry.flags = ["fuzzy", "python-brace-format"]
    entry.previous = "A word."
    entry.context = "menu"
    var old = POFile.Entry("gone", "사라짐")
    old.isObsolete = true
    old.previous = "went"
    let file = POFile(header: POFile.koreanHeader, entries: [entry, old])
    #expect(try POFile(file.text) == file)
    #expect(try POFile(Array(file.text.utf8)) == file)
    #expect(try POFile(file.text.replacing("\n", with: "\r\n")) == file)
    #expect(try POFile("\u{FEFF}" + file.text) == file)
  }

  @Test("Strings of several lines, and entries without a blank line between, are read")
  func severalLines() throws {
    let file = try POFile(
      """
      # somebody's remark
      msgid ""
      msgstr "Content-Type: text/plain; charset=UTF-8\\n"
      #, fuzzy
      #| msgid "one "
      #| "two"
      msgid ""
      "one "
      "two three"
      msgstr "하나 "
        "둘"
      #~ msgid "old"
      #~ msgstr "옛"
      """)
    #expect(file.header?.remarks == ["somebody's remark"])
    #expect(file.entries.map(\.id) == ["one two three", "old"])
    #expect(file.entries.map(\.translation) == ["하나 둘", "옛"])
    #expect(file.entries.map(\.isFuzzy) == [true, false])
    #expect(file.entries.map(\.isObsolete) == [false, true])
    #expect(file.entries[0].previous == "one two")
  }

  @Test(
    "A file that can't be read says in which line, and why",
    arguments: [
      ("msgid \"a\"\n", 1, "without a msgstr"),
      ("msgstr \"a\"\n", 1, "without a msgid"),
      ("msgid \"a\"\nmsgid \"b\"\n", 2, "a second msgid"),
      ("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n", 3, "a second msgstr"),
      ("\"a\"\n", 1, "belongs to no msgid"),
      ("msgid \"a\n", 1, "no quotation mark at its end"),
      ("msgid \"a\\\"\n", 1, "no quotation mark at its end"),
      ("msgid \"a\" b\n", 1, "behind the string"),
      ("msgid a\n", 1, "begins with a quotation mark"),
      ("msgid \"\\q\"\n", 1, "'\\q' is none of"),
      ("msgid \"a\\", 1, "'\\' is none of"),
      ("msgid \"a\"\nmsgid_plural \"b\"\n", 2, "plural forms"),
      ("msgid \"a\"\nmsgstr \"\"\n\nmsgid \"a\"\nmsgstr \"\"\n", 4, "the same msgid as in line 1"),
      ("msgid \"a\"\nmsgstr \"\"\n\nmsgid \"\"\nmsgstr \"\"\n", 4, "an empty msgid"),
      ("<<<<<<< HEAD\n", 1, "'<<<<<<< HEAD' isn't"),
      ("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=EUC-KR\\n\"\n", 1, "UTF-8"),
      ("msgctxt \"a\"\n\n", 1, "a msgctxt without"),
    ])
  func faults(text: String, line: Int, reason: String) {
    let error = #expect(throws: POError.self) { try POFile(text) }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test("Bytes that aren't UTF-8 are refused, with their line")
  func bytes() {
    let error = #expect(throws: POError.self) {
      try POFile(Array("msgid \"a\"\nmsgstr \"".utf8) + [0xB0, 0xA1] + Array("\"\n".utf8))
    }
    #expect(error?.line == 2)
  }

  @Test("An empty file has no messages")
  func empty() throws {
    #expect(try POFile("") == POFile())
    #expect(try POFile("# only a remark\n") == POFile())
  }
}
