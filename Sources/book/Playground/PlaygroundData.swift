import Foundation
import Networks
import Playground

/// What the page's script is given: the module, the digits and a trained network, as texts.
struct PlaygroundData {
  let wasm: Data
  /// IDX files, as they are.
  let digits: Data
  let labels: Data
  /// All numbers of the trained network, in the order of `Specimen`.
  let weights: [Float]

  /// - Parameter wasm: the compiled module.
  init(wasm: Data, package: URL = ChapterFolder.package) throws {
    self.wasm = wasm
    let folder = package.appendingPathComponent("Sources/Datasets/Digits", isDirectory: true)
    digits = try Data(contentsOf: folder.appendingPathComponent("digits-images.idx3-ubyte"))
    labels = try Data(contentsOf: folder.appendingPathComponent("digits-labels.idx1-ubyte"))
    let network = CifarNetwork(try Specimen.architecture())
    try network.load(
      weights: Data(
        contentsOf: PlaygroundBuild.sources(in: package)
          .appendingPathComponent("resnet20-digits.safetensors")))
    weights = Specimen.values(of: network)
  }

  /// A script that keeps all of it.
  var script: String {
    let numbers = weights.withUnsafeBytes { Data($0) }
    return """
      const playgroundData = {
        wasm: '\(wasm.base64EncodedString())',
        digits: '\(digits.base64EncodedString())',
        labels: '\(labels.base64EncodedString())',
        weights: '\(numbers.base64EncodedString())',
      };

      """
  }
}
