import Foundation
import RunStore
import Testing
import Training

@Suite("resnet train", .serialized)
struct TrainTests {
  /// A plain network of 14 layers on the digits: three epochs of 12 steps, with checkpoints after nearly
  /// every step.
  private static let arguments = [
    "train", "--dataset", "digits", "--arch", "resnet14", "--width", "4", "--total", "3", "--drops",
    "2", "--unit", "epochs", "--batch-size", "128", "--augmentation", "--seed", "5",
    "--checkpoints", "points", "--threads", "1",
  ]

  private func weights(_ program: ResNetProcess) throws -> Data {
    let file = program.folder.appendingPathComponent("points/last.safetensors")
    return try Checkpoint(contentsOf: file).weights
  }

  /// What the newest finished run recorded, without the times.
  private func metrics(_ program: ResNetProcess) throws -> [Metric] {
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    let run = try #require(try store.runs(status: .finished).first)
    return try store.metrics(of: run.id).filter { $0.name != "seconds" }
  }

  @Test(
    "Killed at ten random moments and resumed, a run ends with the bits and figures of one that wasn't"
  )
  func killed() throws {
    let whole = try ResNetProcess()
    let answer = try whole.run(Self.arguments)
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(answer.output.split(separator: "\n").count == 4)

    let program = try ResNetProcess()
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    // What isn't there can't be resumed.
    var arguments: [String] {
      Self.arguments + ["--checkpoint-interval", "0"]
        + (FileManager.default.fileExists(atPath: last.path) ? ["--resume"] : [])
    }
    var kills = 0
    while kills < 10 {
      let process = try program.start(arguments)
      // Some of these moments are before the first step, some while a checkpoint is written.
      usleep(UInt32.random(in: 50_000..<400_000))
      guard process.isRunning else { break }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
      if FileManager.default.fileExists(atPath: last.path) {
        #expect(throws: Never.self) { try Checkpoint(contentsOf: last) }
      }
    }
    let end = try program.run(arguments)
    #expect(end.status == 0, "\(end.messages)")
    #expect(try weights(program) == weights(whole))
    #expect(try metrics(program) == metrics(whole))
    let files = try FileManager.default.contentsOfDirectory(
      atPath: program.folder.appendingPathComponent("points").path)
    #expect(files.sorted() == ["best.safetensors", "last.safetensors"])
  }

