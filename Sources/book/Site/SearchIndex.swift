/// What search looks through, as a script: a page that was opened as a file can't fetch anything else.
struct SearchIndex {
  let language: Language
  let places: [WebPage.Place]

  /// A call with rows of: the page's name, its title, an anchor, the section's heading, its text.
  var script: String {
    let rows = places.map { place in
      "["
        + [place.page, place.title, place.anchor, place.heading, place.text].map(scriptText)
        .joined(separator: ",") + "]"
    }
    return "bookIndex('\(language.rawValue)', [\n\(rows.joined(separator: ",\n"))\n]);\n"
  }
}
