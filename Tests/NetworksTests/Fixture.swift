import Foundation
import MiniTensor
import Testing

@testable import Networks

/// A network with random weights, and what PyTorch makes of it (see `Tests/Vectors/make_network_fixtures.py`).
struct Fixture {
  let name: String
  let network: any Network
  /// The state dict as PyTorch saved it.
  let weights: SafetensorsFile
  let expected: SafetensorsFile

  init(_ name: String, _ network: any Network, in folder: URL? = nil) throws {
    self.name = name
    self.network = network
    let folder = try folder ?? Self.folder()
    weights = try SafetensorsFile(
      contentsOf: folder.appendingPathComponent("\(name).safetensors"))
    expected = try SafetensorsFile(
      contentsOf: folder.appendingPathComponent("\(name).expected.safetensors"))
    try network.load(weights: weights)
  }

  /// The folder with the small fixtures.
  static func folder() throws -> URL {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
  }

  /// How far PyTorch's own results in single precision are from those in double precision, for
  /// `inference`, `training`, `gradient` or `after`: what rounding alone does. At least 1e-6.
  func rounding(_ what: String) throws -> Double {
    let kind = String(what.prefix { $0 != "." })
    return max(1e-6, try #require(expected.metadata[kind].flatMap(Double.init)))
  }

  /// The largest differences from PyTorch's results in double precision, each relative to the largest magnitude in them.
  func differences() throws -> [String: Double] {
    let images = try expected.tensor("images")
    var differences = [
      "inference": try relativeDifference(
        network(images, .inference).scalars, "inference")
    ]
    let hasGradients = expected.entries.keys.contains { $0.text.hasPrefix("gradient.") }
    let logits = network(images, .training)
    differences["training"] = try relativeDifference(logits.scalars, "training")
    for (name, running) in network.statistics where name == "bn1.running" && hasGradients {
      differences["after.running_mean"] = try relativeDifference(
        running.mean.scalars, "after.running_mean")
      differences["after.running_var"] = try relativeDifference(
        running.variance.scalars, "after.running_var")
    }
    guard hasGradients else { return differences }
    let labels = try expected.tensor("labels").scalars.map { Int($0) }
    softmaxCrossEntropy(logits, labels: labels).backward()
    // What is added to all keys changes no share: its gradient is 0, and rounding is all that there is of it.
    for (name, parameter) in network.parameters where !name.hasSuffix("attn.k.bias") {
      let gradient = try #require(parameter.gradient, "\(name) has no gradient.")
      let inFileOrder = Tensor(
        parameter.shape, littleEndian: gradient.littleEndianBytes(parameter.fileOrder), size: 4
      ) { Float(bitPattern: UInt32($0)) }
      differences["gradient.\(name)"] = try relativeDifference(
        inFileOrder.scalars, "gradient.\(name)")
    }
    return differences
  }

  /// Relative to the largest magnitude, or for gradients to the norm: where a ReLU is within rounding of
  /// its kink, a few elements of a gradient differ by much more than rounding, whoever computes them.
  private func relativeDifference(_ actual: [Float], _ name: String) throws -> Double {
    let expected = try expected.tensor(name).scalars.map(Double.init)
    try #require(actual.count == expected.count)
    let differences = zip(actual, expected).map { Double($0) - $1 }
    func size(_ values: [Double]) -> Double {
      name.hasPrefix("gradient")
        ? values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        : values.reduce(0) { $1.isNaN ? .nan : max($0, abs($1)) }
    }
    let difference = size(differences) / size(expected)
    return difference.isNaN ? .infinity : difference
  }
}
