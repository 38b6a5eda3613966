import Commands
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Gets one file over HTTP: what is there already is continued, what arrived is checked, and the file
/// appears under its name only when it is complete.
struct Download {
  let source: URL
  let file: URL
  /// The published checksum.
  let md5: String
  /// Seconds without a byte after which a server counts as stalled.
  let patience: Double
  /// How often a broken connection is taken up again without a new byte.
  var attempts = 3
  /// More than any data set here; a server that sends on and on is stopped.
  var limit = 2_000_000_000

  /// Why there is no file.
  struct Problem: Error, CustomStringConvertible {
    let description: String
    /// Whether trying again may help.
    var isTransient = false
  }

  private var partial: URL { file.appendingPathExtension("part") }

  /// Downloads the file.
  ///
  /// - Throws: `Problem`. What has arrived stays in `FILE.part` and is continued the next time, unless it
  ///   is known to be wrong.
  func run() async throws {
    var failures = 0
    var wasContinued = size(of: partial) > 0
    while true {
      let before = size(of: partial)
      do {
        try await receive(from: before)
        let found = try checksum(of: partial)
        if found == md5 { break }
        try FileManager.default.removeItem(at: partial)
        // The part from an earlier time may have been of another file.
        guard wasContinued else {
          throw Problem(
            description:
              "\(source) sent a file with the MD5 checksum \(found), and \(md5) was expected. "
              + "Try again later, or another server with --mirror.")
        }
        wasContinued = false
      } catch let problem as Problem where problem.isTransient {
        failures = size(of: partial) > before ? 0 : failures + 1
        if size(of: partial) > 0 { wasContinued = true }
        guard failures < attempts else {
          throw Problem(
            description: "\(problem) \(size(of: partial)) bytes have arrived and are kept; "
              + "the same command continues.")
        }
      }
    }
    guard rename(partial.path, file.path) == 0 else {
      throw Problem(
        description: "\(file.path) can't be written: \(String(cString: strerror(errno)))")
    }
  }

  /// Receives what follows the first `start` bytes.
  private func receive(from start: Int) async throws {
    var request = URLRequest(url: source)
    if start > 0 { request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range") }
    let (events, continuation) = AsyncStream.makeStream(of: Receiver.Event.self)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    let session = URLSession(
      configuration: configuration, delegate: Receiver(continuation), delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()

    var handle: FileHandle?
    defer { try? handle?.close() }
    var bar: ProgressBar?
    defer { bar?.finish() }
    var arrived = start
    for await event in events {
      switch event {
      case .response(let status, let range, let length):
        guard let offset = try accept(status, range, start: start) else { return }
        arrived = offset
        handle = try open(at: offset)
        let total = max(1, (offset + max(0, length)) / 1000)
        bar = ProgressBar(file.lastPathComponent, total: total, unit: "kB")
      case .data(let data):
        arrived += data.count
        guard arrived <= limit else {
          throw Problem(description: "\(source) sends more than \(limit) bytes.")
        }
        try handle?.write(contentsOf: data)
        bar?.advance(to: arrived / 1000)
      case .end(let reason?):
        throw Problem(description: "\(source): \(reason).", isTransient: true)
      case .end(nil):
        try handle?.synchronize()
      }
    }
  }

  /// Where the bytes of a response belong; nil if there are none to come.
  private func accept(_ status: Int, _ range: String?, start: Int) throws -> Int? {
    switch status {
    case 200: return 0
    case 206 where range?.hasPrefix("bytes \(start)-") == true: return start
    case 206, 416:
      // The part doesn't belong to this file, or is all of it: the checksum tells.
      if status == 416, start > 0 { return nil }
      try? FileManager.default.removeItem(at: partial)
      throw Problem(
        description: "\(source) sent another range than it was asked for.", isTransient: true)
    case 500...599:
      throw Problem(description: "\(source) answered with status \(status).", isTransient: true)
    default:
      throw Problem(
        description: "\(source) answered with status \(status). Try another server with --mirror.")
    }
  }

  private func open(at offset: Int) throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: partial.path) {
      guard FileManager.default.createFile(atPath: partial.path, contents: nil) else {
        throw Problem(description: "\(partial.path) can't be written.")
      }
    }
    let handle = try FileHandle(forWritingTo: partial)
    try handle.truncate(atOffset: UInt64(offset))
    return handle
  }

  private func size(of file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  private func checksum(of file: URL) throws -> String {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    var sum = MD5()
    while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { sum.update(chunk) }
    return sum.finish()
  }
}

/// Hands on what a URL session says, in its order.
private final class Receiver: NSObject, URLSessionDataDelegate {
  enum Event: Sendable {
    case response(status: Int, range: String?, length: Int)
    case data(Data)
    /// The end, and why if it came too early.
    case end(String?)
  }

  private let events: AsyncStream<Event>.Continuation

  init(_ events: AsyncStream<Event>.Continuation) { self.events = events }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let answer = response as? HTTPURLResponse
    events.yield(
      .response(
        status: answer?.statusCode ?? 0, range: answer?.value(forHTTPHeaderField: "Content-Range"),
        length: Int(clamping: response.expectedContentLength)))
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    events.yield(.data(data))
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    events.yield(.end(error?.localizedDescription))
    events.finish()
  }
}
