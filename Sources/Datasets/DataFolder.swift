import Files
import Foundation

/// A folder in which the files of a data set are looked for. Upper and lower case make no difference: that
/// is how some file systems have it, and some archives.
struct DataFolder {
  let url: URL
  /// What is in it, in the order of the names; hidden entries are left out.
  let names: [String]

  /// Looks into a folder.
  ///
  /// - Throws: `DatasetError` if there is none, it can't be read, or a name in it isn't text.
  init(_ url: URL, expected: String = "a folder", remedy: String? = nil) throws(DatasetError) {
    self.url = url
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: url.path)
        .filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      // Foundation doesn't say so.
      let isFile = FileKind(at: url.path).map { $0.type != S_IFDIR } ?? false
      throw DatasetError(
        isFile ? FileError(.read, url.path, ENOTDIR) : FileError(.read, url.path, error),
        expected: expected, remedy: remedy)
    }
    // What the system can't decode comes with this character in it, and then can't be opened.
    if let name = names.first(where: { $0.contains("\u{FFFD}") }) {
      throw DatasetError(
        fault: .format, file: url.path, offset: nil, expected: "names as text in UTF-8",
        found: name, remedy: "Rename it.")
    }
  }

  /// An entry by its name, or by one that differs in case only; nil if there is none.
  func entry(_ name: String) -> URL? {
    let found =
      names.contains(name) ? name : names.first { $0.lowercased() == name.lowercased() }
    return found.map { url.appendingPathComponent($0) }
  }

  /// The folder of that path below this one; nil if there is none.
  func folder(_ path: String) -> DataFolder? {
    var folder = self
    for part in path.split(separator: "/") {
      guard let next = folder.entry(String(part)), let inner = try? DataFolder(next) else {
        return nil
      }
      folder = inner
    }
    return folder
  }

  /// What is in it, for a message: `train.csv, raw (a folder) and 3 more`.
  var contents: String {
    if names.isEmpty { return "an empty folder" }
    let shown = names.prefix(8).map { name in
      Self.isFolder(url.appendingPathComponent(name)) ? "\(name) (a folder)" : name
    }
    let rest = names.count - shown.count
    return rest > 0
      ? "\(shown.joined(separator: ", ")) and \(rest) more"
      : "only \(shown.joined(separator: ", "))"
  }

  /// Whether a path leads to a folder, through links as well.
  static func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// What keeps a path from being followed: nothing there, or a link to nothing or in a circle.
  static func obstacle(_ url: URL) -> FileError? {
    access(url.path, F_OK) == 0 ? nil : FileError(.read, url.path, errno)
  }
}
