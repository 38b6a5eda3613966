/// A page of the book, ready to be put into its frame.
struct WebPage {
  struct Heading: Equatable {
    let level: Int
    let id: String
    /// Without formatting.
    let text: String
  }

  /// What search finds: a section, or a term.
  struct Place: Encodable {
    let page: String
    let title: String
    let anchor: String
    let heading: String
    let text: String
  }

  let name: String
  let chapter: Int?
  let title: String
  /// Those below the title.
  let headings: [Heading]
  /// Everything below the header, the title included.
  let html: String
  let places: [Place]
  /// Whether the playground's script is needed.
  var hasPlayground = false
}
