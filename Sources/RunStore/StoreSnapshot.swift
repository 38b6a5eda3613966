import Foundation
import GRDB

/// A copy of a store, to read one that lies in a folder where nothing can be written.
///
/// To read a database with a write-ahead log, SQLite needs a small file beside it in which readers and
/// writers agree. Where that can't be made, the store can't be opened even for reading.
final class StoreSnapshot: Sendable {
  /// The copy.
  let path: String
  private let folder: URL

  /// Whether a store could not be opened for want of that file.
  static func helps(against error: DatabaseError, path: String) -> Bool {
    [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
      && FileManager.default.isReadableFile(atPath: path)
  }

  /// Copies the store at `path`, its write-ahead log too, to a temporary folder.
  init(of path: String) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("run-store-\(UUID().uuidString)")
    self.path = folder.appendingPathComponent("runs.sqlite").path
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
      let contents = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
      try contents.write(to: URL(fileURLWithPath: self.path + suffix))
    }
  }

  deinit { remove() }

  /// Removes the copy.
  func remove() {
    try? FileManager.default.removeItem(at: folder)
  }
}
