// The first steps of some runs of the playground on this machine, without fused multiply-adds as in a web page:
// their losses, and what the first epoch came to, as bits. `steps.mjs` prints the same of the module for the page.
import Architectures
import Datasets
import Foundation
import MiniTensor
import Playground

@main struct Steps {
  static func bytes(_ file: String, from first: Int) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: "Sources/Datasets/Digits/\(file)"))[first...])
  }

  static func main() throws {
    let pixels = try bytes("digits-images.idx3-ubyte", from: 16)
    let labels = try bytes("digits-labels.idx1-ubyte", from: 8)
    let digits = Digits(
      Dataset(
        name: Digits.name,
        images: Tensor([labels.count, 8, 8, 1], pixels.map { Float($0) / 16 }),
        labels: labels.map(Int.init), classNames: (0..<10).map(String.init)))
    for (depth, shortcut, width, normalizes) in [
      (20, Shortcut.A, 8, true), (8, .none, 16, true), (14, .B, 4, true), (8, .C, 8, false),
    ] {
      let architecture = try CifarArchitecture(
        depth: depth, width: width, inputChannels: 1, shortcut: shortcut)
      let run = PlayedRun(
        .init(architecture, normalizes: normalizes, learningRate: 0.03, seed: 7), digits: digits)
      var numbers = (0..<24).map { _ in run.advance() }
      let first = run.history[0]
      numbers += [first.train.loss, first.train.error, first.test.loss, first.test.error]
      numbers += run.gradientNorms
      print(
        depth, shortcut, width, normalizes ? 1 : 0,
        numbers.map { String($0.bitPattern, radix: 16) }.joined(separator: " "))
    }
  }
}
