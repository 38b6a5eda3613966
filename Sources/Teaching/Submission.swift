import Exercises
import Files
import Foundation

/// What a student handed in: a folder or a zip, from which nothing is read but exercises' files.
public struct Submission: Sendable {
  /// Who handed it in: the name of the folder, or of the zip without its ending.
  public let student: String
  /// The folder or zip.
  public let url: URL

  /// A submission at a path.
  public init(_ url: URL) {
    self.url = url
    let name = url.lastPathComponent
    student = name.lowercased().hasSuffix(".zip") ? String(name.dropLast(4)) : name
  }

  /// The submissions in a folder, by student, and what else is there and isn't one, each a sentence.
  ///
  /// A folder that has a folder `chapters` is a submission itself.
  ///
  /// - Throws: `FileError`, ``TeachingError/badFolder(_:reason:)``.
  public static func all(in folder: URL) throws -> (submissions: [Submission], ignored: [String]) {
    guard let kind = FileKind(at: folder.path) else {
      throw TeachingError.badFolder(folder.path, reason: "it isn't there. Check the name.")
    }
    guard kind.type == S_IFDIR else {
      let zip = Submission(folder)
      if isZip(folder.path), isName(zip.student) { return ([zip], []) }
      throw TeachingError.badFolder(folder.path, reason: "it is neither a folder nor a zip.")
    }
    if FileKind(at: folder.appendingPathComponent("chapters").path)?.type == S_IFDIR {
      return ([Submission(folder.resolvingSymlinksInPath())], [])
    }
    var (submissions, ignored): ([String: Submission], [String]) = ([:], [])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      guard !name.hasPrefix(".") else { continue }
      let url = folder.appendingPathComponent(name)
      switch FileKind(at: url.path, followingLinks: false)?.type {
      case S_IFDIR: break
      case S_IFREG where isZip(name): break
      case S_IFLNK:
        ignored.append("\(name.visible) is a link, and links aren't followed.")
        continue
      default:
        ignored.append("\(name.visible) is neither a folder nor a zip.")
        continue
      }
      let submission = Submission(url)
      if let other = submissions[submission.student] {
        ignored.append(
          "\(name.visible) and \(other.url.lastPathComponent.visible) are of the same student; "
            + "the first of them isn't graded.")
        continue
      }
      submissions[submission.student] = submission
    }
    return (submissions.values.sorted { $0.student < $1.student }, ignored)
  }

  /// Whether a student's name can be that of a folder.
  static func isName(_ name: String) -> Bool {
    // By scalars: with a combining mark behind it a slash is another character.
    !["", ".", ".."].contains(name)
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\0" }
  }

  static func isZip(_ name: String) -> Bool { name.lowercased().hasSuffix(".zip") }

  /// Reads the files of exercises.
  ///
  /// - Parameters:
  ///   - folders: the chapters whose exercises are read.
  ///   - unzipping: what `unzip` may do.
  /// - Throws: ``TeachingError/unreadable(_:)`` if nothing of it can be used.
  public func texts(
    of folders: [ExerciseFolder], unzipping: any Confinement
  ) throws -> SubmittedTexts {
    if Self.isZip(url.lastPathComponent) {
      return try SubmittedZip(at: url, unzipping: unzipping).texts(of: folders)
    }
    let paths = folders.flatMap { folder in folder.exercises.map { folder.submittedPath(of: $0) } }
    var texts = SubmittedTexts()
    let roots = Self.roots(in: url, with: paths)
    if roots.isEmpty, let zip = onlyZip() {
      return try SubmittedZip(at: zip, unzipping: unzipping).texts(of: folders)
    }
    guard roots.count == 1 else {
      throw TeachingError.unreadable(
        roots.isEmpty
          ? "It has no folder `chapters` with exercises' files in it."
          : "It has \(roots.count) folders `chapters` with exercises' files in them, not one.")
    }
    for folder in folders {
      for exercise in folder.exercises {
        switch Self.read(folder.submittedPath(of: exercise), in: roots[0]) {
        case .missing: break
        case .refused(let sentence): texts.refuse(sentence, folder.chapter, exercise.number)
        case .read(let bytes): texts.take(bytes, folder.chapter, exercise.number)
        }
      }
    }
    return texts
  }

  /// The folder that has the exercises, or those one or two levels down: the highest that have any.
  private static func roots(in url: URL, with paths: [String]) -> [URL] {
    var level = [url]
    for _ in 0...2 {
      let found = level.filter { root in
        paths.contains { FileKind(at: root.path + "/" + $0, followingLinks: false) != nil }
      }
      if !found.isEmpty { return found }
      level = level.flatMap { parent in
        ((try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []).sorted()
          .prefix(200).map { parent.appendingPathComponent($0) }
          .filter { FileKind(at: $0.path, followingLinks: false)?.type == S_IFDIR }
      }
    }
    return []
  }

  /// The zip that a learning platform put into a folder for the student.
  private func onlyZip() -> URL? {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [])
      .filter(Self.isZip)
    guard names.count == 1 else { return nil }
    let zip = url.appendingPathComponent(names[0])
    return FileKind(at: zip.path, followingLinks: false)?.type == S_IFREG ? zip : nil
  }

  private enum Reading {
    case missing
    case refused(String)
    case read(Data)
  }

  /// Reads a file without following a link anywhere below the root.
  private static func read(_ path: String, in root: URL) -> Reading {
    var folder = open(root.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    defer { if folder >= 0 { close(folder) } }
    guard folder >= 0 else { return .missing }
    let names = path.split(separator: "/").map(String.init)
    for (index, name) in names.enumerated() {
      var status = stat()
      guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .missing }
      let isLast = index == names.count - 1
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        let shown = names[...index].joined(separator: "/")
        return .refused("\(shown) is a link, and links aren't followed. Hand in the file itself.")
      case S_IFREG where isLast, S_IFDIR where !isLast: break
      default: return .refused("\(path) isn't a file.")
      }
      // Not waiting: it might have become a pipe.
      let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (isLast ? 0 : O_DIRECTORY)
      let next = openat(folder, name, flags)
      guard next >= 0 else { return .refused("\(path) can't be opened.") }
      close(folder)
      folder = next
    }
    var (bytes, buffer) = (Data(), [UInt8](repeating: 0, count: 1 << 16))
    while bytes.count <= longestText {
      let count = Foundation.read(folder, &buffer, buffer.count)
      guard count > 0 else {
        return count == 0 ? .read(bytes) : .refused("\(path) can't be read.")
      }
      bytes.append(contentsOf: buffer[..<count])
    }
    return .read(bytes)
  }
}

