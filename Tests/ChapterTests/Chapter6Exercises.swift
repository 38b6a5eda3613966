import MiniTensor
import Notebook
import Testing

@testable import chapter6

@Suite("Exercises of chapter 6")
struct Chapter6Exercises {
  private func filter(channels: Int, column: Int) -> Tensor {
    var filter = Tensor([3, 3, channels, channels])
    for channel in 0..<channels { filter[1, column, channel, channel] = 1 }
    return filter
  }

  @Test("1: the tap left of the centre moves an image to the right, the one right of it doesn't")
  func shift() throws {
    #expect(try shiftRightHolds { filter(channels: $0, column: 0) })
    #expect(try !shiftRightHolds { filter(channels: $0, column: 2) })
    #expect(throws: Unsolved(1)) { try shiftRightHolds(shiftRight) }
  }

  @Test("2: the training error decides first; a judge of the test error alone is wrong")
  func diagnosis() throws {
    func reference(_ shallow: FinalErrors, _ deep: FinalErrors, _ noise: Double) -> Diagnosis {
      if deep.train > shallow.train + noise { return .degradation }
      return deep.test > shallow.test + noise ? .overfitting : .healthy
    }
    #expect(try diagnoseHolds(reference))
    #expect(
      try !diagnoseHolds { $1.test > $0.test + $2 ? .overfitting : .healthy })
    #expect(throws: Unsolved(2)) { try diagnoseHolds(diagnose) }
  }
}
