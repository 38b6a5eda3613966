import ArgumentParser
import Exercises
import Foundation
import Graders
import Testing
import Translation

@testable import book

/// The book, built once for all tests, by the command that readers give.
enum TestBook {
  static let hasPandoc = (try? Pandoc()) != nil
  /// Its folder. It stays there: the next run writes over it.
  static let folder = Result {
    let folder = ChapterFolder.package.appendingPathComponent(".build/book-of-tests")
    try Build.parse(["--output", folder.path]).run()
    return folder
  }

  /// The names of the pages, without `.html`.
  static func names(in language: Language) throws -> [String] {
    let own = try folder.get().appendingPathComponent(language.rawValue)
    return try FileManager.default.contentsOfDirectory(atPath: own.path)
      .filter { $0.hasSuffix(".html") }.map { String($0.dropLast(5)) }.sorted()
  }

  static func html(_ name: String, in language: Language) throws -> String {
    let file = try folder.get().appendingPathComponent("\(language.rawValue)/\(name).html")
    return try String(contentsOf: file, encoding: .utf8)
  }

  /// The values of an attribute.
  static func values(of attribute: String, in html: String) -> [String] {
    html.components(separatedBy: " \(attribute)=\"").dropFirst().map {
      String($0.prefix { $0 != "\"" })
    }
  }
}

@Suite("The book's pages", .enabled(if: TestBook.hasPandoc, "needs pandoc"))
struct WebsiteTests {
  @Test("Every formula is MathML", arguments: Language.allCases)
  func formulas(language: Language) throws {
    let folders = ExerciseFolder.all(in: ChapterFolder.package)
    for source in try PageSource.all(in: ChapterFolder.package) {
      let exercises = folders.first { $0.chapter == source.chapter }
      let expected =
        try Maths.count(in: source.markdown(in: language))
        + (exercises.map {
          Maths.count(
            in: try $0.markdown(language.words, source.translations(in: language)))
        } ?? 0)
      let html = try TestBook.html(source.name, in: language)
      // The hidden meanings of terms have formulas of their own.
      let own = html.components(separatedBy: "<div hidden>")[0]
      #expect(own.components(separatedBy: "<math ").count - 1 == expected, "\(source.name)")
    }
  }

