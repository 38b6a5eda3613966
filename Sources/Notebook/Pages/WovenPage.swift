import Files
import Foundation

/// A page's files: `README.md` and `figures/*.svg` in one folder.
struct WovenPage {
  let markdown: String
  /// SVG documents by the name of their file, without its extension.
  let figures: [String: String]

  /// Writes the files, each in one step, so that a reader never meets half a file, and removes figures
  /// of an earlier page that this one doesn't have.
  ///
  /// The page comes after its figures: it never refers to one that isn't there.
  ///
  /// - Parameter folder: is created if it doesn't exist.
  /// - Throws: `FileError`.
  func write(to folder: String) throws(FileError) {
    let page = URL(fileURLWithPath: folder, isDirectory: true)
    let gallery = page.appendingPathComponent("figures", isDirectory: true)
    try makeFolder(figures.isEmpty ? page : gallery)
    for place in [page, gallery] { removeLeftovers(in: place) }
    for (name, svg) in figures {
      try writeOutput(Data(svg.utf8), to: gallery.appendingPathComponent("\(name).svg").path)
    }
    try writeOutput(Data(markdown.utf8), to: page.appendingPathComponent("README.md").path)
    let files = FileManager.default
    for file in (try? files.contentsOfDirectory(atPath: gallery.path)) ?? []
    where file.hasSuffix(".svg") && figures[String(file.dropLast(4))] == nil {
      let old = gallery.appendingPathComponent(file)
      do {
        try files.removeItem(at: old)
      } catch {
        throw FileError(.remove, old.path, error)
      }
    }
  }
}
