import Commands
import Exercises
import Foundation

/// Makes pages of the book from Markdown, in one language.
struct PageBuilder {
  let language: Language
  let pages: [PageSource]
  let package: URL
  let pandoc: Pandoc
  let glossary: Glossary

  private var words: Words { language.words }

  /// A page.
  ///
  /// - Parameters:
  ///   - blocks: the page's, with formulas as pandoc takes them.
  ///   - english: those of the English page, which decide the anchors.
  ///   - exercises: the blocks of the chapter's exercises.
  func page(
    _ source: PageSource, blocks: [JSON], english: [JSON], exercises: [JSON] = []
  ) throws -> WebPage {
    var places = Places(source, glossary: source.name == "glossary" ? glossary : nil)
    let anchors = english.filter { $0.kind == "Header" }.map { $0.content.list[1].list[0].string }
    var result: [JSON] = []
    var headings: [WebPage.Heading] = []
    var (title, section, hasPlayground, isWaiting) = ("", "", false, !exercises.isEmpty)
    func endSection() {
      guard
        let fragment = Playground.fragment(
          page: source.name, section: section, language: language)
      else { return }
      hasPlayground = true
      result.append(.html(fragment))
    }
    let own = blocks.filter { $0.kind != "RawBlock" || !($0.rawHTML ?? "").hasPrefix("<!--") }
    let headers = own.filter { $0.kind == "Header" }
    guard headers.count == anchors.count else {
      throw Figure.Failure(
        description:
          "\(source.path) has \(headers.count) headings in \(language.name), not \(anchors.count).")
    }
    let (linked, terms) = source.name == "glossary" ? (own, []) : glossary.linking(own)
    var header = 0
    for block in asked(linked) {
      guard block.kind == "Header" else {
        places.add(block)
        result.append(block)
        if isWaiting, block.kind == "Table", section == "exercises" {
          result += exercises
          isWaiting = false
        }
        continue
      }
      let level = Int(block.content.list[0].value as? Int ?? 1)
      let id = anchors[header]
      let text = block.content.list[2].plainText
      header += 1
      if level < 3 { endSection() }
      places.begin(id, level == 1 ? "" : text, title: level == 1 ? text : title)
      if level == 1 {
        title = text
      } else {
        headings.append(.init(level: level, id: id, text: text))
      }
      if level < 3 { section = id }
      let line =
        level == 1 ? block.content.list[2] : .list([link(block.content.list[2], to: "#\(id)")])
      result.append(
        .element(
          "Header",
          .list([block.content.list[0], .list([.text(id), .list([]), .list([])]), line])))
    }
    endSection()
    if isWaiting {
      throw Figure.Failure(description: "\(source.path) has no table of its exercises.")
    }
    result += previews(terms)
    result = try finished(result, of: source)
    return WebPage(
      name: source.name, chapter: source.chapter, title: title, headings: headings,
      html: try pandoc.html(result, page: source.path), places: places.all,
      hasPlayground: hasPlayground)
  }

  private func link(_ inlines: JSON, to target: String) -> JSON {
    .element(
      "Link",
      .list([
        .list([.text(""), .list([.text("self")]), .list([])]), inlines,
        .list([.text(target), .text("")]),
      ]))
  }

  /// The meanings of the terms that the page links, hidden until one is pointed at.
  private func previews(_ terms: [Glossary.Term]) -> [JSON] {
    terms.isEmpty
      ? []
      : [.html("<div hidden>")]
        + terms.flatMap { term -> [JSON] in
          [
            .html("<p id=\"term-\(term.id)\">"), .element("Plain", term.meaning), .html("</p>"),
          ]
        } + [.html("</div>")]
  }

  // MARK: Questions

  /// The blocks with each question to answer before running as a form: a paragraph that begins in bold, choices, and
  /// a folded answer.
  private func asked(_ blocks: [JSON]) -> [JSON] {
    var result: [JSON] = []
    var index = 0
    var count = 0
    while index < blocks.count {
      let next = Array(blocks[index..<min(index + 5, blocks.count)])
      guard next.count == 5, next[0].kind == "Para", next[0].content.list.first?.kind == "Strong",
        next[1].kind == "OrderedList", next[2].rawHTML?.hasPrefix("<details>") == true,
        next[3].kind == "Para", next[4].rawHTML?.hasPrefix("</details>") == true
      else {
        result.append(blocks[index])
        index += 1
        continue
      }
      count += 1
      let choices = next[1].content.list[1].list.map { $0.list.first?.content ?? .list([]) }
      let answer = choices.firstIndex { $0.plainText == next[3].content.plainText }
      result.append(
        .html(
          "<form class=\"predict\" data-answer=\"\(answer.map(String.init) ?? "")\"><fieldset><legend>"
        ))
      result.append(.element("Plain", next[0].content))
      result.append(.html("</legend>"))
      for (place, choice) in choices.enumerated() {
        result.append(
          .html("<label><input type=\"radio\" name=\"predict\(count)\" value=\"\(place)\"><span>"))
        result.append(.element("Plain", choice))
        result.append(.html("</span></label>"))
      }
      result.append(
        .html("</fieldset><button>\(words.compare.escaped)</button><output></output></form>"))
      result += next[2...]
      index += 5
    }
    return result
  }

  // MARK: Links, figures, tables, checks

