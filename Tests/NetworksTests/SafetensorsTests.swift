import Foundation
import MiniTensor
import Testing

@testable import Networks

@Suite("The safetensors format")
struct SafetensorsTests {
  /// A file with a header as given, and as many bytes behind it.
  static func file(_ header: String, body: Int = 0) -> Data {
    let text = Data(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return Data(length) + text + Data(count: body)
  }

  private func fault(_ file: Data) -> String? {
    do {
      _ = try Safetensors.decode(file)
      return nil
    } catch {
      return error.found
    }
  }

  @Test("What was written is read again, to the bit")
  func roundTrip() throws {
    let tensors: [ExactName: Tensor] = [
      "scalar": Tensor([], [-0.0]), "empty": Tensor([3, 0]),
      "odd \"name\" \u{2028} é/\\": Tensor(
        [2, 3], [1, .infinity, -.infinity, .leastNonzeroMagnitude, 3, .nan]),
      "": Tensor([1], [2]),
    ]
    let metadata: [ExactName: String] = ["key": "a \"text\"\n", "": ""]
    let file = Safetensors.encode(tensors, metadata: metadata)
    let read = try Safetensors.decode(file)
    #expect(read.mapValues(\.shape) == tensors.mapValues(\.shape))
    for (name, tensor) in tensors {
      #expect(read[name]?.scalars.map(\.bitPattern) == tensor.scalars.map(\.bitPattern))
    }
    #expect(try Safetensors.metadata(of: file) == metadata)
    // The numbers are aligned, so that others can use them in place.
    let header = Int(file[0]) + Int(file[1]) << 8
    #expect(header % 8 == 0)
  }

  @Test("A part of some data is read like data of its own")
  func slices() throws {
    let file = Safetensors.encode(["a": Tensor([2], [1, 2])])
    let slice = (Data(count: 3) + file).dropFirst(3)
    #expect(try Safetensors.decode(slice)["a"]?.scalars == [1, 2])
  }

  @Test(
    "Half, brain and double precision become what PyTorch makes of them",
    arguments: ["float64", "float32", "float16", "bfloat16"])
  func types(type: String) throws {
    let file = try SafetensorsFile(
      contentsOf: Fixture.folder().appendingPathComponent("types.safetensors"))
    let values = try file.tensor(type).scalars
    let expected = try file.tensor("\(type).as_float32").scalars
    #expect(values.count == 11)
    for (value, other) in zip(values, expected) {
      #expect(value.bitPattern == other.bitPattern || value.isNaN && other.isNaN)
    }
  }

  @Test("Whole numbers, scalars, empty tensors and texts of PyTorch's are read")
  func others() throws {
    let file = try SafetensorsFile(
      contentsOf: Fixture.folder().appendingPathComponent("types.safetensors"))
    #expect(try file.tensor("int64").scalars == [0, -1, 7, 0x1p40])
    #expect(try file.tensor("scalar").scalar == 3.5)
    #expect(try file.tensor("empty").shape == [0, 4])
    #expect(file.metadata == ["note": "names: é, \"quotes\", \u{2028}"])
  }

  @Test("Half precision is exact for all its numbers")
  func halves() {
    let all = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let values = Tensor(
      [65_536], littleEndian: Data(all), size: 2, StoredNumber.float16.value
    ).scalars
    for (bits, value) in values.enumerated() {
      let exponent = bits >> 10 & 31
      let fraction = Double(bits & 1023) / 1024
      let magnitude =
        switch exponent {
        case 0: fraction * 0x1p-14
        case 31: fraction == 0 ? Double.infinity : .nan
        default: (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
        }
      let expected = Float(bits >> 15 == 1 ? -magnitude : magnitude)
      guard value.bitPattern != expected.bitPattern else { continue }
      #expect(value.isNaN && expected.isNaN, "\(bits) became \(value), not \(expected).")
    }
  }

  private static let good = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#

  @Test(
    "Files that break a rule are refused with that rule",
    arguments: [
      (Data(), "only 0 bytes"), (Data(count: 7), "only 7 bytes"),
      (Data([255, 255, 255, 255, 255, 255, 255, 255]), "100000000 are allowed"),
      (Data([100, 0, 0, 0, 0, 0, 0, 0]), "longer than the file"),
      (file(""), "`{` is expected"), (file("[]"), "`{` is expected"),
      (file("{} x"), "the end of the header is expected"),
      (file("{", body: 0), "a name is expected"), (file(#"{"a"}"#), "`:` is expected"),
      (file(#"{"a":3}"#), "`{` is expected"), (file(#"{"a":{}}"#), "lacks"),
      (file(#"{"__metadata__":{"a":1}}"#), "a text is expected"),
      (
        file(#"{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, body: 4),
        "two `dtype`"
      ),
      (file(#"{"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}"#, body: 4), "impossible type"),
      (file(#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, body: 4), "is of type U8"),
      (file(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, body: 4), "whole number"),
      (
        file(#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, body: 4),
        "whole number"
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, body: 4),
        "`]` is expected"
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#, body: 4),
        "impossible"
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#),
        "impossible"
      ),
      (file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, body: 4), "needs 8 bytes"),
      (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, body: 4), "needs 4 bytes"),
      (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, body: 4), "needs 4 bytes"),
      (file(good, body: 4), "where 4 are left"), (file(good, body: 12), "4 bytes at its end"),
      // A gap, an overlap.
      (file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, body: 8), "from 0 on"),
      (
        file(
          #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
          body: 12), "from 8 on"
      ),
      (
        file("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}\u{0}", body: 4),
        "the end of the header"
      ),
      (
        file("{\"\u{1}\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", body: 4),
        "without control characters"
      ),
    ])
  func refused(file: Data, reason: String) {
    #expect(fault(file)?.contains(reason) == true, "It said: \(fault(file) ?? "nothing")")
  }

  @Test("Files that use what the rules allow are read")
  func allowed() {
    #expect(fault(Self.file(Self.good, body: 8)) == nil)
    #expect(fault(Self.file(Self.good + "   ", body: 8)) == nil)
    #expect(fault(Self.file("{}")) == nil)
    // In another order than the bytes, with white space.
    let header = #"""
      { "b" : {"data_offsets":[4, 8],"dtype":"F16","shape":[2, 1]},
        "z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}, "__metadata__":{},
        "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
      """#.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(fault(Self.file(header, body: 8)) == nil)
  }

  @Test("A file that isn't there is named")
  func missing() {
    let url = URL(fileURLWithPath: "/nowhere/weights.safetensors")
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(contentsOf: url) }
    #expect(error?.description.contains("/nowhere/weights.safetensors") == true)
    #expect(error?.description.contains("it isn't there") == true)
  }

  /// Each mutated file is read in full or refused; a crash or a hang ends the test process. Set
  /// RESNET_FUZZ for another number than this.
  @Test("Mutated files are read or refused, and never crash")
  func mutations() throws {
    let count = ProcessInfo.processInfo.environment["RESNET_FUZZ"].flatMap(Int.init) ?? 3000
    let seeds = [
      try Data(contentsOf: Fixture.folder().appendingPathComponent("types.safetensors")),
      Safetensors.encode(["a": Tensor([2, 2]), "b": Tensor([3])], metadata: ["k": "v"]),
      Self.file(Self.good, body: 8),
    ]
    var generator = RandomGenerator(seed: 1, stream: .experiment)
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "9", "-", "1e9", "null",
      "F16", "F64", "I64", "F4", "BOOL", "__metadata__", "shape", "18446744073709551616", " ",
    ].map { Data($0.utf8) }
    var refused = 0
    for round in 0..<count {
      var file = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        // Most of what matters is in the header.
        let end = Bool.random(using: &generator) ? min(file.count, 300) : file.count
        guard end > 0 else { break }
        let place = Int.random(in: 0..<end, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: file[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: file[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: file = file.prefix(place)
        case 3:
          let length = Int.random(in: 0...min(40, file.count - place), using: &generator)
          file.removeSubrange(place..<place + length)
        case 4: file.insert(contentsOf: pieces.randomElement(using: &generator)!, at: place)
        default:
          let piece = pieces.randomElement(using: &generator)!.prefix(file.count - place)
          file.replaceSubrange(place..<place + piece.count, with: piece)
        }
        file = Data(file)
        // Half of the time the length is put right again, to get behind the first check.
        if file.count > 8, Bool.random(using: &generator), let brace = file.lastIndex(of: 0x7D),
          brace >= 8
        {
          let length = brace - 7
          for byte in 0..<8 { file[byte] = UInt8(truncatingIfNeeded: length >> (8 * byte)) }
        }
      }
      do {
        let tensors = try Safetensors.decode(file)
        let size = tensors.values.reduce(0) { $0 + $1.count }
        #expect(size * 2 <= file.count, "\(file.count) bytes became \(size) numbers.")
      } catch {
        refused += 1
      }
    }
    #expect(refused > count / 2 && refused < count)
  }
}
