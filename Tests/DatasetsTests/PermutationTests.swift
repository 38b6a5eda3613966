import MiniTensor
import Testing

@testable import Datasets

@Suite("Permutations")
struct PermutationTests {
  @Test("A permutation holds every number once", arguments: [0, 1, 2, 3, 10, 1797])
  func complete(count: Int) {
    var generator = RandomGenerator(seed: 3, stream: .shuffling)
    #expect(generator.permutation(of: count).sorted() == Array(0..<count))
  }

  // 24 orders, 24,000 draws: each count has mean 1,000 and deviation 31, so that 160 is five
  // deviations.
  @Test("Each of the 24 orders of four numbers comes up about as often")
  func uniform() {
    var generator = RandomGenerator(seed: 5, stream: .shuffling)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[generator.permutation(of: 4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 160 })
  }
}
