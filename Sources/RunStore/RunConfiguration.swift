import Architectures

/// What a run is: everything that decides its numbers.
///
/// Two runs of the same code with equal configurations have equal results, so this is the key under which a
/// finished run is found and used again instead of being trained again.
///
///     let configuration = RunConfiguration(
///       experiment: "degradation", network: .described(try Architecture("plain-56 width 8 channels 1")),
///       dataset: "digits", seed: 0, hyperparameters: ["epochs": 20, "learningRate": 0.1])
public struct RunConfiguration: Hashable, Sendable {
  /// The question the run belongs to, for instance `degradation`.
  public var experiment: String
  /// The network.
  public var network: RecordedNetwork
  /// The data trained on, for instance `digits`.
  public var dataset: String
  /// The seed of initialisation and shuffling.
  public var seed: Int
  /// Everything else that decides the numbers. The view `progress` takes `epochs` for the number of epochs planned.
  public var hyperparameters: [String: HyperparameterValue]

  /// Describes a run.
  ///
  /// - Precondition: the names are not empty.
  public init(
    experiment: String, network: RecordedNetwork, dataset: String, seed: Int,
    hyperparameters: [String: HyperparameterValue] = [:]
  ) {
    precondition(
      !experiment.isEmpty && !network.family.isEmpty && !dataset.isEmpty,
      "a run needs names: experiment '\(experiment)', network '\(network.family)', dataset '\(dataset)'"
    )
    (self.experiment, self.network) = (experiment, network)
    (self.dataset, self.seed, self.hyperparameters) = (dataset, seed, hyperparameters)
  }

  /// The hyper-parameters as the store and files have them: with where bottlenecks halve the image, which
  /// stood there before a network had a text.
  public var recordedHyperparameters: [String: HyperparameterValue] {
    var values = hyperparameters
    if let stride = network.bottleneckStride {
      values["bottleneck_stride"] = HyperparameterValue(stride.rawValue)
    }
    return values
  }
}

extension RunConfiguration: Codable {
  private enum Key: String, CodingKey {
    case experiment, network, architecture, depth, width, shortcut, dataset, seed, hyperparameters
  }

  /// Reads a configuration: the network by its text, or in files of older versions by `architecture`,
  /// `depth`, `width` and `shortcut`.
  ///
  /// - Throws: `DecodingError`; where a value can't be, its description says so in a sentence.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func fault(_ key: Key, _ sentence: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: values, debugDescription: sentence)
    }
    func name(_ key: Key) throws -> String {
      let name = try values.decode(String.self, forKey: key)
      guard !name.isEmpty else { throw fault(key, "its `\(key.rawValue)` is empty") }
      return name
    }
    func count(_ key: Key) throws -> Int? {
      let count = try values.decodeIfPresent(Int.self, forKey: key)
      if let count, count < 1 {
        throw fault(key, "its `\(key.rawValue)` is \(count), which is less than 1")
      }
      return count
    }
    (experiment, dataset) = (try name(.experiment), try name(.dataset))
    seed = try values.decode(Int.self, forKey: .seed)
    hyperparameters = try values.decode(
      [String: HyperparameterValue].self, forKey: .hyperparameters)
    let word = try values.decodeIfPresent(String.self, forKey: .shortcut)
    let shortcut = word.flatMap(Shortcut.init)
    if let word, shortcut == nil {
      throw fault(.shortcut, "its `shortcut` is \(word), and there are none, A, B and C")
    }
    let text = try values.decodeIfPresent(String.self, forKey: .network)
    let described = text.flatMap { try? Architecture($0) }
    let columns = OtherNetwork(
      try described.map { RecordedNetwork.described($0).family } ?? name(.architecture),
      depth: try count(.depth), width: try count(.width), shortcut: shortcut,
      bottleneckStride: OtherNetwork.takeStride(from: &hyperparameters))
    if let described {
      network = .described(described)
      // Some of the older keys may be left out, but what they say has to be the same.
      for (key, agrees) in [
        (Key.depth, columns.depth ?? described.depth == described.depth),
        (.width, columns.width ?? network.width == network.width),
        (.shortcut, shortcut ?? described.shortcut == described.shortcut),
      ] where !agrees {
        throw fault(key, "its `\(key.rawValue)` isn't that of its `network`, \(described.text)")
      }
    } else if let text, text != RecordedNetwork.other(columns).text {
      throw fault(.network, "its `network` is no network's text: \(text)")
    } else {
      do {
        network = try columns.recorded(
          ImagesOfOlderRun(
            dataset: dataset, experiment: experiment, hyperparameters: hyperparameters))
      } catch {
        // Like the others without a full stop, which who prints it adds.
        throw fault(.architecture, String(error.description.dropLast()))
      }
    }
  }

  /// Writes a configuration with the network's text, and with the keys of older versions.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(experiment, forKey: .experiment)
    try values.encode(network.text, forKey: .network)
    try values.encode(network.family, forKey: .architecture)
    try values.encodeIfPresent(network.depth, forKey: .depth)
    try values.encodeIfPresent(network.width, forKey: .width)
    try values.encodeIfPresent(network.shortcut?.rawValue, forKey: .shortcut)
    try values.encode(dataset, forKey: .dataset)
    try values.encode(seed, forKey: .seed)
    try values.encode(recordedHyperparameters, forKey: .hyperparameters)
  }
}
