import Notebook
import Testing

@testable import chapter11

@Suite("Exercises of chapter 11")
struct Chapter11Exercises {
  @Test("1: two layers a basic block and three a bottleneck, and two more; projections don't count")
  func depth() throws {
    #expect(try weightedLayersHolds { 2 + $0.reduce(0, +) * ($1 ? 3 : 2) })
    #expect(try !weightedLayersHolds { 2 + $0.reduce(0, +) * ($1 ? 4 : 2) })
    #expect(throws: Unsolved(1)) { try weightedLayersHolds(weightedLayers) }
  }

  @Test("2: a projection goes to four times the middle channels; one to the middle is wrong")
  func projection() throws {
    #expect(try projectionWeightsHolds { $0 * 4 * $1 })
    #expect(try !projectionWeightsHolds { $0 * $1 })
    #expect(throws: Unsolved(2)) { try projectionWeightsHolds(projectionWeights) }
  }
}
