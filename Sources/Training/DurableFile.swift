import Foundation

/// Replaces a file by new bytes, or leaves it as it was: no reader, and no crash, power cut or full disk,
/// ever finds half of it.
///
/// The bytes are written to `FILE.partial` and brought to the disk before that becomes the file.
///
/// - Throws: what the system says. `FILE.partial` is then gone again.
public func replaceFile(_ file: URL, with bytes: Data) throws {
  let partial = file.appendingPathExtension("partial")
  do {
    // Not written atomically by Foundation, which doesn't wait for the disk before it renames.
    let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw systemError() }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: bytes)
    try handle.synchronize()
    guard rename(partial.path, file.path) == 0 else { throw systemError() }
  } catch {
    try? FileManager.default.removeItem(at: partial)
    throw error
  }
  // The new name is on the disk only when the folder is.
  let folder = open(file.deletingLastPathComponent().path, O_RDONLY)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}

/// Why a file couldn't be written, in the system's words: Foundation keeps them beneath its own, which
/// often say nothing.
public func systemReason(_ error: any Error) -> String {
  let error = error as NSError
  let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  return cause.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
}

private func systemError() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
