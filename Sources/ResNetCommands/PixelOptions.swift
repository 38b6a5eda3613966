import ArgumentParser
import Commands
import Datasets
import MiniTensor

/// The options that say what is taken away from pixels and what they are divided by.
struct PixelOptions: ParsableArguments {
  @Option(
    listIn: -1000...1000,
    help: ArgumentHelp(
      "What is taken away from pixels (0 to 1): a number per channel.", valueName: "R,G,B"))
  var mean: [Float]?

  @Option(
    listIn: 0.0001...1000,
    help: ArgumentHelp("What pixels are divided by then: a number per channel.", valueName: "R,G,B")
  )
  var std: [Float]?

  /// Whether both are given.
  var isGiven: Bool { mean != nil && std != nil }

  func validate() throws {
    guard (mean == nil) == (std == nil) else {
      throw ValidationError("--mean and --std belong together: give both.")
    }
  }

  /// The change of scale, nil if none is given.
  func standardization(channels: Int) throws -> Standardization? {
    guard let mean, let std else { return nil }
    for (option, numbers) in [("mean", mean), ("std", std)] {
      guard numbers.count == channels else {
        throw ValidationError(
          "--\(option) has \(numbers.count) numbers, and the images have \(channels) channels.")
      }
    }
    return Standardization(mean: mean, deviation: std)
  }
}
