import BuiltPrograms
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
  /// - Parameters:
  ///   - redirection: what a shell does with its streams and limits, such as `>/dev/full`, or
  ///     `; ulimit -f 20`.
  ///   - ranks: as how many processes of `resnet-mpi`, instead of as `resnet`.
  func run(_ arguments: [String], _ redirection: String = "", ranks: Int? = nil) throws -> Answer {
    let output = Pipe()
    let messages = folder.appendingPathComponent("messages-\(UUID().uuidString)")
    let process = try start(
      arguments, redirection, ranks: ranks, output: output, messages: messages)
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
    _ arguments: [String], _ redirection: String = "", ranks: Int? = nil,
    output: Any = FileHandle.nullDevice, messages: URL? = nil
  ) throws -> Process {
    let process = Process()
    var words = [try builtProgram("resnet").path]
    if let ranks {
      words = [
        Self.mpirun, "--oversubscribe", "-n", "\(ranks)", try builtProgram("resnet-mpi").path,
      ]
    }
    words += arguments
    if !redirection.isEmpty {
      words = ["/bin/sh", "-c", "exec \(redirection); exec \"$0\" \"$@\""] + words
    }
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path,
      "RESNET_STORE": folder.appendingPathComponent("runs.sqlite").path,
      // The tests of a server often run as root.
      "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
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

  private static let mpirun = "/usr/bin/mpirun"

  /// Whether `resnet-mpi` was built with MPI, and can be started.
  static let hasMPI: Bool = {
    guard let program = try? ResNetProcess(),
      FileManager.default.isExecutableFile(atPath: mpirun)
    else { return false }
    return (try? program.run(["--help"], ranks: 1).status) == 0
  }()
}
