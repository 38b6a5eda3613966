import Foundation
import RunStore
import Testing

@Suite("Files that a user names as output", .serialized)
struct OutputTests {
  private let program: ResNetProcess
  private let exporting = ["export", "--checkpoint", "points/last.safetensors", "--output"]

  init() throws {
    program = try ResNetProcess()
    let answer = try program.run([
      "train", "--dataset", "digits", "--arch", "resnet8", "--width", "4", "--threads", "1",
      "--checkpoints", "points", "--no-store", "--until-step", "2",
    ])
    #expect(answer.status == 0, "\(answer.messages)")
  }

  private func path(_ name: String) -> String { program.folder.appendingPathComponent(name).path }

  @Test("A file that is read is never replaced by what is written, under whatever name")
  func inputs() throws {
    let checkpoint = path("points/last.safetensors")
    let before = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
    try FileManager.default.createSymbolicLink(
      atPath: path("link"), withDestinationPath: checkpoint)
    try FileManager.default.linkItem(atPath: checkpoint, toPath: path("second"))
    for name in [
      "points/last.safetensors", "./points/../points/last.safetensors", "link", "second",
    ] {
      let answer = try program.run(exporting + [name])
      #expect(answer.status == 1 && answer.messages.contains("would replace"), "\(answer.messages)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: checkpoint)) == before)
    let weights = ["--weights", "weights.safetensors"]
    #expect(try program.run(exporting + ["weights.safetensors"]).status == 0)
    let logits = try program.run(
      ["evaluate", "--dataset", "digits", "--logits", "weights.safetensors"] + weights)
    #expect(logits.status == 1 && logits.messages.contains("would replace"))
    try Data("P5 1 1 255 x".utf8).write(to: URL(fileURLWithPath: path("a.pgm")))
    let features = try program.run(["features", "a.pgm", "--output", "a.pgm"] + weights)
    #expect(features.status == 1 && features.messages.contains("would replace"))
  }

  @Test("Neither is the store, or a checkpoint beside the one that is read")
  func stores() throws {
    let store = path("runs.sqlite")
    _ = try RunStore(opening: store)
    let before = try Data(contentsOf: URL(fileURLWithPath: store))
    #expect(try program.run(exporting + ["weights.safetensors"]).status == 0)
    try Data("P5 1 1 255 x".utf8).write(to: URL(fileURLWithPath: path("a.pgm")))
    let weights = ["--weights", "weights.safetensors"]
    for file in ["runs.sqlite", "points/../runs.sqlite", "runs.sqlite-wal"] {
      for command in [
        exporting, ["features", "a.pgm"] + weights + ["--output"],
        ["evaluate", "--dataset", "digits"] + weights + ["--logits"],
      ] {
        let answer = try program.run(command + [file])
        #expect(answer.status == 1, "\(command) \(answer.messages)")
        #expect(answer.messages.contains("would replace the run store"), "\(answer.messages)")
        // It isn't read by any of these.
        #expect(!answer.messages.contains("which is read"), "\(answer.messages)")
      }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: store)) == before)
    #expect(!FileManager.default.fileExists(atPath: path("runs.sqlite-wal")))
    let beside = try program.run(exporting + ["points/best.safetensors"])
    #expect(beside.status == 1 && beside.messages.contains("would replace"), "\(beside.messages)")
  }

  @Test("A limit on the size of files leaves nothing half-written, and says so")
  func quota() throws {
    #expect(try program.run(exporting + ["weights.safetensors"]).status == 0)
    let limit = "; ulimit -f 4"
    for (command, name) in [
      (exporting, "a"),
      (["evaluate", "--dataset", "digits", "--weights", "weights.safetensors", "--logits"], "b"),
    ] {
      let answer = try program.run(command + [name], limit)
      #expect(answer.status == 1 && answer.messages.contains("ulimit -f"), "\(answer.messages)")
      #expect(!FileManager.default.fileExists(atPath: path(name)))
    }
    let training = try program.run(
      [
        "train", "--dataset", "digits", "--arch", "resnet8", "--width", "4", "--checkpoints", "c",
        "--until-step", "1",
      ], limit)
    #expect(training.status == 1 && training.messages.contains("ulimit -f"))
    // No empty store is taken for one later.
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(!names.contains { $0.hasPrefix("runs.sqlite") }, "\(names)")
    #expect(!names.contains { $0.hasSuffix(".tmp") }, "\(names)")
  }

  @Test("What can't be written is said before anything is computed")
  func early() throws {
    #expect(try program.run(exporting + ["weights.safetensors"]).status == 0)
    for output in ["missing/file", "points", "new/", "points/last.safetensors/x"] {
      for command in [
        exporting,
        ["evaluate", "--dataset", "digits", "--weights", "weights.safetensors", "--logits"],
        ["features", "none.ppm", "--weights", "none", "--output"],
      ] {
        let answer = try program.run(command + [output])
        #expect(answer.status == 1 && answer.output.isEmpty)
        #expect(answer.messages.contains("\(output) can't be written"), "\(answer.messages)")
        #expect(!answer.messages.contains("Make room") && !answer.messages.contains("Domain"))
      }
    }
  }

  @Test("Standard output can be named as a file")
  func standardOutput() throws {
    let answer = try program.run(exporting + ["/dev/stdout"], ">printed")
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(try program.run(exporting + ["file"]).status == 0)
    let (one, other) = (path("printed"), path("file"))
    #expect(FileManager.default.contentsEqual(atPath: one, andPath: other))
  }
}
