import Files
import Foundation

/// What was wrong with a file of a data set: which file, where in it, what was expected and found,
/// and the way out.
public struct DatasetError: Error, Equatable, CustomStringConvertible {
  /// What kind of thing went wrong.
  public enum Fault: Equatable, Sendable {
    /// The file isn't there.
    case missing
    /// The file is there, but reading it failed.
    case unreadable
    /// The file's first bytes are not those of the format.
    case format
    /// The file ends before the data that its header announces.
    case truncated
    /// The file goes on after the data that its header announces.
    case oversized
    /// The header announces an extent of zero, or more elements than fit in an integer.
    case extent
    /// Two files or folders that belong together don't agree, or are the same.
    case mismatch
    /// A pixel or a label lies outside its range.
    case range
    /// The bytes are not those that the file's own checksum was made from.
    case checksum
    /// There is no data set of this name.
    case unknown
  }

  /// The kind of fault.
  public let fault: Fault
  /// The path of the file.
  public let file: String
  /// The position in the file, in bytes, where there is one.
  public let offset: Int?
  /// What should have been there.
  public let expected: String
  /// What was there instead.
  public let found: String
  /// What the reader can do about it.
  public let remedy: String

  /// One sentence with what was expected and found, and one with the way out.
  public var description: String {
    // Names of files, and what stands in them, may hold anything.
    if fault == .unknown { return "There is no data set `\(file)`: expected \(expected).".visible }
    let place = offset.map { "\(file), byte \($0)" } ?? file
    return "\(place): expected \(expected), found \(found). \(remedy)".visible
  }
}

extension DatasetError {
  /// A file that doesn't begin as it should: called by its name if that is known.
  init(wrongFormat bytes: [UInt8], file: String, expected: String, remedy: String) {
    let format = FileFormat(startingWith: bytes)
    self.init(
      fault: .format, file: file, offset: 0, expected: expected,
      found: format?.name ?? hexadecimal(bytes.prefix(4)), remedy: format?.remedy ?? remedy)
  }

  /// A file or folder that can't be read.
  ///
  /// - Parameter remedy: the way out if nothing is there.
  init(_ error: FileError, expected: String, remedy: String? = nil) {
    let isNothing = error.reason == SystemFault(ENOENT).reason
    self.init(
      fault: error.code == ENOENT ? .missing : .unreadable, file: error.path, offset: nil,
      expected: expected, found: isNothing ? "nothing there" : "that \(error.reason)",
      remedy: (isNothing ? remedy : nil) ?? error.remedy)
  }
}
