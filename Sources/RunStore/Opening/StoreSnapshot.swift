import Files
import Foundation
import GRDB

/// A copy of a store, to read one that lies in a folder where nothing can be written, or on a file system without
/// shared memory.
///
/// To read a database with a write-ahead log, SQLite needs a small file beside it in which readers and
/// writers agree, and which all of them have in their memory. Where that can't be, the store can't be opened even
/// for reading.
final class StoreSnapshot: Sendable {
  /// The copy.
  let path: String
  private let folder: TemporaryFolder

  /// Whether a store could not be opened for want of that file.
  static func helps(against error: DatabaseError, path: String) -> Bool {
    ([.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) || error.isWantOfSharedMemory)
      && FileManager.default.isReadableFile(atPath: path)
  }

  /// Copies the store at `path`, its write-ahead log too, to a temporary folder, which goes with this value,
  /// and after a kill at the next time that such a folder is made.
  ///
  /// - Throws: `RunStoreError.notCopied`.
  init(of path: String) throws(RunStoreError) {
    do {
      folder = try TemporaryFolder()
      self.path = folder.url.appendingPathComponent("runs.sqlite").path
      let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: file + suffix) {
        try FileManager.default.copyItem(atPath: file + suffix, toPath: self.path + suffix)
      }
    } catch {
      throw .notCopied(path: path, reason: systemReason(error))
    }
  }

  deinit { remove() }

  /// Removes the copy.
  func remove() {
    try? FileManager.default.removeItem(at: folder.url)
  }
}

extension DatabaseError {
  /// Whether a file system can't do what processes need to agree on a write-ahead log.
  var isWantOfSharedMemory: Bool {
    let codes: [ResultCode] = [
      .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP, .SQLITE_IOERR_SHMLOCK,
    ]
    return codes.contains(extendedResultCode)
  }
}
