import Notebook
import RunStore
import Testing

@testable import chapter9

@Suite("Exercises of chapter 9")
struct Chapter9Exercises {
  @Test("1: the first epoch under 5 % is a minimum by depth, of residual networks only")
  func query() throws {
    let right = """
      SELECT depth, min(epoch) AS epoch FROM learning_curves
      WHERE shortcut = 'A' AND train_error < 0.05 GROUP BY depth ORDER BY depth
      """
    #expect(try firstGoodEpochsHolds { right })
    #expect(try !firstGoodEpochsHolds { right.replacing("shortcut = 'A' AND ", with: "") })
    #expect(throws: Unsolved(1)) { try firstGoodEpochsHolds(firstGoodEpochs) }
  }

  @Test("2: a difference is measured in standard errors, not in standard deviations")
  func difference() throws {
    func ratio(_ plain: [Double], _ residual: [Double], squaresOver: (Spread) -> Double) -> Double {
      guard let p = Spread(plain), let r = Spread(residual) else { return .nan }
      return abs(p.mean - r.mean) / (squaresOver(p) + squaresOver(r)).squareRoot()
    }
    #expect(
      try differsHolds {
        ratio($0, $1) { ($0.deviation ?? 0) * ($0.deviation ?? 0) / Double($0.count) } > 2
      })
    #expect(
      try !differsHolds { ratio($0, $1) { ($0.deviation ?? 0) * ($0.deviation ?? 0) } > 2 })
    #expect(throws: Unsolved(2)) { try differsHolds(differs) }
  }
}
