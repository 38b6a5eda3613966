import Foundation
import GRDB

extension RunStoreError {
  /// Puts what SQLite reports into a sentence about the store.
  ///
  /// - Parameters:
  ///   - error: what was thrown while the store was used.
  ///   - path: the store's file.
  ///   - patience: how long another process was waited for, in seconds.
  init(_ error: any Error, path: String, patience: Double) {
    if let error = error as? RunStoreError {
      self = error
      return
    }
    if error is RowDecodingError || error is DecodingError {
      self = .damaged(path: path, reason: "a row holds what this program never writes")
      return
    }
    guard let fault = error as? DatabaseError else {
      self = .sqlite(path: path, reason: "\(error)")
      return
    }
    let reason = fault.message ?? "SQLite error \(fault.extendedResultCode.rawValue)"
    switch fault.resultCode {
    case .SQLITE_NOTADB: self = .notADatabase(path: path)
    case .SQLITE_CORRUPT: self = .damaged(path: path, reason: reason)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path, seconds: patience)
    case .SQLITE_TOOBIG:
      self = .foreignSchema(path: path, what: "something in it is too long to be read")
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_IOERR: self = .disk(path: path, reason: reason)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      let exists = FileManager.default.fileExists(atPath: path)
      let readable = FileManager.default.isReadableFile(atPath: path)
      self = exists && !readable ? .unreadable(path: path) : .readOnly(path: path)
    default: self = .sqlite(path: path, reason: reason)
    }
  }
}
