import Files
import Foundation
import Testing
import Training

@Suite("The folder of checkpoints", .serialized)
struct CheckpointFolderTests {
  private static let training = [
    "train", "--dataset", "digits", "--arch", "resnet8", "--width", "4", "--threads", "1",
    "--no-store",
  ]

  @Test("A second training in the same folder is refused, and the first isn't disturbed")
  func second() throws {
    let program = try ResNetProcess()
    let long = Self.training + ["--checkpoints", "points", "--checkpoint-interval", "0"]
    let messages = program.folder.appendingPathComponent("messages")
    let first = try program.start(
      long + ["--unit", "epochs", "--total", "500", "--drops", "300"], messages: messages)
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    while first.isRunning, !FileManager.default.fileExists(atPath: last.path) { usleep(10_000) }
    for more in [[], ["--resume"], ["--fresh"], ["--seed", "7"]] {
      let answer = try program.run(long + more)
      #expect(answer.status == 1)
      #expect(
        answer.messages.contains("process \(first.processIdentifier) on "), "\(answer.messages)")
      #expect(throws: Never.self) { try Checkpoint(contentsOf: last) }
    }
    #expect(first.isRunning)
    kill(first.processIdentifier, SIGINT)
    first.waitUntilExit()
    #expect(first.terminationStatus == 130)
    // kill -9 leaves no lock behind.
    let third = try program.start(
      long + ["--unit", "epochs", "--total", "500", "--drops", "300", "--resume"])
    usleep(300_000)
    kill(third.processIdentifier, SIGKILL)
    third.waitUntilExit()
    let again = try program.run(
      long + [
        "--unit", "epochs", "--total", "500", "--drops", "300", "--resume", "--until-step", "1",
      ])
    #expect(again.status == 0, "\(again.messages)")
  }

  @Test("Nothing to resume is an error that names the folder, and those it may have meant")
  func nothing() throws {
    let program = try ResNetProcess()
    let first = try program.run(
      Self.training + ["--checkpoints", "points/one", "--until-step", "3"])
    #expect(first.status == 0, "\(first.messages)")
    let answer = try program.run(Self.training + ["--checkpoints", "points/onne", "--resume"])
    #expect(answer.status == 1)
    #expect(
      answer.messages.contains("nothing to resume") && answer.messages.contains("points/one:"))
    let other = try program.run(Self.training + ["--resume"])
    #expect(other.status == 1 && other.messages.contains("nothing to resume"))
    // No folder is made of a typing error.
    let names = try FileManager.default.contentsOfDirectory(
      atPath: program.folder.appendingPathComponent("points").path)
    #expect(names == ["one"])
  }

  @Test("The default folder tells recipes apart, and one of an earlier version is found")
  func names() throws {
    let program = try ResNetProcess()
    let variants = [
      [], ["--learning-rate", "0.05"], ["--batch-size", "32"], ["--experiment", "other"],
      ["--width", "2"], ["--shortcut", "B"],
    ]
    let base = [
      "train", "--dataset", "digits", "--arch", "resnet8", "--threads", "1", "--no-store",
    ]
    for more in variants {
      let answer = try program.run(base + more + ["--until-step", "2"])
      #expect(answer.status == 0, "\(answer.messages)")
      let rest = try program.run(base + more + ["--resume", "--until-step", "3"])
      #expect(rest.status == 0, "\(rest.messages)")
    }
    let parent = program.folder.appendingPathComponent("checkpoints")
    let names = try FileManager.default.contentsOfDirectory(atPath: parent.path)
    #expect(names.count == variants.count && names.contains("resnet-8-digits-0"))
    #expect(names.allSatisfy { $0.hasPrefix("resnet-8-digits-0") })
    // An earlier version kept every recipe under the plain name.
    for name in names where name != "resnet-8-digits-0" {
      let file = parent.appendingPathComponent(name).appendingPathComponent("last.safetensors")
      guard "\(try Checkpoint(contentsOf: file).configuration)".contains("0.05") else { continue }
      let plain = parent.appendingPathComponent("resnet-8-digits-0")
      try FileManager.default.removeItem(at: plain)
      try FileManager.default.moveItem(at: file.deletingLastPathComponent(), to: plain)
    }
    let earlier = try program.run(
      base + ["--learning-rate", "0.05", "--resume", "--until-step", "4"])
    #expect(earlier.status == 0, "\(earlier.messages)")
  }

  @Test("What is no folder to write to is refused in a sentence before anything is trained")
  func unusable() throws {
    let program = try ResNetProcess()
    try Data("x".utf8).write(to: program.folder.appendingPathComponent("file"))
    let link = program.folder.appendingPathComponent("link").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
    for folder in ["file", "file/deeper", "/proc/none"] {
      let answer = try program.run(Self.training + ["--checkpoints", folder, "--steps", "3"])
      #expect(answer.status == 1 && answer.output.isEmpty)
      #expect(!answer.messages.contains("Make room") && !answer.messages.contains("Domain"))
    }
    try FileManager.default.createDirectory(
      at: program.folder.appendingPathComponent("real"), withIntermediateDirectories: true)
    let linked = try program.run(Self.training + ["--checkpoints", "link", "--steps", "3"])
    #expect(linked.status == 0, "\(linked.messages)")
    let there = program.folder.appendingPathComponent("real/last.safetensors").path
    #expect(FileManager.default.fileExists(atPath: there))
  }
}
