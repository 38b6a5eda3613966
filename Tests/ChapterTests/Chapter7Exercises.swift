import Foundation
import Notebook
import Testing

@testable import chapter7

@Suite("Exercises of chapter 7")
struct Chapter7Exercises {
  @Test("1: a gradient is multiplied by 1 + slope, not by the slope")
  func gradient() throws {
    #expect(
      try gradientThroughResidualsHolds { gradient, slopes in
        slopes.reduce(gradient) { $0 * (1 + $1) }
      })
    #expect(
      try !gradientThroughResidualsHolds { gradient, slopes in
        slopes.reduce(gradient) { $0 * $1 }
      })
    #expect(throws: Unsolved(1)) { try gradientThroughResidualsHolds(gradientThroughResiduals) }
  }

  @Test("2: variances multiply from block to block")
  func variance() throws {
    #expect(try varianceGrowthHolds { pow(1 + $1, Double($0)) })
    #expect(try !varianceGrowthHolds { 1 + $1 * Double($0) })
    #expect(throws: Unsolved(2)) { try varianceGrowthHolds(varianceGrowth) }
  }
}
