import Files
import Foundation

/// A chapter as it lies in the package: `chapters/NN-name`.
struct ChapterFolder {
  let number: Int
  let url: URL

  /// The package's folder, from which this program was built.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// All chapters, in the order of the book.
  static func all(in package: URL = package) throws -> [ChapterFolder] {
    let folder = package.appendingPathComponent("chapters", isDirectory: true)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { name in
      guard let number = Int(name.prefix { $0 != "-" }) else { return nil }
      return ChapterFolder(
        number: number, url: folder.appendingPathComponent(name, isDirectory: true))
    }.sorted { $0.number < $1.number }
  }

  var name: String { url.lastPathComponent }

  /// The page that is kept beside the chapter.
  var page: URL { url.appendingPathComponent("README.md") }

  /// The figures that are kept with the page, by their names.
  var figures: [URL] {
    let gallery = url.appendingPathComponent("figures", isDirectory: true)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: gallery.path)) ?? []
    return names.filter { $0.hasSuffix(".svg") }.sorted()
      .map { gallery.appendingPathComponent($0) }
  }

  /// The chapter's program, beside this one.
  var program: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("chapter\(number)")
  }

  /// Runs the chapter's program and writes its page to a folder.
  ///
  /// - Parameter threads: how many it computes with; nil for all.
  /// - Returns: the exit status, and what was said on standard error.
  func weave(
    to folder: URL, store: URL, program: URL? = nil, quick: Bool = false, threads: Int? = nil
  ) throws -> (status: Int32, complaints: String) {
    let arguments =
      ["--no-color", "--store", store.path, "--weave", folder.path]
      + (threads.map { ["--threads", "\($0)"] } ?? [])
    return try run(
      program ?? self.program, quick ? arguments + ["--quick"] : arguments,
      environment: onlyBundledData(beside: store))
  }

  /// The environment of a fresh clone, whatever data sets were fetched on this machine.
  func onlyBundledData(beside store: URL) -> [String: String] {
    ["XDG_CACHE_HOME": store.deletingLastPathComponent().appendingPathComponent("no-data").path]
  }
}

/// Runs a program to its end; what it writes to standard output is thrown away.
///
/// - Parameter environment: variables that it gets beside this program's.
func run(
  _ program: URL, _ arguments: [String], environment: [String: String] = [:]
) throws -> (status: Int32, complaints: String) {
  let process = Process()
  let errors = Pipe()
  process.executableURL = program
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = errors
  try process.run()
  let complaints = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: complaints, as: UTF8.self))
}

/// Calls `body` with a folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.url) }
}
