import Exercises
import Files
import Foundation
import Testing

@testable import Teaching

@Suite("What is read of a submission")
struct SubmissionTests {
  let small: SmallClass

  init() throws { small = try SmallClass() }

  private func problem(_ name: String) -> String {
    do {
      _ = try small.read(name)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test("Exercises are found in a folder, and one or two levels down", arguments: ["", "a", "a/b"])
  func levels(root: String) throws {
    try small.handIn("anna", below: root)
    #expect(try small.read("anna").texts[1]?.count == 3)
  }

  @Test("Deeper, twice on a level, or nowhere, they aren't")
  func noLevels() throws {
    try small.handIn("anna", below: "a/b/c")
    #expect(problem("anna").contains("no folder `chapters`"))
    try small.handIn("ben", below: "a")
    try small.handIn("ben", below: "b")
    #expect(problem("ben").contains("2 folders `chapters`"))
    try makeFolder(small.submissions.appendingPathComponent("carla"))
    #expect(problem("carla").contains("no folder `chapters`"))
  }

  @Test("Links are refused by name, and whatever they lead to isn't read")
  func links() throws {
    try small.handIn("anna", [1: nil])
    let secret = small.temporary.url.appendingPathComponent("secret.swift")
    try Data("secret".utf8).write(to: secret)
    try FileManager.default.createSymbolicLink(
      at: small.file("anna", 1), withDestinationURL: secret)
    let texts = try small.read("anna")
    #expect(texts.refusals[1]?[1]?.contains("1-double.swift is a link") == true)
    #expect(texts.texts[1]?.keys.sorted() == [2, 3])

    try small.handIn("ben")
    let chapters = small.submissions.appendingPathComponent("ben/chapters")
    try FileManager.default.moveItem(
      at: chapters, to: small.temporary.url.appendingPathComponent("elsewhere"))
    try FileManager.default.createSymbolicLink(
      at: chapters, withDestinationURL: small.temporary.url.appendingPathComponent("elsewhere"))
    let linked = try? small.read("ben")
    #expect(linked?.texts[1] == nil)

    try FileManager.default.createSymbolicLink(
      at: small.submissions.appendingPathComponent("carla"), withDestinationURL: secret)
    let (submissions, ignored) = try Submission.all(in: small.submissions)
    #expect(submissions.map(\.student) == ["anna", "ben"])
    #expect(ignored.first?.contains("carla is a link") == true)
  }

  @Test(
    "What isn't a text of at most 1 MiB is refused with a sentence, and a pipe isn't waited for")
  func noText() throws {
    try small.handIn(
      "anna",
      [
        1: Data([0xFF, 0xFE, 0x00]), 2: Data(repeating: 0x20, count: 1 << 20 + 1), 3: nil,
      ])
    mkfifo(small.file("anna", 3).path, 0o666)
    let refusals = try small.read("anna").refusals[1]
    #expect(refusals?[1]?.contains("UTF-8") == true)
    #expect(refusals?[2]?.contains("1 MiB") == true)
    #expect(refusals?[3]?.contains("isn't a file") == true)
  }

  @Test("Two submissions of one student are told, and what isn't a submission is named")
  func odd() throws {
    try small.handIn("anna")
    try Data().write(to: small.submissions.appendingPathComponent("anna.zip"))
    try Data().write(to: small.submissions.appendingPathComponent("notes.txt"))
    let (submissions, ignored) = try Submission.all(in: small.submissions)
    #expect(submissions.count == 1)
    #expect(ignored.count == 2 && ignored.joined().contains("notes.txt"), "\(ignored)")
    #expect(throws: TeachingError.self) {
      try Submission.all(in: small.submissions.appendingPathComponent("nobody"))
    }
    let one = try Submission.all(in: small.submissions.appendingPathComponent("anna"))
    #expect(one.submissions.map(\.student) == ["anna"])
  }
}

@Suite("What is read of a zip", .enabled(if: SmallClass.hasZip, "needs zip and unzip"))
struct ZipTests {
  let small: SmallClass

  init() throws { small = try SmallClass() }

  private let path = "chapters/01-small/Exercises/1-double.swift"

  private func texts(_ entries: [HandMadeZip.Entry]) throws -> SubmittedTexts {
    try HandMadeZip.bytes(entries).write(to: small.submissions.appendingPathComponent("m.zip"))
    return try small.read("m.zip")
  }

  private func problem(_ entries: [HandMadeZip.Entry]) -> String {
    do {
      let texts = try texts(entries)
      return texts.refusals[1]?[1] ?? ""
    } catch {
      return "\(error)"
    }
  }

