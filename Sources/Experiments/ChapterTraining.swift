import Datasets
import Foundation
import MiniTensor
import Notebook
import RunStore
import Training

extension Chapter {
  /// The results of some trials on the digits: as the same function for any images.
  public func results(
    of trials: [Trial], on digits: Digits, line: Int = #line, file: String = #filePath
  ) -> [TrialResult] {
    let data = TrainingData(train: digits.train, test: digits.test)
    return results(of: trials, on: data, line: line, file: file)
  }

  /// The results of some trials: out of the run store where it has them, trained now where it hasn't.
  ///
  /// Says which runs are reused and from when, shows a progress bar, and records what it trains. Ctrl-C
  /// ends the chapter with status 130, a loss that isn't finite with status 1; the run is then stored
  /// as interrupted or failed.
  ///
  /// - Parameters:
  ///   - trials: what is wanted.
  ///   - data: what they learn from and are measured on.
  /// - Returns: one result a trial, in the same order.
  public func results(
    of trials: [Trial], on data: TrainingData, line: Int = #line, file: String = #filePath
  ) -> [TrialResult] {
    catchUp(line: line, file: file)
    // A full disk would be told once a run.
    var told: Set<String> = []
    let trainer = Trainer(
      store: store, data: data, chapter: number, device: Device(threads: options.threads),
      fresh: options.fresh, warn: { if told.insert($0).inserted { self.note($0) } })
    let stored = trials.map(trainer.stored)
    tell(reused: stored.compactMap { $0?.reused })
    let missing = zip(trials, stored).filter { $0.1 == nil }.map(\.0)
    guard !missing.isEmpty else { return stored.compactMap { $0 } }

    let interruption = Interruption()
    let stepsPerEpoch = { (trial: Trial) in
      (data.train.count + trial.recipe.batchSize - 1) / trial.recipe.batchSize
    }
    // A step of a network costs about in proportion to its depth.
    let cost = { (trial: Trial) in
      trial.recipe.epochs * stepsPerEpoch(trial) * trial.architecture.depth
    }
    let bar = progress(
      "training", total: missing.map(cost).reduce(0, +), unit: "layer steps", line: line, file: file
    )
    defer { bar.finish() }
    var done = 0
    var results: [TrialResult] = []
    for (trial, result) in zip(trials, stored) {
      if let result {
        results.append(result)
        continue
      }
      do throws(TrainingError) {
        let trained = try trainer.train(trial, interruption: interruption) { step, loss in
          let epoch = (step - 1) / stepsPerEpoch(trial) + 1
          bar.advance(
            to: done + step * trial.architecture.depth,
            detail: trial.architecture.name + String(format: ", epoch %d, loss %.3f", epoch, loss))
        }
        results.append(trained)
      } catch {
        bar.finish()
        if case .interrupted = error { interrupted() }
        results.append(require(try Result<TrialResult, TrainingError>.failure(error).get()))
      }
      done += cost(trial)
    }
    return results
  }

  private func tell(reused: [Run]) {
    guard let first = reused.map(\.started).min(), let last = reused.map(\.started).max(),
      let path = store?.path
    else { return }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "d MMMM yyyy, HH:mm"
    let (from, to) = (format.string(from: first), format.string(from: last))
    let code = Set(reused.map(\.codeVersion)).sorted().joined(separator: ", ")
    note(
      "Reusing \(reused.count) run\(reused.count == 1 ? "" : "s") from \(path), trained "
        + (from == to ? "on \(from)" : "from \(from) to \(to)")
        + " (code \(code)). Use --fresh to train again.")
  }
}
