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

  @Test(
    "What leads out of the folder, links and other kinds are refused",
    arguments: [
      (entry("../evil", [1]), "a path within the archive"),
      (entry("/etc/evil", [1]), "a path within the archive"),
      (entry("a/../../evil", [1]), "a path within the archive"),
      (entry("", [1]), "a path within the archive"),
      (entry("evil", [1], prefix: ".."), "a path within the archive"),
      (entry("link", kind: "2"), "of kind 2"),
      (entry("link", kind: "1"), "of kind 1"), (entry("device", kind: "3"), "of kind 3"),
      (entry("large", [1], size: 5000), "to the end"),
      (entry("large", [1], size: 0o77777777777), "to the end"),
      (entry(".hidden", [1]), "a path within the archive"),
      (entry("a/.lock", [1]), "a path within the archive"),
      (entry("a\\..\\b", [1]), "a path within the archive"),
      (entry("a\u{1B}[2Jb", [1]), "\\u{1B}[2Jb"), (entry("a\nb", [1]), "a path within the archive"),
      (entry("a", [1]) + entry("a", [2]), "'a' again"),
      (entry("a", [1]) + entry("./a", [2]), "again"),
      (entry("a", [1]) + entry("a/b", [2]), "again"),
      (entry("a/b", [1]) + entry("a", [2]), "again"),
      (entry("././@LongLink", Array("long".utf8), kind: "L"), "of kind L"),
      (entry("sparse", [1], kind: "S"), "of kind S"), (entry("pipe", kind: "6"), "of kind 6"),
      (entry("pax", Array("17 path=../evil\n".utf8), kind: "x") + entry("a", [1]), "'path='"),
      (entry("pax", Array("13 size=999\n".utf8), kind: "g") + entry("a", [1]), "'size='"),
    ])
  func refused(archive: [UInt8], reason: String) {
    let error = #expect(throws: DatasetError.self) {
      try Tar.members(of: archive + Self.end, from: "some.tar")
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
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
