import Foundation

/// A new file under a random name, which takes its real name when it is complete.
///
/// The name can't be guessed, and no link that stands there is followed. The file is locked while its
/// program runs, so that what a killed program left is known as such and removed (``removeLeftovers(in:)``).
/// It is removed when this value goes, unless it was moved to its place.
public final class TemporaryFile {
  /// Where it is.
  public let url: URL
  /// To write to it.
  public let handle: FileHandle
  private var isThere = true

  /// Makes an empty file.
  ///
  /// - Parameters:
  ///   - folder: where; the folder that it shall be moved to in the end, since only then moving it is one step.
  ///   - mode: who may read and write it, less what the user's `umask` takes away.
  /// - Throws: `FileError` about the file in that folder.
  public init(in folder: URL, mode: mode_t = 0o666) throws(FileError) {
    while true {
      let url = folder.appendingPathComponent(temporaryName())
      let descriptor = open(
        url.path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
      guard descriptor >= 0 else {
        if errno == EEXIST || errno == EINTR { continue }
        throw FileError(.write, url.path, errno)
      }
      guard isKept(descriptor, at: url.path) else {
        close(descriptor)
        continue
      }
      self.url = url
      handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      return
    }
  }

  deinit { remove() }

  /// Writes at the end of what is there.
  ///
  /// - Throws: `FileError`.
  public func write(_ bytes: Data) throws(FileError) {
    try writeAll(bytes, to: handle.fileDescriptor, called: url.path)
  }

  /// Brings the bytes to the disk, and the file under its name, in one step that replaces what has the
  /// name. If that fails, the file is removed, and what had the name is still there.
  ///
  /// - Throws: `FileError`.
  public func move(to file: URL) throws(FileError) {
    // Some file systems have no such thing.
    if fsync(handle.fileDescriptor) != 0, errno != EINVAL, errno != ENOTSUP {
      throw FileError(.write, file.path, errno)
    }
    guard rename(url.path, file.path) == 0 else {
      throw FileError(.write, file.path, errno)
    }
    isThere = false
    synchronizeFolder(of: file)
  }

  /// Removes it, if it is still there.
  public func remove() {
    if isThere { unlink(url.path) }
    isThere = false
  }
}

/// A new folder under a random name, for one program alone; removed with all that is in it when this value
/// goes, and after a kill at the next start of a program that uses the same place.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let url: URL
  private let descriptor: Int32

  /// Makes an empty folder that only its owner may enter, and removes what killed programs left beside it.
  ///
  /// - Parameter folder: where; without it, where the system keeps such things.
  /// - Throws: `FileError` about the folder.
  public init(
    in folder: URL = FileManager.default.temporaryDirectory
  ) throws(FileError) {
    removeLeftovers(in: folder)
    while true {
      let url = folder.appendingPathComponent(temporaryName(), isDirectory: true)
      guard mkdir(url.path, 0o700) == 0 else {
        if errno == EEXIST || errno == EINTR { continue }
        throw FileError(.make, url.path, errno)
      }
      let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else {
        // Until it is locked, another program may take it for what a killed one left.
        if errno == ENOENT || errno == EINTR { continue }
        throw FileError(.make, url.path, errno)
      }
      guard isKept(descriptor, at: url.path) else {
        close(descriptor)
        continue
      }
      (self.url, self.descriptor) = (url, descriptor)
      return
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    close(descriptor)
  }
}

/// Removes the temporary files and folders in a folder whose programs have died, those of earlier versions
/// included; says nothing of what can't be removed.
///
/// - Parameter folder: the folder itself is looked at, not what is below.
public func removeLeftovers(in folder: URL) {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  for name in names {
    let path = folder.appendingPathComponent(name).path
    guard isTemporaryName(name) || isOfDeadProcess(name) || isOldSnapshot(name, path) else {
      continue
    }
    // Not waiting: it may be a pipe that somebody put there.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { continue }
    defer { close(descriptor) }
    guard let kind = FileKind(of: descriptor), [S_IFREG, S_IFDIR].contains(kind.type),
      flock(descriptor, LOCK_EX | LOCK_NB) == 0,
      FileKind(at: path, followingLinks: false)?.isSame(as: kind) == true
    else { continue }
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// A name that nobody can guess, with the mark of these programs.
private func temporaryName() -> String {
  let digits = String(UInt64.random(in: .min ... .max), radix: 16)
  return ".resnet-" + String(repeating: "0", count: 16 - digits.count) + digits + ".tmp"
}

private func isTemporaryName(_ name: String) -> Bool {
  name.hasPrefix(".resnet-") && name.hasSuffix(".tmp") && name.utf8.count == 28
    && name.dropFirst(8).dropLast(4).allSatisfy(\.isHexDigit)
}

/// Whether it is a folder for unpacking of a version that put its process's number into the name.
private func isOfDeadProcess(_ name: String) -> Bool {
  guard name.hasPrefix(".unpacking-"), let process = Int32(name.dropFirst(11)), process > 0 else {
    return false
  }
  return kill(process, 0) != 0 && errno == ESRCH
}

/// Whether it is the copy of a store that a version made which didn't lock it. One that is a day old has lost
/// its program: copies were made for a single question.
private func isOldSnapshot(_ name: String, _ path: String) -> Bool {
  guard name.hasPrefix("run-store-"), UUID(uuidString: String(name.dropFirst(10))) != nil,
    let kind = FileKind(at: path, followingLinks: false), kind.type == S_IFDIR,
    kind.status.st_uid == geteuid(),
    let names = try? FileManager.default.contentsOfDirectory(atPath: path),
    names.allSatisfy({ $0.hasPrefix("runs.sqlite") })
  else { return false }
  #if os(Linux)
    let changed = kind.status.st_mtim.tv_sec
  #else
    let changed = kind.status.st_mtimespec.tv_sec
  #endif
  return time(nil) - changed > 86_400
}

/// Locks a new file or folder for this program; false if another program took it for a leftover meanwhile.
private func isKept(_ descriptor: Int32, at path: String) -> Bool {
  if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
    // Where the file system has no locks nobody else gets one either, and nothing is taken for a leftover.
    return errno != EWOULDBLOCK
  }
  guard let kind = FileKind(of: descriptor) else { return false }
  return FileKind(at: path, followingLinks: false)?.isSame(as: kind) == true
}

/// A new name is on the disk only when its folder is.
func synchronizeFolder(of file: URL) {
  let folder = open(folder(of: file.path), O_RDONLY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}
