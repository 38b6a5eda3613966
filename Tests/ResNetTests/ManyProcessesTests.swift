import BuiltPrograms
import Foundation
import RunStore
import Testing
import Training

@Suite("resnet-mpi train", .serialized, .enabled(if: ResNetProcess.hasMPI))
struct ManyProcessesTests {
  /// Four epochs of 21 steps on the digits, each batch in eight shards.
  private static let arguments = [
    "train", "--dataset", "digits", "--arch", "resnet8", "--width", "4", "--total", "4", "--drops",
    "2", "--unit", "epochs", "--augmentation", "--seed", "5", "--shards", "8", "--validation",
    "100",
    "--checkpoints", "points", "--threads", "1",
  ]

  /// What a run left: its weights, and the newest run's metrics without the times.
  private struct Left: Equatable {
    let weights: Data
    let metrics: [Metric]

    init(_ program: ResNetProcess) throws {
      let file = program.folder.appendingPathComponent("points/last.safetensors")
      weights = try Checkpoint(contentsOf: file).weights
      let path = program.folder.appendingPathComponent("runs.sqlite").path
      let store = try RunStore(readingOnly: path)
      let runs = try store.runs(status: .finished)
      let run = try #require(runs.first)
      // Processes other than the first one record nothing.
      #expect(runs.count == 1 && run.threads == 1)
      metrics = try store.metrics(of: run.id).filter { $0.name != "seconds" }
    }
  }

  private static func alone() throws -> Left {
    let program = try ResNetProcess()
    let answer = try program.run(arguments)
    try #require(answer.status == 0, "\(answer.messages)")
    return try Left(program)
  }

  @Test("Any number of processes comes to the bits and figures of one", arguments: [2, 4])
  func sameBits(ranks: Int) throws {
    let program = try ResNetProcess()
    let answer = try program.run(Self.arguments, ranks: ranks)
    #expect(answer.status == 0, "\(answer.messages)")
    // A title and a line for each epoch: only the first process prints.
    #expect(answer.output.split(separator: "\n").count == 5)
    #expect(try Left(program) == Self.alone())
  }

  @Test(
    "When a process is killed the others end, and another number of them goes on from the checkpoint"
  )
  func killed() throws {
    let program = try ResNetProcess()
    let messages = program.folder.appendingPathComponent("messages")
    let process = try program.start(
      Self.arguments + ["--checkpoint-interval", "0"], ranks: 3, messages: messages)
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    while process.isRunning, !FileManager.default.fileExists(atPath: last.path) { usleep(20_000) }
    try #require(process.isRunning)
    let killing = Process()
    killing.executableURL = URL(fileURLWithPath: "/usr/bin/pkill")
    killing.arguments = ["-9", "-n", "-P", "\(process.processIdentifier)"]
    try killing.run()
    killing.waitUntilExit()
    try #require(killing.terminationStatus == 0)
    let killedAt = Date()
    process.waitUntilExit()
    #expect(process.terminationStatus != 0 && Date().timeIntervalSince(killedAt) < 30)
    #expect(try String(contentsOf: messages, encoding: .utf8).contains("--resume"))
    let step = try Checkpoint(contentsOf: last).progress.step
    #expect(step > 0 && step < 4 * 21)

    let answer = try program.run(Self.arguments + ["--resume"], ranks: 2)
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(try Left(program) == Self.alone())
  }

  @Test("Processes that want something else are refused before anything is trained")
  func different() throws {
    let program = try ResNetProcess()
    let answer = try program.run(
      Self.arguments + [
        ":", "-n", "1", try builtProgram("resnet-mpi").path,
      ] + Self.arguments + ["--seed", "6"], ranks: 1)
    #expect(answer.status != 0)
    #expect(answer.messages.contains("Rank 1 of 2 has another recipe than rank 0"))
    let points = program.folder.appendingPathComponent("points").path
    #expect(!FileManager.default.fileExists(atPath: points))
  }

  @Test(
    "A run whose gradients are added up by all-reduce is continued by as many processes as began it"
  )
  func allReduce() throws {
    let program = try ResNetProcess()
    let arguments = Self.arguments + ["--local-statistics"]
    let first = try program.run(arguments + ["--until-step", "5"], ranks: 2)
    #expect(first.status == 0, "\(first.messages)")
    for ranks in [4, nil] {
      let other = try program.run(arguments + ["--resume"], ranks: ranks)
      #expect(other.status != 0)
      #expect(
        other.messages.contains("added up by all-reduce over 2 processes, not"),
        "\(other.messages)")
    }
    let rest = try program.run(arguments + ["--resume"], ranks: 2)
    #expect(rest.status == 0, "\(rest.messages)")
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    let values = try store.runs(status: .finished).map(\.configuration.hyperparameters)
    #expect(values.compactMap { $0["all_reduce_ranks"] } == [2])
    // What two have trained isn't what four would.
    let again = try program.run(
      arguments + ["--checkpoints", "others", "--until-step", "1"], ranks: 4)
    #expect(again.status == 0 && again.messages.contains("Stopped after step 1"))
  }

  @Test("More processes than shards are refused")
  func tooMany() throws {
    let answer = try ResNetProcess().run(Self.arguments + ["--shards", "2"], ranks: 3)
    #expect(answer.status != 0)
    #expect(answer.messages.contains("3 processes can't share 2 shards"))
  }

  @Test("Noise that no memory holds isn't made")
  func tooMuchNoise() throws {
    let answer = try ResNetProcess().run(
      ["measure", "--steps", "10000", "--image-size", "1024"], ranks: 1)
    #expect(answer.status != 0 && answer.output.isEmpty)
    #expect(answer.messages.contains("need more than 4 GiB of noise"), "\(answer.messages)")
  }

  @Test("A checkpoint that the first process can't write stops all of them, with a sentence")
  func notWritten() throws {
    let program = try ResNetProcess()
    let messages = program.folder.appendingPathComponent("messages")
    let process = try program.start(
      Self.arguments + ["--total", "1000", "--checkpoint-interval", "0"], ranks: 2,
      messages: messages)
    let points = program.folder.appendingPathComponent("points")
    let last = points.appendingPathComponent("last.safetensors")
    while process.isRunning, !FileManager.default.fileExists(atPath: last.path) { usleep(20_000) }
    try FileManager.default.moveItem(
      at: points, to: program.folder.appendingPathComponent("moved"))
    try Data().write(to: points)
    process.waitUntilExit()
    #expect(process.terminationStatus != 0)
    let said = try String(contentsOf: messages, encoding: .utf8)
    #expect(said.contains("Rank 0: Error:"), "\(said)")
  }
}
