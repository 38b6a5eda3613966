import Exercises
import Files
import Foundation

/// A copy of this package for students.
public struct HandedOutPackage {
  private let package: URL
  private let folders: [ExerciseFolder]
  private let hasSolutions: Bool

  /// What shall be handed out.
  ///
  /// - Parameters:
  ///   - package: the package's folder.
  ///   - folders: its chapters.
  ///   - hasSolutions: whether the tests, which have the solutions, go with it.
  public init(of package: URL, _ folders: [ExerciseFolder], hasSolutions: Bool) {
    (self.package, self.folders) = (package, folders)
    self.hasSolutions = hasSolutions
  }

  /// Makes it, all of it or nothing.
  ///
  /// - Parameter folder: where; it isn't there yet, or is empty.
  /// - Returns: how many files it has.
  /// - Throws: ``TeachingError/badFolder(_:reason:)``, `FileError`, ``ExerciseError``.
  public func make(at folder: URL) throws -> Int {
    let files = FileManager.default
    let place = folder.standardizedFileURL
    if let kind = FileKind(at: place.path, followingLinks: false) {
      let isEmptyFolder =
        kind.type == S_IFDIR
        && (try? files.contentsOfDirectory(atPath: place.path))?.isEmpty == true
      guard isEmptyFolder else {
        throw TeachingError.badFolder(
          folder.path, reason: "it is there already and isn't an empty folder. Name another.")
      }
    }
    if (place.path + "/").hasPrefix(package.standardizedFileURL.path + "/") {
      throw TeachingError.badFolder(
        folder.path, reason: "it is inside this package. Name a place outside of it.")
    }
    let parent = place.deletingLastPathComponent()
    try makeFolder(parent)
    let scratch = try TemporaryFolder(in: parent)
    defer { withExtendedLifetime(scratch) {} }
    let new = scratch.url.appendingPathComponent("package", isDirectory: true)
    try makeFolder(new)
    var count = 0
    for path in try paths() where isHandedOut(path) {
      let target = new.appendingPathComponent(path)
      try makeFolder(target.deletingLastPathComponent())
      try files.copyItem(at: package.appendingPathComponent(path), to: target)
      count += 1
    }
    for folder in folders {
      for exercise in folder.exercises {
        let starter = Data(try folder.starter(of: exercise).utf8)
        var places = ["chapters/\(folder.name)/Exercises/\(exercise.fileName)"]
        if !hasSolutions { places.append("Starters/\(folder.name)/\(exercise.fileName)") }
        for path in places {
          let target = new.appendingPathComponent(path)
          try makeFolder(target.deletingLastPathComponent())
          try replaceFile(target, with: starter)
          count += 1
        }
      }
    }
    guard rename(new.path, place.path) == 0 else { throw FileError(.make, folder.path, errno) }
    return count
  }

  private func isHandedOut(_ path: String) -> Bool {
    if path.wholeMatch(of: /chapters\/[^\/]+\/Exercises\/.*/) != nil { return false }
    // The tests have the solutions; what runs the tests goes with them.
    let isOfTests = ["Tests/", ".ci/"].contains { path.hasPrefix($0) }
    if path.hasPrefix("Starters/") { return false }
    return hasSolutions || !isOfTests
  }

  /// The files of the package: those that git knows, or all that aren't made by running it.
  private func paths() throws -> [String] {
    let files = FileManager.default
    func isFile(_ path: String) -> Bool {
      let kind = FileKind(at: package.appendingPathComponent(path).path, followingLinks: false)
      return kind?.type == S_IFREG || kind?.type == S_IFLNK
    }
    if let git = programPath("git"),
      files.fileExists(atPath: package.appendingPathComponent(".git").path)
    {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: git)
      process.arguments = [
        "-C", package.path, "-c", "safe.directory=*", "ls-files", "-z", "--", ".",
      ]
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      let names = output.fileHandleForReading.readDataToEndOfFile().split(separator: 0)
      process.waitUntilExit()
      if process.terminationStatus == 0, !names.isEmpty {
        // The versions of what it depends on go with it, tracked or not.
        let tracked = Set(names.map { String(decoding: $0, as: UTF8.self) })
        return tracked.union(["Package.resolved"]).filter(isFile).sorted()
      }
    }
    return try files.subpathsOfDirectory(atPath: package.path).filter { path in
      let parts = path.split(separator: "/")
      let isMade = parts.contains { part in
        part.hasPrefix(".build") || [".git", ".swiftpm", ".DS_Store", "checkpoints"].contains(part)
          || part.contains(".sqlite") || part.contains(".kept-")
      }
      let isFixture = parts.first == "Tests"
      return (isFixture || !isMade) && isFile(path)
    }.sorted()
  }
}
