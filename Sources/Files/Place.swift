import Foundation

/// A file or folder that a command reads or writes, as its user named it.
///
///     try checkPlaces(
///       reading: [Place(data, as: "--data")], writing: [Place(output, as: "--output")])
public struct Place: Hashable, Sendable, CustomStringConvertible {
  /// The path.
  public let path: String
  /// The option that named it; empty if a path says enough.
  public let name: String
  /// Whether the command reads it; if not, it is something that no output may replace.
  public let isRead: Bool

  /// A path, and the option that named it.
  public init(_ path: String, as name: String = "", isRead: Bool = true) {
    (self.path, self.name, self.isRead) = (path, name, isRead)
  }

  /// `--data flowers`.
  public var description: String { name.isEmpty ? path.visible : "\(name) \(path.visible)" }
}

/// Two places of one command, of which one would destroy the other.
public enum PlaceConflict: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is written is what is read.
  case replaces(Place, input: Place)
  /// What is written lies in a folder that is read.
  case inside(Place, input: Place)
  /// Two things would be written to one place.
  case twice(Place, Place)

  /// Which two, and what to do.
  public var description: String {
    switch self {
    case .replaces(let output, let input):
      "\(output) would replace \(input)\(input.isRead ? ", which is read" : ""). Give the output another name."
    case .inside(let output, let input):
      "\(output) lies in \(input), which is read. Name a place outside it."
    case .twice(let one, let other):
      "\(one) and \(other) are one place, and both are written. Give one of them another name."
    }
  }
}

/// Says before a command reads or writes anything which two of its places mustn't be as they are, through
/// links, `..`, further names of a file (hard links) and folders that are shown elsewhere (mounts) as well.
///
/// - Parameters:
///   - inputs: the files and folders that are read, of a folder all that is in it.
///   - outputs: those that are written; of a folder, files of its own are.
/// - Throws: `PlaceConflict` if an output is an input or another output, or lies in a folder that is read.
public func checkPlaces(reading inputs: [Place], writing outputs: [Place]) throws(PlaceConflict) {
  for (index, output) in outputs.enumerated() {
    for input in inputs {
      if isSameFile(output.path, input.path) { throw .replaces(output, input: input) }
      if lies(output.path, in: input.path) { throw .inside(output, input: input) }
    }
    for other in outputs[..<index] where isSameFile(output.path, other.path) {
      throw .twice(other, output)
    }
  }
}

/// Whether two paths lead to the same file, or would if it were written: through links, other spellings and
/// further names of one file (hard links).
public func isSameFile(_ one: String, _ other: String) -> Bool {
  // `folder/new/..` is the folder, though a system that looks for `new` finds nothing.
  func kind(_ path: String) -> FileKind? {
    FileKind(at: path) ?? FileKind(at: destination(of: path))
  }
  return switch (kind(one), kind(other)) {
  case (let one?, let other?): one.isSame(as: other)
  case (nil, nil): isSameName(destination(of: one), destination(of: other))
  default: false
  }
}

/// The same of paths at which nothing is.
private func isSameName(_ one: String, _ other: String) -> Bool {
  if one == other { return true }
  guard let here = FileKind(at: folder(of: one)), let there = FileKind(at: folder(of: other)) else {
    return false
  }
  return here.isSame(as: there)
    && names(in: one).last == names(in: other).last
}

/// Whether a path leads to a folder or into it, whether something is there or not.
///
/// Links in the folder count for nothing: who fills it may be somebody else.
public func leads(_ path: String, into folder: String) -> Bool {
  guard let kind = FileKind(at: folder) else { return false }
  var place = destination(of: path)
  while true {
    if FileKind(at: place).map(kind.isSame) ?? false { return true }
    if place == "/" { return false }
    place = Files.folder(of: place)
  }
}

/// Whether a file or folder is below a folder, or has a second name there.
private func lies(_ path: String, in folder: String) -> Bool {
  guard let kind = FileKind(at: folder), kind.type == S_IFDIR else { return false }
  let folders = [kind] + linkedFolders(in: folder, depth: 2)
  var above = destination(of: path)
  while above != "/" {
    above = Files.folder(of: above)
    if let found = FileKind(at: above), folders.contains(where: found.isSame) { return true }
  }
  guard let file = FileKind(at: destination(of: path)), file.type == S_IFREG,
    file.status.st_nlink > 1
  else {
    return false
  }
  let root = destination(of: folder)
  return FileManager.default.enumerator(atPath: root)?.contains { name in
    (name as? String).flatMap { FileKind(at: root + "/" + $0) }.map(file.isSame) ?? false
  } ?? false
}

/// The folders that links in a folder lead to, and in the folders within it: the classes of pictures may be
/// such.
private func linkedFolders(in folder: String, depth: Int) -> [FileKind] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.flatMap { name -> [FileKind] in
    let path = folder + "/" + name
    guard let own = FileKind(at: path, followingLinks: false),
      own.type == S_IFLNK || own.type == S_IFDIR, let kind = FileKind(at: path),
      kind.type == S_IFDIR
    else { return [] }
    let inner = depth > 1 ? linkedFolders(in: path, depth: depth - 1) : []
    return own.type == S_IFLNK ? [kind] + inner : inner
  }
}

/// The absolute path without links, `.` and `..` that a path leads to, whether something is there or not.
private func destination(of path: String) -> String {
  var place =
    path.unicodeScalars.first == "/" ? "/" : FileManager.default.currentDirectoryPath
  var rest = names(in: path)[...]
  var links = 0
  while let part = rest.popFirst() {
    switch part {
    case ".": continue
    case "..": place = folder(of: place)
    default:
      let next = (place == "/" ? "" : place) + "/" + part
      guard FileKind(at: next, followingLinks: false)?.type == S_IFLNK, links < 40,
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: next)
      else {
        place = next
        continue
      }
      links += 1
      if target.unicodeScalars.first == "/" { place = "/" }
      rest = names(in: target) + rest
    }
  }
  return place
}
