/// What a run is: everything that decides its numbers.
///
/// Two runs of the same code with equal configurations have equal results, so this is the key under which a
/// finished run is found and used again instead of being trained again.
///
///     let configuration = RunConfiguration(
///       experiment: "degradation", architecture: "cifar-resnet", depth: 56, width: 8, shortcut: .plain,
///       dataset: "digits", seed: 0, hyperparameters: ["epochs": 20, "learningRate": 0.1])
public struct RunConfiguration: Codable, Hashable, Sendable {
  /// How a block's input reaches its output (He et al. 2015, sections 3.3 and 4.2).
  ///
  /// The raw values are those of the paper and of the store. The case of a network without shortcuts is called
  /// `plain`, because `.none` given to an optional would mean that nothing is known about shortcuts.
  public enum Shortcut: String, Codable, Hashable, Sendable, CaseIterable {
    /// No shortcut: a plain network. Stored as `none`.
    case plain = "none"
    /// Identity shortcuts; zero padding where the number of channels grows.
    case A
    /// Identity shortcuts; projections where the number of channels grows.
    case B
    /// Projections everywhere.
    case C
  }

  /// The question the run belongs to, for instance `degradation`.
  public var experiment: String
  /// The family of networks, for instance `cifar-resnet`.
  public var architecture: String
  /// The number of weighted layers, counted as the paper does.
  public var depth: Int?
  /// The number of channels of the first stage.
  public var width: Int?
  /// The kind of shortcut; nil for a network to which the question doesn't apply.
  public var shortcut: Shortcut?
  /// The data trained on, for instance `digits`.
  public var dataset: String
  /// The seed of initialisation and shuffling.
  public var seed: Int
  /// Everything else that decides the numbers. The view `progress` takes `epochs` for the number of epochs planned.
  public var hyperparameters: [String: HyperparameterValue]

  /// Describes a run.
  ///
  /// - Precondition: the names are not empty, depth and width are positive.
  public init(
    experiment: String, architecture: String, depth: Int? = nil, width: Int? = nil,
    shortcut: Shortcut? = nil, dataset: String, seed: Int,
    hyperparameters: [String: HyperparameterValue] = [:]
  ) {
    precondition(
      !experiment.isEmpty && !architecture.isEmpty && !dataset.isEmpty,
      "a run needs names: experiment '\(experiment)', architecture '\(architecture)', dataset '\(dataset)'"
    )
    precondition(
      depth ?? 1 > 0 && width ?? 1 > 0,
      "depth \(depth ?? 1) and width \(width ?? 1) have to be positive")
    self.experiment = experiment
    self.architecture = architecture
    self.depth = depth
    self.width = width
    self.shortcut = shortcut
    self.dataset = dataset
    self.seed = seed
    self.hyperparameters = hyperparameters
  }
}
