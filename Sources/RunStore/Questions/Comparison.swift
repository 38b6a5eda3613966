import Architectures
import Statistics

/// Plain against residual networks by depth, summarised over the seeds: the table of the degradation experiment.
///
/// All of it was trained alike, same experiment, data and hyper-parameters, and the networks differ in depth
/// and shortcuts only.
public struct Comparison: Hashable, Sendable {
  /// The errors of one kind of network at one depth, fractions, over its seeds.
  public struct Errors: Hashable, Sendable {
    /// On the training set; nil if none was recorded.
    public let train: Spread?
    /// On the test set; nil if none was recorded.
    public let test: Spread?
  }

  /// One depth.
  public struct Row: Hashable, Sendable {
    /// The number of weighted layers.
    public let depth: Int
    /// The plain networks.
    public let plain: Errors
    /// The residual networks.
    public let residual: Errors
  }

  /// The experiment.
  public let experiment: String
  /// The data.
  public let dataset: String
  /// What the networks have in common, in the words of their texts: `width 8 pre-activation`.
  public let kind: String
  /// The number of channels of the first stage.
  public let width: Int?
  /// Everything else that decides the numbers.
  public let hyperparameters: [String: HyperparameterValue]
  /// The residual networks' kind of shortcut; nil as long as there are none.
  public let shortcut: Shortcut?
  /// The depths, ascending.
  public let rows: [Row]
}

extension RunStore {
  /// Plain against residual networks by depth, one comparison for every way of training and kind of shortcut.
  ///
  /// - Parameter experiment: only those of an experiment.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func comparisons(experiment: String? = nil) throws(RunStoreError) -> [Comparison] {
    try plainAgainstResidual(experiment: experiment).compared
  }
}

extension [PlainAgainstResidual] {
  /// The pairs that were trained alike, gathered by depth. Keeps the order in which ways of training appear.
  var compared: [Comparison] {
    var alike: [[PlainAgainstResidual]] = []
    for pair in self {
      if let index = alike.firstIndex(where: { $0[0].isTrained(like: pair) }) {
        alike[index].append(pair)
      } else {
        alike.append([pair])
      }
    }
    return alike.flatMap { pairs in
      let shortcuts = Shortcut.allCases
        .filter { shortcut in pairs.contains { $0.shortcut == shortcut } }
      return shortcuts.isEmpty
        ? [Comparison(pairs, shortcut: nil)]
        : shortcuts.map { Comparison(pairs, shortcut: $0) }
    }
  }
}

extension PlainAgainstResidual {
  fileprivate func isTrained(like other: PlainAgainstResidual) -> Bool {
    experiment == other.experiment && dataset == other.dataset
      && network.isOfTheKind(of: other.network) && hyperparameters == other.hyperparameters
  }
}

extension Comparison {
  fileprivate init(_ pairs: [PlainAgainstResidual], shortcut: Shortcut?) {
    experiment = pairs[0].experiment
    dataset = pairs[0].dataset
    kind = pairs[0].network.kind
    width = pairs[0].width
    hyperparameters = pairs[0].hyperparameters
    self.shortcut = shortcut
    rows = Set(pairs.map(\.depth)).sorted().compactMap { depth in
      let pairs = pairs.filter { $0.depth == depth }
      // A plain network stands in a pair with every kind of shortcut and is counted once.
      var seen: Set<Run.ID> = []
      let plain = pairs.compactMap(\.plain).filter { seen.insert($0.run).inserted }
      let residual = pairs.filter { $0.shortcut == shortcut }.compactMap(\.residual)
      if plain.isEmpty && residual.isEmpty { return nil }
      return Row(depth: depth, plain: Errors(plain), residual: Errors(residual))
    }
  }
}

extension Comparison.Errors {
  fileprivate init(_ results: [PlainAgainstResidual.Result]) {
    train = Spread(results.compactMap(\.trainError))
    test = Spread(results.compactMap(\.testError))
  }
}
