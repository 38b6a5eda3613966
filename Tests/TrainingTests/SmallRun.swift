import Datasets
import Foundation
import MiniTensor
import Networks

@testable import Training
import Optimization

/// A training run of a few milliseconds that uses everything a recipe has.
enum SmallRun {
  static var data: TrainingData {
    TrainingData(
      train: images(count: 50, seed: 1), validation: images(count: 20, seed: 2),
      test: images(count: 20, seed: 3), preparation: ["validation": 20])
  }

  /// 8x8 images of three classes, noise on a class's own pattern.
  static func images(count: Int, seed: UInt64) -> Dataset {
    var generator = RandomGenerator(seed: seed, stream: .experiment)
    let labels = (0..<count).map { $0 % 3 }
    let pixels = labels.flatMap { label in
      (0..<64).map { Float($0 % 3 == label ? 1 : 0) + Float(generator.normal()) / 2 }
    }
    return Dataset(
      name: "noise", images: Tensor([count, 8, 8, 1], pixels), labels: labels,
      classNames: ["a", "b", "c"])
  }

  /// 13 steps: epochs of 5, the last one cut short.
  static let recipe: Recipe = {
    var recipe = Recipe(batchSize: 12, learningRate: 0.05, drops: [7, 11])
    recipe.count(steps: 13, images: 50)
    recipe.augments = true
    recipe.trainingError = .running
    recipe.warmUp = WarmUp()
    recipe.warmUp?.steps = 3
    return recipe
  }()

  static func trial(_ recipe: Recipe = recipe) throws -> Trial {
    Trial(experiment: "test", try architecture, recipe, seed: 4)
  }

  private static var architecture: CifarArchitecture {
    get throws {
      try CifarArchitecture(depth: 8, width: 2, inputChannels: 1, classes: 3, shortcut: .A)
    }
  }

  static func session(
    _ recipe: Recipe = recipe, threads: Int = 1, ranks: (any Ranks)? = nil
  ) throws -> TrainingSession {
    let trial = try trial(recipe)
    let architecture = try architecture
    return TrainingSession(
      CifarNetwork(architecture, seed: trial.seed), on: data, recipe: recipe,
      seed: trial.seed, device: Device(threads: threads), ranks: ranks,
      replica: { CifarNetwork(architecture) })
  }

  static var trainer: Trainer {
    Trainer(store: nil, data: data, device: Device(threads: 1), warn: { _ in })
  }
}

extension TrainingSession {
  /// Everything that has to be the same after the same run: bits and figures, but no times.
  var outcome: Outcome {
    Outcome(
      weights: network.weights(),
      velocities: optimizer.state.flatMap(\.tensors).map { $0.scalars.map(\.bitPattern) },
      epochs: progress.history.map { [$0.train, $0.validation, $0.test] },
      step: progress.step, recentError: progress.recentError)
  }

  struct Outcome: Equatable {
    let weights: Data
    /// Their bits: a damaged file may bring what is no number, which equals nothing.
    let velocities: [[UInt32]]
    let epochs: [[Evaluation?]]
    let step: Int
    let recentError: Double
  }
}

/// A folder for the files of one test, removed with the last reference.
final class Scratch {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(
    "training-tests-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
