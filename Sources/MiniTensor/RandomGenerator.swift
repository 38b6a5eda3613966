// Whoever computes with tensors has these functions too.
@_exported import ElementaryFunctions

/// What random numbers are for. Each purpose has a stream of its own, so that drawing more numbers
/// for one never changes the others.
public enum RandomStream: UInt64, Sendable {
  /// The first values of the parameters.
  case initialization = 1
  /// The order of the examples.
  case shuffling = 2
  /// Crops, flips and the like.
  case augmentation = 3
  /// Anything an experiment draws beside these.
  case experiment = 4
}

/// A seeded generator of random numbers (xoshiro256**, Blackman and Vigna 2018).
///
/// The same seed and stream give the same numbers on every machine.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator for one purpose.
  ///
  /// - Parameters:
  ///   - seed: any number; equal seeds give equal numbers.
  ///   - stream: what the numbers are for.
  ///   - index: tells apart generators of the same purpose, such as one per epoch.
  public init(seed: UInt64, stream: RandomStream, index: UInt64 = 0) {
    // SplitMix64, the generator that the authors recommend for seeding this one.
    var counter =
      seed ^ (stream.rawValue &* 0xD1B5_4A32_D192_ED03) ^ (index &* 0x9FB2_1C65_1E98_DF25)
    func next() -> UInt64 {
      counter &+= 0x9E37_79B9_7F4A_7C15
      var mixed = counter
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 {
      value << bits | value >> (64 - bits)
    }
    let result = rotated(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotated(state.3, 45)
    return result
  }

  /// A number drawn uniformly from [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number drawn from the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * .log(1 - uniform())).squareRoot()
    return radius * .cos(2 * .pi * uniform())
  }
}
