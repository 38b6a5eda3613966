import Commands
import Datasets
import Foundation
import MiniTensor
import Notebook
import RunStore
import Training
import Translation

extension StepReport {
  /// For a progress bar: `epoch 3, loss 0.412, error 12.5 %`, in a catalog's language.
  public func detail(in translations: Catalog) -> String {
    let (epoch, loss) = ("\(self.epoch)", String(format: "%.3f", self.loss))
    guard recentError < 1 else { return translations.words("epoch {1}, loss {2}", epoch, loss) }
    return translations.words(
      "epoch {1}, loss {2}, error {3} %", epoch, loss, String(format: "%.1f", 100 * recentError))
  }
}

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
    let trainer = trainer(on: data)
    let stored = trials.map(trainer.stored)
    tell(reused: stored.compactMap { $0?.reused })
    // A step of a network costs about in proportion to its depth.
    let cost = { (trial: Trial) in
      trial.recipe.totalSteps(images: data.train.count) * trial.architecture.depth
    }
    let total = zip(trials, stored).reduce(0) { $0 + ($1.1 == nil ? cost($1.0) : 0) }
    guard total > 0 else { return stored.compactMap(\.self) }
    let bar = progress(
      .words("training"), total: total, unit: .words("layer steps"), line: line, file: file)
    let interruption = Interruption()
    var done = 0
    return zip(trials, stored).compactMap { trial, result in
      if let result { return result }
      defer { done += cost(trial) }
      return end(bar) { () throws(TrainingError) in
        try trainer.train(
          trial, interruption: interruption,
          onStep: { report in
            bar.advance(
              to: done + report.step * trial.architecture.depth,
              detail: "\(trial.architecture.name), \(report.detail(in: translations))")
          })
      }
    }
  }

  /// Trains on from where the last session of the same run stopped, until the recipe or the budget ends.
  ///
  /// A run that the store has complete isn't trained again. The checkpoint is kept in the folder
  /// `checkpoints` beside the store; without a store to write to nothing is kept. `--fresh` begins anew.
  /// Ctrl-C saves, and ends the chapter with status 130.
  ///
  /// - Parameters:
  ///   - trial: what is trained. Its experiment, network and seed and the data set name the checkpoint.
  ///   - data: what it learns from and is measured on.
  ///   - budget: the seconds after which it is saved and left, at the end of a step.
  /// - Returns: how far it has come.
  public func resume(
    _ trial: Trial, on data: TrainingData, within budget: Double = .infinity,
    line: Int = #line, file: String = #filePath
  ) -> TrainingState {
    catchUp(line: line, file: file)
    let trainer = trainer(on: data)
    var state = TrainingState(
      trial, totalSteps: trial.recipe.totalSteps(images: data.train.count))
    if let finished = trainer.finished(trial) {
      tell(reused: [finished.run])
      (state.firstStep, state.step) = (state.totalSteps, state.totalSteps)
      state.epochs = finished.epochs
      return state
    }
    let name = "chapter\(number)-\(trial.experiment)-\(trial.architecture.name)-\(data.train.name)"
    let checkpoints = checkpointFolder.map {
      Checkpoints(
        in: Checkpoints.folder(
          named: "\(name)-\(trial.seed)".lowercased(), in: $0, for: trainer.configuration(of: trial)
        ),
        start: options.fresh ? .fresh : .resume)
    }
    let start = ProcessInfo.processInfo.systemUptime
    let bar = progress(
      "\(trial.architecture.name)", total: state.totalSteps, unit: .words("steps"), line: line,
      file: file)
    _ = end(bar) { () throws(TrainingError) in
      try trainer.train(
        trial, checkpoints: checkpoints, within: budget, interruption: Interruption(),
        onBegin: { step in
          (state.firstStep, state.step) = (step, step)
          bar.begin(at: step)
        },
        onStep: { report in
          state.step = report.step
          bar.advance(to: report.step, detail: report.detail(in: translations))
        },
        onEpoch: { state.epochs.append($0) })
    }
    state.seconds = ProcessInfo.processInfo.systemUptime - start
    return state
  }

  private func trainer(on data: TrainingData) -> Trainer {
    // A full disk would be told once a run.
    var told: Set<String> = []
    return Trainer(
      store: store, data: data, chapter: number, device: Device(threads: options.threads),
      fresh: options.fresh, warn: { if told.insert($0).inserted { self.note($0) } })
  }

  /// What training came to, nil if its budget stopped it. Any other end before the recipe's is the
  /// chapter's end too.
  private func end(
    _ bar: ProgressBar, _ train: () throws(TrainingError) -> TrialResult
  ) -> TrialResult? {
    defer { bar.finish() }
    do throws(TrainingError) {
      return try train()
    } catch {
      bar.finish()
      switch error {
      case .stopped: return nil
      case .interrupted: interrupted()
      default: return require(try Result<TrialResult, TrainingError>.failure(error).get())
      }
    }
  }

  private func tell(reused: [Run]) {
    guard let first = reused.map(\.started).min(), let last = reused.map(\.started).max(),
      let path = store?.path
    else { return }
    // Whoever asks the store what a chapter's numbers rest on. It doesn't matter if it can't be written now.
    try? store?.record(reused: reused.map(\.id), chapter: number)
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = translations.words("d MMMM yyyy, HH:mm")
    let (from, to) = (format.string(from: first), format.string(from: last))
    let code = Set(reused.map(\.codeVersion)).sorted().joined(separator: ", ")
    let when =
      from == to
      ? translations.words("on {1}", from) : translations.words("from {1} to {2}", from, to)
    let count = "\(reused.count)"
    let what =
      reused.count == 1
      ? translations.words("Reusing a run from {1}, trained {2} (code {3}).", path, when, code)
      : translations.words(
        "Reusing {1} runs from {2}, trained {3} (code {4}).", count, path, when, code)
    note(what + " " + translations.words("Use --fresh to train again."))
  }

  /// Beside the run store, if that can be written.
  private var checkpointFolder: URL? {
    guard let store, !store.isReadOnly else { return nil }
    return URL(fileURLWithPath: store.path).deletingLastPathComponent()
      .appendingPathComponent("checkpoints")
  }
}