  @Test(
    "SIGTERM, Ctrl-C and a terminal that closes save the run in the middle of an epoch",
    arguments: [SIGTERM, SIGINT, SIGHUP])
  func interrupted(number: Int32) throws {
    let program = try ResNetProcess()
    // Whoever runs the tests may have said nohup, which the program would heed.
    let before = signal(SIGHUP, SIG_DFL)
    defer { _ = signal(SIGHUP, before) }
    let long = Self.arguments + ["--total", "2000", "--drops", "1000", "--width", "8"]
    let output = Pipe()
    let messages = program.folder.appendingPathComponent("messages")
    let process = try program.start(long, output: output, messages: messages)
    // The table's head comes with the first epoch.
    _ = output.fileHandleForReading.availableData
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try String(contentsOf: messages, encoding: .utf8).contains("--resume continues"))
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    let progress = try Checkpoint(contentsOf: last).progress
    #expect(progress.step >= 12 && progress.history.count >= 1)
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    #expect(try store.runs().map(\.status) == [.interrupted])
  }

  @Test("A step of any length is interrupted, and the run can be continued")
  func longSteps() throws {
    let program = try ResNetProcess()
    let slow =
      Self.arguments + [
        "--width", "48", "--batch-size", "1400", "--checkpoint-interval", "0",
      ]
    let process = try program.start(slow)
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    while process.isRunning, !FileManager.default.fileExists(atPath: last.path) { usleep(20_000) }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let step = try Checkpoint(contentsOf: last).progress.step
    let next = try program.run(slow + ["--resume", "--steps", "\(step + 1)"])
    #expect(next.status == 0, "\(next.messages)")
    #expect(try Checkpoint(contentsOf: last).progress.step == step + 1)
  }

  @Test("A run that is stopped in its first step is saved too, however long the step")
  func firstStep() throws {
    let program = try ResNetProcess()
    let slow =
      Self.arguments + [
        "--width", "96", "--batch-size", "1437", "--checkpoint-interval", "1000",
      ]
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    var delay: UInt32 = 100_000
    var status: Int32 = 0
    // Before it has read its data and made its network there is nothing to save; and before it listens, a
    // signal that a parent ignores, as a test runner does, is ignored.
    while status != 130 || !FileManager.default.fileExists(atPath: last.path), delay < 60_000_000 {
      try? FileManager.default.removeItem(at: last.deletingLastPathComponent())
      let process = try program.start(slow)
      usleep(delay)
      kill(process.processIdentifier, SIGINT)
      let deadline = Date(timeIntervalSinceNow: 10)
      while process.isRunning, Date() < deadline { usleep(20_000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      status = process.terminationStatus
      delay *= 2
    }
    #expect(status == 130)
    let step = try Checkpoint(contentsOf: last).progress.step
    let next = try program.run(slow + ["--resume", "--steps", "\(step + 1)"])
    #expect(next.status == 0, "\(next.messages)")
    #expect(try Checkpoint(contentsOf: last).progress.step == step + 1)
  }

  @Test(
    "A session can end early, is not restarted by accident, and its configuration can be followed")
  func sessions() throws {
    let program = try ResNetProcess()
    let first = try program.run(Self.arguments + ["--epochs", "1", "--json"])
    #expect(first.status == 0 && first.messages.contains("Stopped after step 12"))
    let object = try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: Any]
    #expect(object?["step"] as? Int == 12)
    let again = try program.run(Self.arguments)
    #expect(again.status == 1)
    #expect(
      again.messages.contains("after step 12. Continue it with --resume"), "\(again.messages)")
    let other = try program.run(Self.arguments + ["--resume", "--seed", "6"])
    #expect(other.status == 1 && other.messages.contains("its seed is 5, not 6"))
    let rest = try program.run(Self.arguments + ["--resume"])
    #expect(rest.status == 0, "\(rest.messages)")
    #expect(rest.output.split(separator: "\n").count == 4)
    // The same run from its record alone.
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    let run = try #require(try store.runs(status: .finished).first)
    let config = program.folder.appendingPathComponent("run.json")
    try JSONEncoder().encode(run.configuration).write(to: config)
    let repeated = try ResNetProcess()
    let answer = try repeated.run(
      ["train", "--config", config.path, "--checkpoints", "points", "--threads", "2"])
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(try weights(repeated) == weights(program))
  }

  @Test(
    "What can't be asked for is answered with status 2 and a sentence",
    arguments: [
      (["train"], "Name a network with --arch"), (["train", "--arch", "resnet21"], "of depth 21"),
      (["train", "--arch", "alexnet"], "There is no network `alexnet`"),
      (["train", "--arch", "plain20", "--shortcut", "A"], "plain20 has no choice of shortcuts"),
      (["train", "--arch", "resnet20", "--dataset", "imagenet"], "digits, cifar10"),
      (["train", "--arch", "resnet20", "--resume", "--fresh"], "exclude each other"),
      (["train", "--arch", "resnet20", "--learning-rate=-1"], "from 0 to 1000"),
      (["train", "--arch", "resnet20", "--drops", "1,two"], "whole numbers with commas"),
      (["train", "--arch", "resnet20", "--dataset", "digits", "--unit", "steps"], "--total"),
      (["train", "--arch", "resnet8", "--dataset", "digits", "--drops", "8,5"], "ascend"),
      (["train", "--arch", "resnet8", "--dataset", "digits", "--drops", "5,30"], "fit each other"),
      (["train", "--arch", "resnet8", "--dataset", "digits", "--total", "9"], "fit each other"),
      (["train", "--arch", "resnet8", "--dataset", "digits", "--validation", "1437"], "none of"),
      (["sweep", "--depths", "8,14,8"], "asked for twice"), (["sweep", "--seeds", "1,1"], "twice"),
      (["sweep", "--depths", "9"], "6n + 2"), (["sweep", "--shortcuts", "D"], "none, A, B and C"),
      (["sweep", "--seeds", "5..<5"], "0..<5"), (["sweep", "--shard", "3/2"], "I from 1 to N"),
      (["fetch", "imagenet"], "'imagenet' can't be fetched"),
    ])
  func wrongUse(arguments: [String], message: String) throws {
    let answer = try ResNetProcess().run(arguments)
    #expect(answer.status == 2)
    #expect(answer.messages.contains(message), "\(answer.messages)")
    #expect(answer.output.isEmpty)
  }

  @Test("A network that doesn't fit into memory is refused before it is made")
  func memory() throws {
    let program = try ResNetProcess()
    for words in [
      ["train", "--arch", "resnet1202", "--width", "2000", "--no-store"],
      ["sweep", "--depths", "1202", "--width", "2000", "--no-store"],
      ["train", "--arch", "resnet152", "--width", "4096", "--no-store"],
    ] {
      let answer = try program.run(words + ["--dataset", "digits"])
      #expect([1, 2].contains(answer.status), "\(answer.messages)")
      #expect(answer.messages.contains("GB"), "\(answer.messages)")
    }
  }

  @Test("A finished run is not trained again, and not recorded again")
  func finished() throws {
    let program = try ResNetProcess()
    let arguments = [
      "train", "--dataset", "digits", "--arch", "resnet8", "--width", "2", "--unit", "epochs",
      "--total", "1", "--drops", "1", "--batch-size", "700", "--threads", "1",
    ]
    let first = try program.run(arguments + ["--checkpoints", "points"])
    #expect(first.status == 0, "\(first.messages)")
    for words in [["--checkpoints", "points", "--resume"], ["--checkpoints", "elsewhere"]] {
      let again = try program.run(arguments + words)
      #expect(again.status == 0, "\(again.messages)")
    }
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    #expect(try store.runs().count == 1)
  }

  @Test("A diverged training is a failure, its figures are JSON, and the run is failed")
  func diverged() throws {
    let program = try ResNetProcess()
    let arguments = [
      "--dataset", "digits", "--width", "2", "--total", "2", "--drops", "1", "--unit", "epochs",
      "--learning-rate", "1000", "--weight-decay", "1", "--threads", "2", "--json",
    ]
    let train = try program.run(["train", "--arch", "resnet8"] + arguments)
    #expect(train.status == 1 && train.messages.contains("diverged"), "\(train.messages)")
    for jobs in ["1", "2"] {
      let sweep = try program.run(
        ["sweep", "--depths", "8,14", "--shortcuts", "A", "--jobs", jobs] + arguments)
      #expect(sweep.status == 1, "\(sweep.messages)")
      #expect(sweep.messages.contains("2 of 2 networks could not be trained"))
      #expect(sweep.messages.contains("Network 2 of 2") && !sweep.messages.contains("1 of 1"))
      for line in sweep.output.split(separator: "\n") {
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
      }
    }
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    #expect(Set(try store.runs().map(\.status)) == [.failed])
  }

  @Test("--steps ends the session, and --total stays the length of the recipe; the message says so")
  func stepsBesideTotal() throws {
    let program = try ResNetProcess()
    let arguments = [
      "train", "--dataset", "digits", "--arch", "resnet8", "--width", "2", "--batch-size", "700",
      "--unit", "steps", "--total", "4", "--drops", "3", "--checkpoints", "points", "--threads",
      "1",
    ]
    let first = try program.run(arguments + ["--steps", "1"])
    #expect(first.status == 0)
    #expect(first.messages.contains("Stopped after step 1 of 4, as asked"), "\(first.messages)")
    #expect(first.messages.contains("For a shorter recipe use --total."))
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    #expect(try Checkpoint(contentsOf: last).progress.step == 1)
    let rest = try program.run(arguments + ["--resume"])
    #expect(rest.status == 0, "\(rest.messages)")
    #expect(try Checkpoint(contentsOf: last).progress.step == 4)
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    let recipe = try #require(try store.runs(status: .finished).first).configuration
    #expect(recipe.hyperparameters["steps"] == 4)
  }

  @Test(
    "CIFAR is trained on without the mean of each pixel, as in the paper, and other sets of each channel",
    arguments: [("cifar10", [], "pixel"), ("mnist", ["--validation", "2"], "channel")])
  func centering(dataset: String, more: [String], expected: String) throws {
    let program = try ResNetProcess()
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: program.folder.appendingPathComponent(name))
    }
    // Two images in each file.
    for part in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
      let images = UInt8(part.utf8.last!)
      try write(FetchTests.record(images % 10) + FetchTests.record(images % 7), "\(part).bin")
    }
    for (part, count) in [("train", UInt8(10)), ("t10k", 4)] {
      let pixels = (0..<Int(count) * 64).map {
        UInt8(truncatingIfNeeded: $0 * 7 + part.utf8.count)
      }
      try write(
        [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 8, 0, 0, 0, 8] + pixels, "\(part)-images-idx3-ubyte")
      try write([0, 0, 8, 1, 0, 0, 0, count] + (0..<count), "\(part)-labels-idx1-ubyte")
    }
    let answer = try program.run(
      [
        "train", "--dataset", dataset, "--data", ".", "--arch", "resnet8", "--width", "2",
        "--batch-size", "4", "--unit", "steps", "--total", "2", "--drops", "1", "--checkpoints",
        "points", "--threads", "1",
      ] + more)
    #expect(answer.status == 0, "\(answer.messages)")
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    let values = try #require(try store.runs().first).configuration.hyperparameters
    #expect(values["centering"] == .init(stringLiteral: expected), "\(values)")
  }

  @Test("A network of table 1 is trained, continued and made weights of like a small one")
  func imageNet() throws {
    let program = try ResNetProcess()
    let arguments = [
      "train", "--dataset", "digits", "--arch", "resnet50", "--bottleneck-stride", "first1x1",
      "--width", "2", "--batch-size", "720", "--unit", "epochs", "--total", "2", "--drops", "1",
      "--checkpoints", "points", "--threads", "1",
    ]
    let first = try program.run(arguments + ["--steps", "1"])
    #expect(first.status == 0, "\(first.messages)")
    let rest = try program.run(arguments + ["--resume"])
    #expect(rest.status == 0, "\(rest.messages)")
    let store = try RunStore(
      readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
    let configuration = try #require(try store.runs(status: .finished).first).configuration
    #expect(
      configuration.network.text == "ResNet-50 B width 2 first1x1 channels 1 classes 10")
    #expect(configuration.recordedHyperparameters["bottleneck_stride"] == "first1x1")
    let config = program.folder.appendingPathComponent("run.json")
    try JSONEncoder().encode(configuration).write(to: config)
    let repeated = try ResNetProcess()
    let answer = try repeated.run(
      ["train", "--config", config.path, "--checkpoints", "points", "--threads", "2"])
    #expect(answer.status == 0, "\(answer.messages)")
    #expect(try weights(repeated) == weights(program))
    let export = try program.run(
      ["export", "--checkpoint", "points/last.safetensors", "--output", "weights.safetensors"])
    #expect(export.status == 0, "\(export.messages)")
    let evaluation = try program.run(
      ["evaluate", "--weights", "weights.safetensors", "--dataset", "digits", "--json"])
    #expect(evaluation.status == 0, "\(evaluation.messages)")
    let scores =
      try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any]
    let error = try #require(scores?["top1_error"] as? Double)
    let trained = try #require(
      try metrics(program).last { $0.split == .test && $0.name == "error" }?.value)
    // The same share of 360 images, found in two ways.
    #expect(abs(error - trained) < 1e-12)
  }

  @Test("A network that doesn't fit the images is answered with status 1 and what would fit")
  func misfit() throws {
    let answer = try ResNetProcess().run(["train", "--arch", "vgg16", "--dataset", "digits"])
    #expect(answer.status == 1)
    #expect(
      answer.messages.contains("VGG-16 can't be trained on digits. Images of 8x8 are too small"),
      "\(answer.messages)")
  }

  @Test("Data that isn't there is answered with status 1 and the command that gets it")
  func noData() throws {
    let answer = try ResNetProcess().run(["train", "--arch", "resnet20"])
    #expect(answer.status == 1)
    #expect(answer.messages.contains("resnet fetch cifar10"), "\(answer.messages)")
  }
}

