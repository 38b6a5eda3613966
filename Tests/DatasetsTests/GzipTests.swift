import Foundation
import Testing

@testable import Datasets

@Suite("Gzip files")
struct GzipTests {
  /// What the fixtures hold.
  static let content = (0..<70_000).map { UInt8($0 * $0 / 97 % 50) }

  @Test(
    "Files that zlib made are unpacked, in every kind of block and with every field",
    arguments: [
      ("dynamic", 70_000), ("fixed", 70_000), ("stored", 700), ("empty", 0), ("fields", 70_000),
      ("two", 70_000),
    ])
  func unpacked(name: String, count: Int) throws {
    let bytes = [UInt8](try Data(contentsOf: fixture("\(name).gz")))
    let unpacked = try Gzip.unpack(bytes, from: name, limit: 70_000)
    #expect(unpacked == Array(Self.content.prefix(count)))
  }

  @Test("Cutting a file anywhere is noticed", arguments: ["stored", "fixed", "dynamic", "two"])
  func everyCut(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: fixture("\(name).gz")))
    var complete = 0
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 600)) {
      do {
        _ = try Gzip.unpack(Array(bytes.prefix(length)), from: name, limit: 70_000)
        complete += 1
      } catch {
        #expect(error.fault == .truncated && error.offset == length, "\(error)")
      }
    }
    #expect(complete == 0)
  }

  @Test("A change of the data is noticed by the checksum, with its place")
  func changed() throws {
    var bytes = [UInt8](try Data(contentsOf: fixture("stored.gz")))
    bytes[100] ^= 1
    let error = #expect(throws: DatasetError.self) {
      try Gzip.unpack(bytes, from: "some.gz", limit: 700)
    }
    #expect(error?.fault == .checksum)
    #expect(error?.offset == bytes.count - 8)
    #expect(
      error?.description.hasPrefix("some.gz, byte 715: expected data with the checksum") == true)
  }

  @Test("What follows the last member is refused")
  func trailing() throws {
    let bytes = [UInt8](try Data(contentsOf: fixture("stored.gz")))
    let error = #expect(throws: DatasetError.self) {
      try Gzip.unpack(bytes + Array("0123456789".utf8), from: "some.gz", limit: 700)
    }
    #expect(error?.fault == .format)
    #expect(error?.offset == bytes.count)
  }

  @Test("No more comes out than the caller allows", arguments: ["stored", "fixed", "dynamic"])
  func limited(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: fixture("\(name).gz")))
    let error = #expect(throws: DatasetError.self) {
      try Gzip.unpack(bytes, from: name, limit: 699)
    }
    #expect(error?.fault == .oversized)
  }
}
