import Foundation
import MiniTensor
import Testing

@testable import Networks

@Suite("Files that are made to do harm, or change while they are read")
struct HostileSafetensorsTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "safetensors-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ bytes: Data, _ name: String = "w.safetensors") throws -> URL {
    let file = folder.appendingPathComponent(name)
    try bytes.write(to: file)
    return file
  }

  private func fault(_ url: URL) -> String {
    do {
      _ = try SafetensorsFile(contentsOf: url)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("A file that is cut off while it is open is an error, not the end of the program")
  func shrinking() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = try write(Safetensors.encode(["a": Tensor([1000]), "b": Tensor([50_000])]))
    let file = try SafetensorsFile(contentsOf: url)
    let handle = try FileHandle(forWritingTo: url)
    try handle.truncate(atOffset: 5000)
    #expect(try file.tensor("a").count == 1000)
    let error = #expect(throws: SafetensorsError.self) { try file.tensor("b") }
    #expect(error?.found.contains("became shorter") == true)
    try handle.truncate(atOffset: 0)
    #expect(throws: SafetensorsError.self) { try file.tensor("a") }
  }

  @Test("A header that states another length, extents or places that can't be, is refused at once")
  func lies() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let cases: [(Data, String)] = [
      (Data(repeating: 0xFF, count: 8), "are allowed"),
      (Data([0, 0, 0, 0, 1, 0, 0, 0]) + Data(count: 100), "are allowed"),
      (Data([0, 0xE1, 0xF5, 5, 0, 0, 0, 0]) + Data(count: 100), "longer than the file"),
      (
        SafetensorsTests.file(
          #"{"a":{"dtype":"F32","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#, body: 4),
        "impossible"
      ),
      (
        SafetensorsTests.file(
          #"{"a":{"dtype":"F32","shape":[1125899906842624],"data_offsets":[0,4503599627370496]}}"#,
          body: 4), "where 4 are left"
      ),
      (
        SafetensorsTests.file(
          #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551615,0]}}"#, body: 4),
        "needs 1 bytes"
      ),
    ]
    for (bytes, reason) in cases {
      let said = fault(try write(bytes))
      #expect(said.contains(reason), "\(said)")
    }
  }

  @Test("Names, types and shapes of megabytes are shown by their beginning")
  func longNames() throws {
    let long = String(repeating: "n", count: 3_000_000)
    let numbers = "[\([String](repeating: "1", count: 300_000).joined(separator: ","))]"
    for header in [
      #"{"\#(long)":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}"#,
      #"{"a":{"dtype":"\#(long)","shape":[1],"data_offsets":[0,0]}}"#,
      #"{"a":{"dtype":"F32","shape":\#(numbers),"data_offsets":[0,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":\#(numbers)}}"#,
      #"{"\#(long)":1}"#, #"{"a":"\#(long)"}"#,
    ] {
      let error = #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(SafetensorsTests.file(header))
      }
      #expect(error.map { $0.description.count < 500 } == true, "\(header.prefix(40))")
    }
  }

  @Test("Twenty thousand tensors are of no network, said in a line")
  func manyTensors() throws {
    let entries = (0..<20_000).map { index in
      #""layer1.\#(index).conv1.weight":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#
    }
    let file = try SafetensorsFile(
      SafetensorsTests.file("{\(entries.joined(separator: ","))}"))
    #expect(file.entries.count == 20_000)
    let network = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .A), seed: 0)
    let error = #expect(throws: SafetensorsError.self) {
      try network.load(weights: file.stateDict())
    }
    #expect(error.map { $0.description.count < 1500 } == true)
  }

  @Test("A header of millions of names or numbers is refused when the first half million is read")
  func millions() throws {
    let most = SafetensorsHeader.mostItems
    func list(_ count: Int, _ item: (Int) -> String) -> String {
      (0..<count).map(item).joined(separator: ",")
    }
    for start in [
      // Six of each: the name, three keys, two numbers.
      list(most / 6 + 1) { #""\#($0)":{"dtype":"F32","shape":[],"data_offsets":[0,0]}"# },
      #""__metadata__":{"# + list(most) { #""\#($0)":"""# },
      #""a":{"dtype":"F32","shape":["# + list(most) { _ in "1" },
    ] {
      // The end isn't JSON: what is refused for its size is not read on.
      let error = #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(SafetensorsTests.file("{\(start),!"))
      }
      #expect(error?.found.contains("more than \(most)") == true, "\(error.debugDescription)")
    }
  }

  @Test("The deepest network of the paper is far from that limit")
  func deepest() throws {
    let network = CifarNetwork(try CifarArchitecture(depth: 1202, width: 1, shortcut: .A), seed: 0)
    let bytes = network.weights(metadata: [:])
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes.dropFirst(8).prefix(length), as: UTF8.self)
    let items = header.matches(of: /"[^"]*":|[0-9]+[,\]]/).count
    #expect(items < SafetensorsHeader.mostItems / 9, "\(items)")
    #expect(try SafetensorsFile(bytes).entries.count > 1202 * 5)
  }

  @Test("Control characters of a file are made visible in what is said about it")
  func controlCharacters() throws {
    let escape = "\u{1B}[2J"
    for header in [
      #"{"\u001b[2J":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}"#,
      #"{"a":{"dtype":"\u001b[2J","shape":[1],"data_offsets":[0,0]}}"#,
      #"{"a":{"dtype":"F32","shape":[1]},"\u001b[2J":1}"#,
      "{\(escape)}", #"{"a\#(escape)":1}"#,
    ] {
      let error = #expect(throws: SafetensorsError.self) {
        try SafetensorsFile(SafetensorsTests.file(header))
      }
      #expect(error?.description.unicodeScalars.contains { $0.value < 0x20 } == false)
    }
  }

  @Test("Of fifty thousand names the first are found, in their order")
  func firstNames() throws {
    let names = (0..<50_000).map { "layer\($0).weight" }
    let header = names.map { "\"\($0)\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}" }
    let file = try SafetensorsFile(
      SafetensorsTests.file("{\(header.joined(separator: ","))}"))
    #expect(file.entries.count == names.count)
    #expect(file.firstNames(2).map(\.text) == Array(names.sorted().prefix(2)))
  }

  @Test("Texts are read with their escapes, wherever these stand")
  func escapes() throws {
    for (written, text) in [
      ("", ""), ("a", "a"), (#"\n"#, "\n"), (#"a\u00e9"#, "aé"), (#"\"b\\"#, "\"b\\"),
      (#"é\ud83d\ude00ü"#, "é😀ü"), (#"e\u0301x"#, "e\u{301}x"),
    ] {
      var scanner = JSONScanner(Data("\"\(written)\"".utf8))
      #expect(try scanner.string("a text").utf8.elementsEqual(text.utf8), "\(written)")
    }
  }
}
