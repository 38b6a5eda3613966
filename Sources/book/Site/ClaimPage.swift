/// The page of all checks: a table for each chapter.
struct ClaimPage {
  /// A chapter's checks, with its title and its checks in the language of the page.
  struct Part {
    let index: ClaimIndex
    let title: String
    /// The lines of the page in the language; as many as the index has entries.
    let checks: [String]
  }

  let parts: [Part]
  let words: Words

  /// The page.
  func page(_ pandoc: Pandoc) throws -> WebPage {
    // Every claim and every measurement is a paragraph of one document.
    let texts = parts.flatMap { part in
      zip(part.index.entries, part.checks).flatMap { entry, text -> [String] in
        let measured = text.hasSuffix(entry.measured) ? entry.measured : ""
        let claim = measured.isEmpty ? text : String(text.dropLast(measured.count + 2))
        return [claim, measured.isEmpty ? "–" : measured]
      }
    }
    var paragraphs = try pandoc.blocks(texts.joined(separator: "\n\n"), page: "claims")[...]
    guard paragraphs.count == texts.count else {
      throw Figure.Failure(
        description: "A claim isn't a paragraph: \(paragraphs.count) of \(texts.count).")
    }
    let count = parts.reduce(0) { $0 + $1.index.entries.count }
    var blocks: [JSON] = [
      .html("<h1 id=\"claims\">\(words.claims.escaped)</h1>"),
      .html("<p>\(words.claimsNote.replacing("{0}", with: "\(count)").escaped)</p>"),
    ]
    for part in parts {
      let head = [
        words.claim, words.measured, words.seeds, words.fault, words.line, words.paper,
      ].map { "<th scope=\"col\">\($0.escaped)</th>" }.joined()
      let name = part.index.chapter.name
      blocks.append(
        .html(
          "<h2 id=\"claims-\(part.index.chapter.number)\"><a href=\"\(name).html\">\(part.title.escaped)</a></h2>"
            + "<div class=\"scroll\"><table class=\"claims\"><thead><tr>\(head)</tr></thead><tbody>"
        ))
      for entry in part.index.entries {
        let (claim, measured) = (paragraphs.removeFirst(), paragraphs.removeFirst())
        blocks += [
          .html("<tr><td><a href=\"\(name).html#check-\(entry.number)\">"),
          .element("Plain", claim.content), .html("</a></td><td>"),
          .element("Plain", measured.content),
          .html("</td><td>\(seeds(entry.seeds))</td>\(fault(entry.fault))\(rest(entry))</tr>"),
        ]
      }
      blocks.append(.html("</tbody></table></div>"))
    }
    let maths = JSON.list(blocks).replacing { [Maths.forPandoc($0)] }.list
    return WebPage(
      name: "claims", chapter: nil, title: words.claims,
      headings: parts.map {
        .init(level: 2, id: "claims-\($0.index.chapter.number)", text: $0.title)
      },
      html: try pandoc.html(maths, page: "claims"),
      places: [
        .init(
          page: "claims", title: words.claims, anchor: "claims", heading: "",
          text: words.claimsNote.replacing("{0}", with: "\(count)"))
      ])
  }

  private func seeds(_ count: Int) -> String {
    count == 0 ? words.nothingRandom.escaped : "\(count)"
  }

  /// What was there, and what is planted in its place.
  private func fault(_ fault: Mutation) -> String {
    func lines(_ text: String, _ mark: String, _ tag: String) -> String {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return lines.map { "<\(tag)>\(mark) \($0.escaped)</\(tag)>" }.joined(separator: "\n")
    }
    let file = fault.file.split(separator: "/").last ?? ""
    return """
      <td><details><summary>\(file)</summary><pre title="\(fault.file.escaped)"><code>\
      \([lines(fault.replace, "−", "del"), lines(fault.by, "+", "ins")].filter { !$0.isEmpty }.joined(separator: "\n"))\
      </code></pre></details></td>
      """
  }

  private func rest(_ entry: ClaimIndex.Entry) -> String {
    "<td>\(entry.line.file):\(entry.line.number)</td><td>\(html(entry.citations))</td>"
  }

  /// `section 4.2, figure 6; Goyal et al. 2017: section 5.1`.
  private func html(_ citations: [ClaimIndex.Citation]) -> String {
    var works: [String?] = []
    for citation in citations where !works.contains(citation.work) { works.append(citation.work) }
    return works.map { work in
      let name = work.map { "<span lang=\"en\">\($0.escaped)</span>: " } ?? ""
      let parts = citations.filter { $0.work == work }.map {
        words.citations[$0.part]!.replacing("{0}", with: $0.number)
      }
      return name + parts.joined(separator: ", ")
    }.joined(separator: "; ")
  }
}
