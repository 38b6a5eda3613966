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

  @Flag(
    help: "Also rehearse with every digit in the nine places that are at most one pixel away.")
  var shifts = false

  /// Those of table 6 that fit into the memory of a laptop.
  private static let depths = [20, 32, 44, 56, 110]

  func validate() throws {
    if let data {
      do {
        try Dataset.find(.cifar10, in: URL(fileURLWithPath: data))
      } catch {
        throw ValidationError("--data: \(error)")
      }
    }
    guard Self.depths.contains(depth) else {
      throw ValidationError("--depth takes one of \(Self.depths), not \(depth).")
    }
  }

  /// The seconds to train in this session.
  func budgetInSeconds(quick: Bool) -> Double { 60 * (budget ?? (quick ? 0.05 : 0.5)) }

  /// CIFAR-10's training images as they were published, and all of it with a tenth held out and each pixel without its
  /// mean; nil if it isn't there.
  ///
  /// - Parameter chapter: is told if files that weren't asked for can't be read, and ends if those can't
  ///   that were.
  func cifar10(_ chapter: Chapter) -> (published: Dataset, data: TrainingData)? {
    let folder = data.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: .cifar10)
    guard data != nil || (try? Dataset.find(.cifar10, in: folder)) != nil else { return nil }
    do {
      let (train, test) = try Dataset.bothParts(of: .cifar10, in: folder)
      let data = TrainingData(
        train: train, test: test, validation: train.count / 10, centering: .pixel)
      return (train, data)
    } catch {
      if data != nil { return chapter.require(try { throw error }()) }
      chapter.note(chapter.translations.words("CIFAR-10 is left out: {1}", "\(error)"))
      return nil
    }
  }
}
