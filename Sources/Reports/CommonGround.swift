import Architectures
import RunStore

/// What runs that are compared have in common: everything but the factor and the seed.
public struct CommonGround: Hashable, Sendable {
  /// The experiment.
  public let experiment: String
  /// The data; nil where they are the factor.
  public let dataset: String?
  /// What is left of the network without the factor, in words: `depth 56 width 8`. Empty where the network is the factor.
  public let network: String
  /// The number of weighted layers; nil where it is the factor, or not known.
  public let depth: Int?
  /// Channels of the first stage; nil where it is the factor, or there is no choice.
  public let width: Int?
  /// What networks have in common that differ in depth and shortcuts only; nil where width or network is the factor.
  public let kind: String?
  /// The hyper-parameters without the factor.
  public let hyperparameters: [String: HyperparameterValue]
  /// Tells networks apart for which the words are the same.
  private let key: [String]

  /// What a run has beside the factor; nil if the question doesn't apply to it.
  init?(_ configuration: RunConfiguration, without factor: Factor) {
    let network = configuration.network
    experiment = configuration.experiment
    dataset = factor == .dataset ? nil : configuration.dataset
    depth = [.depth, .architecture].contains(factor) ? nil : network.depth
    width = [.width, .architecture].contains(factor) ? nil : network.width
    kind = [.width, .architecture].contains(factor) ? nil : network.kind
    guard let (words, key) = network.rest(without: factor) else { return nil }
    (self.network, self.key) = (words, key)
    var hyperparameters = configuration.hyperparameters
    if let key = factor.key(in: hyperparameters) { hyperparameters[key] = nil }
    self.hyperparameters = hyperparameters
  }

  /// `degradation on digits`.
  public var title: String { experiment + (dataset.map { " on \($0)" } ?? "") }

  /// The hyper-parameters, as `epochs 20, learningRate 0.1`.
  public var recipe: String {
    hyperparameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.words)" }
      .joined(separator: ", ")
  }

  /// The network's words where the kind stands beside them: `depth 56`; nothing where all of them do.
  public func networkBeside(_ kind: String) -> String {
    if network == kind { return "" }
    let suffix = " " + kind
    return !kind.isEmpty && network.hasSuffix(suffix)
      ? String(network.dropLast(suffix.count)) : network
  }

  /// What has to be the same for groups to stand on one page: all but the networks.
  public struct Page: Hashable, Sendable {
    let experiment: String
    let dataset: String?
    let hyperparameters: [String: HyperparameterValue]
  }

  /// The page that it belongs on.
  public var page: Page {
    Page(experiment: experiment, dataset: dataset, hyperparameters: hyperparameters)
  }

  /// Whether they differ in nothing but depth.
  package func differsInDepthOnly(from other: CommonGround) -> Bool {
    page == other.page && kind == other.kind && width == other.width
      && key.dropFirst() == other.key.dropFirst()
  }
}

extension RecordedNetwork {
  /// The network without a factor: in words, and what tells it from all others, of which the first has the depth
  /// where the factor is the shortcut.
  fileprivate func rest(without factor: Factor) -> (words: String, key: [String])? {
    switch factor {
    case .architecture: return ("", [])
    case .shortcut:
      guard shortcut != nil, let depth else { return nil }
      return (
        architecture == nil ? "\(kind), depth \(depth)" : joined("depth \(depth)", kind),
        ["\(depth)", family, kind] + images
      )
    case .depth:
      guard depth != nil else { return nil }
      let name = shortcut.map { $0 == .none ? "plain" : "ResNet \($0.rawValue)" } ?? family
      return (
        architecture == nil ? "\(kind) \(name)" : joined(name, kind),
        [shortcut?.rawValue ?? "", family, kind] + images
      )
    case .width:
      guard let width else { return nil }
      let words = joined(
        textBesideData.replacing(", width \(width)", with: "")
          .replacing(" width \(width)", with: ""), "")
      // All networks have a twin with one channel.
      return (words, [(try? architecture?.with(width: 1).text) ?? words, family])
    case .dataset: return (textBesideData, [textBesideData, family])
    case .hyperparameter: return (textBesideData, [text, family])
    }
  }

  private var images: [String] {
    [architecture?.inputChannels, architecture?.classes].map { $0.map(String.init) ?? "" }
  }

  private func joined(_ words: String, _ kind: String) -> String {
    kind.isEmpty ? words : "\(words) \(kind)"
  }
}
