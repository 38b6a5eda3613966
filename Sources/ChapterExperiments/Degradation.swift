import Charts
import Foundation
import Networks
import RunStore
import Statistics
import Training

/// The experiment of chapters 6 and 9: the paper's CIFAR-style networks at growing depth, with and
/// without shortcuts, on the bundled digits.
///
/// - SeeAlso: He et al. 2015, section 4.2, figures 1 and 6.
public struct Degradation {
  /// Under which name the runs are stored.
  public static let name = "degradation"
  /// Channels of the first stage: half of the paper's, since the digits are small.
  public static let width = 8

  /// The depths that are compared.
  public let depths: [Int]
  /// How all networks are trained.
  public let recipe: Recipe
  /// One network of each kind is trained for every seed.
  public let seeds: Range<Int>

  /// The experiment in full, or in seconds.
  public init(quick: Bool, seeds: Range<Int>) {
    depths = quick ? [8, 20, 56] : [8, 20, 32, 44, 56]
    recipe = quick ? Recipe(epochs: 5, drops: [3, 4]) : Recipe()
    self.seeds = seeds
  }

  /// A network of the experiment, for one-channel images and ten classes.
  ///
  /// - Precondition: the depth is 6n + 2.
  public static func architecture(depth: Int, _ shortcut: Shortcut) -> CifarArchitecture {
    do {
      return try CifarArchitecture(
        depth: depth, width: width, inputChannels: 1, shortcut: shortcut)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// The trials of one kind of network, by depth, then by seed.
  public func trials(_ shortcut: Shortcut) -> [Trial] {
    depths.flatMap { depth in
      seeds.map { seed in
        Trial(
          experiment: Self.name, Self.architecture(depth: depth, shortcut), recipe, seed: seed)
      }
    }
  }
}

extension [TrialResult] {
  /// The results of one depth.
  public func depth(_ depth: Int) -> [TrialResult] {
    filter { $0.trial.architecture.depth == depth }
  }

  /// The final training errors, fractions.
  public var trainErrors: [Double] { map(\.last.train.error) }

  /// The final test errors, fractions.
  public var testErrors: [Double] { map(\.last.test.error) }
}

/// A mean error as a percentage, with its standard deviation where there are several: `2.4 ± 0.3`.
public func percent(_ errors: [Double]) -> String {
  guard let spread = Spread(errors.map { 100 * $0 }) else { return "–" }
  let mean = String(format: "%.1f", spread.mean)
  return mean + (spread.deviation.map { String(format: " ± %.1f", $0) } ?? "")
}
