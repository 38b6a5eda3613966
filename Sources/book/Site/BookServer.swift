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
  private let patience: Double

  /// - Parameters:
  ///   - folder: what is served.
  ///   - ports: the first that is free is taken.
  ///   - patience: seconds in which a browser has to ask; it has five times as long to take the answer.
  /// - Throws: ``Failure`` if no port is free.
  init(folder: URL, ports: ClosedRange<UInt16> = 8000...8020, patience: Double = 2) throws {
    self.patience = patience
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

  /// Answers one request. A browser that says or takes nothing, or a little at a time, must not keep the others
  /// waiting.
  func serve(_ connection: Int32) {
    _ = fcntl(connection, F_SETFL, O_NONBLOCK)
    guard let head = request(on: connection) else { return }
    let answer = answer(to: head)
    let lines =
      [
        "HTTP/1.1 \(answer.status)", "Content-Type: \(answer.type)",
        "Content-Length: \(answer.body.count)", "Cache-Control: no-cache", "Connection: close",
      ] + (answer.location.map { ["Location: \($0)"] } ?? [])
    let reply = Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    send([UInt8](head.hasPrefix("HEAD ") ? reply : reply + answer.body), on: connection)
  }

  /// What is asked, up to the empty line; nil if nothing is in time.
  private func request(on connection: Int32) -> String? {
    let end = ProcessInfo.processInfo.systemUptime + patience
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isWhole = false
    while !isWhole, head.count < 1 << 16 {
      guard waits(for: POLLIN, on: connection, until: end) else { return nil }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      let start = max(0, head.count - 3)
      head += buffer.prefix(count)
      isWhole = head[start...].firstRange(of: Array("\r\n\r\n".utf8)) != nil
    }
    return String(decoding: head, as: UTF8.self)
  }

  /// Sends as much as is taken in time.
  private func send(_ bytes: [UInt8], on connection: Int32) {
    let end = ProcessInfo.processInfo.systemUptime + 5 * patience
    var sent = 0
    while sent < bytes.count, waits(for: POLLOUT, on: connection, until: end) {
      let part = [UInt8](bytes[sent...].prefix(1 << 16))
      let count = write(connection, part, part.count)
      guard count > 0 || errno == EAGAIN || errno == EINTR else { return }
      sent += max(0, count)
    }
  }

  /// Waits until a connection can be read from or written to; false if it can't in time.
  private func waits(for event: Int32, on connection: Int32, until end: Double) -> Bool {
    let left = end - ProcessInfo.processInfo.systemUptime
    var wanted = pollfd(fd: connection, events: Int16(event), revents: 0)
    return left > 0 && poll(&wanted, 1, Int32(1000 * left) + 1) > 0
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
    // A pipe would be waited at.
    guard FileKind(at: file.path)?.type == S_IFREG, let body = try? readFile(file.path) else {
      return refusal("404 Not Found")
    }
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
