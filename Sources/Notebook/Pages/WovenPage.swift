import Files
import Foundation

/// A page's files: `README.md` and `figures/*.svg` in one folder.
struct WovenPage {
  let markdown: String
  /// SVG documents by the name of their file, without its extension.
  let figures: [String: String]

  /// How a page begins that was woven, so that it is told from one that somebody wrote.
  static let beginning = "<!-- Woven from main.swift by "

  /// Writes the files, each in one step, so that a reader never meets half a file, and removes figures
  /// of the page that was woven there before which this one doesn't have. Other files stay.
  ///
  /// The page comes after its figures: it never refers to one that isn't there.
  ///
  /// - Parameter folder: is created if it doesn't exist.
  /// - Throws: `FileError`.
  func write(to folder: String) throws(FileError) {
    let page = URL(fileURLWithPath: folder, isDirectory: true)
    let gallery = page.appendingPathComponent("figures", isDirectory: true)
    let readme = page.appendingPathComponent("README.md")
    let old = Self.figures(of: readme)
    try makeFolder(figures.isEmpty ? page : gallery)
    for place in [page, gallery] { removeLeftovers(in: place) }
    for (name, svg) in figures {
      try writeOutput(Data(svg.utf8), to: gallery.appendingPathComponent("\(name).svg").path)
    }
    try writeOutput(Data(markdown.utf8), to: readme.path)
    for name in old where figures[name] == nil {
      let file = gallery.appendingPathComponent("\(name).svg")
      if FileKind(at: file.path, followingLinks: false) != nil { try removeFile(file) }
    }
  }

  /// The names of the figures that a woven page shows; none of any other file.
  private static func figures(of file: URL) -> Set<String> {
    guard FileKind(at: file.path)?.type == S_IFREG,
      let bytes = try? readFile(file.path, limit: 1 << 26)
    else { return [] }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix(beginning) else { return [] }
    return Set(text.matches(of: /\]\(figures\/([a-z0-9-]+)\.svg\)/).map { String($0.output.1) })
  }
}
