import Foundation
import Translation

/// A page of the book: where its Markdown is kept, and what its file is called.
struct PageSource {
  private let page: BookPage
  /// The page's name, that of its file without `.html`: `06-degradation`.
  let name: String

  /// All pages that are kept as Markdown, in the order of the book.
  static func all(in package: URL) throws -> [PageSource] {
    let sources = try BookPage.all(in: package).map { page in
      let file = page.path.split(separator: "/").last?.dropLast(".md".count).lowercased() ?? ""
      let isFirst = page.path == "README.md"
      return PageSource(page: page, name: page.chapter?.name ?? (isFirst ? "index" : file))
    }
    return sources.filter { $0.name == "index" } + sources.filter { $0.name != "index" }
  }

  /// The Markdown's file, from the package's folder: `chapters/06-degradation/README.md`.
  var path: String { page.path }

  /// The chapter's number, or nil.
  var chapter: Int? { page.chapter?.number }

  /// Its Markdown; what isn't translated is in English.
  func markdown(in language: Language) throws -> String {
    try language == .english ? page.markdown() : page.korean()
  }

  /// The translations of this page, of its figures and of its exercises; nothing in English.
  func translations(in language: Language) throws -> Catalog {
    language == .english ? Catalog() : Catalog(try page.translations())
  }

  /// Whether it is the page that a file, such as a figure, belongs to.
  func owns(_ file: String) -> Bool {
    chapter != nil && file.hasPrefix(path.dropLast("README.md".count))
  }

  /// Where a link of this page leads in the book; nil if it leads to a file that has no page.
  ///
  /// - Parameter pages: all pages of the book.
  func address(of target: String, in pages: [PageSource]) -> String? {
    guard !target.contains("://"), !target.hasPrefix("#"), !target.hasPrefix("mailto:") else {
      return target
    }
    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let file = resolve(String(parts[0]))
    guard let page = pages.first(where: { $0.path == file }) else { return nil }
    return page.name + ".html" + (parts.count > 1 ? "#\(parts[1])" : "")
  }

  /// The path of a file that this page names, from the package's folder.
  func resolve(_ target: String) -> String {
    var folders = path.split(separator: "/").dropLast().map(String.init)
    for step in target.split(separator: "/") where step != "." {
      if step == ".." { _ = folders.popLast() } else { folders.append(String(step)) }
    }
    return folders.joined(separator: "/")
  }
}
