import Foundation

/// A page's files: `README.md` and `figures/*.svg` in one folder.
struct WovenPage {
  let markdown: String
  /// SVG documents by the name of their file, without its extension.
  let figures: [String: String]

  /// Writes the files, each under a temporary name first, so that a reader never meets half a file,
  /// and removes figures of an earlier page that this one doesn't have.
  ///
  /// The page comes after its figures: it never refers to one that isn't there.
  ///
  /// - Parameter folder: is created if it doesn't exist.
  /// - Throws: ``WeavingError`` if a file can't be written or removed.
  func write(to folder: String) throws(WeavingError) {
    let page = URL(fileURLWithPath: folder, isDirectory: true)
    let gallery = page.appendingPathComponent("figures", isDirectory: true)
    do {
      let files = FileManager.default
      try files.createDirectory(at: page, withIntermediateDirectories: true)
      if !figures.isEmpty {
        try files.createDirectory(at: gallery, withIntermediateDirectories: true)
      }
      for (name, svg) in figures {
        try Data(svg.utf8).write(
          to: gallery.appendingPathComponent("\(name).svg"), options: .atomic)
      }
      try Data(markdown.utf8).write(to: page.appendingPathComponent("README.md"), options: .atomic)
      guard files.fileExists(atPath: gallery.path) else { return }
      for file in try files.contentsOfDirectory(atPath: gallery.path)
      where file.hasSuffix(".svg") && figures[String(file.dropLast(4))] == nil {
        try files.removeItem(at: gallery.appendingPathComponent(file))
      }
    } catch {
      throw WeavingError(folder: folder, reason: error.localizedDescription)
    }
  }
}

/// A page couldn't be written.
struct WeavingError: Error, CustomStringConvertible {
  let folder: String
  let reason: String

  var description: String {
    "The page could not be woven into \(folder): \(reason) "
      + "Give --weave a folder you may write to, on a disk with space left."
  }
}
