import Foundation

/// Keeps a folder for one program, so that a second one that would write the same files is refused and the
/// first one isn't disturbed.
///
/// The lock is on the file `.lock` in the folder, which says whose it is. The system gives it up when the
/// program ends, however that ends: what `kill -9` leaves is a file without a lock.
public final class FolderLock {
  /// Why a folder can't be had.
  public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another program has it: `process 4711 on this machine, since 10:03`.
    case taken(folder: String, owner: String)
    /// It can't be made or written to.
    case unusable(FileError)

    /// Who has it, or what is wrong with it.
    public var description: String {
      switch self {
      case .taken(let folder, let owner): "The folder \(folder.visible) is in use by \(owner)."
      case .unusable(let error): error.description
      }
    }
  }

  /// The folder.
  public let folder: URL
  private var descriptor: Int32

  /// Takes a folder, which is made if it isn't there.
  ///
  /// Where the file system has no locks, it is taken without one.
  ///
  /// - Throws: `Refusal`.
  public init(_ folder: URL) throws(Refusal) {
    self.folder = folder
    descriptor = try Self.take(folder)
  }

  /// Gives the folder up, and removes it if nothing else is in it.
  public func removeFolderIfEmpty() {
    guard isHeld else { return }
    unlink(Self.file(in: folder))
    rmdir(folder.path)
  }

  deinit {
    // Still locked: nobody else can have this very file, and it is told from a new one of the same name.
    if isHeld { unlink(Self.file(in: folder)) }
    close(descriptor)
  }

  /// Takes the folder again if it was removed or replaced meanwhile.
  ///
  /// - Throws: `Refusal` if that can't be, or another program was faster.
  public func renew() throws(Refusal) {
    guard !isHeld else { return }
    let new = try Self.take(folder)
    close(descriptor)
    descriptor = new
  }

  private var isHeld: Bool {
    guard let held = FileKind(of: descriptor),
      let there = FileKind(at: Self.file(in: folder), followingLinks: false)
    else { return false }
    return held.isSame(as: there)
  }

  /// The name of the file in the folder that is locked.
  public static let name = ".lock"

  private static func file(in folder: URL) -> String {
    folder.appendingPathComponent(name).path
  }

  private static func take(_ folder: URL) throws(Refusal) -> Int32 {
    let path = file(in: folder)
    while true {
      do {
        try makeFolder(folder)
      } catch {
        throw .unusable(error)
      }
      let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o666)
      guard descriptor >= 0 else {
        // Removed between the two steps, by whoever gave the folder up.
        if errno == EINTR || errno == ENOENT && FileKind(at: folder.path) == nil { continue }
        throw .unusable(FileError(.write, path, errno).about(folder.path))
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        defer { close(descriptor) }
        throw .taken(folder: folder.path, owner: owner(descriptor))
      }
      guard let held = FileKind(of: descriptor),
        FileKind(at: path, followingLinks: false)?.isSame(as: held) == true
      else {
        close(descriptor)
        continue
      }
      sign(descriptor)
      return descriptor
    }
  }

  /// Writes down whose the lock is, for those who are refused.
  private static func sign(_ descriptor: Int32) {
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "d MMMM yyyy, HH:mm"
    let process = ProcessInfo.processInfo
    let owner =
      "process \(process.processIdentifier) on \(process.hostName) since \(format.string(from: Date()))"
    try? handle.truncate(atOffset: 0)
    try? handle.write(contentsOf: Data(owner.utf8))
  }

  private static func owner(_ descriptor: Int32) -> String {
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
    let bytes = (try? handle.read(upToCount: 200)) ?? Data()
    guard let text = String(data: bytes, encoding: .utf8), text.hasPrefix("process ") else {
      return "another program"
    }
    return text.visible
  }
}
