import ArgumentParser
import Commands
import Datasets
import Foundation
import Networks
import Notebook
import Training

/// The options that only this chapter has.
struct Arguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of CIFAR-10, binary version. (default: where `resnet fetch cifar10` puts it)",
      valueName: "folder"))
  var data: String?

  @Option(
    in: 0.001...1_000_000,
    help: ArgumentHelp(
      "Minutes to train on CIFAR-10 in this session. (default: 0.5, with --quick 0.05)",
      valueName: "minutes"))
  var budget: Double?

  @Option(
    in: 20...110,
    help: ArgumentHelp(
      "Which network of table 6 trains on CIFAR-10: \(Self.depths).", valueName: "n"))
  var depth = 20

  /// Those of table 6 that fit into the memory of a laptop.
  private static let depths = [20, 32, 44, 56, 110]

  func validate() throws {
    if let data, !Self.isThere(URL(fileURLWithPath: data)) {
      throw ValidationError(
        "--data takes the folder with data_batch_1.bin and the other files of CIFAR-10, binary "
          + "version, and '\(data)' has none. `swift run resnet fetch cifar10` gets them.")
    }
    guard Self.depths.contains(depth) else {
      throw ValidationError("--depth takes one of \(Self.depths), not \(depth).")
    }
  }

  /// The seconds to train in this session.
  func budgetInSeconds(quick: Bool) -> Double { 60 * (budget ?? (quick ? 0.05 : 0.5)) }

  /// CIFAR-10, a tenth of it held out, each pixel without its mean; nil if it isn't there.
  ///
  /// - Parameter chapter: is told if files that weren't asked for can't be read, and ends if those can't
  ///   that were.
  func cifar10(_ chapter: Chapter) -> TrainingData? {
    let folder =
      data.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: Dataset.Name.cifar10.rawValue)
    guard Self.isThere(folder) else { return nil }
    do {
      let train = try Dataset.named(.cifar10, .train, in: folder)
      return TrainingData(
        train: train, test: try Dataset.named(.cifar10, .test, in: folder),
        validation: train.count / 10, centering: .pixel)
    } catch {
      if data != nil { return chapter.require(try { throw error }()) }
      chapter.note("CIFAR-10 is left out: \(error)")
      return nil
    }
  }

  private static func isThere(_ folder: URL) -> Bool {
    ["", "cifar-10-batches-bin"].contains {
      let file = folder.appendingPathComponent($0).appendingPathComponent("data_batch_1.bin")
      return FileManager.default.fileExists(atPath: file.path)
    }
  }
}
