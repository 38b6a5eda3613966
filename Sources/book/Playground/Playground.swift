/// What can be tried in the page: fragments of HTML for some pages, a script and a style for them.
enum Playground {
  /// What stands at the end of a section of a page, or nil.
  ///
  /// - Parameters:
  ///   - page: its name, such as `06-degradation`; that of the first page is `index`.
  ///   - section: the anchor of the section's heading, the same in all languages.
  static func fragment(page: String, section: String, language: Language) -> String? { nil }

  /// The file `playground.js`, which is loaded by pages that have a fragment; nil if there is none.
  static func script() throws -> String? { nil }

  /// Rules that are added to the book's style sheet.
  static let style = ""
}
