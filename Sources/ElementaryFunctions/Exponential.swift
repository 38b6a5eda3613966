// The exponential function, and powers.
//
// The C library has these functions too, but each version of it rounds a little differently, and it picks other
// code on other processors. A network that starts from other last bits is another network after a thousand steps.
// So all functions of this module are made of +, −, × and / alone, which round the same way everywhere: no fused
// multiply-add, which some processors lack.
//
// They are `Double.exp` and not just `exp`: where Foundation is imported too, `exp` would mean either.

/// ln 2 in two parts. The first ends in 21 zero bits: its product with the exponent of a number is exact.
@inlinable
@inline(__always)
var logarithmOf2: (high: Double, low: Double) { (0x1.62e42feep-1, 0x1.a39ef35793c76p-33) }

/// A number so large that it has no place for a fraction: what is added to it is rounded to a whole number, which
/// its last bits count.
@inlinable
@inline(__always)
var withoutFraction: Double { 0x1.8p52 }

extension Double {
  /// eˣ, to within 1 ulp (the distance between two neighbouring numbers).
  public static func exp(_ x: Double) -> Double {
    // Beyond these the result is infinite or 0, as it is for them. NaN stays what it is.
    let (power, k) = exponential(Swift.min(Swift.max(x, -746), 710))
    // 2ᵏ may be too large for a number or too small, its two halves aren't.
    let half = k >> 1
    return power * powerOf2(half) * powerOf2(k - half)
  }

  /// x to the power y: to within |y| ulp for a whole number y up to 1,024, and exact where all powers of x up to y
  /// are, such as 10²². For other y to within |y · ln x| + 2 ulp, and NaN if x is negative.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if abs(y) <= 1024, y == Double(Int(y)) {
      let power = product(of: Int(abs(y)), x)
      if y >= 0 { return power }
      // Where the power is too large for a number, its inverse may still be one.
      if power.isFinite { return 1 / power }
    }
    return exp(y * log(x))
  }

  /// The product of so many equal factors.
  private static func product(of count: Int, _ factor: Double) -> Double {
    var (product, square, left) = (1.0, factor, count)
    while left > 0 {
      if left & 1 == 1 { product *= square }
      square *= square
      left >>= 1
    }
    return product
  }
}

extension Float {
  /// eˣ: that of `Double`, rounded. Without a branch, so that a loop over an array takes four numbers at a time.
  @inlinable
  @inline(__always)
  public static func exp(_ x: Float) -> Float {
    let (power, k) = exponential(Double(Swift.min(Swift.max(x, -104), 89)))
    return Float(power * powerOf2(k))
  }
}

/// eˣ as a power between 0.7 and 1.42 and an exponent of 2.
///
/// x = k · ln 2 + r with a whole number k and |r| ≤ ln 2 / 2, so eˣ = eʳ · 2ᵏ (Cody and Waite 1980). The Taylor
/// series of eʳ is within 2⁻⁵⁷ of it after the power 13.
@inlinable
@inline(__always)
func exponential(_ x: Double) -> (power: Double, k: Int64) {
  let rounded = x * 0x1.71547652b82fep+0 + withoutFraction  // 1 / ln 2
  let k = rounded - withoutFraction
  let r = (x - k * logarithmOf2.high) - k * logarithmOf2.low
  // Even and odd powers apart, which a core computes at the same time.
  let z = r * r
  var even = 1 / 479_001_600.0
  var odd = 1 / 6_227_020_800.0
  even = even * z + 1 / 3_628_800
  odd = odd * z + 1 / 39_916_800
  even = even * z + 1 / 40_320
  odd = odd * z + 1 / 362_880
  even = even * z + 1 / 720
  odd = odd * z + 1 / 5_040
  even = even * z + 1 / 24
  odd = odd * z + 1 / 120
  even = even * z + 1 / 2
  odd = odd * z + 1 / 6
  // What is added last is at least twice as large as the rest: little is lost in the sum.
  let power = 1 + (r + z * (even + r * odd))
  return (power, Int64(bitPattern: rounded.bitPattern &- withoutFraction.bitPattern))
}

/// 2ᵏ for an exponent that a number can have: -1022...1023.
@inlinable
@inline(__always)
func powerOf2(_ k: Int64) -> Double {
  Double(bitPattern: UInt64(bitPattern: k &+ 1023) << 52)
}
