import Foundation
import MiniTensor
import Testing

@testable import Datasets

/// `RESNET_FUZZ=100000 swift test --filter "Damaged at random"` tries that many of each kind.
@Suite("Damaged at random")
struct FuzzingTests {
  static let count =
    ProcessInfo.processInfo.environment["RESNET_FUZZ"].flatMap { Int($0) } ?? 1_000

  /// Changes, cuts, repeats or inserts up to four stretches of bytes.
  static func damage(_ bytes: [UInt8], _ generator: inout RandomGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0..<4, using: &generator) where !bytes.isEmpty {
      // The headers decide most: half of the time the damage is there.
      let reach = Bool.random(using: &generator) ? min(bytes.count, 24) : bytes.count
      let place = Int.random(in: 0..<reach, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator)!
      case 3: bytes.removeSubrange(place...)
      case 4: bytes.insert(contentsOf: bytes[..<place].prefix(64), at: place)
      default: bytes.remove(at: place)
      }
    }
    return bytes
  }

  /// Reads many damaged copies; whatever isn't refused with a `DatasetError` ends the process.
  ///
  /// - Returns: how many were refused.
  private func refused(
    _ original: [UInt8], seed: UInt64, read: ([UInt8]) throws(DatasetError) -> Int
  ) -> Int {
    var generator = RandomGenerator(seed: seed, stream: .experiment)
    var refused = 0
    for _ in 0..<Self.count {
      let damaged = Self.damage(original, &generator)
      do {
        let size = try read(damaged)
        #expect(size <= 64 * damaged.count, "\(damaged.count) bytes became \(size).")
      } catch {
        #expect(!error.remedy.isEmpty)
        refused += 1
      }
    }
    return refused
  }

  @Test("IDX files are read or refused")
  func idx() {
    let refused = refused(IDXArrayTests.images, seed: 1) { bytes throws(DatasetError) in
      try IDXArray(parsing: bytes, from: "fuzz", axes: 3).bytes.count
    }
    #expect(refused > Self.count / 2)
  }

  @Test("Gzip files are read or refused", arguments: ["stored", "fixed", "dynamic", "fields"])
  func gzip(name: String) throws {
    let original = [UInt8](try Data(contentsOf: fixture("\(name).gz")))
    let refused = refused(original, seed: 2) { bytes throws(DatasetError) in
      try Gzip.unpack(bytes, from: "fuzz", limit: 64 * bytes.count).count
    }
    #expect(refused > Self.count / 2)
  }

  @Test("CIFAR files are read or refused")
  func cifar() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = folder.url.appendingPathComponent("test_batch.bin")
    let records = CifarTests.record([1], first: 1) + CifarTests.record([9], first: 2)
    let refused = refused(records, seed: 3) { bytes throws(DatasetError) in
      try? Data(bytes).write(to: file)
      let data = try Dataset.named(.cifar10, .test, in: folder.url)
      return data.count * 3073
    }
    #expect(refused > Self.count / 3)
  }

  @Test(
    "Pictures are read or refused",
    arguments: ["P2 3 2 9 1 2 3 4 5 6", "P5 5 4 255\n", "P6 3 2 65535\n"])
  func pictures(header: String) {
    let pixels =
      header.hasPrefix("P2") ? [] : (0..<(header.hasPrefix("P5") ? 20 : 36)).map { UInt8($0) }
    let refused = refused(Array(header.utf8) + pixels, seed: 4) { bytes throws(DatasetError) in
      var reader = NetpbmReader(bytes, file: "fuzz")
      return try reader.picture().bytes.count
    }
    #expect(refused > Self.count / 3)
  }
}
