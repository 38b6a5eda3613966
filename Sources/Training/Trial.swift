import MiniTensor
import Networks
import RunStore

/// One network to be trained on the digits, with everything that decides the result.
public struct Trial {
  /// The question it belongs to.
  public let experiment: String
  /// The network.
  public let architecture: CifarArchitecture
  /// How it is trained.
  public let recipe: Recipe
  /// Decides the first weights and the order of the images.
  public let seed: Int
  /// Changes the freshly initialised network before training, such as to insert blocks. What it does
  /// is named by `experiment`, so that its runs aren't taken for others.
  public let prepare: (CifarNetwork) -> Void

  /// A trial.
  public init(
    experiment: String, _ architecture: CifarArchitecture, _ recipe: Recipe, seed: Int,
    prepare: @escaping (CifarNetwork) -> Void = { _ in }
  ) {
    (self.experiment, self.architecture) = (experiment, architecture)
    (self.recipe, self.seed, self.prepare) = (recipe, seed, prepare)
  }

  /// Under which the run store finds it again.
  public func configuration(dataset: String) -> RunConfiguration {
    RunConfiguration(
      experiment: experiment, architecture: "cifar-resnet", depth: architecture.depth,
      width: architecture.width,
      shortcut: RunConfiguration.Shortcut(rawValue: architecture.shortcut.rawValue),
      dataset: dataset, seed: seed, hyperparameters: recipe.hyperparameters)
  }
}

/// What came of a trial, now or in an earlier run.
public struct TrialResult {
  /// What was trained.
  public let trial: Trial
  /// What every epoch came to, the first one first.
  public let epochs: [EpochReport]
  /// The trained network.
  public let network: CifarNetwork
  /// The stored run it was taken from; nil if it was trained just now.
  public let reused: Run?
  /// Whether the store has all of it.
  public let isStored: Bool

  /// What the last epoch came to.
  public var last: EpochReport { epochs[epochs.count - 1] }
}
