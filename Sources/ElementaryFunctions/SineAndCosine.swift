extension Double {
  /// The cosine of an angle in radians, to within 1 ulp; NaN of ±∞.
  public static func cos(_ x: Double) -> Double {
    let (quadrant, r) = quarterTurns(abs(x))
    return sine(quadrant &+ 1, r.high, r.low)
  }

  /// The sine of an angle in radians, to within 1 ulp; NaN of ±∞.
  public static func sin(_ x: Double) -> Double {
    if x == 0 { return x }  // -0 too
    let (quadrant, r) = quarterTurns(abs(x))
    return sine(x < 0 ? quadrant &+ 2 : quadrant, r.high, r.low)
  }
}

/// r of x = n · π/2 + r with a whole number n and |r| ≤ π/4, as a sum of two numbers, and n modulo 4.
private func quarterTurns(_ x: Double) -> (quadrant: Int, r: (high: Double, low: Double)) {
  if x <= 0x1.921fb54442d18p-1 { return (0, (x, 0)) }
  guard x <= 0x1p20 else { return quarterTurns(ofLarge: x) }  // NaN too
  // π/2 in four parts. The first three have 33 bits, so their products with n < 2²⁰ are exact (Cody and Waite).
  let n = (x * 0x1.45f306dc9c883p-1 + withoutFraction) - withoutFraction  // 2 / π
  let first = x - n * 0x1.921fb544p+0  // Exact too: the two are close.
  let (second, lost) = sumAndError(first, -n * 0x1.0b4611a6p-34)
  let (third, lostAgain) = sumAndError(second, -n * 0x1.3198a2ep-69)
  let low = lost + lostAgain - n * 0x1.b839a252049c1p-104
  let high = third + low
  return (Int(n) & 3, (high, third - high + low))
}

/// A rounded sum, and what rounding took from it (Knuth, *Seminumerical Algorithms*).
private func sumAndError(_ a: Double, _ b: Double) -> (sum: Double, error: Double) {
  let sum = a + b
  let ofB = sum - a
  return (sum, (a - (sum - ofB)) + (b - ofB))
}

/// The same for an angle from 2²⁰ on, where the product with 2/π needs more digits than a number has (Payne and
/// Hanek 1983). Digits of 2/π that give whole turns are left out, and those after the next 192 bits.
private func quarterTurns(
  ofLarge x: Double
) -> (quadrant: Int, r: (high: Double, low: Double)) {
  guard x.isFinite else { return (0, (.nan, 0)) }
  // x = mantissa · 2^exponent: bits of 2/π up to the place `exponent - 2` give multiples of 4 quarter turns.
  let exponent = Int(x.exponent) - 52
  let mantissa = x.significandBitPattern | 1 << 52
  // The product by hand, a byte after the other from the right; what exceeds whole turns falls off on the left.
  var digits = [UInt64](repeating: 0, count: 24)
  var carry: UInt64 = 0
  for place in digits.indices.reversed() {
    let product = mantissa * byteOf2OverPi(atBit: exponent - 2 + 8 * place) + carry
    digits[place] = product & 0xFF
    carry = product >> 8
  }
  // The first two bits say the quadrant, the rest is what follows it: as a part of the next one from half on.
  let isHigh = digits[0] & 0x20 != 0
  let quadrant = Int(digits[0] >> 6) + (isHigh ? 1 : 0)
  digits[0] &= 0x3F
  var turns = 0.0
  for (place, digit) in digits.enumerated().reversed() {
    let rest = isHigh ? (place == 0 ? 0x3F : 0xFF) - digit : digit
    turns = (turns + Double(rest)) * 0x1p-8
  }
  let r = turns * 4 * 0x1.921fb54442d18p+0
  return (quadrant & 3, (isHigh ? -r : r, 0))
}

/// Eight bits of 2/π from a place behind the point on; zeros stand before it.
private func byteOf2OverPi(atBit bit: Int) -> UInt64 {
  (bit..<bit + 8).reduce(0) { byte, bit in
    byte << 1 | (bit < 0 ? 0 : digitsOf2OverPi[bit >> 6] >> UInt64(63 - bit & 63) & 1)
  }
}

private let digitsOf2OverPi: [UInt64] = [
  0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041, 0xFE51_63AB_DEBB_C561,
  0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C, 0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484,
  0xE99C_7026_B45F_7E41, 0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
  0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D, 0x7527_BAC7_EBE5_F17B,
  0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08, 0x5603_3046_FC7B_6BAB,
]

/// sin (r + low + quadrant · π/2) for |r| ≤ π/4.
private func sine(_ quadrant: Int, _ r: Double, _ low: Double) -> Double {
  // Both are computed and one is taken: a processor can't foretell the quadrant, and would begin the wrong one.
  let (sine, cosine) = (sine(r, low), cosine(r, low))
  let size = quadrant & 1 == 0 ? sine : cosine
  return quadrant & 2 == 0 ? size : -size
}

/// sin (r + low) for |r| ≤ π/4 by its Taylor series, which is within 2⁻⁶² of it after the power 17.
private func sine(_ r: Double, _ low: Double) -> Double {
  let z = r * r
  var sum = 1 / 355_687_428_096_000.0
  sum = sum * z - 1 / 1_307_674_368_000
  sum = sum * z + 1 / 6_227_020_800
  sum = sum * z - 1 / 39_916_800
  sum = sum * z + 1 / 362_880
  sum = sum * z - 1 / 5_040
  sum = sum * z + 1 / 120
  sum = sum * z - 1 / 6
  return r + (r * z * sum + low * (1 - z / 2))
}

/// cos (r + low) for |r| ≤ π/4 by its Taylor series, which is within 2⁻⁵⁸ of it after the power 16.
private func cosine(_ r: Double, _ low: Double) -> Double {
  let z = r * r
  var sum = 1 / 20_922_789_888_000.0
  sum = sum * z - 1 / 87_178_291_200
  sum = sum * z + 1 / 479_001_600
  sum = sum * z - 1 / 3_628_800
  sum = sum * z + 1 / 40_320
  sum = sum * z - 1 / 720
  sum = sum * z + 1 / 24
  // 1 - z/2 loses bits, which are added again.
  let large = 1 - z / 2
  return large + (((1 - large) - z / 2) + (z * z * sum - r * low))
}
