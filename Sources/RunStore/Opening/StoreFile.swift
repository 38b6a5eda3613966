import Files
import Foundation

/// The file behind a store's path, looked at before SQLite does.
///
/// SQLite would wait for ever at a pipe, and follows what a journal beside the file says.
struct StoreFile: Equatable {
  private let kind: FileKind

  /// The file that a path leads to; nil if there is none.
  init?(at path: String) {
    guard let kind = FileKind(at: path) else { return nil }
    self.kind = kind
  }

  /// Whether nothing is in it.
  var isEmpty: Bool { kind.status.st_size == 0 }

  /// Whether both are the same file, whatever is in it.
  static func == (one: StoreFile, other: StoreFile) -> Bool { one.kind.isSame(as: other.kind) }

  /// Refuses what isn't a file, and a journal that would make SQLite delete another file.
  ///
  /// - Throws: `RunStoreError`.
  static func check(_ path: String) throws(RunStoreError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard let found = FileKind(at: path) else {
      let code = errno
      // Something that leads nowhere is a link.
      if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil {
        throw .notAFile(path: path, what: "a link that leads nowhere")
      }
      if code != ENOENT { throw .unreachable(FileError(.read, path, code)) }
      if FileKind(at: folder) == nil { throw .folderMissing(path: path, folder: folder) }
      return
    }
    if found.type == S_IFDIR { throw .isFolder(path: path) }
    try require(found, path)
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    for suffix in ["-journal", "-wal", "-shm"] {
      if let beside = FileKind(at: target + suffix, followingLinks: false) {
        try require(beside, target + suffix)
      }
    }
    if namesAnotherFile(journal: target + "-journal") {
      throw .damaged(path: path, reason: "the journal beside it belongs to several databases")
    }
  }

  /// Removes a store in which nothing is, and what SQLite put beside it.
  static func removeIfEmpty(_ path: String) {
    guard StoreFile(at: path)?.isEmpty == true else { return }
    for suffix in ["", "-journal", "-wal", "-shm"] {
      try? removeFile(URL(fileURLWithPath: path + suffix))
    }
  }

  private static func require(_ found: FileKind, _ path: String) throws(RunStoreError) {
    let kinds = [
      S_IFDIR: "a folder", S_IFIFO: "a pipe", S_IFSOCK: "a socket", S_IFCHR: "a device",
      S_IFBLK: "a device", S_IFLNK: "a link",
    ]
    if let kind = kinds[found.type] { throw .notAFile(path: path, what: kind) }
  }

  /// Whether a journal ends with the name of a "super-journal", which SQLite deletes when it has undone what
  /// the journal holds. This program never writes one (SQLite's file format, section 3, and `pager.c`).
  private static func namesAnotherFile(journal path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    guard let size = try? file.seekToEnd(), size >= 16, (try? file.seek(toOffset: size - 8)) != nil
    else { return false }
    let end = try? file.read(upToCount: 8)
    return end == Data([0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7])
  }
}
