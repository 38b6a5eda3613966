import Files
import Foundation

/// The write-ahead log, without anything in it, and its index, that SQLite puts beside a store even to read it,
/// and that a connection which may only read, or which wrote nothing, leaves there.
enum EmptyLog {
  /// Removes both, unless another program uses them.
  ///
  /// - Parameters:
  ///   - path: the store, which this program has closed.
  ///   - open: opens it to write, and closes it. The last connection that may write takes the log with it.
  static func remove(beside path: String, _ open: (String) throws -> Void) {
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard FileKind(at: file + "-wal", followingLinks: false)?.status.st_size == 0,
      FileKind(at: file + "-journal", followingLinks: false) == nil, access(file, W_OK) == 0
    else { return }
    // What can't be tidied away does no harm.
    try? open(file)
  }
}
