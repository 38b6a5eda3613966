/// All pages behind each other, to be printed or searched by the browser.
struct AllPages {
  let pages: [WebPage]
  let words: Words

  /// The page `all`. Anchors get the name of their page in front: `06-degradation` is where the chapter begins, and
  /// `06-degradation.what-happens` a section of it.
  var page: WebPage {
    WebPage(
      name: "all", chapter: nil, title: words.onePage,
      headings: pages.map { .init(level: 2, id: $0.name, text: $0.title) },
      html: "<h1>\(words.book.escaped)</h1>\n" + pages.map(section).joined(separator: "\n"),
      places: [])
  }

  private static let renamed = ["id=", "name=", "for=", "aria-describedby=", "href="]

  private func section(_ page: WebPage) -> String {
    let html = page.html.replacing(/<[a-z][^>]*>/) { tag -> String in
      let text = String(tag.output)
      // Most tags have none of these: lines of figures, the colours of code.
      if !Self.renamed.contains(where: text.contains) { return text }
      return text.replacing(/\ (id|name|for|aria-describedby)="([^"]*)"/) {
        " \($0.1)=\"\(page.name).\($0.2)\""
      }
      .replacing(/\ href="([^"]*)"/) { " href=\"\(address(String($0.1), on: page))\"" }
    }
    // There is one title, and all others are a level below it.
    let lowered = (1...4).reversed().reduce(html) { html, level in
      html.replacing("<h\(level)", with: "<h\(level + 1)")
        .replacing("</h\(level)>", with: "</h\(level + 1)>")
    }
    // Nothing is tried here: a sentence says where.
    let told = Playground.replaced(in: lowered) { id, name in
      let address = "\(page.name).html#\(id.dropFirst(page.name.count + 1))"
      let link = "<a href=\"\(address)\">\(name)</a>"
      return "<p class=\"elsewhere\">\(words.tryElsewhere.replacing("{0}", with: link))</p>"
    }
    return "<section id=\"\(page.name)\" class=\"whole\">\n\(told)</section>"
  }

  private func address(_ address: String, on page: WebPage) -> String {
    if address.hasPrefix("#") { return "#\(page.name).\(address.dropFirst())" }
    let parts = address.split(separator: "#", maxSplits: 1)
    guard let name = parts.first, name.hasSuffix(".html"),
      pages.contains(where: { $0.name == name.dropLast(5) })
    else { return address }
    return "#\(name.dropLast(5))" + (parts.count > 1 ? ".\(parts[1])" : "")
  }
}
