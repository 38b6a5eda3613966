import Training

/// How far a training run has come in all its sessions.
public struct TrainingState {
  /// What is trained.
  public let trial: Trial
  /// Where this session found it, in steps.
  public internal(set) var firstStep = 0
  /// Where it is now.
  public internal(set) var step = 0
  /// Where the recipe ends.
  public let totalSteps: Int
  /// What every complete epoch came to, in this session and those before.
  public internal(set) var epochs: [EpochReport] = []
  /// What this session took, in seconds.
  public internal(set) var seconds = 0.0

  /// A run that hasn't begun.
  init(_ trial: Trial, totalSteps: Int) {
    (self.trial, self.totalSteps) = (trial, totalSteps)
  }

  /// Whether the recipe has been followed to its end.
  public var isComplete: Bool { step == totalSteps }

  /// The share of the recipe that is done, 0 … 1.
  public var share: Double { Double(step) / Double(totalSteps) }

  /// What the rest takes at this session's pace, in seconds; nil if it trained nothing.
  public var secondsLeft: Double? {
    guard step > firstStep else { return nil }
    return seconds / Double(step - firstStep) * Double(totalSteps - step)
  }
}
