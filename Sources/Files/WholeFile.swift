import Foundation

/// Reads a file, whole. A pipe or device is read to its end.
///
/// - Parameters:
///   - path: the file.
///   - limit: the most bytes it may have.
/// - Throws: `FileError` if it isn't there, is a folder, can't be read or is larger.
public func readFile(_ path: String, limit: Int = .max) throws(FileError) -> Data {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(.read, path, errno) }
  let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  guard FileKind(of: descriptor)?.type != S_IFDIR else { throw FileError(.read, path, EISDIR) }
  var bytes = Data()
  do {
    while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
      bytes.append(part)
      guard bytes.count <= limit else {
        throw FileError(
          .read, path, reason: "it has more than \(limit) bytes", remedy: "Check what it is.")
      }
    }
  } catch let error as FileError {
    throw error
  } catch {
    throw FileError(.read, path, error)
  }
  return bytes
}

/// Writes all bytes to an open file, pipe or device, however little it takes at a time.
///
/// - Parameter name: what it is called in the error.
/// - Throws: `FileError`.
public func writeAll(
  _ bytes: Data, to descriptor: Int32, called name: String
) throws(FileError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let part = [UInt8](rest.prefix(1 << 20))
    let count = write(descriptor, part, part.count)
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if errno == EAGAIN {
      // Somebody else has set it not to wait.
      var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&wanted, 1, -1)
    } else if errno != EINTR {
      throw FileError(.write, name, errno)
    }
  }
}

/// Replaces a file by new bytes, or leaves it as it was: no reader, and no crash, power cut or full disk,
/// ever finds half of it.
///
/// For a file of the program's own: a link of that name is replaced too. What the user named is written
/// by ``writeOutput(_:to:)``.
///
/// - Throws: `FileError`; nothing new is then left.
public func replaceFile(_ file: URL, with bytes: Data) throws(FileError) {
  do {
    let new = try TemporaryFile(in: file.deletingLastPathComponent())
    try new.write(bytes)
    try new.move(to: file)
  } catch {
    throw error.about(file.path)
  }
}

/// Makes a folder, and those that it lies in, unless it is there.
///
/// - Throws: `FileError`.
public func makeFolder(_ folder: URL) throws(FileError) {
  try makeFolder(folder.path)
}

private func makeFolder(_ path: String) throws(FileError) {
  var result = mkdir(path, 0o777)
  if result != 0, errno == ENOENT, folder(of: path) != path {
    do {
      try makeFolder(folder(of: path))
    } catch {
      throw error.about(path)
    }
    result = mkdir(path, 0o777)
  }
  let code = errno
  guard result == 0 || FileKind(at: path)?.type == S_IFDIR else {
    throw FileError(.make, path, code)
  }
}

/// Removes a file, or a link and not what it leads to.
///
/// - Throws: `FileError`.
public func removeFile(_ file: URL) throws(FileError) {
  guard unlink(file.path) == 0 else { throw FileError(.remove, file.path, errno) }
}

extension FileError {
  /// The same about the file that a temporary one was for.
  func about(_ path: String) -> FileError {
    FileError(action, path, reason: reason, remedy: remedy, code: code)
  }
}
