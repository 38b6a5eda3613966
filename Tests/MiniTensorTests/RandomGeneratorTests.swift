import Foundation
import MiniTensor
import Testing

@Suite struct RandomGeneratorTests {
  /// xoshiro256** written again from its definition (Blackman and Vigna 2018), seeded by SplitMix64
  /// from the number that seed 0, stream 1 and index 0 come to.
  @Test("The numbers are those of xoshiro256**")
  func reference() {
    var counter: UInt64 = 0xD1B5_4A32_D192_ED03
    var s = (0..<4).map { _ -> UInt64 in
      counter = counter &+ 0x9E37_79B9_7F4A_7C15
      var z = counter
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
      return z ^ z >> 31
    }
    var generator = RandomGenerator(seed: 0, stream: .initialization)
    for _ in 0..<1000 {
      let product = s[1] &* 5
      let expected = ((product << 7) | (product >> 57)) &* 9
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = (s[3] << 45) | (s[3] >> 19)
      #expect(generator.next() == expected)
    }
  }

  @Test("Equal seeds give equal numbers; other seeds, streams and indexes give others")
  func identity() {
    func first(_ seed: UInt64, _ stream: RandomStream, _ index: UInt64) -> [UInt64] {
      var generator = RandomGenerator(seed: seed, stream: stream, index: index)
      return (0..<4).map { _ in generator.next() }
    }
    var seen: Set<[UInt64]> = []
    for seed: UInt64 in [0, 1, 2, 3, 4, 99, .max] {
      for stream in [RandomStream.initialization, .shuffling, .augmentation, .experiment] {
        for index: UInt64 in 0..<50 {
          let numbers = first(seed, stream, index)
          #expect(numbers == first(seed, stream, index))
          #expect(seen.insert(numbers).inserted, "seed \(seed), \(stream), index \(index)")
        }
      }
    }
  }

  @Test("Drawing more from one stream changes no other")
  func independence() {
    func shuffling(after draws: Int) -> [UInt64] {
      var initialization = RandomGenerator(seed: 7, stream: .initialization)
      var shuffling = RandomGenerator(seed: 7, stream: .shuffling)
      return (0..<100).map { _ in
        for _ in 0..<draws { _ = initialization.next() }
        return shuffling.next()
      }
    }
    #expect(shuffling(after: 0) == shuffling(after: 3))
  }

  @Test("Uniform numbers lie in [0, 1) with mean 1/2 and variance 1/12", arguments: 0..<5)
  func uniform(_ seed: Int) {
    var generator = RandomGenerator(seed)
    let numbers = (0..<100_000).map { _ in generator.uniform() }
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
    let (mean, variance) = moments(numbers)
    let expected = 1.0 / 12
    #expect(abs(mean - 0.5) < bound(expected, numbers.count))
    // The fourth moment of a uniform number around its mean is 1/80, so (x − 1/2)² has the variance
    // 1/80 − 1/144 = 1/180.
    #expect(abs(variance - expected) < bound(1.0 / 180, numbers.count))
  }

  @Test("Normal numbers have mean 0, variance 1 and the right tails", arguments: 0..<5)
  func normal(_ seed: Int) {
    var generator = RandomGenerator(seed)
    let numbers = (0..<100_000).map { _ in generator.normal() }
    let (mean, variance) = moments(numbers)
    #expect(abs(mean) < bound(1, numbers.count))
    // x² has the variance 2.
    #expect(abs(variance - 1) < bound(2, numbers.count))
    for limit in [0.5, 1, 2, 3] {
      let share = Double(numbers.count { abs($0) > limit }) / Double(numbers.count)
      let expected = erfc(limit / 2.0.squareRoot())
      #expect(abs(share - expected) < bound(expected * (1 - expected), numbers.count))
    }
  }

  /// Five deviations of the mean of so many numbers with a variance: passed by chance once in a
  /// million seeds, and the seeds are fixed.
  private func bound(_ variance: Double, _ count: Int) -> Double {
    5 * (variance / Double(count)).squareRoot()
  }

  private func moments(_ numbers: [Double]) -> (mean: Double, variance: Double) {
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(numbers.count))
  }
}
