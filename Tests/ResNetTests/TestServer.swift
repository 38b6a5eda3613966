import Foundation

/// A small HTTP server on this machine that can misbehave.
final class TestServer: Sendable {
  /// A request: its path and where its range begins.
  struct Request: Sendable {
    let path: String
    let start: Int
    /// Counted from 1, over all connections.
    let number: Int
  }

  /// What the server does, one after the other; then it closes the connection.
  enum Action: Sendable {
    case send([UInt8])
    /// Does nothing for so many seconds.
    case wait(Double)
    /// Says nothing more and waits until the other side has gone.
    case stall
  }

  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (Request) -> [Action]

  init(_ answer: @escaping @Sendable (Request) -> [Action]) throws {
    self.answer = answer
    #if os(Linux)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    let listener = socket(AF_INET, stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in serve() }
  }

  var url: String { "http://127.0.0.1:\(port)/files" }

  func stop() {
    // The thread in accept() wakes up and ends.
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func serve() {
    var number = 0
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { return }
      number += 1
      let current = number
      Thread.detachNewThread { [self] in serve(connection, current) }
    }
  }

  private func serve(_ connection: Int32, _ number: Int) {
    defer { close(connection) }
    var head = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
    let path = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let range = head.components(separatedBy: "bytes=").dropFirst().first
    let start = range.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
    for action in answer(Request(path: path, start: start, number: number)) {
      switch action {
      case .send(let bytes):
        var sent = 0
        while sent < bytes.count {
          let rest = Array(bytes[sent...])
          #if os(Linux)
            let count = send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
          #else
            let count = send(connection, rest, rest.count, 0)
          #endif
          guard count > 0 else { return }
          sent += count
        }
      case .wait(let seconds): Thread.sleep(forTimeInterval: seconds)
      case .stall:
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
      }
    }
  }

  /// A response's head, with whatever length it shall claim.
  static func head(_ status: String, length: Int, _ fields: String = "") -> Action {
    .send(
      Array(
        "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\n\(fields)Connection: close\r\n\r\n".utf8
      ))
  }

  /// What an honest server answers, ranges included.
  static func file(_ bytes: [UInt8], from start: Int) -> [Action] {
    if start == 0 { return [head("200 OK", length: bytes.count), .send(bytes)] }
    guard start < bytes.count else {
      return [head("416 Range Not Satisfiable", length: 0)]
    }
    return [
      head(
        "206 Partial Content", length: bytes.count - start,
        "Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)\r\n"),
      .send(Array(bytes[start...])),
    ]
  }
}