  @Test(
    "Every link leads to a page and an anchor that are there; every anchor is one",
    arguments: Language.allCases)
  func links(language: Language) throws {
    let names = try TestBook.names(in: language)
    #expect(names.count == 24)
    var anchors: [String: Set<String>] = [:]
    for name in names {
      let ids = TestBook.values(of: "id", in: try TestBook.html(name, in: language))
      #expect(Set(ids).count == ids.count, "\(name) has an anchor twice")
      anchors[name] = Set(ids)
    }
    for name in names {
      let html = try TestBook.html(name, in: language)
      for reference in ["aria-describedby", "aria-controls", "for"] {
        for id in TestBook.values(of: reference, in: html) {
          #expect(anchors[name]!.contains(id), "\(name): \(reference) \(id)")
        }
      }
      for link in TestBook.values(of: "href", in: html)
      where !link.hasPrefix("http") && !link.hasPrefix("data:") && !link.hasPrefix("../") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let page = parts[0].isEmpty ? name : String(parts[0].dropLast(".html".count))
        #expect(anchors[page] != nil, "\(name): \(link)")
        if parts.count > 1 {
          #expect(anchors[page]?.contains(String(parts[1])) == true, "\(name): \(link)")
        }
      }
    }
  }

  @Test("Both languages have the same anchors on each page")
  func languages() throws {
    for name in try TestBook.names(in: .english) where name != "all" {
      let ids = try Language.allCases.map { language in
        TestBook.values(of: "id", in: try TestBook.html(name, in: language))
          .filter { !$0.hasPrefix("cb") && !$0.hasPrefix("term-") }
      }
      #expect(ids[0] == ids[1], "\(name)")
    }
  }

  @Test(
    "Every check can be linked, and the index of claims has all of them, with seeds, fault and line"
  )
  func claims() throws {
    let page = try TestBook.html("claims", in: .english)
    var count = 0
    for chapter in try ChapterFolder.all() {
      let index = try ClaimIndex(chapter, in: ChapterFolder.package)
      let html = try TestBook.html(chapter.name, in: .english)
      for entry in index.entries {
        count += 1
        #expect(html.contains("id=\"check-\(entry.number)\""))
        #expect(page.contains("\(chapter.name).html#check-\(entry.number)\""))
        let file = chapter.url.appendingPathComponent(entry.line.file)
        let lines = try String(contentsOf: file, encoding: .utf8)
          .split(separator: "\n", omittingEmptySubsequences: false)
        let first = entry.claim.prefix { $0.isLetter || $0 == " " }.prefix(12)
        // A claim that begins with a computed name stands there without it.
        #expect(
          lines[entry.line.number - 1].contains(first)
            || lines[entry.line.number - 1].contains("\\("),
          "\(chapter.name): \(entry.claim) isn't on line \(entry.line.number)")
        #expect(
          entry.citations.contains { $0.work == nil },
          "\(chapter.name): \(entry.claim) has no part of the paper")
      }
      #expect(index.entries.count == html.components(separatedBy: "class=\"mark\"").count - 1)
    }
    #expect(page.components(separatedBy: "<tr><td>").count - 1 == count)
  }

  @Test("A check without seeds, without a fault or without a line can't be listed")
  func incomplete() throws {
    let chapter = try ChapterFolder.all()[5]
    let table = try Mutation.table(of: 6, in: ChapterFolder.package)
    func complaint(_ change: (inout [[String: Any]], inout String) -> Void) throws -> String {
      try withTemporaryFolder { folder in
        let own = folder.appendingPathComponent("chapters/\(chapter.name)")
        let faults = folder.appendingPathComponent("Tests/ChapterTests/Mutations")
        for place in [own, faults] {
          try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
          at: chapter.page, to: own.appendingPathComponent("README.md"))
        var list = table.map {
          [
            "check": $0.check, "seeds": $0.seeds!, "file": $0.file, "replace": $0.replace,
            "by": $0.by,
          ]
            as [String: Any]
        }
        var source = try String(
          contentsOf: chapter.url.appendingPathComponent("main.swift"), encoding: .utf8)
        change(&list, &source)
        try Data(source.utf8).write(to: own.appendingPathComponent("main.swift"))
        try JSONSerialization.data(withJSONObject: list)
          .write(to: faults.appendingPathComponent("chapter06.json"))
        do {
          _ = try ClaimIndex(ChapterFolder(number: 6, url: own), in: folder)
          return "nothing"
        } catch { return "\(error)" }
      }
    }
    #expect(try complaint { _, _ in } == "nothing")
    #expect(try complaint { list, _ in list[2]["seeds"] = nil }.contains("no number of seeds"))
    #expect(try complaint { list, _ in list.remove(at: 3) }.contains("no fault"))
    #expect(
      try complaint { _, source in
        source = source.replacing("At a hundredth of that rate", with: "At another rate")
      }.contains("no line"))
  }

  @Test("Each exercise shows its text, its hints and its command, and no solution")
  func exercises() throws {
    for folder in ExerciseFolder.all(in: ChapterFolder.package) {
      let html = try TestBook.html(folder.name, in: .english)
      for exercise in folder.exercises {
        #expect(html.contains("id=\"exercise-\(exercise.number)\""))
        #expect(html.contains("chapter\(folder.chapter) exercises \(exercise.number)<"))
      }
      #expect(
        html.components(separatedBy: "class=\"hint\"").count - 1
          == folder.exercises.reduce(0) { $0 + $1.hints.count })
      #expect(html.components(separatedBy: "throw").count > folder.exercises.count)
      #expect(!html.contains("end of solution"))
    }
  }

  @Test("A task is in Korean where all of it is translated, else marked as English")
  func tasks() throws {
    let folder = ExerciseFolder.all(in: ChapterFolder.package)[0]
    let messages = try folder.exercises.dropFirst().flatMap { try folder.task(of: $0).messages }
    let translations = POFile(entries: messages.map { POFile.Entry($0.id, $0.id) })
    let markdown = try folder.markdown(Language.korean.words, Catalog([translations]))
    #expect(markdown.components(separatedBy: "<div lang=\"en\">").count == 2)
    #expect(markdown.components(separatedBy: "<div>").count == folder.exercises.count)
  }

  @Test(
    "The page of everything has no playground, and says each time where it is",
    arguments: Language.allCases)
  func elsewhere(language: Language) throws {
    func places(_ name: String) throws -> Int {
      try TestBook.html(name, in: language).components(separatedBy: "class=\"playground-place\"")
        .count - 1
    }
    let html = try TestBook.html("all", in: language)
    #expect(!html.contains("class=\"playground"))
    let names = try TestBook.names(in: language)
    let expected = try names.reduce(0) { try $0 + places($1) }
    #expect(html.components(separatedBy: "<p class=\"elsewhere\">").count - 1 == expected)
    let isThere =
      Playground.fragment(page: "index", section: "resnet-by-hand", language: language) != nil
    #expect(
      html.contains("<a href=\"06-degradation.html#playground-train\">") == isThere)
  }

  @Test("The figures of Korean pages have Korean words, and room for them")
  func koreanFigures() throws {
    let english = try TestBook.html("06-degradation", in: .english)
    let korean = try TestBook.html("06-degradation", in: .korean)
    #expect(english.contains(">epoch</text>") && !korean.contains(">epoch</text>"))
    #expect(korean.contains(">에포크</text>") && korean.contains(">평균 풀링</text>"))
    let title = "일반 네트워크의 오차, 깊이별(점선: 훈련, 굵은 선: 테스트)"
    #expect(korean.contains("<title>\(title)</title>\n<desc>\(title)."))
    for name in try TestBook.names(in: .korean) {
      // Words for which there is no room are written narrower: shorter ones are better.
      #expect(try !TestBook.html(name, in: .korean).contains("textLength"), "\(name)")
    }
  }

  @Test("Nothing is loaded from elsewhere")
  func selfContained() throws {
    for language in Language.allCases {
      for name in try TestBook.names(in: language) {
        let html = try TestBook.html(name, in: language)
        for source in TestBook.values(of: "src", in: html) {
          #expect(["../book.js", "../figures.js", "../playground.js"].contains(source), "\(name)")
        }
        #expect(
          !html.contains("<img") && !html.contains("@import") && !html.contains("url("), "\(name)")
      }
    }
  }
}

