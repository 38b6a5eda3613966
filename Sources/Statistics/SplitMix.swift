/// Random numbers that a seed decides: a report made twice is the same report.
///
/// - SeeAlso: Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014.
public struct SplitMix: RandomNumberGenerator {
  /// By how much the state grows from one number to the next.
  fileprivate static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
  fileprivate var state: UInt64

  /// Begins a sequence.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= Self.step
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// Passes over so many numbers.
  mutating func skip(_ count: Int) { state &+= UInt64(count) &* Self.step }
}

/// Eight of these generators side by side: what they give are the numbers of one sequence from eight places on.
struct EightSplitMixes {
  private var states: SIMD8<UInt64>

  /// - Parameters:
  ///   - generator: where the first of them begins; the sequence itself isn't moved on.
  ///   - distance: how many numbers later each of the others begins than the one before it.
  init(from generator: SplitMix, apart distance: Int) {
    states = SIMD8(repeating: generator.state)
    for place in 0..<8 {
      states[place] &+= UInt64(place) &* UInt64(distance) &* SplitMix.step
    }
  }

  /// The next number of each.
  mutating func next() -> SIMD8<UInt64> {
    states &+= SIMD8(repeating: SplitMix.step)
    var mixed = states
    mixed = (mixed ^ (mixed &>> 30)) &* SIMD8(repeating: 0xBF58_476D_1CE4_E5B9)
    mixed = (mixed ^ (mixed &>> 27)) &* SIMD8(repeating: 0x94D0_49BB_1331_11EB)
    return mixed ^ (mixed &>> 31)
  }
}
