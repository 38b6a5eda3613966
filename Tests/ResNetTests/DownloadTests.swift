import Foundation
import Testing

@testable import ResNetCommands

@Suite("Downloads", .serialized)
struct DownloadTests {
  static let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  /// Downloads from a server that answers like this, after leaving `part` as it may be left by an earlier time.
  ///
  /// - Returns: the file, or nil with the problem; what is left; the requests.
  private func download(
    part: [UInt8]? = nil, _ answer: @escaping @Sendable (TestServer.Request) -> [TestServer.Action]
  ) async throws -> (file: [UInt8]?, problem: String, part: [UInt8]?) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "download-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("file.gz")
    let partial = file.appendingPathExtension("part")
    if let part { try Data(part).write(to: partial) }
    let server = try TestServer(answer)
    defer { server.stop() }
    let source = try #require(URL(string: server.url + "/file.gz"))
    let download = Download(
      source: source, file: file, md5: MD5.hexadecimal(of: Self.bytes), patience: 1,
      limit: 1_000_000, pause: 0.001)
    var problem = ""
    do {
      try await download.run()
    } catch {
      problem = "\(error)"
    }
    let left = { (file: URL) in (try? Data(contentsOf: file)).map { [UInt8]($0) } }
    return (left(file), problem, left(partial))
  }

  @Test("A file arrives under its name, and nothing else is left")
  func honest() async throws {
    let result = try await download { TestServer.file(Self.bytes, from: $0.start) }
    #expect(result.file == Self.bytes && result.part == nil, "\(result.problem)")
  }

  @Test("A part from an earlier time is continued, not downloaded again")
  func continued() async throws {
    let result = try await download(part: Array(Self.bytes.prefix(100_000))) {
      $0.start == 100_000 ? TestServer.file(Self.bytes, from: $0.start) : []
    }
    #expect(result.file == Self.bytes && result.part == nil, "\(result.problem)")
  }

  @Test("A part that is the whole file needs nothing more")
  func complete() async throws {
    let result = try await download(part: Self.bytes) {
      TestServer.file(Self.bytes, from: $0.start)
    }
    #expect(result.file == Self.bytes, "\(result.problem)")
  }

  @Test("A part of another file is thrown away")
  func otherPart() async throws {
    for part in [[UInt8](repeating: 1, count: 5000), [UInt8](repeating: 1, count: 400_000)] {
      let result = try await download(part: part) { TestServer.file(Self.bytes, from: $0.start) }
      #expect(result.file == Self.bytes && result.part == nil, "\(result.problem)")
    }
  }

  @Test("A server that knows no ranges sends everything again")
  func noRanges() async throws {
    let result = try await download(part: Array(Self.bytes.prefix(7))) { _ in
      TestServer.file(Self.bytes, from: 0)
    }
    #expect(result.file == Self.bytes, "\(result.problem)")
  }

  @Test("A connection that drops again and again is taken up where it was")
  func drops() async throws {
    let result = try await download { request in
      var actions = TestServer.file(Self.bytes, from: request.start)
      if case .send(let rest) = actions[1] { actions[1] = .send(Array(rest.prefix(70_000))) }
      return actions
    }
    #expect(result.file == Self.bytes, "\(result.problem)")
  }

  @Test("A server that closes at once is given up, and what there is stays")
  func closes() async throws {
    let part = Array(Self.bytes.prefix(1000))
    let result = try await download(part: part) { _ in [] }
    #expect(result.file == nil)
    #expect(result.part == part)
    #expect(result.problem.contains("1000 bytes have arrived and are kept"), "\(result.problem)")
  }

  @Test("A server that stalls is given up, and what has arrived stays")
  func stalls() async throws {
    let result = try await download { request in
      request.start == 0
        ? [
          TestServer.head("200 OK", length: 300_000), .send(Array(Self.bytes.prefix(5000))), .stall,
        ]
        : [.stall]
    }
    #expect(result.file == nil)
    #expect(result.part == Array(Self.bytes.prefix(5000)))
    #expect(result.problem.contains("5000 bytes have arrived"), "\(result.problem)")
  }

  @Test("Wrong bytes are refused and not kept")
  func wrongBytes() async throws {
    var wrong = Self.bytes
    wrong[1234] ^= 1
    let sent = wrong
    let result = try await download { TestServer.file(sent, from: $0.start) }
    #expect(result.file == nil && result.part == nil)
    #expect(result.problem.contains("was expected. Try again later, or another server"))
  }

  @Test("A length that is too short gives no file")
  func shortLength() async throws {
    let result = try await download { _ in
      [TestServer.head("200 OK", length: 1000), .send(Self.bytes)]
    }
    #expect(result.file == nil && result.part == nil, "\(result.problem)")
  }

  @Test("A length that is too long gives no file, or the right one after asking for the rest")
  func longLength() async throws {
    let result = try await download { request in
      request.start == 0
        ? [TestServer.head("200 OK", length: 400_000), .send(Self.bytes)]
        : TestServer.file(Self.bytes, from: request.start)
    }
    #expect(result.file == Self.bytes, "\(result.problem)")
  }

  @Test("A server that sends on and on is stopped")
  func endless() async throws {
    let result = try await download { _ in
      [TestServer.head("200 OK", length: 50_000_000)]
        + (0..<20).map { _ in .send([UInt8](repeating: 1, count: 100_000)) }
    }
    #expect(result.file == nil)
    #expect(result.problem.contains("more than 1000000 bytes"), "\(result.problem)")
    #expect(result.part == nil || result.part!.count <= 1_000_000)
  }

  @Test("A server that announces too much isn't listened to")
  func announced() async throws {
    let result = try await download { _ in
      [TestServer.head("200 OK", length: 1 << 50), .send([1, 2, 3]), .stall]
    }
    #expect(result.file == nil && result.part == nil)
    #expect(result.problem.contains("more than 1000000 bytes"), "\(result.problem)")
  }

  @Test("Whatever a server does, it is asked a bounded number of times", arguments: 0...4)
  func bounded(behaviour: Int) async throws {
    let requests = Counter()
    let result = try await download { request in
      requests.count()
      switch behaviour {
      case 0:
        // Some new bytes each time, and the other time another range: what there is goes again.
        return request.number % 2 == 1
          ? [TestServer.head("200 OK", length: 300_000), .send(Array(Self.bytes.prefix(50_000)))]
          : [
            TestServer.head("206 Partial Content", length: 9, "Content-Range: bytes 1-9/300000\r\n")
          ]
      case 1:
        // A few bytes a time.
        return [
          TestServer.head(
            "206 Partial Content", length: 300_000 - request.start,
            "Content-Range: bytes \(request.start)-299999/300000\r\n"),
          .send(Array(Self.bytes[request.start..<request.start + 10])),
        ]
      case 2: return [TestServer.head("503 Service Unavailable", length: 0)]
      case 3:
        // The whole file, of which the end is another each time.
        return [
          TestServer.head("200 OK", length: 300_000),
          .send(Array(Self.bytes.dropLast()) + [UInt8(truncatingIfNeeded: request.number)]),
        ]
      default: return []
      }
    }
    #expect(result.file == nil)
    #expect((1...Download.mostTries).contains(requests.value), "\(requests.value) requests")
  }

  @Test("A server that drips is given up, and its bytes are kept")
  func drip() async throws {
    let result = try await download { request in
      guard request.start == 0 else { return [.stall] }
      return [TestServer.head("200 OK", length: 300_000)]
        + (0..<100).flatMap { index in
          [.send([Self.bytes[index]]), .wait(0.1)]
        }
    }
    #expect(result.file == nil)
    #expect(result.problem.contains("bytes a second") || result.problem.contains("silent"))
    #expect(result.part.map { Array(Self.bytes.prefix($0.count)) } == result.part)
    // It would have gone on for ten seconds.
    #expect(result.part.map(\.count) ?? 0 < 100)
  }

  @Test("A server that leads in a circle is left at once")
  func circle() async throws {
    let requests = Counter()
    let result = try await download { _ in
      requests.count()
      return [TestServer.head("302 Found", length: 0, "Location: /files/file.gz\r\n")]
    }
    #expect(result.file == nil && requests.value < 50)
    #expect(result.problem.contains("from one address to the next"), "\(result.problem)")
  }

  @Test("A redirection is followed on the web only")
  func redirected() async throws {
    let good = try await download { request in
      request.path == "/other"
        ? TestServer.file(Self.bytes, from: request.start)
        : [TestServer.head("302 Found", length: 0, "Location: /other\r\n")]
    }
    #expect(good.file == Self.bytes, "\(good.problem)")
    let bad = try await download { request in
      request.path.hasPrefix("/files")
        ? [TestServer.head("302 Found", length: 0, "Location: file:///etc/hostname\r\n")]
        : [TestServer.head("404 Not Found", length: 0)]
    }
    #expect(bad.file == nil && bad.part == nil)
  }

  @Test("A file that changes on the server is begun anew")
  func changed() async throws {
    let old = [UInt8](repeating: 3, count: 300_000)
    let result = try await download { request in
      if request.number == 1 {
        return [
          TestServer.head("200 OK", length: 300_000, "ETag: \"old\"\r\n"),
          .send(Array(old.prefix(100_000))),
        ]
      }
      // As servers do that know If-Range, and as those do that don't.
      return TestServer.file(Self.bytes, from: request.number == 2 ? 0 : request.start)
    }
    #expect(result.file == Self.bytes, "\(result.problem)")
    let ignorant = try await download { request in
      request.number == 1
        ? [TestServer.head("200 OK", length: 300_000), .send(Array(old.prefix(100_000)))]
        : TestServer.file(Self.bytes, from: request.start)
    }
    #expect(ignorant.file == Self.bytes, "\(ignorant.problem)")
  }

  @Test("A web page in place of the file is called so, and not kept")
  func page() async throws {
    let html = Array("<!DOCTYPE html><html><body>Sign in first</body></html>".utf8)
    let result = try await download { TestServer.file(html, from: $0.start) }
    #expect(result.file == nil && result.part == nil)
    #expect(result.problem.contains("sent a web page with the MD5"), "\(result.problem)")
  }

  @Test("Another range than was asked for is not used")
  func otherRange() async throws {
    let result = try await download(part: Array(Self.bytes.prefix(1000))) { request in
      request.number == 1
        ? [
          TestServer.head(
            "206 Partial Content", length: 10, "Content-Range: bytes 0-9/300000\r\n"),
          .send(Array(Self.bytes.prefix(10))),
        ] : TestServer.file(Self.bytes, from: request.start)
    }
    #expect(result.file == Self.bytes, "\(result.problem)")
  }

  @Test(
    "A file that isn't there is said to be so at once",
    arguments: ["404 Not Found", "403 Forbidden"])
  func absent(status: String) async throws {
    let result = try await download { _ in [TestServer.head(status, length: 0)] }
    #expect(result.file == nil)
    #expect(result.problem.contains("answered with status \(status.prefix(3)). Try another server"))
  }
}

/// Counts, on whichever thread.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var number = 0

  var value: Int { lock.withLock { number } }

  func count() { lock.withLock { number += 1 } }
}
