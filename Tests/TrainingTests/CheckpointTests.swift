import Files
import Foundation
import MiniTensor
import Networks
import RunStore
import Testing

@testable import Training

@Suite("Checkpoints")
struct CheckpointTests {
  private func configuration() throws -> RunConfiguration {
    SmallRun.trainer.configuration(of: try SmallRun.trial())
  }

  @Test("No refusal names an option that the chapters don't have")
  func remedies() {
    let folder = FolderLock.Refusal.taken(folder: "f", owner: "process 1")
    for error in [
      CheckpointError.missing("f"), .damaged("f", "why"), .other("f", ["its seed is 1, not 2"]),
      .present("f", step: 1), .folder(folder),
    ] {
      #expect(!error.description.contains("--checkpoints"), "\(error)")
    }
    let other = CheckpointError.other("f", ["its seed is 1, not 2"]).description
    #expect(other.contains("of another run: its seed is 1, not 2") && other.contains("--fresh"))
  }

  @Test(
    "A run that was left after any step and continued from its file is bit-identical to one that wasn't",
    arguments: 1...12)
  func resumed(after step: Int) throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("checkpoint")
    let whole = try SmallRun.session()
    try whole.run()
    #expect(whole.progress.step == 13 && whole.progress.history.count == 3)

    let first = try SmallRun.session()
    try first.run(upTo: step)
    try replaceFile(
      file, with: Checkpoint(of: first, configuration: configuration()).encoded())
    let second = try SmallRun.session(threads: 2)
    try Checkpoint(contentsOf: file).restore(second, from: file)
    #expect(second.outcome == first.outcome)
    try second.run()
    #expect(second.outcome == whole.outcome)
  }

  @Test("A checkpoint that is left while an epoch is measured measures it again")
  func beforeMeasuring() throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("checkpoint")
    let whole = try SmallRun.session()
    try whole.run()
    let first = try SmallRun.session()
    try first.run(
      upTo: 5,
      afterStep: { report throws(TrainingError) in
        guard report.step == 5 else { return }
        do {
          let checkpoint = Checkpoint(of: first, configuration: try self.configuration())
          try replaceFile(file, with: checkpoint.encoded())
        } catch {
          Issue.record("\(error)")
        }
      })
    let checkpoint = try Checkpoint(contentsOf: file)
    #expect(checkpoint.progress.step == 5 && checkpoint.progress.history.isEmpty)
    let second = try SmallRun.session()
    try checkpoint.restore(second, from: file)
    try second.run()
    #expect(second.outcome == whole.outcome)
  }

  @Test("A trainer continues from the last checkpoint and keeps the one with the lowest error")
  func trainer() throws {
    let scratch = try Scratch()
    let trial = try SmallRun.trial()
    let whole = try SmallRun.trainer.train(trial, checkpoints: nil)
    for limit in [4, 5, 9, 12] {
      let places = Checkpoints(in: scratch.url, start: .resume)
      #expect(throws: TrainingError.self) {
        try SmallRun.trainer.train(trial, checkpoints: places, upTo: limit)
      }
      #expect(try Checkpoint(contentsOf: places.last).progress.step == limit)
    }
    let places = Checkpoints(in: scratch.url, start: .resume)
    let resumed = try SmallRun.trainer.train(trial, checkpoints: places)
    #expect(resumed.network.weights() == whole.network.weights())
    #expect(resumed.epochs.map(\.test) == whole.epochs.map(\.test))
    #expect(resumed.epochs.map(\.validation) == whole.epochs.map(\.validation))
    #expect(try scratch.names == ["best.safetensors", "last.safetensors"])
    let errors = whole.epochs.compactMap(\.validation?.error)
    let best = try Checkpoint(contentsOf: places.best).progress.history
    #expect(best.last?.validation?.error == errors.min())
    // A finished run that is resumed once more does nothing.
    let again = try SmallRun.trainer.train(trial, checkpoints: places)
    #expect(again.network.weights() == whole.network.weights())
  }

  @Test("What is kept in memory is saved at any moment and continued to the same bits")
  func recent() throws {
    let scratch = try Scratch()
    let trial = try SmallRun.trial()
    let whole = try SmallRun.trainer.train(trial, checkpoints: nil)
    let places = Checkpoints(in: scratch.url, start: .resume, every: 1000)
    for limit in [3, 7, 13] {
      var steps: [Int] = []
      _ = try? SmallRun.trainer.train(
        trial, checkpoints: places, upTo: limit,
        onStep: { report in
          // While the first step is taken, the state at the start is kept.
          guard let saved = try? places.recent.save() else { return }
          #expect(saved.file == places.last && saved.step < report.step)
          #expect((try? Checkpoint(contentsOf: places.last))?.progress.step == saved.step)
          steps.append(saved.step)
        })
      #expect(steps.first == (limit == 3 ? 0 : limit == 7 ? 3 : 7))
    }
    // Saved by the trainer itself: nothing newer is kept.
    #expect(try places.recent.save() == nil)
    let resumed = try SmallRun.trainer.train(trial, checkpoints: places)
    #expect(resumed.network.weights() == whole.network.weights())
  }

  @Test("A budget of no time is one step a session, saved; together they end with the same bits")
  func budget() throws {
    let scratch = try Scratch()
    let trial = try SmallRun.trial()
    let whole = try SmallRun.trainer.train(trial, checkpoints: nil)
    let places = Checkpoints(in: scratch.url, start: .resume)
    let total = trial.recipe.totalSteps(images: SmallRun.trainer.data.train.count)
    for step in 1..<total {
      #expect(throws: TrainingError.self) {
        try SmallRun.trainer.train(trial, checkpoints: places, within: 0)
      }
      #expect(try Checkpoint(contentsOf: places.last).progress.step == step)
    }
    let resumed = try SmallRun.trainer.train(trial, checkpoints: places, within: 0)
    #expect(resumed.network.weights() == whole.network.weights())
  }

  @Test("A checkpoint is never replaced or continued by accident")
  func protected() throws {
    let scratch = try Scratch()
    let trial = try SmallRun.trial()
    func train(_ trial: Trial, _ start: Checkpoints.Start) throws -> String {
      do {
        _ = try SmallRun.trainer.train(
          trial, checkpoints: Checkpoints(in: scratch.url, start: start), upTo: 2)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(try train(trial, .refuse).contains("Stopped after step 2"))
    #expect(try train(trial, .refuse).contains("after step 2. Continue it with --resume"))
    var other = SmallRun.recipe
    other.batchSize = 10
    let refusal = try train(SmallRun.trial(other), .resume)
    #expect(refusal.contains("its batch_size is 12, not 10"), "\(refusal)")
    #expect(try train(trial, .fresh).contains("Stopped after step 2"))
  }

  @Test("A checkpoint that can't be written leaves the one before as it was")
  func notWritten() throws {
    let scratch = try Scratch()
    let trial = try SmallRun.trial()
    let places = Checkpoints(in: scratch.url, start: .resume)
    #expect(throws: TrainingError.self) {
      try SmallRun.trainer.train(trial, checkpoints: places, upTo: 2)
    }
    let before = try Data(contentsOf: places.last)
    // A folder has the name of the best checkpoint, which is written first.
    try FileManager.default.createDirectory(
      at: places.best.appendingPathComponent("full"), withIntermediateDirectories: true)
    let error = #expect(throws: TrainingError.self) {
      try SmallRun.trainer.train(trial, checkpoints: places, upTo: 5)
    }
    #expect(error?.description.contains("can't be written") == true, "\(String(describing: error))")
    #expect(try Data(contentsOf: places.last) == before)
    #expect(try scratch.names == ["best.safetensors", "last.safetensors"])
    try FileManager.default.removeItem(at: places.best)
    #expect(throws: TrainingError.self) {
      try SmallRun.trainer.train(trial, checkpoints: places, upTo: 4)
    }
    #expect(try Checkpoint(contentsOf: places.last).progress.step == 4)
  }

  @Test("What has to be continued isn't begun, and a folder is made for what begins only")
  func required() throws {
    let scratch = try Scratch()
    let folder = scratch.url.appendingPathComponent("new")
    let trial = try SmallRun.trial()
    let error = #expect(throws: TrainingError.self) {
      try SmallRun.trainer.train(trial, checkpoints: Checkpoints(in: folder, start: .require))
    }
    #expect(error?.description.contains("nothing to resume") == true)
    #expect(try scratch.names == [])
    _ = try? SmallRun.trainer.train(
      trial, checkpoints: Checkpoints(in: folder, start: .refuse), upTo: 2)
    #expect(throws: Never.self) {
      try SmallRun.trainer.train(trial, checkpoints: Checkpoints(in: folder, start: .require))
    }
  }

  @Test("Differences are told in sentences, whichever side has none")
  func differences() throws {
    var (one, other) = (try configuration(), try configuration())
    one.hyperparameters["batch_size"] = 64
    one.hyperparameters["only_here"] = 1
    other.hyperparameters["only_there"] = 2
    other.seed = 5
    let all = one.differences(to: other)
    #expect(all.contains("its batch_size is 64, not 12"))
    #expect(all.contains("its only_here is 1, and this run has none"))
    #expect(all.contains("it has no only_there, and that of this run is 2"))
    #expect(all.contains("its seed is 4, not 5") && !all.joined().contains("not not"))
  }

  @Test("The best checkpoint says by which error it was chosen")
  func chosen() throws {
    for (validation, choice) in [(true, "validation"), (false, "test")] {
      let scratch = try Scratch()
      let data = SmallRun.data
      let trainer = Trainer(
        store: nil,
        data: TrainingData(
          train: data.train, validation: validation ? data.validation : nil, test: data.test),
        device: Device(threads: 1), warn: { _ in })
      let places = Checkpoints(in: scratch.url, start: .refuse)
      _ = try trainer.train(try SmallRun.trial(), checkpoints: places)
      #expect(try Checkpoint(contentsOf: places.best).chosenBy == choice)
      #expect(try Checkpoint(contentsOf: places.last).chosenBy == nil)
    }
  }

  @Test(
    "A folder that goes while a run is trained is made again, unless another run has it by then")
  func removed() throws {
    let scratch = try Scratch()
    let folder = scratch.url.appendingPathComponent("points")
    let trial = try SmallRun.trial()
    var places = Checkpoints(in: folder, start: .refuse, every: 0)
    _ = try SmallRun.trainer.train(
      trial, checkpoints: places, onStep: { _ in try? FileManager.default.removeItem(at: folder) })
    #expect(try Checkpoint(contentsOf: places.last).progress.step == 13)
    places = Checkpoints(in: folder, start: .fresh, every: 0)
    var other: FolderLock?
    let error = #expect(throws: TrainingError.self) {
      try SmallRun.trainer.train(
        trial, checkpoints: places,
        onStep: { _ in
          guard other == nil else { return }
          try? FileManager.default.removeItem(at: folder)
          other = try? FolderLock(folder)
        })
    }
    #expect(error?.description.contains("Another training") == true)
    withExtendedLifetime(other) {}
  }

  @Test("Measurements that aren't finite are saved and read again")
  func notFinite() throws {
    let session = try SmallRun.session()
    try session.run(upTo: 5)
    let first = try #require(session.progress.history.first)
    session.progress.history[0] = EpochReport(
      epoch: 1, step: first.step, train: first.train, validation: first.validation,
      test: Evaluation(loss: .nan, error: 1), seconds: .infinity)
    let checkpoint = Checkpoint(of: session, configuration: try configuration())
    let read = try Checkpoint(checkpoint.encoded()).progress.history[0]
    #expect(read.test.loss.isNaN && read.seconds == .infinity)
  }

  @Test("What is no checkpoint is refused with a reason")
  func refused() throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("checkpoint")
    func problem() -> String {
      do {
        let checkpoint = try Checkpoint(contentsOf: file)
        try checkpoint.restore(SmallRun.session(), from: file)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problem().contains("There is no checkpoint at \(file.path)"))
    try Data("no".utf8).write(to: file)
    #expect(problem().contains("it has only 2 bytes"))
    let session = try SmallRun.session()
    try session.network.weights().write(to: file)
    #expect(problem().contains("its format is not"))
    try session.run(upTo: 7)
    session.progress.step = 3
    try Checkpoint(of: session, configuration: configuration()).encoded().write(to: file)
    #expect(problem().contains("don't fit each other"))
  }

  @Test("Files damaged at random are read or refused, and never half of one is taken")
  func fuzzed() throws {
    let count =
      ProcessInfo.processInfo.environment["RESNET_FUZZ"].flatMap { Int($0) } ?? 200
    let file = URL(fileURLWithPath: "fuzz")
    let session = try SmallRun.session()
    try session.run(upTo: 7)
    let original = [UInt8](try Checkpoint(of: session, configuration: configuration()).encoded())
    let header = original.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var generator = RandomGenerator(seed: 6, stream: .experiment)
    let target = try SmallRun.session()
    var refused = 0
    for _ in 0..<count {
      var bytes = original
      for _ in 0...generator.number(below: 3) where !bytes.isEmpty {
        // Most of the damage is done to the header, on which everything depends.
        let reach = generator.number(below: 4) > 0 ? min(header + 8, bytes.count) : bytes.count
        let place = generator.number(below: reach)
        switch generator.number(below: 4) {
        case 0: bytes[place] = UInt8(generator.number(below: 256))
        case 1: bytes[place] ^= 1 << UInt8(generator.number(below: 8))
        case 2: bytes.removeSubrange(place...)
        default: bytes.insert(UInt8(ascii: "9"), at: place)
        }
      }
      let before = target.outcome
      do {
        try Checkpoint(Data(bytes)).restore(target, from: file)
      } catch {
        #expect(target.outcome == before)
        refused += 1
      }
    }
    #expect(refused > count / 2)
  }
}
