import Datasets
import Foundation
import MiniTensor
import Networks
import RunStore
import Training

/// A folder of its own for one test, removed with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("training-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where the test's store goes.
  var store: String { path + "/runs.sqlite" }
}

extension CifarArchitecture {
  /// A network of eight layers that trains an epoch on the digits in a fraction of a second.
  static func small(_ shortcut: Shortcut) throws -> CifarArchitecture {
    try CifarArchitecture(depth: 8, width: 2, inputChannels: 1, shortcut: shortcut)
  }
}

extension Trial {
  /// Two epochs of a small network on the digits: 23 steps each.
  static func sample(
    _ shortcut: Shortcut = .A, recipe: Recipe = Recipe(epochs: 2, drops: [1]), seed: Int = 0,
    prepare: @escaping (CifarNetwork) -> Void = { _ in }
  ) throws -> Trial {
    Trial(experiment: "test", try .small(shortcut), recipe, seed: seed, prepare: prepare)
  }
}

/// Collects what a trainer warns of.
final class Warnings {
  private(set) var all: [String] = []
  func add(_ warning: String) { all.append(warning) }
}

extension Trainer {
  /// A trainer on the digits.
  init(_ store: RunStore?, fresh: Bool = false, warnings: Warnings = Warnings()) throws {
    self.init(
      store: store, digits: try Digits.load(), chapter: 9, device: .current, fresh: fresh,
      warn: warnings.add)
  }
}
