/// What is around a page's text: the head, the bar above, contents at the side, the ways on.
struct Frame {
  /// An entry of the contents.
  struct Entry: Equatable {
    let name: String
    let title: String
    let chapter: Int?
  }

  let language: Language
  /// All languages that are built.
  let languages: [Language]
  /// All pages, in the order of the book.
  let entries: [Entry]

  private var words: Words { language.words }

  /// The whole file of a page.
  func document(_ page: WebPage) -> String {
    let index = entries.firstIndex { $0.name == page.name }
    let previous = index.flatMap { $0 > 0 ? entries[$0 - 1] : nil }
    let next = index.flatMap { $0 + 1 < entries.count ? entries[$0 + 1] : nil }
    let title = page.name == "index" ? words.book : "\(page.title) · \(words.book)"
    return """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)" data-page="\(page.name)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title.escaped)</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="../book.css">
      \(languages.count > 1 ? languages.map { "<link rel=\"alternate\" hreflang=\"\($0.rawValue)\" href=\"../\($0.rawValue)/\(page.name).html\">\n" }.joined() : "")\
      <script>
      document.documentElement.classList.add('script');
      try { document.documentElement.dataset.theme = localStorage.getItem('theme') || ''; } catch {}
      </script>
      </head>
      <body>
      <a class="skip" href="#ui-text">\(words.skip.escaped)</a>
      <header>
      <button id="ui-contents-button" class="needs-script" aria-expanded="false" aria-controls="ui-contents">\(words.contents.escaped)</button>
      <a class="home" href="index.html">\(words.book.escaped)</a>
      <span class="tools">
      <button id="ui-search-button" class="needs-script">\(words.search.escaped)</button>
      \(languageLinks(page))\
      <label class="needs-script"><span class="unseen">\(words.colours.escaped)</span>
      <select id="ui-theme"><option value="">\(words.asSystem.escaped)</option><option value="light">\(words.light.escaped)</option><option value="dark">\(words.dark.escaped)</option></select></label>
      </span>
      </header>
      <div class="book">
      <nav id="ui-contents" aria-label="\(words.contents.escaped)">
      \(contents(page))</nav>
      <main id="ui-text" tabindex="-1">
      <article>
      \(page.html)</article>
      <nav class="ways" aria-label="\(words.previous.escaped), \(words.next.escaped)">
      \(way(previous, "prev", words.previous))\(way(next, "next", words.next))</nav>
      </main>
      </div>
      <dialog id="ui-search" aria-label="\(words.search.escaped)">
      <form method="dialog">
      <label for="ui-query">\(words.searchHint.escaped)</label>
      <input id="ui-query" type="search" autocomplete="off" spellcheck="false">
      <button>\(words.close.escaped)</button>
      </form>
      <p id="ui-found" role="status"></p>
      <ol id="ui-places"></ol>
      </dialog>
      <script id="ui-words" type="application/json">\(json)</script>
      <script src="../book.js"></script>
      <script src="../figures.js"></script>
      \(page.hasPlayground ? "<script src=\"../playground.js\"></script>\n" : "")</body>
      </html>

      """
  }

  /// The same page in the other languages.
  private func languageLinks(_ page: WebPage) -> String {
    languages.filter { $0 != language }.map {
      "<a class=\"language\" lang=\"\($0.rawValue)\" hreflang=\"\($0.rawValue)\" "
        + "href=\"../\($0.rawValue)/\(page.name).html\">\($0.name)</a>\n"
    }.joined()
  }

  private func contents(_ page: WebPage) -> String {
    var html = "<ol>\n"
    for entry in entries {
      let isHere = entry.name == page.name
      html += "<li\(entry.name == firstAfterChapters ? " class=\"apart\"" : "")>"
      html +=
        "<a href=\"\(entry.name).html\"\(isHere ? " aria-current=\"page\"" : "")>\(entry.title.escaped)</a>"
      let headings = page.headings.filter { $0.level == 2 }
      if isHere, !headings.isEmpty {
        html += "\n<ol>\n"
        for heading in headings {
          html += "<li><a href=\"#\(heading.id)\">\(heading.text.escaped)</a></li>\n"
        }
        html += "</ol>\n"
      }
      html += "</li>\n"
    }
    return html + "</ol>\n"
  }

  private var firstAfterChapters: String? {
    entries.lastIndex { $0.chapter != nil }.flatMap {
      $0 + 1 < entries.count ? entries[$0 + 1].name : nil
    }
  }

  private func way(_ entry: Entry?, _ relation: String, _ word: String) -> String {
    guard let entry else { return "" }
    return "<a rel=\"\(relation)\" href=\"\(entry.name).html\"><small>\(word.escaped)</small> "
      + "\(entry.title.escaped)</a>\n"
  }

  /// The words that the script needs.
  private var json: String {
    let words: [(String, String)] = [
      ("found", words.found), ("nothingFound", words.nothingFound), ("copy", words.copy),
      ("copied", words.copied), ("asExpected", words.asExpected), ("otherwise", words.otherwise),
      ("explore", words.exploreFigure), ("linear", words.linear),
      ("logarithmic", words.logarithmic), ("series", words.series), ("scale", words.scale),
      ("dashed", words.dashed), ("seeds", words.shownSeed), ("seed", words.seed),
      ("mean", words.mean), ("allSeeds", words.allSeeds),
      ("figureHelp", words.figureHelp),
      ("languages", languages.map(\.rawValue).joined(separator: " ")),
    ]
    return "{" + words.map { "\"\($0.0)\": \(scriptText($0.1))" }.joined(separator: ", ") + "}"
  }
}

/// A text as JSON that can stand within a script.
func scriptText(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "<": result += "\\u003c"
    case "\u{2028}": result += "\\u2028"
    case "\u{2029}": result += "\\u2029"
    case _ where scalar.value < 32: result += " "
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
