import Foundation
import Testing

/// What PyTorch's SGD or AdamW does on a parabola; made by Tests/Vectors/make_training_vectors.py.
struct ParabolaVectors: Decodable, Sendable {
  struct Run: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let learningRates: [Float]
    let momentum: Float
    let weightDecay: Float
    let start: [Float]
    let target: [Float]
    let curvature: [Float]
    let steps: [[Double]]

    var testDescription: String { name }
  }

  let runs: [Run]

  static func all(of optimizer: String) throws -> [Run] {
    let url = try #require(
      Bundle.module.url(forResource: optimizer, withExtension: "json", subdirectory: "Vectors"))
    return try JSONDecoder().decode(ParabolaVectors.self, from: Data(contentsOf: url)).runs
  }
}
