import Foundation
import MiniTensor
import Networks
import Testing

/// A tensor in a vector file, with the name it has in PyTorch where it is one of a network.
struct StoredTensor: Decodable, Sendable {
  let name: String?
  let shape: [Int]
  let values: [Float]

  var tensor: Tensor { Tensor(shape, values) }
}

/// What PyTorch's SGD did to a network; made by Tests/Vectors/make_training_vectors.py.
struct TrainingVectors: Decodable, Sendable {
  struct Network: Decodable, Sendable {
    let depth: Int
    let width: Int
    let inputChannels: Int
    let classes: Int
    let shortcut: String
  }
  struct Batch: Decodable, Sendable {
    let images: StoredTensor
    let labels: [Int]
  }
  struct Run: Decodable, Sendable {
    let name: String
    let learningRates: [Float]
    let momentum: Float
    let weightDecay: Float
    let losses: [Double]
    let lossesInDouble: [Double]
    let inferenceLogits: StoredTensor
    let final: [StoredTensor]
  }

  let network: Network
  let firstLogits: StoredTensor
  let initial: [StoredTensor]
  let batches: [Batch]
  let firstGradients: [StoredTensor]
  let runs: [Run]

  /// The network before its first step.
  func initialNetwork() throws -> CifarNetwork {
    let result = CifarNetwork(
      try CifarArchitecture(
        depth: network.depth, width: network.width, inputChannels: network.inputChannels,
        classes: network.classes, shortcut: #require(Shortcut(rawValue: network.shortcut))))
    try #require(initial.count == result.storedValues.count)
    for stored in initial {
      let name = try ownName(of: stored)
      switch try #require(result.storedValues[name], "\(name)") {
      case .parameter(let parameter): parameter.value = stored.tensor
      case .statistics(let running):
        if name.hasSuffix("mean") { running.mean = stored.tensor }
        if name.hasSuffix("var") { running.variance = stored.tensor }
      }
    }
    return result
  }

  /// The script numbers the blocks from the first to the last; here each is in a stage of its own.
  func ownName(of stored: StoredTensor) throws -> String {
    var name = try #require(stored.name)
    for (theirs, ours) in [
      ("blocks.0", "layer1.0"), ("blocks.1", "layer2.0"), ("blocks.2", "layer3.0"),
      ("fc.", "linear."),
    ] { name = name.replacingOccurrences(of: theirs, with: ours) }
    if name.hasPrefix("conv.") { name = "conv1." + name.dropFirst(5) }
    if name.hasPrefix("bn.") { name = "bn1." + name.dropFirst(3) }
    return name
  }

  static func named(_ file: String) throws -> TrainingVectors { try decoded(file) }
}

extension CifarNetwork {
  /// Everything with a value, under the full name that it has in a file of weights.
  var storedValues: [String: ModuleState] {
    fullState.reduce(into: [:]) { result, entry in
      switch entry.value {
      case .parameter: result[entry.name] = entry.value
      case .statistics:
        result[entry.name + "_mean"] = entry.value
        result[entry.name + "_var"] = entry.value
      }
    }
  }
}

/// The largest difference, as a share of the largest expected magnitude.
func relativeError(_ actual: [Float], _ expected: [Double]) -> Double {
  guard actual.count == expected.count else { return .infinity }
  let errors = zip(actual, expected).map { abs(Double($0) - $1) }
  if errors.contains(where: \.isNaN) { return .infinity }
  return (errors.max() ?? 0) / (expected.map(abs).max() ?? 1)
}

private func decoded<Value: Decodable>(_ file: String) throws -> Value {
  let url = try #require(
    Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Vectors"))
  return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
}
