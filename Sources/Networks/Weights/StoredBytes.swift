import Files
import Foundation

/// The bytes of a file, or bytes in memory, of which some are read at a time.
///
/// Not mapped into memory: a mapped file that another program cuts off while it is read ends this one.
struct StoredBytes {
  private enum Place {
    case memory(Data)
    case file(FileHandle)
  }

  /// How many bytes there are.
  let count: Int
  private let place: Place

  /// Bytes in memory.
  init(_ bytes: Data) {
    place = .memory(bytes)
    count = bytes.count
  }

  /// Opens a file.
  ///
  /// - Throws: `FileError` if it isn't there, can't be read, or is a folder, a pipe or a device.
  init(of file: URL) throws(FileError) {
    let path = file.path
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: file.resolvingSymlinksInPath().path)
    let type = attributes?[.type] as? FileAttributeType
    if type == .typeDirectory {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      throw OtherFile.folder(path, names.sorted())
    }
    let inOrder = FileError(
      .read, path, reason: "it is a pipe or a device, and can't be read in any order",
      remedy: "Save what comes out of it as a file, and name that.")
    // Opening a pipe would wait for its other end. A link that leads nowhere can't be opened.
    if let type, type != .typeRegular, type != .typeSymbolicLink { throw inOrder }
    let handle: FileHandle
    do {
      handle = try FileHandle(forReadingFrom: file)
    } catch {
      throw FileError(.read, path, error)
    }
    guard let end = try? handle.seekToEnd() else { throw inOrder }
    (place, count) = (.file(handle), Int(end))
  }

  /// Some of the bytes.
  ///
  /// - Throws: `SafetensorsError` if they aren't there any more.
  func read(_ range: Range<Int>) throws(SafetensorsError) -> Data {
    let bytes = peek(range)
    guard bytes.count == range.count else {
      throw SafetensorsError(
        "it became shorter while it was read",
        remedy: "Wait until the program that writes it is done.")
    }
    return bytes
  }

  /// The bytes of a range that are there.
  func peek(_ range: Range<Int>) -> Data {
    switch place {
    case .memory(let bytes):
      return bytes.dropFirst(range.lowerBound).prefix(range.count)
    case .file(let handle):
      guard (try? handle.seek(toOffset: UInt64(range.lowerBound))) != nil else { return Data() }
      return (try? handle.read(upToCount: range.count)) ?? Data()
    }
  }

  /// The last bytes, up to 64 KiB.
  var end: Data { peek(max(0, count - 65_536)..<count) }
}
