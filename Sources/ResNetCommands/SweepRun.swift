import ArgumentParser
import Commands
import Files
import Foundation
import MiniTensor
import RunStore
import Training

/// A network of a sweep, with its recipe.
struct PlannedTrial {
  let trial: Trial
  /// Its place in the whole grid.
  let place: WorkShard
}

/// The networks of a sweep, trained one after the other or several at a time.
struct SweepRun {
  let planned: [PlannedTrial]
  let trainer: Trainer
  let jobs: Int
  let folder: URL
  let json: Bool
  private let recent = RecentCheckpoint()

  init(planned: [PlannedTrial], trainer: Trainer, jobs: Int, folder: URL, json: Bool) {
    (self.planned, self.trainer, self.jobs) = (planned, trainer, jobs)
    (self.folder, self.json) = (folder, json)
  }

  /// Trains what the store doesn't have and prints a line for every network.
  ///
  /// - Throws: `ExitCode` if one of them could not be trained; the others are trained all the same.
  func run() throws {
    let interruption = impatientInterruption(saving: recent)
    let missing = planned.filter { trainer.finished($0.trial) == nil }
    if missing.count < planned.count {
      tell(
        "\(planned.count - missing.count) of \(planned.count) networks are in the store already.")
    }
    var failed = 0
    if jobs == 1 {
      for network in missing where try !train(network, interruption) { failed += 1 }
    } else {
      // The deepest take longest: begun last, one of them would keep a single job busy at the end.
      let queue = missing.sorted { $0.trial.architecture.depth > $1.trial.architecture.depth }
      failed = try SweepJobs(queue, trainer: trainer, count: jobs).run(interruption)
    }
    try printResults()
    guard failed > 0 else { return }
    if planned.count > 1 {
      tell("\(failed) of \(planned.count) networks could not be trained, or are not in the store.")
    }
    throw ExitCode(1)
  }

  /// Trains one; false if that failed, or if the store should have it and hasn't.
  private func train(_ network: PlannedTrial, _ interruption: Interruption) throws -> Bool {
    let trial = network.trial
    let name = name(of: trial)
    // Another sweep on the same store may have had it meanwhile.
    guard trainer.finished(trial) == nil else { return true }
    tell("Network \(network.place.index) of \(network.place.count): \(name)")
    let places = Checkpoints(
      in: Checkpoints.folder(
        named: "\(name)-\(trainer.data.train.name)", in: folder,
        for: trainer.configuration(of: trial)),
      start: trainer.fresh ? .fresh : .resume, recent: recent)
    let bar = ProgressBar(
      trial.architecture.name,
      total: trial.recipe.totalSteps(images: trainer.data.train.count), unit: "steps")
    defer { bar.finish() }
    let isRecording = trainer.store?.isReadOnly == false
    let isStored: Bool
    do throws(TrainingError) {
      isStored = try trainer.train(
        trial, checkpoints: places, interruption: interruption, onBegin: bar.begin,
        onStep: { bar.advance(to: $0.step, detail: $0.detail) }
      ).isStored
    } catch {
      bar.finish()
      switch error {
      case .interrupted:
        tell("Interrupted. The same command goes on from here.")
        throw ExitCode(130)
      case .diverged:
        // The store has it as failed; the other networks can still be trained.
        tell("\(name): \(error)")
        return false
      case .checkpoint(.folder(.taken)):
        // Another sweep on the same store has it in hand.
        tell("\(name): \(error)")
        return true
      default: throw Failure("\(error)")
      }
    }
    // The run is in the store, and its network too unless it is very large.
    if isStored { places.remove() }
    return isStored == isRecording
  }

  private func name(of trial: Trial) -> String {
    let network = trial.architecture.textBesideData.replacing(" ", with: "-").lowercased()
    return "\(network)-\(trial.seed)"
  }

  private func printResults() throws {
    guard trainer.store != nil else { return }
    if !json { try printLine("network     shortcut  seed  train error %  test error %") }
    for trial in planned.map(\.trial) {
      let last = trainer.recorded(trial)?.epochs.last
      // Another sweep may have it in hand.
      let status = last == nil ? trainer.latest(trial)?.status ?? .failed : .finished
      let (network, shortcut) = (trial.architecture.name, trial.architecture.shortcut.rawValue)
      if json {
        let result: JSON = [
          "network": .text(network), "depth": JSON(trial.architecture.depth),
          "shortcut": .text(shortcut), "seed": JSON(trial.seed), "finished": .flag(last != nil),
          "status": .text(status.rawValue),
          "train_error": JSON(last?.train.error), "test_error": JSON(last?.test.error),
        ]
        try printLine(result.line)
      } else {
        let errors =
          last.map { String(format: "%13.2f  %12.2f", 100 * $0.train.error, 100 * $0.test.error) }
          ?? String(repeating: " ", count: max(0, 15 - status.rawValue.count)) + status.rawValue
          + "             –"
        try printLine(
          network.padding(toLength: 12, withPad: " ", startingAt: 0)
            + shortcut.padding(toLength: 8, withPad: " ", startingAt: 0)
            + String(format: "%6d  ", trial.seed) + errors)
      }
    }
  }
}

/// Several networks at a time, each in a process of its own: this program with one point of the grid.
struct SweepJobs {
  private let queue: [PlannedTrial]
  private let count: Int
  private let threads: Int
  /// Those whose messages haven't been passed on to their end.
  private let talking = DispatchGroup()

  init(_ queue: [PlannedTrial], trainer: Trainer, count: Int) {
    (self.queue, self.count) = (queue, count)
    threads = max(1, trainer.device.threads / count)
  }

  /// Returns how many could not be trained.
  func run(_ interruption: Interruption) throws -> Int {
    var waiting = queue[...]
    var running: [Process] = []
    var failed = 0
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < count, let network = waiting.popFirst() {
        running.append(try start(network))
      }
      Thread.sleep(forTimeInterval: 0.05)
      if interruption.isRequested {
        for process in running { process.terminate() }
        for process in running { process.waitUntilExit() }
        tell("Interrupted. The same command goes on from here.")
        throw ExitCode(130)
      }
      failed += running.count { !$0.isRunning && $0.terminationStatus != 0 }
      running.removeAll { !$0.isRunning }
    }
    talking.wait()
    return failed
  }

  private func start(_ network: PlannedTrial) throws -> Process {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    // Of an option that is given twice the last one counts.
    process.arguments =
      CommandLine.arguments.dropFirst() + [
        "--shard", "\(network.place)", "--jobs", "1", "--threads", "\(threads)",
      ]
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    // Through a pipe, so that several progress bars don't fight for a terminal's last line.
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    talking.enter()
    messages.fileHandleForReading.readabilityHandler = { [talking] handle in
      let bytes = handle.availableData
      try? writeAll(bytes, to: STDERR_FILENO, called: "Standard error")
      if bytes.isEmpty {
        handle.readabilityHandler = nil
        talking.leave()
      }
    }
    return process
  }
}
