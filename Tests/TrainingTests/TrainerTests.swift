import Datasets
import Foundation
import MiniTensor
import Networks
@testable import RunStore
import Testing
import Training

@Suite struct TrainerTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(opening: folder.store)
  }

  @Test("A finished run is found again, with its reports and the same logits to the bit")
  func reuse() throws {
    let digits = try Digits.load()
    let trainer = try Trainer(store)
    #expect(trainer.stored(try .sample()) == nil)
    let trained = try trainer.train(try .sample())
    #expect(trained.reused == nil && trained.epochs.count == 2)
    let stored = try #require(trainer.stored(try .sample()))
    let run = try #require(stored.reused)
    #expect(run.status == .finished && run.chapter == 9)
    #expect(run.threads == Device.current.threads)
    #expect(stored.epochs == trained.epochs)
    #expect(stored.last == trained.epochs[1])
    let logits = [trained, stored].map {
      $0.network(digits.test.images, .inference).scalars.map(\.bitPattern)
    }
    #expect(logits[0] == logits[1])
  }

  @Test("What differs in anything is not taken for the stored run")
  func others() throws {
    let trainer = try Trainer(store)
    _ = try trainer.train(try .sample(recipe: Recipe(epochs: 1)))
    #expect(trainer.stored(try .sample(recipe: Recipe(epochs: 1))) != nil)
    #expect(trainer.stored(try .sample(.none, recipe: Recipe(epochs: 1))) == nil)
    #expect(trainer.stored(try .sample(recipe: Recipe(epochs: 2))) == nil)
    #expect(trainer.stored(try .sample(recipe: Recipe(epochs: 1, momentum: 0.8))) == nil)
    #expect(trainer.stored(try .sample(recipe: Recipe(epochs: 1), seed: 1)) == nil)
    let other = Trial(experiment: "other", try .small(.A), Recipe(epochs: 1), seed: 0)
    #expect(trainer.stored(other) == nil)
    #expect(try Trainer(store, fresh: true).stored(try .sample(recipe: Recipe(epochs: 1))) == nil)
    #expect(try Trainer(nil).stored(try .sample(recipe: Recipe(epochs: 1))) == nil)
  }

  @Test("A loss that isn't finite makes the run failed, and is kept as it is")
  func diverged() throws {
    let trial = try Trial.sample { network in
      network.linear.bias.value = Tensor([10], repeating: .nan)
    }
    #expect(throws: TrainingError.self) { _ = try Trainer(store).train(trial) }
    let run = try #require(try store.runs().first)
    #expect(run.status == .failed)
    #expect(run.message?.contains("diverged") == true)
    let losses = try store.metrics(of: run.id, named: "loss")
    #expect(losses.count == 1 && losses[0].value.isNaN && losses[0].step == 1)
    #expect(try Trainer(store).stored(trial) == nil)
  }

  @Test(
    "A network that its last step spoilt has diverged too, however small its last loss",
    arguments: [Float.nan, .infinity])
  func divergedAtTheEnd(value: Float) throws {
    var network: CifarNetwork?
    let trial = try Trial.sample(recipe: Recipe(epochs: 1)) { network = $0 }
    let error = #expect(throws: TrainingError.self) {
      _ = try Trainer(store).train(
        trial,
        onStep: { report in
          guard report.step == 23 else { return }
          network?.linear.bias.value = Tensor([10], repeating: value)
        })
    }
    guard case .diverged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try store.runs().map(\.status) == [.failed])
  }

  @Test(
    "A finished run that is started again is recorded once, whether the store has its network or not",
    arguments: [2, 64])
  func again(width: Int) throws {
    let data = SmallRun.data
    let trainer = Trainer(store: store, data: data, device: Device(threads: 1), warn: { _ in })
    let architecture = try CifarArchitecture(
      depth: 8, width: width, inputChannels: 1, classes: 3, shortcut: .A)
    let trial = Trial(experiment: "test", architecture, Recipe(epochs: 1, drops: []), seed: 0)
    let places = Checkpoints(in: URL(fileURLWithPath: folder.path + "/points"), start: .resume)
    let first = try trainer.train(trial, checkpoints: places)
    let run = try #require(trainer.finished(trial)).run
    #expect(try (store.weights(of: run.id) == nil) == (width == 64))
    #expect((trainer.stored(trial) == nil) == (width == 64))
    let again = try trainer.train(trial, checkpoints: places)
    #expect(try store.runs().count == 1)
    #expect(again.reused?.id == run.id && again.epochs == first.epochs)
    #expect(again.trained.weights() == first.trained.weights())
  }

  @Test("Without a store, or with one to read only, training goes on and records nothing")
  func unrecorded() throws {
    let trial = try Trial.sample(recipe: Recipe(epochs: 1))
    let warnings = Warnings()
    let expected = try Trainer(nil, warnings: warnings).train(trial)
    let reading = try RunStore(readingOnly: folder.store)
    let result = try Trainer(reading, warnings: warnings).train(trial)
    #expect(result.network.weights() == expected.network.weights())
    #expect(try store.runs().isEmpty)
    // Whoever opened the store has warned (`RunStore.openIfPossible`).
    #expect(warnings.all.isEmpty)
  }

  @Test("When a write fails there is one warning, and training goes on to its end")
  func failingStore() throws {
    let warnings = Warnings()
    let result = try Trainer(store, warnings: warnings).train(
      try .sample(),
      onStep: { report in
        // Another process ends the run in the middle of the second epoch.
        guard report.step == 30 else { return }
        let other = try? RunStore(opening: folder.store)
        if let run = try? other?.runs().first { try? other?.end(run.id, as: .interrupted) }
      })
    #expect(result.epochs.count == 2)
    #expect(warnings.all.count == 1)
    #expect(warnings.all.first?.contains("not recorded") == true)
    let run = try #require(try store.runs().first)
    #expect(Set(try store.metrics(of: run.id).map(\.epoch)) == [1])
  }

  @Test(
    "When the disk fails there is a warning then and one at the end, and training goes on to its end"
  )
  func failingDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let store = try RunStore(opening: folder.store)
      let warnings = Warnings()
      let result = try Trainer(store, warnings: warnings).train(
        try .sample(), onStep: { if $0.step == 30 { forbidFilesToGrow() } })
      #expect(result.epochs.count == 2)
      #expect(warnings.all.count == 2)
      #expect(warnings.all.allSatisfy { $0.contains("not recorded") })
      #expect(!result.isStored)
      let run = try #require(try RunStore(readingOnly: folder.store).runs().first)
      #expect(Set(try store.metrics(of: run.id).map(\.epoch)) == [1])
    }
  }

  @Test("A store that is locked while a network trains has all of the run in the end")
  func lockedStore() throws {
    let store = try RunStore(opening: folder.store, patience: 0.02)
    let other = try RunStore(opening: folder.store)
    let (locked, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      try? other.write { _ in
        locked.signal()
        release.wait()
      }
    }
    locked.wait()
    let warnings = Warnings()
    let result = try Trainer(store, warnings: warnings).train(
      try .sample(), onStep: { if $0.step == 30 { release.signal() } })
    #expect(result.isStored)
    #expect(warnings.all.count == 2 && warnings.all[1].contains("nothing is missing"))
    let run = try #require(try store.runs().first)
    #expect(run.status == .finished)
    #expect(try store.weights(of: run.id) != nil)
    #expect(Set(try store.metrics(of: run.id).map(\.epoch)) == [1, 2])
  }

  @Test("A stored run whose weights don't fit is trained again, with a warning")
  func unusableWeights() throws {
    let trial = try Trial.sample(recipe: Recipe(epochs: 1))
    let run = try store.begin(trial.configuration(dataset: Digits.name), threads: 1)
    try store.saveWeights(CifarNetwork(try .small(.B), seed: 0).weights(), of: run.id)
    let figures = Evaluation(loss: 0.5, error: 0.1)
    try store.record(
      EpochReport(epoch: 1, step: 23, train: figures, test: figures, seconds: 1).metrics, in: run.id
    )
    try store.end(run.id, as: .finished)
    let warnings = Warnings()
    #expect(try Trainer(store, warnings: warnings).stored(trial) == nil)
    #expect(warnings.all.count == 1)
    #expect(warnings.all.first?.contains("trained again") == true)
  }

  @Test("A stored run without weights, or with an epoch missing, is trained again")
  func incompleteRuns() throws {
    let trial = try Trial.sample()
    for weights in [nil, CifarNetwork(try .small(.A), seed: 0).weights()] {
      let run = try store.begin(trial.configuration(dataset: Digits.name), threads: 1)
      if let weights { try store.saveWeights(weights, of: run.id) }
      try store.end(run.id, as: .finished)
      #expect(try Trainer(store).stored(trial) == nil)
    }
  }

  @Test("A trial may prepare its network before training")
  func prepare() throws {
    var prepared: CifarNetwork?
    let trial = try Trial.sample(recipe: Recipe(epochs: 1)) { prepared = $0 }
    let result = try Trainer(nil).train(trial)
    #expect(prepared === result.network)
  }
}

/// Makes every further write to a file fail, as on a disk that is broken or full.
private func forbidFilesToGrow() {
  // Without this the system would end the process for trying.
  signal(SIGXFSZ, SIG_IGN)
  var limit = rlimit(rlim_cur: 0, rlim_max: 0)
  #if os(Linux)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  #else
    setrlimit(RLIMIT_FSIZE, &limit)
  #endif
}
