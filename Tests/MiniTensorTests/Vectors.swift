import Foundation
import MiniTensor
import Testing

/// A tensor in a vector file.
struct StoredTensor: Decodable, Sendable {
  let shape: [Int]
  let values: [Float]

  var tensor: Tensor { Tensor(shape, values) }
}

/// What PyTorch computed for one operation and one shape; made by
/// Tests/Vectors/make_operation_vectors.py.
struct VectorCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Parameters: Decodable, Sendable {
    let stride: Int?
    let padding: Int?
    let kernel: Int?
    let training: Bool?
    let momentum: Float?
    let epsilon: Float?
    let channelsBefore: Int?
    let channelsAfter: Int?
    let shortcut: String?
    let heads: Int?
  }

  let name: String
  let operation: String
  let parameters: Parameters
  let inputs: [String: StoredTensor]
  let outputs: [String: StoredTensor]
  /// The gradients are those of the sum of output · cotangent.
  let cotangent: StoredTensor
  let gradients: [String: StoredTensor]
  let labels: [Int]?

  var testDescription: String { name }

  /// All cases of a file in Vectors/.
  static func all(in file: String) throws -> [VectorCase] {
    struct File: Decodable { let cases: [VectorCase] }
    let url = try #require(
      Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Vectors"))
    let cases = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
    try #require(!cases.isEmpty)
    return cases
  }

  /// The cases of one operation in a file.
  static func all(of operation: String, in file: String) throws -> [VectorCase] {
    let cases = try all(in: file).filter { $0.operation == operation }
    try #require(!cases.isEmpty, "\(file).json has no case of \(operation).")
    return cases
  }

  /// Runs an operation on the inputs, and compares its output and every gradient with PyTorch's.
  ///
  /// - Parameter magnitudes: by input, of the terms of its gradient where these cancel.
  func expectAgreement(
    of magnitudes: [String: Double] = [:], sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: ([String: Tensor]) -> Tensor
  ) {
    let parameters = gradients.mapValues { _ in () }.keys.reduce(into: [String: Parameter]()) {
      $0[$1] = Parameter(inputs[$1]!.tensor)
    }
    let tensors = inputs.reduce(into: [String: Tensor]()) {
      $0[$1.key] = parameters[$1.key]?.tracked ?? $1.value.tensor
    }
    let output = operation(tensors)
    expectClose(output, outputs["output"]!, "output", sourceLocation)
    output.backward(cotangent.tensor)
    for (name, expected) in gradients {
      guard let gradient = parameters[name]!.gradient else {
        Issue.record("\(self.name): no gradient of \(name)", sourceLocation: sourceLocation)
        continue
      }
      expectClose(
        gradient, expected, of: magnitudes[name], "gradient of \(name)", sourceLocation)
    }
  }

  /// Compares a result with PyTorch's.
  ///
  /// PyTorch computed in float64 and rounded once, so all of the difference is our own rounding:
  /// 2⁻²⁴ of a partial sum at each addition. The errors of a few hundred additions mostly cancel to
  /// about twenty of these; 64 · 2⁻²⁴ = 4e-6 of the largest element leaves room, and is far below
  /// the share of a single product.
  func expectClose(
    _ actual: Tensor, _ expected: StoredTensor, of magnitude: Double? = nil, _ what: String,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    MiniTensorTests.expectClose(
      actual, shape: expected.shape, expected.values.map(Double.init), within: 64 * 0x1p-24,
      of: magnitude, "\(name): \(what)", sourceLocation: sourceLocation)
  }
}
