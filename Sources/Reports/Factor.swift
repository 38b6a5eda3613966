import Architectures
import RunStore

/// What is varied on purpose between runs that are alike in everything else.
public enum Factor: Hashable, Sendable {
  /// None (plain), A, B or C.
  case shortcut
  /// The whole network.
  case architecture
  /// Weighted layers.
  case depth
  /// Channels of the first stage.
  case width
  /// The data.
  case dataset
  /// One hyper-parameter, such as `learningRate`. How it is written doesn't matter: `learning_rate` is the same.
  case hyperparameter(String)

  private static let ofNetworksAndData: [Factor] = [
    .shortcut, .architecture, .depth, .width, .dataset,
  ]

  /// The factor of a name, as `--by` takes it.
  public init(_ name: String) {
    let plain = Self.plain(name)
    self =
      Self.ofNetworksAndData.first { Self.plain($0.name) == plain } ?? .hyperparameter(name)
  }

  /// Its name.
  public var name: String {
    switch self {
    case .shortcut: "shortcut"
    case .architecture: "architecture"
    case .depth: "depth"
    case .width: "width"
    case .dataset: "dataset"
    case .hyperparameter(let name): name
    }
  }

  /// What a run has of it; nil for a run to which the question doesn't apply, such as one of VGG and shortcuts.
  func value(of configuration: RunConfiguration) -> FactorValue? {
    let network = configuration.network
    switch self {
    case .shortcut:
      return network.shortcut.map { shortcut in
        FactorValue(
          shortcut == .none ? "plain" : shortcut.rawValue,
          order: Shortcut.allCases.firstIndex(of: shortcut).map(Double.init))
      }
    case .architecture: return FactorValue(network.textBesideData)
    case .depth: return network.depth.map { FactorValue(String($0), order: Double($0)) }
    case .width: return network.width.map { FactorValue(String($0), order: Double($0)) }
    case .dataset: return FactorValue(configuration.dataset)
    case .hyperparameter:
      let hyperparameters = configuration.hyperparameters
      guard let value = key(in: hyperparameters).flatMap({ hyperparameters[$0] })
      else { return .notSet }
      if case .number(let number) = value { return FactorValue("\(value)", order: number) }
      return FactorValue(value.words)
    }
  }

  /// Under what name a run has this hyper-parameter.
  func key(in hyperparameters: [String: HyperparameterValue]) -> String? {
    guard case .hyperparameter(let name) = self else { return nil }
    let plain = Self.plain(name)
    return hyperparameters.keys.sorted().first { Self.plain($0) == plain }
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }
}

/// One of the values that a factor has in the runs compared.
public struct FactorValue: Hashable, Sendable, Comparable {
  /// What is shown: `plain`, `A`, `0.1`.
  public let text: String
  private let order: Double?

  init(_ text: String, order: Double? = nil) { (self.text, self.order) = (text, order) }

  /// Of a run without this hyper-parameter.
  static let notSet = FactorValue("not set", order: -.infinity)

  /// Numbers come first, by size; then texts.
  public static func < (first: FactorValue, second: FactorValue) -> Bool {
    let orders = (first.order ?? .infinity, second.order ?? .infinity)
    return orders.0 == orders.1 ? first.text < second.text : orders.0 < orders.1
  }
}

/// A factor that no run has.
public struct UnknownFactor: Error, CustomStringConvertible {
  let name: String
  let known: [String]

  /// What there is instead.
  public var description: String {
    "No run has a hyper-parameter '\(name)'. Factors are \(known.joined(separator: ", "))."
  }
}

extension Factor {
  /// Makes sure that it isn't a slip of the pen; in a store without runs nothing is.
  ///
  /// - Throws: `UnknownFactor`; `RunStoreError` if the store can't be read.
  public func check(in store: RunStore) throws {
    guard case .hyperparameter = self else { return }
    let known = try store.hyperparameters()
    if known.isEmpty || known.contains(where: { key(in: $0) != nil }) { return }
    let names = Set(known.flatMap(\.keys)).sorted()
    throw UnknownFactor(name: name, known: Self.ofNetworksAndData.map(\.name) + names)
  }
}