@Suite("resnet train, for a run that the store has", .serialized)
struct StoredRunTests {
  @Test(
    "It names the command that writes the network only if the store has that",
    arguments: [true, false])
  func export(isKept: Bool) throws {
    let program = try ResNetProcess()
    // Of 96 channels it is larger than 4 MB.
    let training = [
      "train", "--arch", "resnet8", "--width", isKept ? "2" : "96", "--dataset", "digits",
      "--validation", "1420", "--batch-size", "17", "--total", "1", "--drops", "1",
      "--checkpoints", "points",
    ]
    let first = try program.run(training)
    #expect(first.status == 0, "\(first.messages)")
    try FileManager.default.removeItem(at: program.folder.appendingPathComponent("points"))
    let answer = try program.run(training)
    #expect(answer.status == 0 && answer.messages.contains("has this run already"))
    #expect(answer.messages.contains("resnet export") == isKept, "\(answer.messages)")
    #expect(answer.messages.contains("up to 4 MB") != isKept && answer.messages.contains("--fresh"))
  }
}

@Suite("resnet sweep", .serialized)
struct SweepTests {
  private static let grid = [
    "sweep", "--depths", "8,14", "--shortcuts", "none,A", "--seeds", "3,4", "--width", "2",
    "--total", "1", "--drops", "1", "--threads", "2",
  ]

