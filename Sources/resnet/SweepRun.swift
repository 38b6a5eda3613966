import ArgumentParser
import Commands
import Foundation
import MiniTensor
import RunStore
import Training

/// The networks of a sweep, trained one after the other or several at a time.
struct SweepRun {
  /// One of them.
  struct Cell {
    let trial: Trial
    /// The `--shard` that is this network alone.
    let shard: String
  }

  let cells: [Cell]
  let trainer: Trainer
  let jobs: Int
  let folder: URL
  let json: Bool
  private let recent = RecentCheckpoint()

  /// Trains what the store doesn't have and prints a line for every network.
  func run() throws {
    let interruption = impatientInterruption(saving: recent)
    let missing = try cells.filter { try storedEpochs(of: $0.trial) == nil }
    if missing.count < cells.count {
      tell("\(cells.count - missing.count) of \(cells.count) networks are in the store already.")
    }
    var unrecorded = 0
    if jobs == 1 {
      for (index, cell) in missing.enumerated() {
        tell("Network \(index + 1) of \(missing.count): \(name(of: cell.trial))")
        if try !train(cell.trial, interruption) { unrecorded += 1 }
      }
    } else {
      // The deepest take longest: begun last, one of them would keep a single job busy at the end.
      let queue = missing.sorted { $0.trial.architecture.depth > $1.trial.architecture.depth }
      try SweepJobs(queue, trainer: trainer, count: jobs).run(interruption)
    }
    try printResults()
    if unrecorded > 0 { throw Failure("\(unrecorded) of the networks are not in the store.") }
  }

  /// Trains one; false if the store should have it and hasn't.
  private func train(_ trial: Trial, _ interruption: Interruption) throws -> Bool {
    let name = "\(name(of: trial))-\(trainer.data.train.name)"
    let places = Checkpoints(
      in: Checkpoints.folder(named: name, in: folder, for: trainer.configuration(of: trial)),
      start: trainer.fresh ? .fresh : .resume, recent: recent)
    let meter = TrainingMeter(
      trial, limit: trial.recipe.totalSteps(images: trainer.data.train.count))
    defer { meter.finish() }
    let isRecording = trainer.store?.isReadOnly == false
    var isStored = isRecording
    do throws(TrainingError) {
      isStored = try trainer.train(
        trial, checkpoints: places, interruption: interruption, onStep: meter.advance
      ).isStored
    } catch {
      meter.finish()
      switch error {
      case .interrupted:
        tell("Interrupted. The same command goes on from here.")
        throw ExitCode(130)
      case .diverged:
        // The store has it as failed; the other networks can still be trained.
        tell("\(name): \(error)")
      case .checkpoint(.folder(.taken)):
        // Another part of the same sweep has it in hand.
        tell("\(name): \(error)")
        return true
      case .stopped, .checkpoint: throw Failure("\(error)")
      }
    }
    // The run is in the store, and its network too unless it is very large.
    if isStored { places.remove() }
    return isStored == isRecording
  }

  private func name(of trial: Trial) -> String {
    "\(trial.architecture.name.lowercased())-\(trial.architecture.shortcut.rawValue)-\(trial.seed)"
  }

  /// The epochs of the finished run that the store has; nil if it has none or it isn't wanted.
  private func storedEpochs(of trial: Trial, evenIfFresh: Bool = false) throws -> [EpochReport]? {
    guard let store = trainer.store, evenIfFresh || !trainer.fresh,
      let run = try store.latestFinishedRun(of: trainer.configuration(of: trial))
    else { return nil }
    return EpochReport.all(in: try store.metrics(of: run.id))
  }

  private func printResults() throws {
    guard trainer.store != nil else { return }
    if !json { try printLine("network     shortcut  seed  train error %  test error %") }
    for trial in cells.map(\.trial) {
      let last = try storedEpochs(of: trial, evenIfFresh: true)?.last
      let (network, shortcut) = (trial.architecture.name, trial.architecture.shortcut.rawValue)
      if json {
        let result: JSON = [
          "network": .text(network), "depth": JSON(trial.architecture.depth),
          "shortcut": .text(shortcut), "seed": JSON(trial.seed), "finished": .flag(last != nil),
          "train_error": JSON(last?.train.error), "test_error": JSON(last?.test.error),
        ]
        try printLine(result.line)
      } else {
        let errors =
          last.map { String(format: "%13.2f  %12.2f", 100 * $0.train.error, 100 * $0.test.error) }
          ?? "         failed             –"
        try printLine(
          network.padding(toLength: 12, withPad: " ", startingAt: 0)
            + shortcut.padding(toLength: 8, withPad: " ", startingAt: 0)
            + String(format: "%6d  ", trial.seed) + errors)
      }
    }
  }
}

/// Several networks at a time, each in a process of its own: this program with one cell of the grid.
struct SweepJobs {
  private let queue: [SweepRun.Cell]
  private let count: Int
  private let threads: Int

  init(_ queue: [SweepRun.Cell], trainer: Trainer, count: Int) {
    (self.queue, self.count) = (queue, count)
    threads = max(1, trainer.device.threads / count)
  }

  func run(_ interruption: Interruption) throws {
    var waiting = queue[...]
    var running: [Process] = []
    var failed = 0
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < count, let cell = waiting.popFirst() {
        running.append(try start(cell))
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
    if failed > 0 { throw Failure("\(failed) of \(queue.count) networks could not be trained.") }
  }

  private func start(_ cell: SweepRun.Cell) throws -> Process {
    let process = Process()
    process.executableURL = Bundle.main.executableURL
    // Of an option that is given twice the last one counts.
    process.arguments =
      CommandLine.arguments.dropFirst() + [
        "--shard", cell.shard, "--jobs", "1", "--threads", "\(threads)",
      ]
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}
