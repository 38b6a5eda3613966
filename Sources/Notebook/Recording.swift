import RunStore

/// What a chapter keeps in the run store.
extension Chapter {
  func record(_ check: Check) {
    checks.append(check)
    keep { [number] store throws(RunStoreError) in
      try store.record(
        CheckRecord(
          chapter: number, claim: check.claim, passed: check.passed, measured: check.measured))
    }
  }

  /// Records a prediction once, if the reader made one.
  func record(_ prediction: Prediction) {
    guard let guess = prediction.guess, !prediction.isRecorded else { return }
    prediction.isRecorded = true
    keep { [number] store throws(RunStoreError) in
      try store.record(
        PredictionRecord(
          chapter: number, question: prediction.question, answer: guess,
          correct: prediction.isCorrect))
    }
  }

  /// Records the predictions whose answer was never measured.
  func recordPredictions() {
    predictions.forEach(record)
  }
}