@Suite("How the book's pages are made")
struct PageMakingTests {
  @Test("Without pandoc the message says what to install")
  func missing() {
    #expect { try Pandoc(path: "/nowhere") } throws: { "\($0)".contains("apt-get install pandoc") }
  }

  @Test("Formulas are counted outside of code only")
  func counting() {
    let page = """
      A $`x`$ and `$HOME`, $y_1$.

      ```math
      a = b
      ```

      ````text
      $`no`$
      ```math
      ````
      """
    #expect(Maths.count(in: page) == 3)
  }

  @Test("Brackets of a formula stay small unless TeX says otherwise")
  func brackets() {
    let bracket = "<mo stretchy=\"true\" form=\"prefix\">(</mo>"
    #expect(Maths.withPlainBrackets("<math >\(bracket)</math>").contains("stretchy=\"false\""))
    let tall = "<math >\(bracket)<annotation>\\left(</annotation></math>"
    #expect(Maths.withPlainBrackets(tall) == tall)
  }

  @Test("A claim's line is found through its interpolations")
  func literals() throws {
    let source = #"""
      // "not this"
      let a = 1
      chapter.check(
        "Plain-\(deepest) is \(f("x", 2)) \"so\"", true)
      """#
    let literal = try #require(StringLiteral.all(in: source).first)
    #expect(literal.line == 4)
    #expect(literal.pieces == ["Plain-", " is ", " \"so\""])
    #expect(literal.begins(#"Plain-56 is 3 "so": 4 points"#))
    #expect(literal.isWhole(#"Plain-56 is 3 "so""#))
    #expect(!literal.begins(#"Plain-56 is 3 "so" or not"#))
  }

  @Test("Citations are found in prose, lists of them too")
  func citations() {
    #expect(
      cited(in: "See sections 3.1 and 4.2, Figure 6, table 6 and equation (2).")
        == ["section 3.1", "section 4.2", "figure 6", "table 6", "equation 2"])
    #expect(cited(in: "Equations 1 to 4, and equation 1.") == ["equation 1–4", "equation 1"])
  }

  @Test("A citation is of the work that was named last")
  func works() {
    #expect(
      cited(
        in: """
          Equation 1. Goyal et al. (*Accurate, Large
          Minibatch SGD*, 2017, section 5.1) begin (their figure 1) as the paper's section 3.3
          doesn't. (Chan, Golub and LeVeque, 1983, equations 2.1.)
          """)
        == [
          "equation 1", "Accurate, Large Minibatch SGD: section 5.1",
          "Accurate, Large Minibatch SGD: figure 1", "section 3.3",
          "Chan, Golub and LeVeque 1983: equation 2.1",
        ])
    #expect(
      cited(in: "Vaswani et al. 2017, section 3.2; He et al. 2015, equation 1.")
        == ["Vaswani et al. 2017: section 3.2", "equation 1"])
    #expect(
      cited(in: "(*Dive into Deep Learning*, section 8.6, has a picture of *Plain* layers.)")
        == ["Dive into Deep Learning: section 8.6"])
  }

  private func cited(in prose: String) -> [String] {
    ClaimIndex.citations(in: prose).map { citation in
      (citation.work.map { $0 + ": " } ?? "") + "\(citation.part) \(citation.number)"
    }
  }

  @Test("A term of the glossary is written in several ways")
  func spellings() {
    #expect(Glossary.spellings("shortcut (skip connection)") == ["shortcut", "skip connection"])
    #expect(Glossary.spellings("projection (as a shortcut)") == ["projection"])
    #expect(Glossary.spellings("training set, test set") == ["training set", "test set"])
    #expect(Glossary.spellings("기울기(그레이디언트)") == ["기울기"])
    #expect(Glossary.spellings("(확률적) 경사 하강법") == ["경사 하강법"])
  }

  @Test("A term is linked where it is used first, and not within a longer one")
  func linking() throws {
    try #require(TestBook.hasPandoc)
    let pandoc = try Pandoc()
    let table = try pandoc.blocks(
      """
      | term | Korean | meaning |
      |---|---|---|
      | block | 블록 | Some layers. |
      | residual block | 잔차 블록 | Some layers with a shortcut. |
      """, page: "test")
    func linked(_ text: String, _ language: Language) throws -> String {
      let glossary = Glossary(english: table, blocks: table, language: language)
      let (blocks, _) = glossary.linking(try pandoc.blocks(text, page: "test"))
      return try pandoc.html(blocks, page: "test")
        .replacing(/<a href="glossary.html#([a-z-]+)"[^>]*>(?s)(.*?)<\/a>/) { "[\($0.2)|\($0.1)]" }
    }
    #expect(
      try linked("`block` (Residual blocks) and a residual block: a block, a block.", .english)
        == "<p><code>block</code> ([Residual blocks|residual-block]) and a residual block: a [block|block], a block.</p>\n"
    )
    #expect(try linked("잔차 블록은 블록이다.", .korean) == "<p>[잔차 블록|residual-block]은 [블록|block]이다.</p>\n")
  }

  @Test("The task of an exercise is its comment, and the rest is code")
  func parts() {
    let (text, code) = ExerciseFolder.parts(
      of:
        "import Kit\n\n/// Exercise 1 of chapter 2. Add.\n///\n/// Return `a`:\n/// - so\nfunc f() {\n}\n"
    )
    #expect(text == "Return `a`:\n- so")
    #expect(code == "import Kit\n\nfunc f() {\n}")
  }

  @Test(
    "The colours of text and code have a contrast of at least 4.5 on their ground, light and dark")
  func contrast() throws {
    let css = try String(
      contentsOf: ChapterFolder.package.appendingPathComponent("Sources/book/Site/book.css"),
      encoding: .utf8)
    var colors: [String: [[Double]]] = [:]
    for match in css.matches(of: /--([a-z]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)/) {
      colors[String(match.1)] = [match.2, match.3].map { hex in
        let value = Int(hex, radix: 16)!
        return [value >> 16, value >> 8 & 255, value & 255].map { Double($0) / 255 }
      }
    }
    func luminance(_ color: [Double]) -> Double {
      let linear = color.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    let grounds = ["page", "raised", "code"]
    let texts = [
      "ink", "soft", "link", "pass", "keyword", "type", "string", "number", "comment", "function",
    ]
    for (ground, text) in grounds.flatMap({ ground in texts.map { (ground, $0) } }) {
      for scheme in 0...1 {
        let pair = try [ground, text].map { luminance(try #require(colors[$0])[scheme]) }
        let ratio = (max(pair[0], pair[1]) + 0.05) / (min(pair[0], pair[1]) + 0.05)
        #expect(ratio >= 4.5, "\(text) on \(ground), \(scheme == 0 ? "light" : "dark"): \(ratio)")
      }
    }
  }
}

@Suite("The book's server")
struct BookServerTests {
  @Test("It gives the folder's files to this machine's browsers, and nothing else")
  func answers() throws {
    try withTemporaryFolder { outside in
      let folder = outside.appendingPathComponent("book")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("<p>hello</p>".utf8).write(to: folder.appendingPathComponent("index.html"))
      try Data("secret".utf8).write(to: outside.appendingPathComponent("secret"))
      try FileManager.default.createSymbolicLink(
        at: folder.appendingPathComponent("link"),
        withDestinationURL: outside.appendingPathComponent("secret"))
      let server = try BookServer(folder: folder, ports: 8100...8200)
      let port = server.address.dropFirst("http://127.0.0.1:".count).dropLast()
      func status(_ request: String, host: String? = nil) -> String {
        server.answer(to: "\(request) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n\r\n")
          .status
      }
      #expect(status("GET /") == "200 OK")
      #expect(status("GET /index.html?x=1") == "200 OK")
      #expect(status("GET /", host: "localhost:\(port)") == "200 OK")
      #expect(status("GET /", host: "evil.example:\(port)") == "403 Forbidden")
      #expect(status("GET /../secret") == "403 Forbidden")
      #expect(status("GET /%2e%2e/secret") == "403 Forbidden")
      #expect(status("GET /link") == "403 Forbidden")
      #expect(status("GET /nothing") == "404 Not Found")
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("inner"), withIntermediateDirectories: true)
      #expect(status("GET /inner") == "301 Moved Permanently")
      #expect(status("POST /") == "405 Method Not Allowed")
      #expect(server.answer(to: "GET\r\n\r\n").status == "400 Bad Request")
      #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
      #expect(status("GET /pipe") == "404 Not Found")
    }
  }

  @Test("A browser that takes no answer, or asks for none, doesn't keep the others waiting")
  func idle() throws {
    try withTemporaryFolder { folder in
      try Data(repeating: 0x20, count: 1 << 25).write(to: folder.appendingPathComponent("large"))
      let server = try BookServer(folder: folder, ports: 8100...8200, patience: 0.2)
      let host = server.address.dropFirst("http://".count).dropLast()
      for request in ["GET /large HTTP/1.1\r\nHost: \(host)\r\n\r\n", "GET /lar"] {
        #if os(Linux)
          let stream = Int32(SOCK_STREAM.rawValue)
        #else
          let stream = SOCK_STREAM
        #endif
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, stream, 0, &ends) == 0)
        let bytes = Array(request.utf8)
        #expect(write(ends[1], bytes, bytes.count) == bytes.count)
        server.serve(ends[0])
        for end in ends { close(end) }
      }
    }
  }
}
