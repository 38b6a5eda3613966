import Foundation

/// Why a file or folder can't be read, written, made, locked or removed.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried.
  public enum Action: String, Sendable {
    /// Reading a file, or the names in a folder.
    case read
    /// Writing or replacing a file.
    case write = "written"
    /// Making a folder.
    case make = "made"
    /// Keeping a folder for one program.
    case lock = "locked"
    /// Removing a file or folder.
    case remove = "removed"
  }

  /// What was tried.
  public let action: Action
  /// On which file or folder, as the user named it.
  public let path: String
  /// Why it failed, to be put after a colon.
  public let reason: String
  /// What helps, a sentence of its own.
  public let remedy: String
  /// The system's number of the fault, such as `ENOSPC`; nil if the system has nothing against it.
  public let code: Int32?

  /// The file, the reason and the way out, in a sentence or two.
  public var description: String {
    "\(path.visible) can't be \(action.rawValue): \(reason). \(remedy)"
  }

  /// An error with words of its own.
  public init(
    _ action: Action, _ path: String, reason: String, remedy: String, code: Int32? = nil
  ) {
    (self.action, self.path, self.reason, self.remedy) = (action, path, reason, remedy)
    self.code = code
  }

  /// The error with a number of the system. Looks at the path to say which part of it is at fault.
  public init(_ action: Action, _ path: String, _ code: Int32) {
    let fault = SystemFault(code)
    let (reason, remedy) = Self.cause(action, path, code) ?? (fault.reason, fault.remedy)
    self.init(action, path, reason: reason, remedy: remedy, code: code)
  }

  /// What a look at the path adds to the system's number.
  private static func cause(
    _ action: Action, _ path: String, _ code: Int32
  ) -> (reason: String, remedy: String)? {
    let parents = parents(of: path)
    switch code {
    case ENOENT where action == .read:
      guard FileKind(at: path, followingLinks: false) != nil else { return nil }
      return ("it is a link to something that isn't there", "Name the file itself.")
    case ENOENT:
      guard let missing = parents.last(where: { FileKind(at: $0) == nil }) else { return nil }
      return (
        "there is no folder \(missing.visible)", "Make that folder first, or name another."
      )
    case ENOTDIR, EEXIST:
      let parts = action == .make || action == .lock ? [path] + parents : parents
      guard
        let file = parts.last(where: { part in
          FileKind(at: part).map { $0.type != S_IFDIR } ?? false
        })
      else { return nil }
      let name = file == path ? "it" : file.visible
      return ("\(name) is a file, not a folder", "Name a folder.")
    case EACCES:
      let remedy = SystemFault(code).remedy
      if let closed = parents.last(where: { FileKind(at: $0) != nil && access($0, X_OK) != 0 }) {
        return ("you may not enter the folder \(closed.visible)", remedy)
      }
      if action == .read { return ("you may not read it", remedy) }
      if FileKind(at: path) != nil { return ("you may not write to it", remedy) }
      let folder = parents.first { FileKind(at: $0) != nil } ?? "."
      return ("you may not write to the folder \(folder.visible)", remedy)
    default: return nil
    }
  }

  /// The error beneath one that a function of Foundation threw.
  public init(_ action: Action, _ path: String, _ error: any Error) {
    if let code = systemCode(error) {
      self.init(action, path, code)
    } else {
      let fault = SystemFault(error)
      self.init(action, path, reason: fault.reason, remedy: fault.remedy)
    }
  }

  /// The folders that a path leads through, the nearest first.
  private static func parents(of path: String) -> [String] {
    var parents: [String] = []
    var path = path
    while true {
      let parent = folder(of: path)
      if parent == path { return parents }
      parents.append(parent)
      if parent == "." { return parents }
      path = parent
    }
  }
}

/// The folder that holds a file: what stands before the last slash, `.` if there is none.
///
/// A slash is one too where the name behind it begins with an accent, with which it is one character.
func folder(of path: String) -> String {
  var parts = path.unicodeScalars[...]
  while parts.count > 1, parts.last == "/" { parts.removeLast() }
  guard let slash = parts.lastIndex(of: "/") else { return "." }
  parts = parts[..<slash]
  while parts.last == "/" { parts.removeLast() }
  return parts.isEmpty ? "/" : String(parts)
}

/// The names that a path consists of.
func names(in path: String) -> [String] {
  path.unicodeScalars.split(separator: "/").map { String($0) }
}