  private func runs(_ program: ResNetProcess) throws -> [Run] {
    try RunStore(readingOnly: program.folder.appendingPathComponent("runs.sqlite").path)
      .runs(status: .finished)
  }

  @Test("Shards and jobs share a grid without doing anything twice")
  func shards() throws {
    let program = try ResNetProcess()
    let first = try program.run(Self.grid + ["--shard", "1/2"])
    #expect(first.status == 0, "\(first.messages)")
    #expect(try runs(program).count == 4)
    let all = try program.run(Self.grid + ["--jobs", "2", "--json"])
    #expect(all.status == 0, "\(all.messages)")
    #expect(all.messages.contains("4 of 8 networks are in the store already"))
    #expect(all.output.split(separator: "\n").count == 8)
    #expect(!all.output.contains("\"finished\": false"))
    let stored = try runs(program)
    #expect(stored.count == 8 && Set(stored.map(\.configuration)).count == 8)
    #expect(Set(stored.map(\.id)).count == 8)
    let nothing = try program.run(Self.grid)
    #expect(nothing.messages.contains("8 of 8 networks are in the store already"))
    #expect(try runs(program).count == 8)
  }

  @Test("Shards in stores of their own, merged, are the sweep in one store, number by number")
  func merged() throws {
    func results(_ store: RunStore) throws -> [RunConfiguration: [Metric]] {
      try Dictionary(
        store.runs(status: .finished).map { run in
          (run.configuration, try store.metrics(of: run.id).filter { $0.name != "seconds" })
        }, uniquingKeysWith: { first, _ in first })
    }
    let grid = Self.grid + ["--depths", "8"]
    let whole = try ResNetProcess()
    #expect(try whole.run(grid).status == 0)
    let store = try RunStore(opening: whole.folder.appendingPathComponent("merged.sqlite").path)
    for shard in ["1/2", "2/2"] {
      let part = try ResNetProcess()
      #expect(try part.run(grid + ["--shard", shard]).status == 0)
      let merged = try store.merge(part.folder.appendingPathComponent("runs.sqlite").path)
      #expect(merged.isWhole && merged.newRuns == 2)
    }
    let expected = try results(
      RunStore(readingOnly: whole.folder.appendingPathComponent("runs.sqlite").path))
    #expect(expected.count == 4)
    #expect(try results(store) == expected)
  }

