import Foundation

/// Writes a file that the user named, such as with `--output`: where the path leads, all of it or nothing.
///
/// - A link is followed, also to a file that isn't there yet.
/// - A file that is there is replaced in one step and keeps its owner and mode. Where that can't be done (it
///   has several names, it belongs to somebody else, its folder can't be written to), its content is replaced.
/// - A pipe or device is written to; `/dev/stdout` is this program's output.
///
/// - Throws: `FileError`.
public func writeOutput(_ bytes: Data, to path: String) throws(FileError) {
  try checkOutput(path)
  do {
    let place = try resolved(path)
    if let own = ownStream(place) {
      return try write(bytes, into: dup(own))
    }
    guard let kind = FileKind(at: place) else { return try writeNew(bytes, to: place) }
    if kind.type == S_IFREG, try replace(place, kind, with: bytes) { return }
    try write(bytes, into: open(place, O_WRONLY | O_CLOEXEC), over: kind.type == S_IFREG)
  } catch {
    throw error.about(path)
  }
}

/// Says before a long computation what would keep its result from being written.
///
/// - Throws: `FileError` if the path names a folder, leads through a folder that isn't there, or may not be
///   written to.
public func checkOutput(_ path: String) throws(FileError) {
  guard !path.isEmpty else {
    throw FileError(.write, "An output without a name", ENOENT)
  }
  if ownStream(path) != nil { return }
  if FileKind(at: path)?.type == S_IFDIR { throw FileError(.write, path, EISDIR) }
  if path.hasSuffix("/") {
    throw FileError(
      .write, path, reason: "a name that ends with / is that of a folder", remedy: "Name a file.")
  }
  // Asked of the path itself, not of where it leads: the system may not want this link to be followed.
  var status = stat()
  if stat(path, &status) == 0 {
    if access(path, W_OK) != 0 { throw FileError(.write, path, errno) }
    return
  }
  guard errno == ENOENT else { throw FileError(.write, path, errno) }
  let place = try resolved(path)
  if access(folder(of: place), W_OK | X_OK) != 0 {
    throw FileError(.write, place, errno).about(path)
  }
}

/// A file where there is none.
private func writeNew(_ bytes: Data, to place: String) throws(FileError) {
  let new = try TemporaryFile(in: URL(fileURLWithPath: folder(of: place), isDirectory: true))
  try new.write(bytes)
  try new.move(to: URL(fileURLWithPath: place))
  removeLeftovers(in: URL(fileURLWithPath: folder(of: place)))
}

/// Puts a new file in the place of one that is there; false if it would become another's or lose a name.
private func replace(_ place: String, _ kind: FileKind, with bytes: Data) throws(FileError) -> Bool
{
  guard kind.status.st_nlink == 1 else { return false }
  let new: TemporaryFile
  do {
    new = try TemporaryFile(
      in: URL(fileURLWithPath: folder(of: place), isDirectory: true), mode: 0o600)
  } catch {
    // A file may be written to in a folder that may not.
    return false
  }
  let descriptor = new.handle.fileDescriptor
  let owner = FileKind(of: descriptor)?.status
  if owner?.st_uid != kind.status.st_uid || owner?.st_gid != kind.status.st_gid,
    fchown(descriptor, kind.status.st_uid, kind.status.st_gid) != 0
  {
    return false
  }
  guard fchmod(descriptor, kind.status.st_mode & 0o7777) == 0 else { return false }
  try new.write(bytes)
  do {
    try new.move(to: URL(fileURLWithPath: place))
  } catch {
    // Such as another's file in a folder where everybody may write, or a file that is mounted.
    if let code = error.code, [EPERM, EACCES, EBUSY].contains(code) { return false }
    throw error
  }
  removeLeftovers(in: URL(fileURLWithPath: folder(of: place)))
  return true
}

/// Writes into a pipe or device, or over what an open file has, and closes it.
private func write(_ bytes: Data, into descriptor: Int32, over: Bool = false) throws(FileError) {
  guard descriptor >= 0 else { throw FileError(.write, "", errno) }
  defer { close(descriptor) }
  try writeAll(bytes, to: descriptor, called: "")
  if over, ftruncate(descriptor, off_t(bytes.count)) != 0 || fsync(descriptor) != 0 {
    throw FileError(.write, "", errno)
  }
}

/// The stream of this program that a path such as `/dev/stdout` means.
func ownStream(_ path: String) -> Int32? {
  switch path {
  case "/dev/stdout": return STDOUT_FILENO
  case "/dev/stderr": return STDERR_FILENO
  default:
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }
}
