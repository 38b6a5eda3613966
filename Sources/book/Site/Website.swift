import Exercises
import Files
import Foundation
import Graders

/// The book as a folder of HTML files, made from the pages that are kept beside the chapters.
///
///     index.html  book.css  book.js  search-en.js
///     en/index.html  en/06-degradation.html …
struct Website {
  let package: URL
  let languages: [Language]

  /// Writes all files.
  ///
  /// - Returns: how many pages were written.
  func write(to folder: URL) throws -> Int {
    let pandoc = try Pandoc()
    let rules = try Figure.Rules(in: package)
    var count = 0
    for (language, pages) in zip(languages, try pagesOfAllLanguages(pandoc)) {
      let own = folder.appendingPathComponent(language.rawValue, isDirectory: true)
      try makeFolder(own)
      let frame = Frame(
        language: language, languages: languages,
        entries: pages.map { .init(name: $0.name, title: $0.title, chapter: $0.chapter) })
      for page in pages {
        try write(frame.document(page), to: own.appendingPathComponent("\(page.name).html"))
      }
      try write(
        SearchIndex(language: language, places: pages.flatMap(\.places)).script,
        to: folder.appendingPathComponent("search-\(language.rawValue).js"))
      count += pages.count
    }
    let own = package.appendingPathComponent("Sources/book/Site")
    let style = try String(contentsOf: own.appendingPathComponent("book.css"), encoding: .utf8)
    try write(
      style + "\n/* The figures. */\n" + rules.css + Playground.style,
      to: folder.appendingPathComponent("book.css"))
    for name in ["book.js", "figures.js"] {
      let script = try String(contentsOf: own.appendingPathComponent(name), encoding: .utf8)
      try write(script, to: folder.appendingPathComponent(name))
    }
    if let playground = try Playground.script() {
      try write(playground, to: folder.appendingPathComponent("playground.js"))
    }
    try write(entrance, to: folder.appendingPathComponent("index.html"))
    return count
  }

  private func write(_ text: String, to file: URL) throws {
    try writeOutput(Data(text.utf8), to: file.path)
  }

  /// Leads to the language of the reader's browser.
  private var entrance: String {
    let links = languages.map {
      "<li><a lang=\"\($0.rawValue)\" href=\"\($0.rawValue)/index.html\">\($0.name)</a></li>"
    }.joined(separator: "\n")
    let names = languages.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>ResNet by Hand</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="book.css">
      <script>
      const languages = [\(names)];
      const wanted = navigator.languages.map((name) => name.slice(0, 2)).find((name) => languages.includes(name));
      location.replace((wanted || languages[0]) + '/index.html');
      </script>
      </head>
      <body>
      <main class="entrance">
      <h1>ResNet by Hand</h1>
      <ul>
      \(links)
      </ul>
      </main>
      </body>
      </html>

      """
  }

  // MARK: Pages

  /// The pages of each language. The languages are made side by side, on a core each.
  private func pagesOfAllLanguages(_ pandoc: Pandoc) throws -> [[WebPage]] {
    let lock = NSLock()
    // It is only touched with the lock held.
    nonisolated(unsafe) var made: [Language: Result<[WebPage], any Error>] = [:]
    DispatchQueue.concurrentPerform(iterations: languages.count) { index in
      let pages = Result { try self.pages(in: languages[index], pandoc) }
      lock.withLock { made[languages[index]] = pages }
    }
    return try languages.map { try made[$0]!.get() }
  }

  /// All pages in the order of the book.
  func pages(
    in language: Language, _ pandoc: Pandoc
  ) throws -> [WebPage] {
    let sources = try PageSource.all(in: package)
    let english = try blocks(of: sources, in: .english, pandoc)
    let own = language == .english ? english : try blocks(of: sources, in: language, pandoc)
    let place = sources.firstIndex { $0.name == "glossary" }!
    let builder = PageBuilder(
      language: language, pages: sources, package: package, pandoc: pandoc,
      glossary: Glossary(english: english[place], blocks: own[place], language: language))
    let folders = ExerciseFolder.all(in: package)
    var pages: [WebPage] = []
    for (index, source) in sources.enumerated() {
      let folder = folders.first { $0.chapter == source.chapter }
      let exercises = try folder.map {
        try formulas(
          pandoc.blocks(
            $0.markdown(language.words, source.translations(in: language)),
            page: "exercises of \(source.path)"))
      }
      pages.append(
        try builder.page(
          source, blocks: own[index], english: english[index], exercises: exercises ?? []))
    }
    pages.insert(
      try claims(pages, sources, language, pandoc), at: pages.firstIndex { $0.name == "teaching" }!)
    pages.append(AllPages(pages: pages, words: language.words).page)
    return pages
  }

  private func claims(
    _ pages: [WebPage], _ sources: [PageSource], _ language: Language, _ pandoc: Pandoc
  ) throws -> WebPage {
    let parts = try ChapterFolder.all(in: package).map { chapter in
      let source = sources.first { $0.chapter == chapter.number }!
      return ClaimPage.Part(
        index: try ClaimIndex(chapter, in: package),
        title: pages.first { $0.chapter == chapter.number }!.title,
        checks: ClaimIndex.checks(on: try source.markdown(in: language)))
    }
    return try ClaimPage(parts: parts, words: language.words).page(pandoc)
  }

  private func blocks(
    of sources: [PageSource], in language: Language, _ pandoc: Pandoc
  ) throws -> [[JSON]] {
    try sources.map {
      try formulas(pandoc.blocks($0.markdown(in: language), page: $0.path))
    }
  }

  private func formulas(_ blocks: [JSON]) -> [JSON] {
    JSON.list(blocks).replacing { [Maths.forPandoc($0)] }.list
  }
}
