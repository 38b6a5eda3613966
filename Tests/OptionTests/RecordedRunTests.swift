import Foundation
import Testing

/// What one program prints for another.
@Suite("A recorded run that is followed")
struct RecordedRunTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "followed-\(UUID().uuidString)")

  @Test("What metrics show --json prints is a configuration that resnet train follows")
  func followed() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let training = [
      "train", "--dataset", "digits", "--arch", "resnet8", "--width", "2", "--batch-size", "720",
      "--unit", "epochs", "--total", "1", "--drops", "1", "--threads", "1",
    ]
    for (words, redirection) in [
      (["resnet"] + training + ["--checkpoints", "points"], ""),
      (["metrics", "rename", "latest", "the first"], ""),
      (["metrics", "show", "latest", "--json"], ">run.json"),
      (
        [
          "resnet", "train", "--config", "run.json", "--checkpoints", "again", "--no-store",
          "--threads", "1",
        ], ""
      ),
    ] {
      let (status, text) = try run(words, redirection)
      #expect(status == 0, "\(words): \(text)")
    }
    let points = folder.appendingPathComponent("again/last.safetensors").path
    #expect(FileManager.default.fileExists(atPath: points))
  }

  private func run(_ words: [String], _ redirection: String) throws -> (
    status: Int32, text: String
  ) {
    let program = try #require(
      NumericOptionTests.programs.first { $0.lastPathComponent == words[0] }, "\(words[0])")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", "exec \"$0\" \"$@\" \(redirection)", program.path] + words.dropFirst()
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path,
      "RESNET_STORE": folder.appendingPathComponent("runs.sqlite").path,
    ]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
