import Foundation
import Testing

@testable import Datasets

@Suite("Tar archives")
struct TarTests {
  /// One entry: a header and its content, filled up to blocks.
  static func entry(
    _ path: String, _ content: [UInt8] = [], kind: Character = "0", size: Int? = nil,
    prefix: String = ""
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(path, 0)
    put("0000644", 100)
    put(String(String(size ?? content.count, radix: 8).suffix(11)), 124)
    put("        ", 148)
    put(String(kind), 156)
    put("ustar", 257)
    put(prefix, 345)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(String(sum, radix: 8) + "\0", 148)
    let padding = (512 - content.count % 512) % 512
    return header + content + [UInt8](repeating: 0, count: padding)
  }

  static let end = [UInt8](repeating: 0, count: 1024)

  @Test("Files come out with their paths and bytes; folders and descriptions are passed over")
  func members() throws {
    let archive =
      Self.entry("set/", kind: "5") + Self.entry("pax", [1, 2], kind: "x")
      + Self.entry("set/a.bin", Array(0..<200) + Array(0..<200)) + Self.entry("b", [])
      + Self.entry("c", [7], prefix: "long/way") + Self.end
    let members = try Tar.members(of: archive, from: "some.tar")
    #expect(members.map(\.path) == ["set/a.bin", "b", "long/way/c"])
    #expect(members.map { Array($0.content) } == [Array(0..<200) + Array(0..<200), [], [7]])
  }

  /// An entry of some kind and content without meaning.
  struct Evil: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let archive: [UInt8]
    let reason: String

    init(_ path: String, _ reason: String, kind: Character = "0", size: Int? = nil) {
      testDescription = path + " " + reason
      archive = TarTests.entry(path, kind == "0" ? [1] : [], kind: kind, size: size)
      self.reason = reason
    }

    /// Two entries, the first with this text in it.
    init(
      _ first: String, _ text: String = "1", kind: Character = "0", then: String, _ reason: String
    ) {
      testDescription = "\(first), \(then)"
      archive = TarTests.entry(first, Array(text.utf8), kind: kind) + TarTests.entry(then, [2])
      self.reason = reason
    }
  }

  static let evil: [Evil] = [
    Evil("../evil", "a path within the archive"), Evil("/etc/evil", "a path within the archive"),
    Evil("a/../../evil", "a path within the archive"), Evil("", "a path within the archive"),
    Evil(".hidden", "a path within the archive"), Evil("a/.lock", "a path within the archive"),
    Evil("a\\..\\b", "a path within the archive"), Evil("a\nb", "a path within the archive"),
    Evil("a\u{1B}[2Jb", "\\u{1B}[2Jb"), Evil("link", "of kind 2", kind: "2"),
    Evil("link", "of kind 1", kind: "1"), Evil("device", "of kind 3", kind: "3"),
    Evil("pipe", "of kind 6", kind: "6"), Evil("sparse", "of kind S", kind: "S"),
    Evil("././@LongLink", "of kind L", kind: "L"), Evil("large", "to the end", size: 5000),
    Evil("large", "to the end", size: 0o77777777777), Evil("a", then: "a", "'a' again"),
    Evil("a", then: "./a", "'a' again"), Evil("a", then: "a/b", "'a/b' again"),
    Evil("a/b", then: "a", "'a' again"),
    Evil("pax", "17 path=../evil\n", kind: "x", then: "a", "'path='"),
    Evil("pax", "13 size=999\n", kind: "g", then: "a", "'size='"),
  ]

  @Test(
    "What leads out of the folder, links, other kinds, and what comes twice are refused",
    arguments: evil)
  func refused(_ evil: Evil) {
    let error = #expect(throws: DatasetError.self) {
      try Tar.members(of: evil.archive + Self.end, from: "some.tar")
    }
    #expect(error?.description.contains(evil.reason) == true, "\(String(describing: error))")
  }

  @Test("A prefix that leads out of the folder is refused as well")
  func prefix() {
    let archive = Self.entry("evil", [1], prefix: "..") + Self.end
    #expect(throws: DatasetError.self) { try Tar.members(of: archive, from: "some.tar") }
  }

  @Test("There is a bound on the number of files")
  func many() {
    let archive = (0...Tar.mostMembers).flatMap { Self.entry("\($0)") } + Self.end
    let error = #expect(throws: DatasetError.self) {
      try Tar.members(of: archive, from: "some.tar")
    }
    #expect(error?.description.contains("at most 10000 files") == true)
  }

  @Test("A change of a header, and an archive that is cut off, are noticed")
  func damaged() throws {
    let archive = Self.entry("a", [1, 2, 3]) + Self.entry("b", [4]) + Self.end
    for place in [0, 124, 135, 156, 1024 + 3] {
      var bytes = archive
      bytes[place] ^= 1
      #expect(throws: DatasetError.self) { try Tar.members(of: bytes, from: "some.tar") }
    }
    for length in stride(from: 0, through: 2048, by: 256) {
      #expect(throws: DatasetError.self) {
        try Tar.members(of: Array(archive.prefix(length)), from: "some.tar")
      }
    }
  }
}