  private func finished(_ blocks: [JSON], of source: PageSource) throws -> [JSON] {
    var failure: (any Error)?
    var checks = 0
    let rowAnchors = source.name == "glossary" ? glossary.anchors : []
    var row = 0
    func figure(
      _ path: String, _ alternative: String? = nil, description: String? = nil
    ) -> String {
      do {
        let file = source.resolve(path)
        let owner = pages.first { $0.owns(file) } ?? source
        let catalog = try owner.translations(in: language)
        return try Figure(
          package.appendingPathComponent(file), alternative: alternative, description: description
        ) { catalog.plain($0, .caption) }.svg
      } catch let error {
        failure = error
        return ""
      }
    }
    let result = JSON.list(blocks).replacing { element in
      switch element.kind {
      case "RawInline", "RawBlock":
        let html = element.rawHTML ?? ""
        if html.hasPrefix("<!--") { return [] }
        guard let image = html.wholeMatch(of: /<img src="([^"]+)" alt="([^"]+)"[^>]*>/) else {
          return [element]
        }
        return [
          .inlineHTML(
            "<span class=\"thumbnail\">\(figure(String(image.1), String(image.2)))</span>")
        ]
      case "Link":
        let target = element.content.list[2].list[0].string
        if target.hasPrefix("glossary.html#") { return [element] }
        guard let address = source.address(of: target, in: pages) else {
          return element.content.list[1].list
        }
        return [
          .element(
            "Link",
            .list([
              element.content.list[0], element.content.list[1],
              .list([.text(address), element.content.list[2].list[1]]),
            ]))
        ]
      case "Image":
        let path = element.content.list[2].list[0].string
        let text = element.content.list[1].plainText
        // A description that a page gives itself is the better one there. A chapter's is the figure's, in the
        // language of the page.
        let drawing =
          path.hasPrefix("figures/")
          ? figure(path, description: language == .english ? nil : text) : figure(path, text)
        return [.inlineHTML("<span class=\"figure\">\(drawing)</span>")]
      case "Table":
        var table = element
        if !rowAnchors.isEmpty { table = identified(table, rowAnchors, &row) }
        return [.html("<div class=\"scroll\">"), named(table), .html("</div>")]
      case "BulletList":
        // A list of checks right behind another list is one with it.
        let items = element.content.list
        var result: [JSON] = []
        var start = 0
        while start < items.count {
          let isCheck = mark(of: items[start]) != nil
          let end = items[start...].firstIndex { (mark(of: $0) != nil) != isCheck } ?? items.count
          let run = items[start..<end]
          if isCheck {
            result.append(.html("<div class=\"checks\">"))
            let list = run.map { item in
              checks += 1
              return check(item, number: checks)
            }
            result += [.element("BulletList", .list(list)), .html("</div>")]
          } else {
            result.append(.element("BulletList", .list(Array(run))))
          }
          start = end
        }
        return result
      default: return [element]
      }
    }
    if let failure { throw failure }
    return result.list
  }

  /// ✓ or ✗ if that is how an item of a list begins.
  private func mark(of item: JSON) -> String? {
    guard let first = item.list.first?.content.list.first, first.kind == "Str" else { return nil }
    return ["✓", "✗"].contains(first.content.string) ? first.content.string : nil
  }

  private func check(_ item: JSON, number: Int) -> JSON {
    let mark = mark(of: item) ?? ""
    let label = "\(mark == "✓" ? words.passed : "✗"): \(words.linkToCheck)"
    let link =
      "<a class=\"mark\" id=\"check-\(number)\" href=\"#check-\(number)\" aria-label=\"\(label.escaped)\">"
      + "\(mark)</a>"
    return .list([
      .element("Plain", .list([.inlineHTML(link)] + item.list[0].content.list.dropFirst(2)))
    ])
  }

  /// A table whose column of numbers has a name, too.
  private func named(_ table: JSON) -> JSON {
    var parts = table.content.list
    guard case .list(var head) = parts[3], case .list(let rows) = head[1] else { return table }
    head[1] = .list(
      rows.map { row in
        .list([
          row.list[0],
          .list(
            row.list[1].list.map { cell in
              guard cell.list[4].list.isEmpty else { return cell }
              let name = JSON.inlineHTML("<span class=\"unseen\">№</span>")
              return .list(cell.list.dropLast() + [.list([.element("Plain", .list([name]))])])
            }),
        ])
      })
    parts[3] = .list(head)
    return .element("Table", .list(parts))
  }

  /// A table whose rows have anchors.
  private func identified(_ table: JSON, _ anchors: [String], _ row: inout Int) -> JSON {
    var parts = table.content.list
    parts[4] = .list(
      parts[4].list.map { body in
        var body = body.list
        body[3] = .list(
          body[3].list.map { old in
            let anchor = row < anchors.count ? anchors[row] : ""
            row += 1
            return .list([.list([.text(anchor), .list([]), .list([])]), old.list[1]])
          })
        return .list(body)
      })
    return .element("Table", .list(parts))
  }
}

/// What search finds on a page, gathered block by block.
private struct Places {
  private(set) var all: [WebPage.Place] = []
  private let source: PageSource
  private let glossary: Glossary?
  private var isInCode = false

  init(_ source: PageSource, glossary: Glossary?) {
    self.source = source
    self.glossary = glossary
    all = (glossary?.terms ?? []).map {
      .init(
        page: "glossary", title: $0.title, anchor: $0.id, heading: $0.title,
        text: $0.meaning.plainText)
    }
  }

  mutating func begin(_ anchor: String, _ heading: String, title: String) {
    all.append(
      .init(page: source.name, title: title, anchor: anchor, heading: heading, text: ""))
  }

  mutating func add(_ block: JSON) {
    // A glossary's rows are places of their own.
    guard block.kind != "CodeBlock", !(glossary != nil && block.kind == "Table"),
      let last = all.last
    else { return }
    let text = block.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !text.isEmpty else { return }
    all[all.count - 1] = .init(
      page: last.page, title: last.title, anchor: last.anchor, heading: last.heading,
      text: last.text.isEmpty ? text : last.text + " " + text)
  }
}
