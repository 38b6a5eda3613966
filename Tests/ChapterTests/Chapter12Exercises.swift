import Notebook
import Testing

@testable import chapter12

@Suite("Exercises of chapter 12")
struct Chapter12Exercises {
  @Test("1: the last batch of an epoch is smaller; leaving it out is wrong")
  func nextBatch() throws {
    #expect(
      try nextBatchHolds { step, images, size in
        let perEpoch = (images + size - 1) / size
        let first = step % perEpoch * size
        return (step / perEpoch + 1, first..<min(first + size, images))
      })
    #expect(
      try !nextBatchHolds { step, images, size in
        let perEpoch = max(images / size, 1)
        let first = step % perEpoch * size
        return (step / perEpoch + 1, first..<min(first + size, images))
      })
    #expect(throws: Unsolved(1)) {
      try nextBatchHolds { try chapter12.nextBatch(after: $0, images: $1, batchSize: $2) }
    }
  }

  @Test("2: what leaves on one side comes from the other as zeros; in the wrong direction is wrong")
  func shifted() throws {
    func shift(_ image: [[Float]], _ down: Int, _ right: Int) -> [[Float]] {
      image.indices.map { row in
        image[row].indices.map { column in
          let (y, x) = (row - down, column - right)
          return image.indices.contains(y) && image[y].indices.contains(x) ? image[y][x] : 0
        }
      }
    }
    #expect(try shiftedHolds(shift))
    #expect(try !shiftedHolds { shift($0, -$1, -$2) })
    #expect(throws: Unsolved(2)) {
      try shiftedHolds { try chapter12.shifted($0, down: $1, right: $2) }
    }
  }

  @Test("3: six layers more cost 97,216 numbers; taking the next deeper network is wrong")
  func deepest() throws {
    // Two more layers a stage, with their normalisations.
    let step = [16, 32, 64].reduce(0) { $0 + 2 * (9 * $1 * $1 + 2 * $1) }
    #expect(step == 97_216)
    let smallest = 75_290
    #expect(
      try deepestHolds { $0 < smallest ? nil : 8 + 6 * (($0 - smallest) / step) })
    #expect(try !deepestHolds { $0 < smallest ? nil : 14 + 6 * (($0 - smallest) / step) })
    #expect(throws: Unsolved(3)) { try deepestHolds(chapter12.deepest) }
  }
}
