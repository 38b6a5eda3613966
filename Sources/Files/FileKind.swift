import Foundation

/// What stands at a path, as the system sees it.
package struct FileKind {
  /// `S_IFREG`, `S_IFDIR`, `S_IFIFO` …
  package var type: mode_t { status.st_mode & S_IFMT }
  /// Everything that the system says about it.
  package let status: stat

  /// Looks at a path; nil if nothing is there or it can't be reached.
  package init?(at path: String, followingLinks: Bool = true) {
    var status = stat()
    guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    self.status = status
  }

  /// Looks at an open file.
  init?(of descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.status = status
  }

  /// Whether both are the same file, whatever its names.
  package func isSame(as other: FileKind) -> Bool {
    status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
  }
}

/// Where a path leads if its last component is a link, or a link to a link; nothing need be there.
///
/// - Throws: `FileError` if the links lead in a circle.
func resolved(_ path: String) throws(FileError) -> String {
  var place = path
  for _ in 0..<40 {
    // What the system shows as a link to an open pipe leads nowhere that has a name.
    guard ownStream(place) == nil, FileKind(at: place).map({ $0.type == S_IFREG }) ?? true,
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place)
    else { return place }
    place = target.hasPrefix("/") ? target : folder(of: place) + "/" + target
  }
  throw FileError(.write, path, ELOOP)
}
