import MiniTensor

/// Whether a network learns or is used.
public enum Mode: Sendable {
  /// Batch normalisation uses the batch's own statistics, and gradients can flow.
  case training
  /// Batch normalisation uses what it remembers, and no history is kept.
  case inference
}

/// A part of a network: layers, blocks, whole networks.
///
/// A module is its definition until `initialize(using:)` gives its parameters values.
public protocol Module: AnyObject {
  /// The parts it is made of, under PyTorch's names, in the order of computation.
  var parts: [(name: String, module: any Module)] { get }

  /// Its own parameters and running statistics, without those of its parts.
  var state: [(name: String, value: ModuleState)] { get }

  /// From the next pass of inference on, keeps filters only as that pass needs them: folded with the normalisation
  /// behind them, and in the order in which the kernels read them. That saves the memory of all these filters.
  ///
  /// For a network that does nothing but predict: it can't be trained, saved or copied afterwards, and takes images of
  /// one size.
  func keepOnlyFolded()
}

/// Something a module keeps: learnt or measured.
public enum ModuleState {
  /// Learnt by gradient descent.
  case parameter(Parameter)
  /// Measured on the way.
  case statistics(RunningStatistics)
}

extension Module {
  /// No parts.
  public var parts: [(name: String, module: any Module)] { [] }
  /// No state of its own.
  public var state: [(name: String, value: ModuleState)] { [] }
  /// Asks its parts to.
  public func keepOnlyFolded() { for part in parts { part.module.keepOnlyFolded() } }

  /// All parameters with their full names, in the order of computation.
  public var parameters: [(name: String, parameter: Parameter)] {
    fullState.compactMap { name, value in
      if case .parameter(let parameter) = value { (name, parameter) } else { nil }
    }
  }

  /// All running statistics with their full names, in the order of computation.
  public var statistics: [(name: String, running: RunningStatistics)] {
    fullState.compactMap { name, value in
      if case .statistics(let running) = value { (name, running) } else { nil }
    }
  }

  /// Everything the module and its parts keep, with full names, in the order of computation.
  public var fullState: [(name: String, value: ModuleState)] {
    state
      + parts.flatMap { part in
        part.module.fullState.map { ("\(part.name).\($0.name)", $0.value) }
      }
  }

  /// How many numbers the module learns.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.count } }

  /// Draws the values of all parameters, one after the other.
  public func initialize(using generator: inout RandomGenerator) {
    for (_, parameter) in parameters { parameter.initialize(using: &generator) }
  }

  /// Draws the values of all parameters, the same for the same seed.
  public func initialize(seed: Int) {
    var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)), stream: .initialization)
    initialize(using: &generator)
  }

  /// Takes all parameters and running statistics of a module of the same shape.
  ///
  /// - Precondition: both modules are made of the same parts.
  public func copy(from other: Self) {
    precondition(
      fullState.map { $0.name } == other.fullState.map { $0.name },
      "The modules are made of different parts.")
    for ((_, target), (_, source)) in zip(parameters, other.parameters) {
      target.value = source.value
    }
    for ((_, target), (_, source)) in zip(statistics, other.statistics) {
      (target.mean, target.variance) = (source.mean, source.variance)
      target.batches = source.batches
    }
  }
}
