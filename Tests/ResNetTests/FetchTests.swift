import Commands
import Datasets
import Files
import Foundation
import Testing

@testable import ResNetCommands

@Suite("Fetching data sets", .serialized)
struct FetchTests {
  /// A gzip file of stored blocks.
  static func packed(_ bytes: [UInt8]) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    for start in stride(from: 0, to: bytes.count, by: 60_000) {
      let block = bytes[start..<min(start + 60_000, bytes.count)]
      result.append(start + 60_000 >= bytes.count ? 1 : 0)
      result += number(block.count, 2) + number(block.count ^ 0xFFFF, 2) + block
    }
    return result + number(Int(~sum), 4) + number(bytes.count, 4)
  }

  static func record(_ label: UInt8) -> [UInt8] { [label] + [UInt8](repeating: label, count: 3072) }

  /// A file in a tar archive: a header and its content, filled up to blocks.
  static func tarEntry(_ path: String, _ content: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    for (text, offset) in [
      (path, 0), (String(content.count, radix: 8), 124), ("        0", 148), ("ustar", 257),
    ] { header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8) }
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8) + "\0"
    header.replaceSubrange(148..<148 + sum.utf8.count, with: sum.utf8)
    return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  static let tarEnd = [UInt8](repeating: 0, count: 1024)

  static let archive = packed(
    (1...5).flatMap {
      tarEntry("cifar-10-batches-bin/data_batch_\($0).bin", record(UInt8($0)))
    } + tarEntry("cifar-10-batches-bin/test_batch.bin", record(9)) + tarEnd)

  private func fetch(
    _ bytes: [UInt8], as files: [String], tar: Bool, to folder: URL
  ) async throws {
    let server = try TestServer { TestServer.file(bytes, from: $0.start) }
    defer { server.stop() }
    let sum = MD5.hexadecimal(of: bytes)
    let archive = Archive(
      name: .cifar10, source: "", files: files.map { .init(name: $0, md5: sum) }, isTar: tar)
    try await archive.fetch(from: server.url, to: folder, patience: 5)
  }

  @Test("An archive becomes a folder that can be read, and is gone itself")
  func archive() async throws {
    let program = try ResNetProcess()
    try await fetch(Self.archive, as: ["c.tar.gz"], tar: true, to: program.folder)
    #expect(try Dataset.named(.cifar10, .train, in: program.folder).labels == [1, 2, 3, 4, 5])
    #expect(try Dataset.named(.cifar10, .test, in: program.folder).labels == [9])
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(names == ["cifar-10-batches-bin"])
  }

  @Test("Compressed files are unpacked beside themselves")
  func files() async throws {
    let program = try ResNetProcess()
    try await fetch(Self.packed([1, 2, 3]), as: ["a.gz", "b.gz"], tar: false, to: program.folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(names.sorted() == ["a", "b"])
    #expect(try Data(contentsOf: program.folder.appendingPathComponent("b")) == Data([1, 2, 3]))
  }

  @Test("An archive with an evil path writes nothing")
  func evil() async throws {
    let program = try ResNetProcess()
    let inner = program.folder.appendingPathComponent("inner")
    let bytes = Self.packed(
      Self.tarEntry("good", [1]) + Self.tarEntry("../evil", [1]) + Self.tarEnd)
    await #expect(throws: DatasetError.self) {
      try await fetch(bytes, as: ["c.tar.gz"], tar: true, to: inner)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: program.folder.path) == ["inner"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: inner.path) == ["c.tar.gz"])
  }

  @Test("What a killed program left goes, and nothing at such a name is followed")
  func leftovers() async throws {
    let program = try ResNetProcess()
    let manager = FileManager.default
    let victim = program.folder.appendingPathComponent("victim")
    try Data("precious".utf8).write(to: victim)
    let folder = program.folder.appendingPathComponent("data")
    try manager.createDirectory(
      at: folder.appendingPathComponent(".unpacking-2147483646/old"),
      withIntermediateDirectories: true)
    // A link at the name of the part, and one at the name of what is unpacked.
    for name in ["c.tar.gz.part", "cifar-10-batches-bin"] {
      try manager.createSymbolicLink(
        at: folder.appendingPathComponent(name), withDestinationURL: victim)
    }
    try await fetch(Self.archive, as: ["c.tar.gz"], tar: true, to: folder)
    #expect(try Data(contentsOf: victim) == Data("precious".utf8))
    #expect(try manager.contentsOfDirectory(atPath: folder.path) == ["cifar-10-batches-bin"])
    #expect(try Dataset.named(.cifar10, .test, in: folder).labels == [9])
  }

  @Test("A part with a second name isn't written to")
  func hardLink() async throws {
    let program = try ResNetProcess()
    let victim = program.folder.appendingPathComponent("victim")
    try Data("precious".utf8).write(to: victim)
    let folder = program.folder.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.linkItem(
      at: victim, to: folder.appendingPathComponent("a.gz.part"))
    try await fetch(Self.packed([1, 2, 3]), as: ["a.gz"], tar: false, to: folder)
    #expect(try Data(contentsOf: victim) == Data("precious".utf8))
  }

  @Test("Two fetches into one folder: the second is refused with the first one's number")
  func twoAtOnce() async throws {
    let program = try ResNetProcess()
    let lock = try FolderLock(program.folder.appendingPathComponent("data"))
    let answer = try program.run([
      "fetch", "mnist", "--to", "data", "--mirror", "http://127.0.0.1:1/",
    ])
    withExtendedLifetime(lock) {}
    #expect(answer.status == 1)
    let number = ProcessInfo.processInfo.processIdentifier
    #expect(answer.messages.contains("in use by process \(number)"), "\(answer.messages)")
  }

  @Test("A place that can't be a folder is said to be so", arguments: ["file", "file/in"])
  func noFolder(place: String) throws {
    let program = try ResNetProcess()
    try Data().write(to: program.folder.appendingPathComponent("file"))
    let answer = try program.run([
      "fetch", "mnist", "--to", place, "--mirror", "http://127.0.0.1:1/",
    ])
    #expect(answer.status == 1)
    #expect(answer.messages.contains("is a file, not a folder"), "\(answer.messages)")
  }

  @Test("An archive that lies there already is unpacked, not downloaded again")
  func packedAlready() async throws {
    let program = try ResNetProcess()
    try Data(Self.archive).write(to: program.folder.appendingPathComponent("c.tar.gz"))
    let archive = Archive(
      name: .cifar10, source: "",
      files: [.init(name: "c.tar.gz", md5: MD5.hexadecimal(of: Self.archive))], isTar: true)
    try await archive.fetch(from: "http://127.0.0.1:1", to: program.folder, patience: 1)
    #expect(try Dataset.named(.cifar10, .test, in: program.folder).labels == [9])
  }

  @Test("The program says what a mirror has instead, and keeps nothing of it")
  func program() throws {
    let program = try ResNetProcess()
    let server = try TestServer { TestServer.file([1, 2, 3], from: $0.start) }
    defer { server.stop() }
    let answer = try program.run(["fetch", "mnist", "--to", "data", "--mirror", server.url])
    #expect(answer.status == 1)
    #expect(answer.messages.contains("f68b3c2dcbeaaa9fbdd348bbdeb94873 was expected"))
    let data = program.folder.appendingPathComponent("data").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: data).isEmpty)
  }

  @Test("The cache is where XDG says")
  func cache() {
    #expect(CacheFolder.url(environment: ["XDG_CACHE_HOME": "/c"]).path == "/c/resnet-by-hand")
    for environment in [[:], ["XDG_CACHE_HOME": ""], ["XDG_CACHE_HOME": "relative"]] {
      #expect(CacheFolder.url(environment: environment).path.hasSuffix("/.cache/resnet-by-hand"))
    }
  }

  @Test(
    "A pipe, a device or a link under the name of an archive isn't waited at",
    .timeLimit(.minutes(1)))
  func strangers() async throws {
    for kind in ["pipe", "link to a device", "link to nothing"] {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "fetch-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = folder.appendingPathComponent("a.tar.gz").path
      switch kind {
      case "pipe": #expect(mkfifo(path, 0o600) == 0)
      case "link to a device":
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
      default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "no")
      }
      try await fetch(Self.archive, as: ["a.tar.gz"], tar: true, to: folder)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == ["cifar-10-batches-bin"], "\(kind): \(names)")
    }
  }
}
