import Exercises
import Files
import Foundation

/// A zip that somebody handed in. It is never unpacked: the few files that are wanted come through a pipe, so
/// that a bomb, a link or a path that leaves the folder finds no disk to write to.
struct SubmittedZip {
  /// The largest zip that is read, in bytes.
  static let longestZip = 256 << 20

  private let entries: [Entry]
  private let scratch: TemporaryFolder
  private let unzip: String
  private let unzipping: any Confinement

  private struct Entry {
    let name: String
    let isLink: Bool
    let isEncrypted: Bool
  }

  /// Lists a zip.
  ///
  /// - Throws: ``TeachingError``.
  init(at url: URL, unzipping: any Confinement) throws {
    guard let unzip = programPath("unzip") else {
      throw TeachingError.noProgram("unzip", package: "unzip")
    }
    (self.unzip, self.unzipping) = (unzip, unzipping)
    // `unzip` is confined too: it reads what somebody else made.
    scratch = try TemporaryFolder()
    chmod(scratch.url.path, 0o777)
    let bytes: Data
    do {
      bytes = try readFile(url.path, limit: Self.longestZip)
    } catch {
      throw TeachingError.unreadable("The zip can't be read: \(error.reason). \(error.remedy)")
    }
    let copy = scratch.url.appendingPathComponent("submission.zip")
    try replaceFile(copy, with: bytes)
    chmod(copy.path, 0o644)
    let lines: [String]
    do {
      lines = try Self.run(
        [unzip, "-Z", "submission.zip"], limit: 8 << 20, in: scratch.url, unzipping
      ).components(separatedBy: "\n")
    } catch ChildProcess.Ending.flooded {
      throw TeachingError.unreadable("The zip has too many files. Zip the folder `chapters` alone.")
    } catch ChildProcess.Ending.late {
      throw TeachingError.unreadable("The zip takes too long to read. Make it anew.")
    } catch is ChildProcess.Ending {
      throw TeachingError.unreadable("The zip is damaged, or it isn't a zip. Make it anew.")
    }
    entries = lines.compactMap(Self.entry)
    for entry in entries {
      let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
      if entry.name.hasPrefix("/") || parts.contains("..") || entry.name.contains("\\") {
        throw TeachingError.unreadable(
          "The zip has the path \(String(entry.name.prefix(60)).visible), which leaves its folder. "
            + "Zip the folder `chapters` anew.")
      }
    }
  }

  /// Reads the files of exercises.
  ///
  /// - Throws: ``TeachingError/unreadable(_:)`` if nothing of it can be used.
  func texts(of folders: [ExerciseFolder]) throws -> SubmittedTexts {
    var texts = SubmittedTexts()
    var wanted: [(chapter: Int, exercise: Int, pattern: String)] = []
    var roots: Set<String> = []
    for folder in folders {
      for exercise in folder.exercises {
        let path = folder.submittedPath(of: exercise)
        let found = entries.filter { $0.name == path || $0.name.hasSuffix("/" + path) }
        guard let entry = found.first else { continue }
        guard found.count == 1 else {
          throw TeachingError.unreadable(
            "The zip has \(found.count) files \(path), not one. Zip the folder `chapters` anew.")
        }
        let root = String(entry.name.dropLast(path.count))
        guard root.count(where: { $0 == "/" }) <= 2 else { continue }
        roots.insert(root)
        if entry.isEncrypted {
          throw TeachingError.unreadable("The zip has a password. Make one without.")
        } else if entry.isLink {
          texts.refuse(
            "\(path) is a link, and links aren't followed. Hand in the file itself.",
            folder.chapter, exercise.number)
        } else {
          wanted.append((folder.chapter, exercise.number, root.isEmpty ? path : "*/" + path))
        }
      }
    }
    guard roots.count == 1 else {
      throw TeachingError.unreadable(
        roots.isEmpty
          ? "It has no folder `chapters` with exercises' files in it."
          : "It has \(roots.count) folders `chapters` with exercises' files in them, not one.")
    }
    guard !wanted.isEmpty else { return texts }
    // A line for each file: its first bytes, and how `unzip` ended. One byte more than is allowed tells that
    // it is too long.
    let script = """
      for name; do
        { "$0" -p submission.zip "$name" </dev/null 2>/dev/null; echo $? >"$TMPDIR/status"; } \
          | head -c \(longestText + 1) | base64 -w 0
        echo " $(cat "$TMPDIR/status")"
      done
      """
    let output: String
    do {
      output = try Self.run(
        ["/bin/sh", "-c", script, unzip] + wanted.map(\.pattern),
        limit: wanted.count * (longestText * 3 / 2), in: scratch.url, unzipping)
    } catch is ChildProcess.Ending {
      throw TeachingError.unreadable("The zip takes too long to read. Make it anew.")
    }
    let lines = output.split(separator: "\n")
    for (index, file) in wanted.enumerated() {
      let parts =
        lines.indices.contains(index)
        ? lines[index].split(separator: " ", omittingEmptySubsequences: false) : []
      guard parts.count == 2, let bytes = Data(base64Encoded: String(parts[0])),
        parts[1] == "0" || bytes.count > longestText
      else {
        texts.refuse(
          "The file is damaged in the zip. Make it anew.", file.chapter, file.exercise)
        continue
      }
      texts.take(bytes, file.chapter, file.exercise)
    }
    return texts
  }

  /// A line such as `-rw-r--r--  3.0 unx     1234 tx defN 26-Nov-26 12:00 chapters/…`.
  private static func entry(_ line: String) -> Entry? {
    guard
      let match = line.wholeMatch(
        of: /([-?dlbcps]\S{6,9}) +\d+\.\d+ +\S+ +\d+ +(\S\S) +\S+ +\S+ +\S+ (.+)/)
    else { return nil }
    return Entry(
      name: String(match.3), isLink: match.1.hasPrefix("l"),
      isEncrypted: match.2.first?.isUppercase ?? false)
  }

  private static func run(
    _ command: [String], limit: Int, in folder: URL, _ confinement: any Confinement
  ) throws -> String {
    let process = try ChildProcess(
      confinement.confined(command, in: folder.path), in: folder.path)
    defer { process.kill() }
    let deadline = Date(timeIntervalSinceNow: 30)
    let output = try process.readAll(until: deadline, limit: limit)
    let ending = try process.wait(until: deadline)
    guard case .ended(.exit, status: 0) = ending else { throw ending }
    return String(decoding: output, as: UTF8.self)
  }
}
