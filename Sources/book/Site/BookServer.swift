import Files
import Foundation

/// Serves a folder to browsers on this machine: `GET` and `HEAD` of files, one connection after the other.
///
/// It listens on 127.0.0.1 only, and refuses paths that lead out of the folder.
struct BookServer {
  /// Why it can't listen.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What is sent back.
  struct Answer: Equatable {
    let status: String
    let type: String
    let body: Data
    /// Where to ask instead.
    var location: String?
  }

  private let folder: URL
  private let listener: Int32
  private let port: UInt16

  /// - Parameters:
  ///   - folder: what is served.
  ///   - ports: the first that is free is taken.
  /// - Throws: ``Failure`` if none is.
  init(folder: URL, ports: ClosedRange<UInt16> = 8000...8020) throws {
    self.folder = folder.standardizedFileURL.resolvingSymlinksInPath()
    for port in ports {
      if let listener = Self.listen(on: port) {
        (self.listener, self.port) = (listener, port)
        return
      }
    }
    throw Failure(
      description:
        "No port from \(ports.lowerBound) to \(ports.upperBound) is free on this machine. "
        + "The book also works without a server: open its index.html.")
  }

  /// What to open in a browser.
  var address: String { "http://127.0.0.1:\(port)/" }

  /// Answers until the process ends.
  func run() -> Never {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { continue }
      serve(connection)
      close(connection)
    }
  }

  private static func listen(on port: UInt16) -> Int32? {
    #if os(Linux)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    let listener = socket(AF_INET, stream, 0)
    guard listener >= 0 else { return nil }
    var again: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &again, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    // The system's call takes addresses of all kinds, and is told the length of this one.
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isBound, Foundation.listen(listener, 16) == 0 else {
      close(listener)
      return nil
    }
    return listener
  }

  private func serve(_ connection: Int32) {
    // A browser that says nothing must not keep the others waiting.
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(
      connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(
      connection, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var head = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.contains("\r\n\r\n"), head.utf8.count < 1 << 16 {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
    let answer = answer(to: head)
    let lines =
      [
        "HTTP/1.1 \(answer.status)", "Content-Type: \(answer.type)",
        "Content-Length: \(answer.body.count)", "Cache-Control: no-cache", "Connection: close",
      ] + (answer.location.map { ["Location: \($0)"] } ?? [])
    let reply = Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    try? writeAll(
      head.hasPrefix("HEAD ") ? reply : reply + answer.body, to: connection, called: "The browser")
  }

  /// The answer to a request, which is all up to an empty line.
  func answer(to head: String) -> Answer {
    func refusal(_ status: String) -> Answer {
      Answer(status: status, type: "text/plain; charset=utf-8", body: Data("\(status)\n".utf8))
    }
    let words = head.prefix { !$0.isNewline }.split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return refusal("400 Bad Request") }
    guard ["GET", "HEAD"].contains(words[0]) else { return refusal("405 Method Not Allowed") }
    // Another site's page that gave its own name this machine's address must not read the answer.
    let hosts = ["127.0.0.1", "localhost"].map { "host: \($0):\(port)" }
    let lines = head.split(whereSeparator: \.isNewline).map { $0.lowercased() }
    guard lines.contains(where: hosts.contains) else { return refusal("403 Forbidden") }
    let path = words[1].prefix { $0 != "?" && $0 != "#" }
    guard path.hasPrefix("/"), let name = String(path).removingPercentEncoding,
      !name.contains("\0")
    else { return refusal("400 Bad Request") }
    let file = folder.appendingPathComponent(name.hasSuffix("/") ? name + "index.html" : name)
      .standardizedFileURL.resolvingSymlinksInPath()
    guard file.path.hasPrefix(folder.path + "/") else { return refusal("403 Forbidden") }
    if !name.hasSuffix("/"), FileKind(at: file.path)?.type == S_IFDIR {
      // Links on its page are relative to what is in it.
      var answer = refusal("301 Moved Permanently")
      answer.location = path + "/"
      return answer
    }
    guard let body = try? readFile(file.path) else { return refusal("404 Not Found") }
    return Answer(
      status: "200 OK", type: Self.types[file.pathExtension] ?? "application/octet-stream",
      body: body)
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "json": "application/json",
    "wasm": "application/wasm", "csv": "text/csv; charset=utf-8", "png": "image/png",
    "ico": "image/x-icon",
  ]
}
