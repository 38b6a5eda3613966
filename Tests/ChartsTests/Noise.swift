/// Random numbers that a seed repeats (SplitMix64).
struct Noise {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func between(_ low: Double, _ high: Double) -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return low + (high - low) * Double((bits ^ bits >> 31) >> 11) / 0x1p53
  }
}
