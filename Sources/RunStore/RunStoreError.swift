import Files
import Foundation

/// What can go wrong with a store: what was read, what was expected, and what to do.
public enum RunStoreError: Error, Hashable, Sendable {
  /// The folder that the file should be in doesn't exist.
  case folderMissing(path: String, folder: String)
  /// A part of the path can't be entered, or isn't a folder.
  case unreachable(FileError)
  /// The path names a folder, not a file.
  case isFolder(path: String)
  /// The path names a pipe, a device or the like.
  case notAFile(path: String, what: String)
  /// There is no file to read.
  case missing(path: String)
  /// The file is a store in which nothing was ever recorded, or an empty file.
  case empty(path: String)
  /// The file isn't a SQLite database.
  case notADatabase(path: String)
  /// The file is a SQLite database of some other program.
  case notAStore(path: String)
  /// The tables aren't those that this program makes.
  case foreignSchema(path: String, what: String)
  /// A newer version of this package has written the store.
  case newerSchema(path: String, found: Int, known: Int)
  /// The file or its folder can't be written.
  case readOnly(path: String)
  /// The file was moved, removed or replaced while it was open.
  case replaced(path: String)
  /// The file lies in a folder where nothing can be written, and no copy to read can be made elsewhere.
  case notCopied(path: String, reason: String)
  /// The file can't be read.
  case unreadable(path: String)
  /// Another process kept the store to itself for too long.
  case locked(path: String, seconds: Double)
  /// There is no room left.
  case diskFull(path: String)
  /// The disk failed, or a limit on file sizes was met.
  case disk(path: String, reason: String)
  /// The file's contents are damaged.
  case damaged(path: String, reason: String)
  /// No run has this id.
  case unknownRun(id: String, path: String)
  /// Several runs' ids begin like this.
  case ambiguousRun(prefix: String, candidates: [String])
  /// The run has ended, nothing can be added to it.
  case runHasEnded(id: String, status: Run.Status)
  /// Another run has the name already.
  case nameTaken(name: String, run: String)
  /// The run's process is alive and may record.
  case stillRunning(id: String)
  /// The weights are larger than a store keeps.
  case weightsTooLarge(bytes: Int, limit: Int)
  /// The SQL would change the store, or isn't one question.
  case notAQuestion(reason: String)
  /// The question was stopped before it was answered.
  case stopped
  /// SQLite doesn't understand the SQL.
  case sql(reason: String)
  /// Anything else that SQLite reports.
  case sqlite(path: String, reason: String)
}

extension RunStoreError: CustomStringConvertible, LocalizedError {
  /// The sentence to show. Names and reasons that come from a file can't steer the terminal.
  public var description: String { sentence.visible }

  private var sentence: String {
    switch self {
    case .folderMissing(let path, let folder):
      "The run store \(path) can't be made: the folder \(folder) doesn't exist. Make it (mkdir -p), or name another file with --store FILE."
    case .unreachable(let error): "The run store \(error)"
    case .isFolder(let path):
      "The run store \(path) is a folder; a file was expected. Name a file in it, for instance --store \(path)/runs.sqlite."
    case .notAFile(let path, let what):
      "The run store \(path) is \(what); a file was expected. Name another with --store FILE."
    case .missing(let path):
      "There is no run store at \(path). Fill it with `swift run chapter9`, or name another file with --store FILE."
    case .empty(let path):
      "The run store \(path) is empty. Fill it with `swift run chapter9`, or name another file with --store FILE."
    case .notADatabase(let path):
      "The run store \(path) is not a SQLite database. Name another file with --store FILE, or move this one away and a new store is made."
    case .notAStore(let path):
      "\(path) is a SQLite database of another program, not a run store; it was left as it is. Name another file with --store FILE."
    case .foreignSchema(let path, let what):
      "The run store \(path) isn't as this program makes it: \(what). Nothing was done with it. Name another file with --store FILE, or ask whoever changed it."
    case .newerSchema(let path, let found, let known):
      "The run store \(path) has schema version \(found); this program knows versions up to \(known). Update the program (git pull), or name another file with --store FILE."
    case .readOnly(let path):
      "The run store \(path) can't be written: the file or its folder is read only. Allow writing (chmod u+w), or name another file with --store FILE."
    case .replaced(let path):
      "The run store \(path) was moved, removed or replaced while this program was using it. What was recorded until then is in the file that was there. Leave a store where it is while something is trained, or name another file with --store FILE."
    case .notCopied(let path, let reason):
      "The run store \(path) is in a folder that can't be written, so that a copy of it is read, and that can't be made: \(reason). Make room for temporary files, or copy the store to a folder of yours and name that with --store FILE."
    case .unreadable(let path):
      "The run store \(path) can't be opened: its permissions, or those of a folder above it, don't allow it. Allow reading (chmod u+r), or name another file with --store FILE."
    case .locked(let path, let seconds):
      "The run store \(path) is locked by another process; it was waited for \(seconds.formatted) s. Let that process finish or end it (an open `sqlite3` with a transaction, for instance), or name another file with --store FILE."
    case .diskFull(let path):
      "The run store \(path) can't grow: the disk is full. What was recorded before is safe. Make room, or name a file on another disk with --store FILE."
    case .disk(let path, let reason):
      "The run store \(path) can't be read or written (\(reason)). What was recorded before is kept as far as the disk kept it. Check the disk and the limit on file sizes (ulimit -f), or name another file with --store FILE."
    case .damaged(let path, let reason):
      "The run store \(path) is damaged (\(reason)). Save what can be read with `sqlite3 \(path) .recover`, and move the file away: a new store is made."
    case .unknownRun(let id, let path):
      "No run in \(path) has the id \(id). `swift run metrics list` shows the ids; the first few characters are enough."
    case .ambiguousRun(let prefix, let candidates):
      "\(candidates.count) runs have ids that begin with '\(prefix)': \(candidates.prefix(4).joined(separator: ", "))\(candidates.count > 4 ? ", …" : ""). Give more characters."
    case .runHasEnded(let id, let status):
      "The run \(id) has ended (\(status.rawValue)); only a running run can record and end. Begin a new run."
    case .nameTaken(let name, let run):
      "Another run is called '\(name)' already, \(run). Choose another name, or give that run another one first."
    case .stillRunning(let id):
      "The run \(id) is running: its process records in it. Wait for its end, or end that process, and try again."
    case .weightsTooLarge(let bytes, let limit):
      "The weights take \(bytes) bytes; the store keeps at most \(limit), those of small networks. Save them to a file of their own."
    case .notAQuestion(let reason):
      "This can't be answered: \(reason). Ask one question (SELECT, WITH, VALUES, EXPLAIN), which is answered on a read-only connection; to change a store use `sqlite3`, on a copy."
    case .stopped:
      "The question was stopped before it was answered: it took too long, or somebody stopped it."
    case .sql(let reason):
      "SQLite doesn't understand the question: \(reason). `swift run metrics schema` shows what can be asked about."
    case .sqlite(let path, let reason):
      "The run store \(path) couldn't be used: \(reason). Name another file with --store FILE, and please report this."
    }
  }

  /// The same sentence, for those who print `localizedDescription`.
  public var errorDescription: String? { description }
}

extension Double {
  /// Without a decimal point where none is needed.
  fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? String(self) }
}
