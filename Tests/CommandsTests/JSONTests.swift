import Commands
import Files
import Foundation
import Testing

@Suite struct JSONTests {
  /// What Foundation's parser, which takes no more than the standard allows, makes of a value.
  private func parsed<T: Decodable>(_ value: JSON) throws -> T {
    for text in [value.line, value.page] {
      _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }
    return try JSONDecoder().decode(T.self, from: Data(value.page.utf8))
  }

  @Test(
    "Whole numbers keep all of their 64 bits",
    arguments: [0, -1, .max, .min, 9_007_199_254_740_993, -9_007_199_254_740_993] as [Int64])
  func integers(number: Int64) throws {
    #expect(try parsed(.array([.integer(number)])) == [number])
  }

  @Test(
    "Numbers keep all of their bits",
    arguments: [
      0, -0.0, 0.1, 1.0 / 3, 1e16, 1e300, -2.5e-300, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude,
      .leastNormalMagnitude, 9_007_199_254_740_992, 1 + .ulpOfOne,
    ] as [Double])
  func numbers(number: Double) throws {
    let read: [Double] = try parsed(.array([.number(number)]))
    #expect(read[0].bitPattern == number.bitPattern)
  }

  @Test(
    "A number that isn't finite is a word",
    arguments: zip(
      [Double.nan, .signalingNaN, .infinity, -.infinity], ["nan", "nan", "inf", "-inf"]))
  func notFinite(number: Double, word: String) throws {
    #expect(try parsed(.array([.number(number)])) == [word])
    #expect(try parsed(["loss": .number(number)] as JSON) == ["loss": word])
  }

  @Test("Every character of Unicode comes back, as a text and as a name")
  func characters() throws {
    // Whole planes at once, so that it takes milliseconds.
    for plane in 0..<0x11 {
      let scalars = (plane << 16..<(plane + 1) << 16).compactMap { Unicode.Scalar($0) }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      let value = String(text)
      // Printing it changes nothing.
      #expect(JSON.text(value).line.visibleLines == JSON.text(value).line)
      let read: [String: String] = try parsed(.object([(name: value, value: .text(value))]))
      // Compared by scalars: two texts are equal in Swift even if written differently.
      #expect(read.count == 1)
      #expect(read.first.map { Array($0.key.unicodeScalars) == scalars } == true)
      #expect(read.first.map { Array($0.value.unicodeScalars) == scalars } == true)
    }
  }

  @Test(
    "No character that steers a terminal or breaks a line is written as it is",
    arguments: ["\0", "\u{1B}[2J", "\r", "\n", "\u{7F}", "\u{9B}2J", "\u{2028}", "\u{202E}"])
  func control(text: String) throws {
    let line = ([text: .text(text)] as JSON).line
    #expect(line.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }, "\(line)")
    #expect(try parsed([text: .text(text)] as JSON) == [text: text])
  }

  @Test("Members keep their order, and nothing at all is an empty list or object")
  func order() throws {
    let value: JSON = ["z": JSON(1), "a": .array([.null, .flag(true)]), "m": [:]]
    #expect(value.line == #"{"z": 1, "a": [null, true], "m": {}}"#)
    #expect(value.page == "{\n  \"z\": 1,\n  \"a\": [null, true],\n  \"m\": {}\n}")
    #expect(JSON.array([]).page == "[]" && ([:] as JSON).page == "{}")
  }
}
