import RunStore

extension EpochReport {
  /// The same as the run store keeps it.
  public var metrics: [Metric] {
    func metric(_ split: Metric.Split, _ name: String, _ value: Double) -> Metric {
      Metric(step: step, epoch: epoch, split: split, name: name, value: value)
    }
    var metrics = [
      metric(.train, "loss", train.loss), metric(.train, "error", train.error),
      metric(.test, "loss", test.loss), metric(.test, "error", test.error),
      metric(.train, "seconds", seconds),
    ]
    if let validation {
      metrics.append(metric(.validation, "loss", validation.loss))
      metrics.append(metric(.validation, "error", validation.error))
    }
    return metrics
  }

  /// The reports that were stored as these metrics; an epoch of which one is missing is left out.
  public static func all(in metrics: [Metric]) -> [EpochReport] {
    let byEpoch = Dictionary(grouping: metrics) { $0.epoch ?? 0 }
    return byEpoch.sorted { $0.key < $1.key }.compactMap { epoch, metrics in
      func value(_ split: Metric.Split, _ name: String) -> Double? {
        metrics.first { $0.split == split && $0.name == name }?.value
      }
      guard let trainLoss = value(.train, "loss"), let trainError = value(.train, "error"),
        let testLoss = value(.test, "loss"), let testError = value(.test, "error"),
        let seconds = value(.train, "seconds"), let step = metrics.first?.step
      else { return nil }
      var validation: Evaluation?
      if let loss = value(.validation, "loss"), let error = value(.validation, "error") {
        validation = Evaluation(loss: loss, error: error)
      }
      return EpochReport(
        epoch: epoch, step: step, train: Evaluation(loss: trainLoss, error: trainError),
        validation: validation, test: Evaluation(loss: testLoss, error: testError),
        seconds: seconds)
    }
  }
}