  @Test("The same is read as of a folder", arguments: ["", "My [home] work*", "a/b"])
  func same(root: String) throws {
    try small.handIn("anna", below: root)
    try zip(small.submissions.appendingPathComponent("anna"), to: "anna.zip")
    #expect(try small.read("anna.zip").texts == small.read("anna").texts)
    // As a learning platform hands them over.
    let inFolder = small.submissions.appendingPathComponent("folder/homework.zip")
    try makeFolder(inFolder.deletingLastPathComponent())
    try FileManager.default.moveItem(
      at: small.submissions.appendingPathComponent("anna.zip"), to: inFolder)
    #expect(try small.read("folder").texts[1]?.count == 3)
  }

  @Test(
    "Paths that leave the folder are refused",
    arguments: ["../x.swift", "a/../../x.swift", "/etc/cron.d/x", "a/.."])
  func leaving(name: String) {
    #expect(problem([.init(path, "x"), .init(name, "x")]).contains("leaves its folder"))
  }

  @Test("Links, doubled names, passwords and damage are refused with a sentence")
  func refused() throws {
    #expect(problem([.init(path, "/etc/passwd", mode: 0o120777)]).contains("is a link"))
    #expect(problem([.init(path, "a"), .init(path, "b")]).contains("2 files"))
    #expect(problem([.init(path, "a", isEncrypted: true)]).contains("password"))
    #expect(problem([.init(path, "a", checksum: 1)]).contains("damaged"))
    #expect(problem([.init("a/b/c/d/" + path, "a")]).contains("no folder `chapters`"))
    #expect(problem([]).contains("damaged") || problem([]).contains("no folder"))
    try Data("no zip".utf8).write(to: small.submissions.appendingPathComponent("x.zip"))
    #expect(throws: TeachingError.self) { try small.read("x.zip") }
  }

  @Test("A name that looks like an option or a pattern finds nothing else")
  func names() throws {
    let texts = try texts([.init(path, "right"), .init("-d", "x"), .init("*", "y")])
    #expect(texts.texts == [1: [1: "right"]])
  }

  @Test("A bomb is cut after 1 MiB")
  func bomb() throws {
    try small.handIn("anna", [1: Data(repeating: 0x20, count: 64 << 20)])
    try zip(small.submissions.appendingPathComponent("anna"), to: "anna.zip")
    let zipped = small.submissions.appendingPathComponent("anna.zip")
    #expect(try readFile(zipped.path).count < 1 << 20)
    let texts = try small.read("anna.zip")
    #expect(texts.refusals[1]?[1]?.contains("1 MiB") == true)
    #expect(texts.texts[1]?.count == 2)
  }
}

/// Zips such as no program makes them: stored files whose headers say what they are told to.
enum HandMadeZip {
  struct Entry {
    let name: String
    let bytes: [UInt8]
    let mode: UInt32
    let isEncrypted: Bool
    let sum: UInt32

    init(
      _ name: String, _ text: String, mode: UInt32 = 0o100644, isEncrypted: Bool = false,
      checksum: UInt32? = nil
    ) {
      self.name = name
      bytes = Array(text.utf8)
      self.mode = mode
      self.isEncrypted = isEncrypted
      sum = checksum ?? Self.cyclicSum(bytes)
    }

    private static func cyclicSum(_ bytes: [UInt8]) -> UInt32 {
      var sum: UInt32 = 0xFFFF_FFFF
      for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return ~sum
    }
  }

  static func bytes(_ entries: [Entry]) -> Data {
    var (data, directory) = (Data(), Data())
    func put(_ value: UInt32, _ count: Int, _ target: inout Data) {
      for place in 0..<count { target.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }
    for entry in entries {
      let offset = UInt32(data.count)
      let size = UInt32(entry.bytes.count)
      for isCentral in [false, true] {
        var header = Data()
        put(isCentral ? 0x0201_4B50 : 0x0403_4B50, 4, &header)
        if isCentral { put(0x031E, 2, &header) }
        put(20, 2, &header)
        put(entry.isEncrypted ? 1 : 0, 2, &header)
        put(0, 2, &header)
        put(0x5A21_6000, 4, &header)
        put(entry.sum, 4, &header)
        put(size, 4, &header)
        put(size, 4, &header)
        put(UInt32(entry.name.utf8.count), 2, &header)
        put(0, 2, &header)
        if isCentral {
          put(0, 6, &header)
          put(entry.mode << 16, 4, &header)
          put(offset, 4, &header)
        }
        header.append(contentsOf: entry.name.utf8)
        if isCentral { directory.append(header) } else { data.append(header + entry.bytes) }
      }
    }
    let start = UInt32(data.count)
    data.append(directory)
    put(0x0605_4B50, 4, &data)
    put(0, 4, &data)
    put(UInt32(entries.count), 2, &data)
    put(UInt32(entries.count), 2, &data)
    put(UInt32(directory.count), 4, &data)
    put(start, 4, &data)
    put(0, 2, &data)
    return data
  }
}
