import Foundation

/// What `resnet` printed, and how it ended.
struct Answer {
  let output: String
  let messages: String
  let status: Int32
}

/// A folder, and the program `resnet`, which is built beside the tests, working in it.
final class ResNetProcess {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "resnet-test-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Runs it to its end. The store is in the folder too.
  ///
  /// - Parameter redirection: what a shell does with its streams and limits, such as `>/dev/full`, or
  ///   `; ulimit -f 20`.
  func run(_ arguments: [String], _ redirection: String = "") throws -> Answer {
    let output = Pipe()
    let messages = folder.appendingPathComponent("messages-\(UUID().uuidString)")
    let process = try start(arguments, redirection, output: output, messages: messages)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: messages) }
    return Answer(
      output: String(decoding: data, as: UTF8.self),
      messages: try String(contentsOf: messages, encoding: .utf8),
      status: process.terminationStatus)
  }

  /// Starts it and lets it run.
  func start(
    _ arguments: [String], _ redirection: String = "", output: Any = FileHandle.nullDevice,
    messages: URL? = nil
  ) throws -> Process {
    let process = Process()
    if redirection.isEmpty {
      process.executableURL = try Self.program
      process.arguments = arguments
    } else {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", "exec \(redirection); exec \"$0\" \"$@\"", try Self.program.path] + arguments
    }
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path,
      "RESNET_STORE": folder.appendingPathComponent("runs.sqlite").path,
    ]
    process.standardOutput = output
    if let messages {
      try Data().write(to: messages)
      process.standardError = try FileHandle(forWritingTo: messages)
    } else {
      process.standardError = FileHandle.nullDevice
    }
    try process.run()
    return process
  }

  private static var program: URL {
    get throws {
      let starts =
        [CommandLine.arguments[0], Bundle.main.bundlePath] + Bundle.allBundles.map(\.bundlePath)
      for start in starts {
        var folder = URL(fileURLWithPath: start)
        while folder.path != "/" {
          folder.deleteLastPathComponent()
          let program = folder.appendingPathComponent("resnet")
          if FileManager.default.isExecutableFile(atPath: program.path) { return program }
        }
      }
      throw CocoaError(.fileNoSuchFile)
    }
  }
}
