import Charts
import ChapterExperiments
import Foundation
import Networks
import RunStore

/// The paper's table 6 with a column of ours.
struct TableSix {
  /// A line of the paper's table.
  struct Row {
    let depth: Int
    let network: any Network
    /// Parameters in millions, as they are printed.
    let millions: Double
    /// The test error, in per cent.
    let error: Double

    /// Half of the last digit that the paper prints of `millions`.
    var rounding: Double { millions < 1 ? 0.005 : 0.05 }
  }

  /// The paper's residual networks.
  static var rows: [Row] {
    get throws(ArchitectureError) {
      var rows: [Row] = []
      for depth in [20, 32, 44, 56, 110, 1202] {
        let architecture = try Architecture("resnet\(depth)")
        guard let paper = PaperFigures(architecture), let millions = paper.millionParameters,
          let error = paper.cifar10TestError
        else { continue }
        rows.append(
          Row(depth: depth, network: architecture.network(), millions: millions, error: error))
      }
      return rows
    }
  }

  /// How far a network has come.
  private struct Place {
    let step: Int
    /// A fraction; nil if no epoch is complete yet.
    let testError: Double?
  }

  private let rows: [Row]
  /// The furthest that is known of each depth.
  private var ours: [Int: Place] = [:]

  /// Which runs count: the paper's networks and its recipe.
  private static let question = """
    SELECT c.depth, max(c.step) AS step, c.test_error
    FROM learning_curves AS c JOIN runs AS r ON r.id = c.run
    WHERE c.dataset = 'cifar10' AND c.architecture = 'cifar-resnet' AND c.shortcut = 'A'
      AND r.width = 16 AND json_extract(r.hyperparameters, '$.steps') = 64000
    GROUP BY c.depth
    """

  /// Asks the store, and takes a run that may not have recorded anything yet.
  init(_ store: RunStore?, and run: TrainingState?) throws {
    rows = try Self.rows
    for row in try store?.rows(sql: Self.question).rows ?? [] {
      let numbers = row.map { Double($0.description) }
      guard let depth = numbers[0], let step = numbers[1] else { continue }
      ours[Int(depth)] = Place(step: Int(step), testError: numbers[2])
    }
    if let run, ours[run.trial.architecture.depth] == nil {
      ours[run.trial.architecture.depth] = Place(
        step: run.step, testError: run.epochs.last?.test.error)
    }
  }

  /// The table, with the numbers of parameters that were counted.
  func table(_ parameterCounts: [Int]) -> Table {
    Table(
      [
        Column("network"), Column("parameters", .right), Column("in the paper", .right),
        Column("test error, %: paper", .right), Column("ours", .right),
        Column("after step", .right),
      ],
      rows: zip(rows, parameterCounts).map { row, count in
        let place = ours[row.depth]
        return [
          "ResNet-\(row.depth)", "\(count)", "\(row.millions)M",
          String(format: "%.2f", row.error),
          place?.testError.map { String(format: "%.2f", 100 * $0) } ?? "–",
          place.map { "\($0.step)" } ?? "–",
        ]
      })
  }
}
