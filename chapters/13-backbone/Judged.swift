import Datasets
import ChapterExperiments
import MiniTensor
import Networks
import Training

/// The errors of a judge of features: by stage, by number of labels, by backbone.
///
/// - Parameters:
///   - backbones: whose features are judged.
///   - even: images of the old classes, after which every feature is scaled.
///   - pool: images of the new classes, of which so many a class are labelled as `labels` says.
///   - test: those that the errors are measured on.
///   - judge: the error on the second features of what learns from the first.
func judged(
  _ backbones: [TrialResult], even: Dataset, pool: Dataset, test: Dataset, labels: [Int],
  by judge: (_ train: Features, _ test: Features) -> Double
) -> [[[Double]]] {
  var errors = stageNames.map { _ in labels.map { _ in [Double]() } }
  for backbone in backbones {
    let scale = stages(of: backbone.network, even)
    let known = stages(of: backbone.network, pool)
    let asked = stages(of: backbone.network, test)
    for stage in stageNames.indices {
      let all = known[stage].standardized(like: scale[stage])
      let queries = asked[stage].standardized(like: scale[stage])
      for (index, count) in labels.enumerated() {
        let train = all.chosen(pool.indices(count, seed: backbone.trial.seed))
        errors[stage][index].append(judge(train, queries))
      }
    }
  }
  return errors
}
