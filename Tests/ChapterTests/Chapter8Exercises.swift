import MiniTensor
import Notebook
import Testing

@testable import chapter8

@Suite("Exercises of chapter 8")
struct Chapter8Exercises {
  @Test("1: a mean of 2x2 pixels and zeros passes on a quarter of every pixel; option A doesn't")
  func averaged() throws {
    #expect(
      try averagedShortcutHolds {
        zeroPaddedShortcut(averagePool($0, size: 2), stride: 1, channels: $1)
      })
    #expect(try !averagedShortcutHolds { zeroPaddedShortcut($0, stride: 2, channels: $1) })
    #expect(throws: Unsolved(1)) { try averagedShortcutHolds(averagedShortcut) }
  }

  @Test(
    "2: projections add up over the blocks; who forgets that they are normalised counts too few")
  func projections() throws {
    func sum(_ blocks: Int, _ width: Int, normalised: Bool) -> Int {
      let widths = [1, 1, 2, 4].map { $0 * width }
      return (1...3).reduce(0) { total, stage in
        let (before, channels) = (widths[stage - 1], widths[stage])
        let numbers = normalised ? 2 * channels : 0
        return total + before * channels + numbers
          + (blocks - 1) * (channels * channels + numbers)
      }
    }
    #expect(try projectionParametersHolds { sum($0, $1, normalised: true) })
    #expect(try !projectionParametersHolds { sum($0, $1, normalised: false) })
    #expect(throws: Unsolved(2)) { try projectionParametersHolds(projectionParameters) }
  }

  @Test("3: the number of seeds grows with the square of the noise, not in proportion to it")
  func seeds() throws {
    func reference(_ difference: Double, _ first: Double, _ second: Double) -> Int {
      (2...).first { n in
        difference > 3 * ((first * first + second * second) / Double(n)).squareRoot()
      }!
    }
    #expect(try seedsNeededHolds(reference))
    #expect(try !seedsNeededHolds { max(2, Int((3 * ($1 + $2) / $0).rounded(.up))) })
    #expect(throws: Unsolved(3)) { try seedsNeededHolds(seedsNeeded) }
  }
}
