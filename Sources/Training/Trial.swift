import MiniTensor
import Networks
import RunStore

/// One network to be trained, with everything that decides the result.
public struct Trial {
  /// The question it belongs to.
  public let experiment: String
  /// The network.
  public let architecture: Architecture
  /// How it is trained.
  public let recipe: Recipe
  /// Decides the first weights and the order of the images.
  public let seed: Int
  /// Changes the freshly initialised network before training, such as to insert blocks. What it does
  /// is named by `experiment`, so that its runs aren't taken for others.
  public let prepare: (any Network) -> Void

  /// A trial of any network.
  public init(
    experiment: String, _ architecture: Architecture, _ recipe: Recipe, seed: Int,
    prepare: @escaping (any Network) -> Void = { _ in }
  ) {
    (self.experiment, self.architecture) = (experiment, architecture)
    (self.recipe, self.seed, self.prepare) = (recipe, seed, prepare)
  }

  /// A trial of a network of section 4.2.
  public init(
    experiment: String, _ architecture: CifarArchitecture, _ recipe: Recipe, seed: Int,
    prepare: @escaping (CifarNetwork) -> Void = { _ in }
  ) {
    self.init(experiment: experiment, .cifar(architecture), recipe, seed: seed) { network in
      if let network = network as? CifarNetwork { prepare(network) }
    }
  }

  /// Under which the run store finds it again.
  public func configuration(dataset: String) -> RunConfiguration {
    RunConfiguration(
      experiment: experiment, network: .described(architecture), dataset: dataset, seed: seed,
      hyperparameters: recipe.hyperparameters)
  }
}

/// What came of a trial, now or in an earlier run.
public struct TrialResult {
  /// What was trained.
  public let trial: Trial
  /// What every epoch came to, the first one first.
  public let epochs: [EpochReport]
  /// The trained network.
  public let trained: any Network
  /// The stored run it was taken from; nil if it was trained just now.
  public let reused: Run?
  /// Whether the store has all of it.
  public let isStored: Bool

  /// What the last epoch came to.
  public var last: EpochReport { epochs[epochs.count - 1] }

  /// The trained network, as one of section 4.2.
  ///
  /// - Precondition: the trial was of such a network, as all of the chapters are.
  public var network: CifarNetwork {
    guard let network = trained as? CifarNetwork else {
      preconditionFailure("\(trial.architecture.name) is none of section 4.2's networks.")
    }
    return network
  }
}
