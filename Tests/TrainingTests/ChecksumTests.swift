import Files
import Foundation
import RunStore
import Testing

@testable import Training

@Suite("A changed checkpoint is noticed")
struct ChecksumTests {
  private static func bytes() throws -> [UInt8] {
    let session = try SmallRun.session()
    try session.run(upTo: 7)
    let configuration = SmallRun.trainer.configuration(of: try SmallRun.trial())
    return [UInt8](Checkpoint(of: session, configuration: configuration).encoded())
  }

  private func isRefused(_ bytes: [UInt8]) -> Bool { (try? Checkpoint(Data(bytes))) == nil }

  @Test("Any single byte that is changed, missing or added is")
  func single() throws {
    let original = try Self.bytes()
    #expect(!isRefused(original))
    let header = 8 + original.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    // Each byte of the header, on which everything depends, and every 61st of the tensors.
    let places = Array(0..<header) + Array(stride(from: header, to: original.count, by: 61))
    var taken: [Int] = []
    for place in places {
      var bytes = original
      bytes[place] ^= 1 << UInt8(place % 8)
      if !isRefused(bytes) { taken.append(place) }
    }
    #expect(taken == [])
    for place in [0, 9, header - 1, header, original.count - 1] {
      var bytes = original
      bytes.remove(at: place)
      #expect(isRefused(bytes))
      bytes = original
      bytes.insert(UInt8(ascii: "0"), at: place)
      #expect(isRefused(bytes))
    }
    #expect(isRefused(original + [0]) && isRefused(original.dropLast()))
  }

  @Test("Changes that would cancel in a weaker sum are noticed")
  func pairs() throws {
    let original = try Self.bytes()
    let end = original.count - 64
    for (one, other, bit) in [(7, 15, 7), (0, 8, 0), (3, 35, 7), (7, 47, 7)] {
      var bytes = original
      bytes[end + one] ^= 1 << UInt8(bit)
      bytes[end + other] ^= 1 << UInt8(bit)
      #expect(isRefused(bytes))
      bytes = original
      bytes.swapAt(end + one, end + other)
      #expect(bytes == original || isRefused(bytes))
    }
  }

  @Test("A sum depends on every byte and on the length", arguments: [0, 1, 7, 8, 9, 31])
  func sums(_ count: Int) {
    let zeros = [UInt8](repeating: 0, count: count)
    var sums: Set<UInt64> = [checksum(zeros), checksum(zeros + [0])]
    for place in zeros.indices {
      var bytes = zeros
      bytes[place] = 1
      sums.insert(checksum(bytes))
    }
    #expect(sums.count == count + 2)
  }

  @Test("A checkpoint of the version without checksums is continued")
  func earlier() throws {
    var bytes = try Self.bytes()
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
    header.replace(#/"checksum":"[0-9a-f]{16}",/#, with: "")
    header.replace("resnet-by-hand checkpoint 2", with: "resnet-by-hand checkpoint 1")
    header += String(repeating: " ", count: length - header.utf8.count)
    bytes.replaceSubrange(8..<8 + length, with: header.utf8)
    let session = try SmallRun.session()
    try Checkpoint(Data(bytes)).restore(session, from: URL(fileURLWithPath: "earlier"))
    try session.run()
    let whole = try SmallRun.session()
    try whole.run()
    #expect(session.outcome == whole.outcome)
  }
}
