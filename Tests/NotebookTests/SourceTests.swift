import Testing

@testable import Notebook

@Suite("A chapter's source")
struct SourceTests {
  private func pieces(_ text: String) -> [Source.Piece] { Source(text).elements.map(\.piece) }

  @Test("Lines that begin with //: are prose, joined while they are neighbours")
  func prose() {
    #expect(
      pieces("//: # Title\n//:\n//: Text\n//:tight\n\n//: More") == [
        .prose("# Title\n\nText\ntight"), .prose("More"),
      ])
  }

  @Test("An indented //: and one inside a string are code")
  func codeThatLooksLikeProse() {
    let text = "let a = \"\"\"\n//: no\n\"\"\"\nfunc f() {\n  //: no\n}"
    #expect(
      pieces(text) == [
        .code("let a = \"\"\"\n//: no\n\"\"\"", isPlumbing: false, afterGap: false),
        .code("func f() {\n  //: no\n}", isPlumbing: false, afterGap: false),
      ])
  }

  @Test("Code is cut into top-level statements, and remembers blank lines between them")
  func statements() {
    let text = """
      let a = f(
        1)
      let b = a
        .map { $0 }

      if a {

        g()
      } else {
        h()
      }
      """
    #expect(
      pieces(text) == [
        .code("let a = f(\n  1)", isPlumbing: false, afterGap: false),
        .code("let b = a\n  .map { $0 }", isPlumbing: false, afterGap: false),
        .code("if a {\n\n  g()\n} else {\n  h()\n}", isPlumbing: false, afterGap: true),
      ])
  }

  @Test("Comments and attributes belong to the statement below them")
  func leads() {
    #expect(
      pieces("let a = 1\n// why\n@MainActor\nfunc f() {}\n") == [
        .code("let a = 1", isPlumbing: false, afterGap: false),
        .code("// why\n@MainActor\nfunc f() {}", isPlumbing: false, afterGap: false),
      ])
  }

  @Test(
    "Calls of the notebook are not code",
    arguments: [
      "import Charts", "@testable import Charts", "let chapter = Chapter(1)",
      "chapter.plot(\n  figure,\n  \"name\")", "// why\nchapter.show(\"\")",
      "let guess = chapter.predict(\n  \"?\")", "let bar = chapter.progress(\"a\", total: 1)",
      "//: <!-- plumbing -->\nchapter.finish()",
    ])
  func calls(text: String) {
    #expect(pieces(text) == [.call])
  }

  @Test(
    "Plumbing goes from its mark to the next line of prose, a bare one too",
    arguments: [
      ("let a = 1\n", "\nlet b = 2"), ("let a = 1\n", "\n//: Prose\nlet b = 2"),
      ("//: Prose\n", "\n//:\nlet b = 2"), ("", "\n//: <!-- plumbing -->\nlet b = 2"),
    ])
  func plumbing(above: String, below: String) {
    let codes = pieces(above + "//: <!-- plumbing -->\nlet p = 0" + below).compactMap { piece in
      if case .code(let text, let isPlumbing, _) = piece { (text, isPlumbing) } else { nil }
    }
    let isEnded = below.contains("//:") && !below.contains("plumbing")
    for (text, isPlumbing) in codes {
      #expect(isPlumbing == (text == "let p = 0" || text == "let b = 2" && !isEnded), "\(text)")
    }
    #expect(codes.contains { $0 == ("let p = 0", true) })
  }

  @Test(
    "What computes is shown",
    arguments: [
      "let data = chapter.require(try load())", "for a in b {\n  chapter.show(a)\n}",
      "if chapter.options.quick { n = 1 }", "chapters.append(1)",
    ])
  func shown(text: String) {
    #expect(pieces(text) == [.code(text, isPlumbing: false, afterGap: false)])
  }

  @Test(
    "A line belongs to the statement that contains it",
    arguments: [(1, 1), (2, 2), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (99, 4)])
  func lines(line: Int, count: Int) {
    let source = Source("//: Prose\nf(\n  1\n)\n\ng()\nh()\n")
    #expect(source.count(through: line) == count)
  }

  @Test("An empty source has nothing to show")
  func empty() {
    #expect(Source("").elements.isEmpty)
    #expect(Source("").count(through: 5) == 0)
  }
}