/// The texts of a submission.
public struct SubmittedTexts: Sendable {
  /// What is in the files, by chapter and exercise.
  public private(set) var texts: [Int: [Int: String]] = [:]
  /// Why a file isn't read, a sentence, by chapter and exercise.
  public private(set) var refusals: [Int: [Int: String]] = [:]

  /// Refuses a file.
  mutating func refuse(_ sentence: String, _ chapter: Int, _ exercise: Int) {
    refusals[chapter, default: [:]][exercise] = sentence
  }

  /// Takes a file, unless it isn't a text.
  mutating func take(_ bytes: Data, _ chapter: Int, _ exercise: Int) {
    guard bytes.count <= longestText else {
      return refuse("The file has more than 1 MiB.", chapter, exercise)
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      return refuse("The file isn't text in UTF-8. Save it as UTF-8.", chapter, exercise)
    }
    guard !text.utf8.contains(0) else {
      return refuse("The file isn't text: there are zero bytes in it.", chapter, exercise)
    }
    texts[chapter, default: [:]][exercise] = text
  }

  /// A checksum of all of it: sixteen hexadecimal digits.
  var sum: String {
    var bytes: [UInt8] = []
    for (kind, all) in [("text", texts), ("refusal", refusals)] {
      for (chapter, files) in all.sorted(by: { $0.key < $1.key }) {
        for (exercise, text) in files.sorted(by: { $0.key < $1.key }) {
          bytes += Array("\(kind) \(chapter) \(exercise) \(text.utf8.count)\n\(text)".utf8)
        }
      }
    }
    return hexadecimal(checksum(bytes))
  }
}

extension ExerciseFolder {
  /// Where an exercise's file is in a submission.
  func submittedPath(of exercise: Exercise) -> String {
    "chapters/\(name)/Exercises/\(exercise.fileName)"
  }
}
