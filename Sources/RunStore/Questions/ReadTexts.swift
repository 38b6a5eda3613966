import Architectures
import Foundation

/// What texts of a store mean, each read once: thousands of runs have the same network and hyper-parameters.
final class ReadTexts {
  private var architectures: [String: Architecture?] = [:]
  private var hyperparameters: [String: [String: HyperparameterValue]] = [:]

  /// The network with this text; nil if it is no network's text.
  func architecture(_ text: String) -> Architecture? {
    if let known = architectures[text] { return known }
    let read = (try? Architecture(text)).flatMap { $0.text == text ? $0 : nil }
    architectures[text] = .some(read)
    return read
  }

  /// The hyper-parameters in a JSON text.
  ///
  /// - Throws: `DecodingError`.
  func hyperparameters(_ text: String) throws -> [String: HyperparameterValue] {
    if let known = hyperparameters[text] { return known }
    let read = try [String: HyperparameterValue](canonicalJSON: text)
    hyperparameters[text] = read
    return read
  }
}
