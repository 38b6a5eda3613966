import Files
import Foundation

/// Compiles the playground for WebAssembly, with the compiler that built this program.
///
/// It takes a minute, so what was made is kept in `.build/playground`, under a sum of all that it is made of.
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
    let folder = package.appendingPathComponent(".build/playground/\(try sum())", isDirectory: true)
    let file = folder.appendingPathComponent("playground.wasm")
    if let made = try? Data(contentsOf: file) { return made }
    // Whole or not at all: two programs may do it at once.
    let temporary = try TemporaryFolder(in: try parent())
    let process = Process()
    process.executableURL = Self.sources(in: package).appendingPathComponent("compile")
    process.arguments = [temporary.url.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: String(decoding: complaints, as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let made = try Data(contentsOf: temporary.url.appendingPathComponent("playground.wasm"))
    try makeFolder(folder)
    try writeOutput(made, to: file.path)
    return made
  }

  private func parent() throws -> URL {
    let folder = package.appendingPathComponent(".build/playground", isDirectory: true)
    try makeFolder(folder)
    return folder
  }

  /// Of all sources and of the compiler's version.
  private func sum() throws -> String {
    var bytes: [UInt8] = Array(try compilerVersion().utf8)
    let modules = [
      "ElementaryFunctions", "Architectures", "BuildFlags", "Processor", "MiniTensor",
      "Optimization", "Networks", "Datasets", "Playground",
    ]
    for module in modules {
      let folder = package.appendingPathComponent("Sources/\(module)")
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      for file in files where file.contains(/\.(swift|h|c)$/) {
        bytes += Array(file.utf8) + [0]
        bytes += Array(try Data(contentsOf: folder.appendingPathComponent(file)))
      }
    }
    bytes += Array(
      try Data(contentsOf: Self.sources(in: package).appendingPathComponent("compile")))
    return hexadecimal(checksum(bytes))
  }

  private func compilerVersion() throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swiftc", "--version"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }
}
