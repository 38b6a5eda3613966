import ChapterExperiments
import Charts
import Datasets
import MiniTensor
import Notebook
import RunStore
import Statistics
import Training

/// How many blocks are deleted at once.
let lesionCounts = [1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 21, 25]
/// How often so many are drawn.
let lesionDraws = 20

/// The mean error of a network without so many random blocks, by their number (``lesionCounts``).
@MainActor func lesionErrors(_ result: TrialResult, on data: Dataset) -> [Double] {
  let blocks = Array(result.network.stages.joined())
  let positions = removable(result.network)
  var generator = RandomGenerator(
    seed: UInt64(bitPattern: Int64(result.trial.seed)), stream: .experiment, index: 2)
  return lesionCounts.map { count in
    let errors = (0..<lesionDraws).map { _ in
      let deleted = Set(positions.shuffled(using: &generator).prefix(count))
      let left = blocks.indices.filter { !deleted.contains($0) }.map { blocks[$0] }
      return error(of: result.network, blocks: left, on: data)
    }
    return Spread(errors)!.mean
  }
}

/// The mean errors over the seeds.
func lesionTable(_ networks: [[Double]]) -> Table {
  Table(
    [Column("deleted blocks", .right), Column("mean test error, %", .right)],
    rows: lesionCounts.indices.map { index in
      ["\(lesionCounts[index])", percent(networks.map { $0[index] })]
    })
}

extension Chapter {
  /// Keeps the errors of one network: a step is a number of deleted blocks.
  func recordLesions(of result: TrialResult, _ errors: [Double]) {
    var values = result.trial.recipe.hyperparameters
    values["draws"] = HyperparameterValue(lesionDraws)
    let configuration = RunConfiguration(
      experiment: "deletions", network: .described(result.trial.architecture), dataset: "digits",
      seed: result.trial.seed, hyperparameters: values)
    let metrics = zip(lesionCounts, errors).map {
      Metric(step: $0, split: .test, name: "error", value: $1)
    }
    _ = recordRun(configuration, metrics)
  }
}
