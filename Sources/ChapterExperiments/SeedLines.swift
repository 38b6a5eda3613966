import Charts
import Training

extension [TrialResult] {
  /// A line over the epochs for each seed.
  ///
  /// - Parameter value: what is measured in an epoch, such as the training error.
  public func lines(_ value: (EpochReport) -> Double) -> [SeedLine] {
    map { result in
      SeedLine(
        seed: result.trial.seed, result.epochs.map { Point(Double($0.epoch), value($0)) })
    }
  }
}