  @Test("A sweep that was killed goes on where it was")
  func killed() throws {
    let program = try ResNetProcess()
    let grid = Self.grid + ["--total", "3", "--width", "4"]
    let process = try program.start(grid)
    let points = program.folder.appendingPathComponent("checkpoints/sweep")
    while process.isRunning, !FileManager.default.fileExists(atPath: points.path) { usleep(20_000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let rest = try program.run(grid)
    #expect(rest.status == 0, "\(rest.messages)")
    #expect(Set(try runs(program).map(\.configuration)).count == 8)
    #expect(try FileManager.default.contentsOfDirectory(atPath: points.path).isEmpty)
  }

  @Test("A network that another sweep is training is said to be running, not failed")
  func elsewhere() throws {
    let program = try ResNetProcess()
    let grid = [
      "sweep", "--depths", "8", "--shortcuts", "A", "--width", "4", "--total", "2000",
      "--drops", "1000", "--threads", "1",
    ]
    let other = try program.start(grid)
    defer {
      kill(other.processIdentifier, SIGKILL)
      other.waitUntilExit()
    }
    let points = program.folder.appendingPathComponent("checkpoints/sweep")
    func isSaved() -> Bool {
      let files = FileManager.default.enumerator(atPath: points.path)?.allObjects as? [String]
      return files?.contains { $0.hasSuffix("last.safetensors") } ?? false
    }
    while other.isRunning, !isSaved() { usleep(20_000) }
    for jobs in ["1", "2"] {
      let text = try program.run(grid + ["--jobs", jobs])
      #expect(text.status == 0 && text.output.contains("running"), "\(text.output)\(text.messages)")
      #expect(!text.output.contains("failed") && text.messages.contains("process"))
      let json = try program.run(grid + ["--jobs", jobs, "--json"])
      #expect(
        json.output.contains("\"finished\": false, \"status\": \"running\""), "\(json.output)")
    }
  }
}
