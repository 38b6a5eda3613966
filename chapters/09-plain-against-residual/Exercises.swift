import ChapterExperiments
import Foundation
import Networks
import Notebook
import RunStore

/// Exercise 1. Ask the store how fast residual networks learn.
///
/// For every depth, the first epoch in which the training error of the residual network (shortcut A) is
/// under 5 %, in the order of depth. The view `learning_curves` has what you need; a depth that never
/// comes that far has no row.
///
/// - Returns: one SQL question whose answer has the columns depth and epoch.
func firstGoodEpochs() throws -> String {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: the right answer from a store of made-up runs.
func firstGoodEpochsHolds(_ solution: () throws -> String) throws -> Bool {
  let question = try solution()
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("exercise-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let store = try RunStore(opening: folder.appendingPathComponent("runs.sqlite").path)
  defer { store.close() }
  let curves: [(depth: Int, Shortcut, errors: [Double])] = [
    (20, .A, [0.3, 0.04, 0.06, 0.01]), (8, .A, [0.2, 0.1, 0.01]), (32, .A, [0.9, 0.8]),
    (20, .none, [0.01, 0.01]), (44, .A, [0.05, 0.049]),
  ]
  for (depth, shortcut, errors) in curves {
    let run = try store.begin(
      RunConfiguration(
        experiment: "degradation",
        network: .described(.cifar(Degradation.architecture(depth: depth, shortcut))),
        dataset: "digits", seed: 0), chapter: 9, threads: 1)
    for (index, error) in errors.enumerated() {
      let metric = Metric(
        step: 23 * (index + 1), epoch: index + 1, split: .train, name: "error", value: error)
      try store.record([metric], in: run.id)
    }
    try store.end(run.id, as: .finished)
  }
  let answer = try store.rows(sql: question)
  return answer.rows == [[8, 3], [20, 2], [44, 2]].map { $0.map { SQLValue.integer($0) } }
}

/// Exercise 2. Is the difference larger than the spread over the seeds?
///
/// Let $\bar p$ and $\bar r$ be the mean errors of plain and residual networks over the seeds, and $s_p$,
/// $s_r$ their sample standard deviations. The difference counts if $|\bar p - \bar r|$ is more than twice
/// its standard error $\sqrt{s_p^2 / n_p + s_r^2 / n_r}$.
///
/// - Parameters:
///   - plain: the errors of at least two plain networks.
///   - residual: the errors of at least two residual networks.
func differs(plain: [Double], residual: [Double]) throws -> Bool {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: the right answer for four pairs of samples.
func differsHolds(_ solution: ([Double], [Double]) throws -> Bool) throws -> Bool {
  let cases: [(plain: [Double], residual: [Double], differs: Bool)] = [
    ([0.50, 0.52, 0.48], [0.00, 0.01, 0.00], true),
    ([0.10, 0.30], [0.15, 0.22], false),
    // The means differ by 1.3 standard errors.
    ([1, 2, 3, 4], [2.2, 3.2, 4.2, 5.2], false),
    // By 2.2 standard errors, though by less than two standard deviations.
    ([1, 2, 3, 4], [3, 4, 5, 6], true),
  ]
  return try cases.allSatisfy { try solution($0.plain, $0.residual) == $0.differs }
}
