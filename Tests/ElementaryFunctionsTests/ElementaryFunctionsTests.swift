import ElementaryFunctions
import Foundation
import Testing

/// What `Tests/Vectors/make_function_table.py` wrote: a function, an argument and the nearest result.
private func table(of name: String) throws -> [(argument: Double, result: Double)] {
  let file = try #require(Bundle.module.url(forResource: "Fixtures/table", withExtension: "txt"))
  return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
    $0.split(separator: " ")
  }.filter { $0[0] == name }.map { line in
    func number(_ text: Substring) throws -> Double {
      Double(bitPattern: try #require(UInt64(text, radix: 16)))
    }
    return (try number(line[1]), try number(line[2]))
  }
}

/// How many numbers lie between two, plus one; 0 if they are the same.
private func distance(_ a: Double, _ b: Double) -> UInt64 {
  // Bits of numbers of the same sign are ordered as the numbers are.
  func place(_ x: Double) -> Int64 {
    x.sign == .plus ? Int64(x.bitPattern) : -Int64((-x).bitPattern)
  }
  return (place(a) - place(b)).magnitude
}

private let functions: [(name: String, function: @Sendable (Double) -> Double, ulp: UInt64)] = [
  ("exp", { .exp($0) }, 1), ("log", { .log($0) }, 1), ("sin", { .sin($0) }, 1),
  ("cos", { .cos($0) }, 1), ("log2", { .log2($0) }, 2), ("log10", { .log10($0) }, 2),
]

@Test(
  "Each function is within an ulp or two of the exact value, over the whole range",
  arguments: functions.indices)
func accuracy(index: Int) throws {
  let (name, function, ulp) = functions[index]
  let rows = try table(of: name)
  #expect(rows.count >= 200)
  for (argument, result) in rows {
    let found = function(argument)
    #expect(
      distance(found, result) <= ulp,
      "\(name)(\(argument)): \(found), not \(result)")
  }
}

@Test("Infinities, zeros and NaN give what the limits are")
func specialValues() {
  #expect(Double.exp(.infinity) == .infinity)
  #expect(Double.exp(-.infinity) == 0)
  #expect(Double.exp(0) == 1)
  #expect(Double.exp(1e300) == .infinity)
  #expect(Double.exp(-1e300) == 0)
  #expect(Double.exp(.nan).isNaN)
  #expect(Double.log(.infinity) == .infinity)
  #expect(Double.log(0) == -.infinity)
  #expect(Double.log(-0.0) == -.infinity)
  #expect(Double.log(1) == 0)
  #expect(Double.log(-1).isNaN)
  #expect(Double.log(.nan).isNaN)
  #expect(Double.sin(-0.0).sign == .minus)
  for function in [Double.sin, Double.cos] {
    #expect(function(.infinity).isNaN)
    #expect(function(-.infinity).isNaN)
    #expect(function(.nan).isNaN)
  }
  #expect(Float.exp(89) == .infinity)
  #expect(Float.exp(-104) == 0)
  #expect(Float.log(0) == -.infinity)
}

@Test("Powers of ten and of two are exact, and so are their logarithms")
func exactPowers() throws {
  for n in 0...22 {
    let power = try #require(Double("1e\(n)"))
    #expect(Double.pow(10, Double(n)) == power)
    #expect(Double.pow(10, Double(-n)) == 1 / power)
    #expect(Double.log10(power) == Double(n))
    #expect(Double.log10(1 / power) == Double(-n))
  }
  for n in -1074...1023 {
    let power = Double(sign: .plus, exponent: n, significand: 1)
    #expect(Double.log2(power) == Double(n))
    #expect(n < -1022 || Double.pow(2, Double(n)) == power)
  }
  #expect(Double.pow(0, 0) == 1)
  #expect(Double.pow(-3, 3) == -27)
  #expect(abs(Double.pow(2, -1030) / 0x1p-1030 - 1) < 1e-12)
  #expect(Double.pow(0, 0.5) == 0)
  #expect(Double.pow(0, -2) == .infinity)
  #expect(Double.pow(-3, 0.5).isNaN)
  #expect(Double.pow(2, .nan).isNaN)
}

@Test("A power with any exponent is as close as it says")
func powers() {
  for (x, y) in [(2, 0.5), (10, -7.5), (0.055, 2.4), (1.0001, 10_000), (3, 1 / 3.0)] {
    // The exact value lies between these two, which the C library rounds to within an ulp.
    let expected = Foundation.pow(x, y)
    let bound = abs(y * Foundation.log(x)) + 3
    #expect(Double(distance(.pow(x, y), expected)) <= bound, "\(x)^\(y)")
  }
}

@Test("A float's function is the double's, rounded once")
func floats() {
  for x: Float in [-103, -20.5, -1e-30, 0, 0.1, 1, 42, 88.7] {
    #expect(Float.exp(x) == Float(Double.exp(Double(x))))
    #expect(abs(x) == 0 || Float.log(abs(x)) == Float(Double.log(Double(abs(x)))))
  }
}

/// Hashes of many results: one other bit anywhere makes another hash.
@Test("The bits are those of every other machine")
func sameBits() {
  func hash(_ function: (Double) -> Double) -> UInt64 {
    var (hash, x) = (UInt64(14_695_981_039_346_656_037), UInt64(1))
    for _ in 0..<20_000 {
      x = x &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let result = function(Double(x >> 11) * 0x1p-53 * 20)
      hash = (hash ^ result.bitPattern) &* 1_099_511_628_211
    }
    return hash
  }
  #expect(hash { .exp($0 - 10) } == 0x31f3_05d4_984f_57c6)
  #expect(hash { .log($0) } == 0x8cd3_5689_834a_5744)
  #expect(hash { .sin($0) } == 0x8c49_1400_42c6_9c9d)
  #expect(hash { .cos($0) } == 0x240b_1e58_8a54_7f6e)
}
