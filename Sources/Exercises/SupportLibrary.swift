import Files
import Foundation

/// `libExerciseSupport`: the library, the networks and what readers' functions need beside them, as one file
/// that they are linked with.
public enum SupportLibrary {
  /// Builds it, unless it is newer than the program that asks.
  ///
  /// - Parameters:
  ///   - package: the package's folder.
  ///   - buildFolder: where the program was built: `.build/debug`, for instance.
  /// - Throws: ``ExerciseError/noSupport(_:)``.
  public static func build(in package: URL, for buildFolder: URL) throws {
    let library = buildFolder.appendingPathComponent(fileName)
    let marker = buildFolder.appendingPathComponent("ExerciseSupport.built")
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    if FileManager.default.fileExists(atPath: library.path),
      let built = date(of: marker), let own = date(of: program), built > own
    {
      return
    }
    // `.build/x86_64-unknown-linux-gnu/debug`: the last is the configuration, the first two above it the rest.
    let configuration = buildFolder.lastPathComponent
    let scratch = buildFolder.deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    let log = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "build", "--package-path", package.path, "--scratch-path", scratch.path, "-c",
      configuration, "--product", "ExerciseSupport",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    let text = String(
      decoding: log.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ExerciseError.noSupport(
        text.split(separator: "\n").filter { $0.contains("error") }.prefix(5)
          .joined(separator: "\n"))
    }
    try replaceFile(marker, with: Data())
  }

  #if os(macOS)
    package static let fileName = "libExerciseSupport.dylib"
  #else
    package static let fileName = "libExerciseSupport.so"
  #endif

  private static func date(of file: URL) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
  }
}
