import Foundation
import MiniTensor
import Testing

@testable import Networks

@Suite("safetensors as the reference reader takes them")
struct SafetensorsCorpusTests {
  /// A file, and what the reference makes of it (see `Tests/Vectors/make_safetensors_corpus.py`).
  private struct Case: Decodable {
    let body: Int
    var header: String?
    var bytes: String?
    var length: UInt64?
    var verdict: Verdict?

    struct Verdict: Decodable {
      let metadata: [[String]]
      let tensors: [StoredTensor]
    }

    struct StoredTensor: Decodable {
      let name: String
      let type: String
      let shape: [UInt]
      let bytes: String

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        name = try list.decode(String.self)
        type = try list.decode(String.self)
        shape = try list.decode([UInt].self)
        bytes = try list.decode(String.self)
      }
    }

    var file: Data {
      let header =
        header.map { Data($0.utf8) }
        ?? Data(
          stride(from: 0, to: bytes!.count, by: 2).map { place in
            UInt8(bytes!.dropFirst(place).prefix(2), radix: 16)!
          })
      let length = length ?? UInt64(header.count)
      return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }) + header
        + Data((0..<body).map { UInt8($0 % 251) })
    }

    var name: String { shortened(header ?? bytes ?? "") }
  }

  private func corpus() throws -> [Case] {
    let url = try Fixture.folder().appendingPathComponent("safetensors-corpus.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
  }

  @Test(
    "What the reference accepts is read, with the same names, types, shapes, bytes and metadata")
  func accepted() throws {
    let cases = try corpus().filter { $0.verdict != nil }
    #expect(cases.count > 300)
    for item in cases {
      guard let verdict = item.verdict else { continue }
      let file: SafetensorsFile
      do {
        file = try SafetensorsFile(item.file)
      } catch {
        Issue.record("\(item.name) is refused: \(error.found)")
        continue
      }
      #expect(file.entries.count == verdict.tensors.count, "\(item.name)")
      for tensor in verdict.tensors {
        let entry = file.entries[tensor.name]
        #expect(entry?.type == tensor.type, "\(item.name)")
        #expect(entry?.shape == tensor.shape.map { Int(clamping: $0) }, "\(item.name)")
        let bytes = try entry.map { try file.bytes(of: $0) } ?? Data()
        #expect(bytes.map { String(format: "%02x", $0) }.joined() == tensor.bytes, "\(item.name)")
      }
      #expect(file.metadata.count == verdict.metadata.count, "\(item.name)")
      for pair in verdict.metadata {
        let value = file.metadata[pair[0]]
        #expect(value.map { $0.utf8.elementsEqual(pair[1].utf8) } == true, "\(item.name)")
      }
    }
  }

  @Test("What the reference refuses is refused")
  func refused() throws {
    let cases = try corpus().filter { $0.verdict == nil }
    #expect(cases.count > 300)
    for item in cases {
      #expect(throws: SafetensorsError.self, "\(item.name)") { try SafetensorsFile(item.file) }
    }
  }

  @Test(
    "Names that look the same are two tensors",
    arguments: [("é", "e\u{301}"), ("K", "\u{212A}"), ("\u{AC00}", "\u{1100}\u{1161}")])
  func names(one: String, other: String) throws {
    let file = try SafetensorsFile(
      Safetensors.encode([ExactName(one): Tensor([1], [1]), ExactName(other): Tensor([1], [2])]))
    #expect(file.entries.count == 2)
    #expect(try file.tensor(one).scalar == 1 && file.tensor(other).scalar == 2)
  }
}
