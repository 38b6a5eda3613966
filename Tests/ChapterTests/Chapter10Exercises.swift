import Foundation
import MiniTensor
import Networks
import Notebook
import Testing

@testable import chapter10

@Suite("Exercises of chapter 10")
struct Chapter10Exercises {
  @Test("1: paths are distributed as tosses of a coin; not all lengths are equally frequent")
  func paths() throws {
    func binomial(_ blocks: Int, _ length: Int) -> Double {
      (0..<length).reduce(pow(0.5, Double(blocks))) {
        $0 * Double(blocks - $1) / Double($1 + 1)
      }
    }
    #expect(try shareOfPathsHolds(binomial))
    #expect(try !shareOfPathsHolds { blocks, _ in 1 / Double(blocks + 1) })
    #expect(throws: Unsolved(1)) { try shareOfPathsHolds(shareOfPaths) }
  }

  @Test("2: scale and shift of the last normalisation must be zero; the scale alone isn't enough")
  func silent() throws {
    #expect(
      try silenceHolds { block in
        block.bn2.scale.value = Tensor([8], repeating: 0)
        block.bn2.shift.value = Tensor([8], repeating: 0)
      })
    #expect(try !silenceHolds { $0.bn2.scale.value = Tensor([8], repeating: 0) })
    #expect(throws: Unsolved(2)) { try silenceHolds(silence) }
  }
}
