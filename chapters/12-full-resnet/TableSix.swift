import Charts
import Foundation
import Networks
import RunStore
import Training

/// The paper's table 6 with a column of ours.
struct TableSix {
  /// How far a network has come with the paper's recipe on CIFAR-10.
  struct Place {
    let step: Int
    let testError: Double
  }

  /// The furthest that the store knows of each depth.
  let ours: [Int: Place]

  /// Which runs count: the paper's networks and its recipe.
  static let question = """
    SELECT c.depth, max(c.step) AS step, c.test_error
    FROM learning_curves AS c JOIN runs AS r ON r.id = c.run
    WHERE c.dataset = 'cifar10' AND c.architecture = 'cifar-resnet' AND c.shortcut = 'A'
      AND r.width = 16 AND json_extract(r.hyperparameters, '$.steps') = 64000
    GROUP BY c.depth
    """

  /// Asks the store.
  init(_ store: RunStore?) throws(RunStoreError) {
    var ours: [Int: Place] = [:]
    for row in try store?.rows(sql: Self.question).rows ?? [] {
      let numbers = row.map { Double($0.description) }
      guard let depth = numbers[0], let step = numbers[1], let error = numbers[2] else { continue }
      ours[Int(depth)] = Place(step: Int(step), testError: error)
    }
    self.ours = ours
  }

  /// One row a network.
  func table(_ sizes: [(depth: Int, parameters: Int)], paper: (Int) -> PaperFigures) -> Table {
    Table(
      [
        Column("network"), Column("parameters", .right), Column("in the paper", .right),
        Column("test error, %: paper", .right), Column("ours", .right),
        Column("after step", .right),
      ],
      rows: sizes.map { depth, parameters in
        let figures = paper(depth)
        let place = ours[depth]
        return [
          "ResNet-\(depth)", "\(parameters)", "\(figures.millionParameters ?? .nan)M",
          String(format: "%.2f", figures.cifar10TestError ?? .nan),
          place.map { String(format: "%.2f", 100 * $0.testError) } ?? "–",
          place.map { "\($0.step)" } ?? "–",
        ]
      })
  }
}
