import ArgumentParser
import Datasets
import MiniTensor

/// The options that say what is taken away from pixels and what they are divided by.
struct PixelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is taken away from pixels (0 to 1): a number a channel.", valueName: "R,G,B"))
  var mean: String?

  @Option(
    help: ArgumentHelp("What pixels are divided by then: a number a channel.", valueName: "R,G,B"))
  var std: String?

  /// Whether both are given.
  var isGiven: Bool { mean != nil && std != nil }

  func validate() throws {
    guard (mean == nil) == (std == nil) else {
      throw ValidationError("--mean and --std belong together: give both.")
    }
    _ = try mean.map { try Self.numbers($0, "mean") }
    if let std, try Self.numbers(std, "std").contains(where: { $0 <= 0 }) {
      throw ValidationError("--std '\(std)': pixels can only be divided by numbers above 0.")
    }
  }

  /// The change of scale, nil if none is given.
  func standardization(channels: Int) throws -> Standardization? {
    guard let mean, let std else { return nil }
    let (means, deviations) = (try Self.numbers(mean, "mean"), try Self.numbers(std, "std"))
    for (option, numbers) in [("mean", means), ("std", deviations)] {
      guard numbers.count == channels else {
        throw ValidationError(
          "--\(option) has \(numbers.count) numbers, and the images have \(channels) channels.")
      }
    }
    return Standardization(mean: means, deviation: deviations)
  }

  private static func numbers(_ list: String, _ option: String) throws -> [Float] {
    let parts = list.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Float($0) }
    guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite) else {
      throw ValidationError(
        "--\(option) '\(list)' isn't numbers with commas between them, such as 0.49,0.48,0.45.")
    }
    return numbers
  }
}
