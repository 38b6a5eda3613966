import ChapterExperiments
import Charts
import Foundation
import Networks
import RunStore
import Statistics
import Training

/// The recorded runs that come with this chapter: a residual and a plain network of 20 layers, trained on the images of
/// CIFAR-10 that went through JPEG (`Reference/README.md`).
struct ReferenceRuns {
  /// What the store calls these images. They aren't those that table 6 is about.
  static let dataset = "cifar10-jpeg"

  /// One run, as it was recorded.
  struct Record {
    let network: Architecture
    let configuration: RunConfiguration
    let recipe: Recipe
    let epochs: [EpochReport]

    var name: String { network.name }

    /// Whether the recipe was followed to its end, and every epoch is there.
    var isComplete: Bool { epochs.count == recipe.epochs && epochs.last?.step == recipe.steps }

    /// The mean test error in the four epochs before the learning rate drops, and in the four after it; the epoch in
    /// which it drops counts for neither.
    func testErrors(around drop: Int) -> (before: Double, after: Double) {
      func mean(_ epochs: some Collection<EpochReport>) -> Double {
        epochs.map(\.test.error).reduce(0, +) / Double(epochs.count)
      }
      return (
        mean(epochs.prefix { $0.step <= drop }.suffix(4)),
        mean(epochs.drop { $0.step <= drop }.dropFirst().prefix(4))
      )
    }
  }

  let residual, plain: Record

  /// Reads them.
  ///
  /// - Throws: `RunStoreError`, `RecipeError`, and `MissingRecord` if one isn't there or stopped before its end.
  init() throws {
    let path = Bundle.module.bundleURL.appendingPathComponent("Reference/runs.db").path
    let store = try RunStore(readingOnly: path)
    defer { store.close() }
    func record(_ name: String) throws -> Record {
      let network = try Architecture(name)
      guard
        let run = try store.runs(of: network, on: Self.dataset).first(where: {
          $0.status == .finished
        })
      else { throw MissingRecord(network: network.name, path: path) }
      return Record(
        network: network, configuration: run.configuration,
        recipe: try Recipe(run.configuration.hyperparameters),
        epochs: EpochReport.all(in: try store.metrics(of: run.id)))
    }
    (residual, plain) = (try record("resnet20"), try record("plain20"))
  }

  /// Both, the plain one first, as in the paper's figures.
  var both: [Record] { [plain, residual] }

  /// Whether they differ in nothing but the shortcuts.
  var areTwins: Bool {
    var twin = residual.configuration
    twin.network = plain.configuration.network
    return twin == plain.configuration && plain.network == residual.network.plainTwin
  }

  /// By how many points the plain network errs more on the test images.
  var claims: [Claim] {
    let differences = zip(plain.epochs, residual.epochs).map {
      100 * ($0.test.error - $1.test.error)
    }
    return [
      Claim(
        "In the first ten epochs plain-20 errs more", unit: "points", threshold: 1,
        [differences.prefix(10).reduce(0, +) / 10]),
      Claim(
        "After the last epoch it does, too", unit: "points", threshold: 1, [differences.last!]),
    ]
  }

  /// The errors over the epochs, dashed on the images learnt from, bold on the test images.
  var figure: LineChart {
    func points(_ record: Record, _ error: (EpochReport) -> Double) -> [Point] {
      record.epochs.map { Point(Double($0.epoch), error($0)) }
    }
    let series = zip(both, [Hue.orange, .blue]).flatMap { record, hue in
      [
        Series(
          "\(record.name), training", points(record, \.train.error), color: .hue(hue),
          stroke: .dashed, width: .thin, labelled: false),
        Series(record.name, points(record, \.test.error), color: .hue(hue), width: .bold),
      ]
    }
    let epochs = residual.epochs
    let drops = residual.recipe.drops.compactMap { drop in
      epochs.first { $0.step > drop }?.epoch
    }
    return LineChart(
      "Recorded: errors on CIFAR-10 as JPEG (dashed: training, bold: test)",
      x: Axis("epoch", ticks: ([1] + drops + [epochs.count]).map(Double.init)),
      y: Axis("error", format: .percent), series: series)
  }

  /// What the runs ended with, headed with the images and the budget.
  var table: Table {
    Table(
      [
        Column("CIFAR-10 as JPEG, \(residual.epochs.last!.step) steps"),
        Column("training error, %", .right), Column("held out", .right), Column("test", .right),
        Column("lowest test", .right),
      ],
      rows: both.map { record in
        let last = record.epochs.last!
        let lowest = record.epochs.map(\.test.error).min()!
        return [
          "\(record.name), seed \(record.configuration.seed)", percent([last.train.error]),
          last.validation.map { percent([$0.error]) } ?? "–", percent([last.test.error]),
          percent([lowest]),
        ]
      })
  }
}

/// A record that should have come with the chapter.
struct MissingRecord: Error, CustomStringConvertible {
  let network, path: String

  var description: String {
    "There is no finished run of \(network) on \(ReferenceRuns.dataset) in \(path). "
      + "'git checkout chapters/12-full-resnet/Reference' brings the file back that came with the chapter."
  }
}
