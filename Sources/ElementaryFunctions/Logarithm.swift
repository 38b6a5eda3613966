extension Double {
  /// The natural logarithm, to within 1 ulp; NaN of a negative number, -∞ of 0.
  ///
  /// x = 2ᵏ · m with m between √½ and √2, so ln x = k · ln 2 + ln m. With s = (m - 1) / (m + 1), at most 0.172,
  ///
  ///     ln m = 2 · artanh s = 2s + s · (⅔ s² + ⅖ s⁴ + ⁲⁄₇ s⁶ + …)
  ///
  /// which is within 2⁻⁵⁸ after the power 21. 2s itself isn't known exactly, but f = m - 1 is, and
  /// 2s = f - s · f = f - f²/2 + s · f²/2: only small numbers are rounded before the last sum (the order of the
  /// sum is that of Sun's fdlibm, 1993).
  public static func log(_ x: Double) -> Double {
    var (bits, exponent) = (x.bitPattern, 0.0)
    if !(x >= .leastNormalMagnitude && x < .infinity) {
      if x == 0 { return -.infinity }
      if !(x > 0 && x < .infinity) { return x > 0 ? x : .nan }
      // A subnormal number has fewer bits: it is made a normal one.
      (bits, exponent) = ((x * 0x1p54).bitPattern, -54)
    }
    // From √½ on the bits of the exponent count k, which is -1 just below 1 / √2.
    let k = Int64(bitPattern: bits &- 0x3FE6_A09E_667F_3BCD) >> 52
    exponent += Double(k)
    let f = Double(bitPattern: bits &- UInt64(bitPattern: k << 52)) - 1
    let s = f / (2 + f)
    // Every second term apart: a core computes both sums at the same time.
    let (s2, s4) = (s * s, s * s * (s * s))
    var even = 2 / 19.0
    var odd = 2 / 21.0
    even = even * s4 + 2 / 15
    odd = odd * s4 + 2 / 17
    even = even * s4 + 2 / 11
    odd = odd * s4 + 2 / 13
    even = even * s4 + 2 / 7
    odd = odd * s4 + 2 / 9
    even = even * s4 + 2 / 3
    odd = odd * s4 + 2 / 5
    let half = f * f / 2
    let rest = s * (half + s2 * (even + s2 * odd)) + exponent * logarithmOf2.low
    return exponent * logarithmOf2.high - ((half - rest) - f)
  }

  /// The logarithm to base 10, to within 2 ulp, and exact for 10ⁿ from n = -22 to 22.
  public static func log10(_ x: Double) -> Double {
    let result = log(x) / 0x1.26bb1bbb55516p+1  // ln 10
    let whole = (result + withoutFraction) - withoutFraction
    return abs(whole) <= 22 && pow(10, whole) == x ? whole : result
  }

  /// The logarithm to base 2, to within 2 ulp, and exact for powers of 2.
  public static func log2(_ x: Double) -> Double {
    if x.isFinite, x > 0, x.significand == 1 { return Double(x.exponent) }
    return log(x) / 0x1.62e42fefa39efp-1  // ln 2
  }
}

extension Float {
  /// The natural logarithm: that of `Double`, rounded.
  public static func log(_ x: Float) -> Float { Float(Double.log(Double(x))) }
}
