import Notebook
import Testing

@testable import chapter2

@Suite("Exercises of chapter 2")
struct Chapter2Exercises {
  private func inLanes(_ values: [Float], withRest: Bool) -> Float {
    var sums = SIMD8<Float>()
    let whole = values.count / 8 * 8
    for first in stride(from: 0, to: whole, by: 8) {
      sums += SIMD8(values[first..<first + 8])
    }
    return sums.sum() + (withRest ? values[whole...].reduce(0, +) : 0)
  }

  @Test("1: a sum in lanes is right only if it doesn't forget the rest")
  func lanes() throws {
    #expect(try laneSumHolds { inLanes($0, withRest: true) })
    #expect(try !laneSumHolds { inLanes($0, withRest: false) })
    #expect(throws: Unsolved(1)) { try laneSumHolds(laneSum) }
  }

  private func back(_ matrix: [Float], _ e: Extents, adding: Bool) -> [Float] {
    var images = [Float](repeating: 0, count: e.batch * (e.height + 2 * e.padding) * e.rowSize)
    for window in 0..<e.windows {
      for index in 0..<e.windowSize {
        let place = e.start(window) + index / e.run * e.rowSize + index % e.run
        let value = matrix[window * e.windowSize + index]
        images[place] = adding ? images[place] + value : value
      }
    }
    return images
  }

  @Test("2: what comes back from several windows is added, not overwritten")
  func windows() throws {
    #expect(try addWindowsHolds { back($0, $1, adding: true) })
    #expect(try !addWindowsHolds { back($0, $1, adding: false) })
    #expect(throws: Unsolved(2)) { try addWindowsHolds(addWindows) }
  }

  @Test("3: the roof is the lower of two bounds")
  func roof() throws {
    #expect(try attainableHolds { min($1, $0 * $2) })
    #expect(try !attainableHolds { $0 * $2 })
    #expect(throws: Unsolved(3)) { try attainableHolds(attainable) }
  }
}
