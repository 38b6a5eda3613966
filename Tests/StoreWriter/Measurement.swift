import Architectures
import Foundation
import RunStore

/// The networks of chapter 9's experiment: five depths, plain and residual, one seed after the other.
func degradation(_ index: Int) throws -> RunConfiguration {
  let depth = [8, 20, 32, 44, 56][index / 2 % 5]
  let name = index % 2 == 0 ? "plain-\(depth)" : "ResNet-\(depth) A"
  let seed = index / 10 % 20
  // After twenty seeds another learning rate, and after ten of these another experiment.
  let (rate, experiment) = (index / 200 % 10, index / 2000)
  return RunConfiguration(
    experiment: experiment == 0 ? "degradation" : "degradation-\(experiment)",
    network: .described(try Architecture("\(name) width 8 channels 1")),
    dataset: "digits", seed: seed,
    hyperparameters: ["epochs": 400, "learningRate": .number(Double(rate + 1) / 20)])
}

/// Records finished runs, each with five numbers per epoch.
func fill(_ path: String, runs: Int, epochs: Int) throws {
  let store = try RunStore(opening: path)
  for index in 0..<runs {
    let run = try store.begin(degradation(index), chapter: 9, threads: 1)
    let metrics = (1...epochs).flatMap { epoch in
      let value = 1 / Double(epoch) + Double(index % 200) / 1000
      return [
        Metric(step: 23 * epoch, epoch: epoch, split: .train, name: "loss", value: value),
        Metric(step: 23 * epoch, epoch: epoch, split: .test, name: "loss", value: value),
        Metric(step: 23 * epoch, epoch: epoch, split: .train, name: "error", value: value / 2),
        Metric(step: 23 * epoch, epoch: epoch, split: .test, name: "error", value: value / 2),
        Metric(step: 23 * epoch, epoch: epoch, split: .train, name: "seconds", value: 0.5),
      ]
    }
    try store.record(metrics, in: run.id)
    try store.end(run.id, as: .finished)
  }
}

/// Prints how many milliseconds a question takes, and how many of these the processor worked on it.
func time(_ question: String, _ body: () throws -> Void) rethrows {
  let (start, startOfWork) = (ContinuousClock.now, clock())
  try body()
  let wall = (ContinuousClock.now - start) / .milliseconds(1)
  let work = Double(clock() - startOfWork) * 1000 / Double(CLOCKS_PER_SEC)
  say(String(format: "%7.1f ms, %7.1f ms of work: ", wall, work) + question)
}

/// Asks what chapters ask.
func timeQuestions(of path: String) throws {
  var store: RunStore?
  try time("open") { store = try RunStore(opening: path) }
  guard let store else { return }
  var runs: [Run] = []
  try time("find the finished runs of 30 configurations") {
    runs = try (0..<30).compactMap { try store.latestFinishedRun(of: degradation($0)) }
  }
  say("  (\(runs.count) runs)")
  guard let run = runs.first else { return }
  try time("the numbers of a run") { _ = try store.metrics(of: run.id) }
  try time("the learning curve of a run") {
    _ = try store.rows(sql: "select * from learning_curves where run = '\(run.id)'")
  }
  try time("a run by the beginning of its id") { _ = try store.run(run.shortID) }
  try time("all runs") { _ = try store.runs() }
  try time("the newest 20 of progress") {
    _ = try store.rows(sql: "select * from progress limit 20")
  }
  try time("progress") { _ = try store.rows(sql: "select * from progress") }
  try time("plain against residual") { _ = try store.plainAgainstResidual() }
}
