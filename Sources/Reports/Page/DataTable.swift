/// A table of a page, in a frame that scrolls sideways where there is no room.
struct DataTable {
  /// A column: its heading, and what is in it.
  struct Column {
    let name: String
    var kind = Kind.text
    /// Whether it is printed too.
    var isOnPaper = true

    enum Kind: String {
      case text
      case verdict
      case number
      case drawing
    }

    /// How the style sheet knows it.
    var classes: String { kind.rawValue + (isOnPaper ? "" : " screen") }
  }

  /// A cell; the first of a row is its heading.
  struct Cell {
    let content: HTML
    /// The number as it stands in the table that can be saved.
    var value: String?

    init(_ content: HTML, value: String? = nil) { (self.content, self.value) = (content, value) }
    init(_ text: String) { self.init(.text(text)) }
  }

  let caption: String
  let columns: [Column]
  let rows: [[Cell]]
  /// Whether it may be so long that on a screen it has a frame of its own.
  var isLong = false

  func html(_ labels: Labels) -> HTML {
    let heads = columns.map {
      HTML.element("th", ["scope": "col", "class": $0.classes], [.text($0.name)])
    }
    let body = rows.map { row in
      HTML.element(
        "tr", [:],
        row.indices.map { index in
          let attributes: KeyValuePairs<String, String?> = [
            "class": columns[index].classes, "data-value": row[index].value,
            "scope": index == 0 ? "row" : nil,
          ]
          return index == 0
            ? .element("th", attributes, [row[index].content])
            : .element("td", attributes, [row[index].content])
        })
    }
    return .element(
      "div",
      [
        "class": isLong ? "scroll long" : "scroll", "role": "group", "tabindex": "0",
        "aria-label": Labels.fill(labels.scrolls, caption),
      ],
      [
        .element(
          "table", [:],
          [
            .element("caption", [:], [.text(caption)]),
            .element("thead", [:], [.element("tr", [:], heads)]), .element("tbody", [:], body),
          ])
      ]) + .newline
  }
}

extension HTML {
  static func + (first: HTML, second: HTML) -> HTML { .all([first, second]) }
}
