import Foundation

/// The playground compiled for WebAssembly, by the script `compile`, which keeps what it made.
struct PlaygroundBuild {
  let package: URL

  /// Where the script, the style and what the page calls are.
  static func sources(in package: URL) -> URL {
    package.appendingPathComponent("Sources/Playground/Web", isDirectory: true)
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The bytes of the module.
  ///
  /// - Throws: `Failure` where the compiler can't make them.
  func module() throws -> Data {
    let process = Process()
    process.executableURL = Self.sources(in: package).appendingPathComponent("compile")
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    let path = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    func text(_ data: Data) -> String {
      String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard process.terminationStatus == 0 else { throw Failure(description: text(complaints)) }
    return try Data(contentsOf: URL(fileURLWithPath: text(path)))
  }
}
