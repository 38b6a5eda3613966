import Commands
import Files
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Gets one file over HTTP: what is there already is continued, what arrived is checked, and the file
/// appears under its name only when it is complete.
///
/// However the server behaves it ends: with the file; after `mostTries` connections; after three in a row
/// that brought next to nothing; or at more bytes than the file can have.
struct Download {
  let source: URL
  let file: URL
  /// The published checksum.
  let md5: String
  /// Seconds in which a server has to send a thousand bytes for each of them.
  let patience: Double
  /// More bytes than the file has: a server that sends on and on is stopped.
  let limit: Int
  /// Seconds before a connection is taken up again; twice as many after each that brought nothing.
  var pause = 1.0

  /// The slowest that a server may be, in bytes a second.
  static let leastRate = 1_000.0
  /// How often a file is asked for.
  static let mostTries = 20
  /// How often in a row without this many new bytes.
  static let (mostFruitless, fruit) = (3, 16_000)

  /// Why there is no file.
  struct Problem: Error, CustomStringConvertible {
    let description: String
    /// Whether trying again may help.
    var isTransient = false
  }

  private var partial: URL { file.appendingPathExtension("part") }

  /// Downloads the file.
  ///
  /// - Throws: `Problem`, or a `FileError`. What has arrived stays in `FILE.part` and is continued the next
  ///   time, unless it is known to be wrong.
  func run() async throws {
    removeUnlessPlain(partial)
    var (tries, fruitless) = (0, 0)
    var wasContinued = size(of: partial) > 0
    var answer = Answer()
    while true {
      let before = size(of: partial)
      tries += 1
      do {
        try await receive(from: before, &answer)
        let found = try Self.checksum(of: partial)
        if found == md5 { break }
        let start = try? FileHandle(forReadingFrom: partial).read(upToCount: 512)
        try? FileManager.default.removeItem(at: partial)
        // The part from an earlier time, or from before the file was changed, may have been of another file.
        guard wasContinued, tries < Self.mostTries else {
          throw wrongFile(found, start: start ?? Data(), answer)
        }
        (wasContinued, answer) = (false, Answer())
      } catch let problem as Problem where problem.isTransient {
        fruitless = size(of: partial) - before >= Self.fruit ? 0 : fruitless + 1
        if size(of: partial) > 0 { wasContinued = true }
        guard fruitless < Self.mostFruitless, tries < Self.mostTries else {
          throw Problem(
            description: "\(problem) \(size(of: partial)) bytes have arrived and are kept; "
              + "the same command continues.")
        }
        try await Task.sleep(for: .seconds(pause * Double(1 << fruitless)))
      }
    }
    guard rename(partial.path, file.path) == 0 else { throw FileError(.write, file.path, errno) }
  }

  /// What a server said of the file, to recognise it by when more of it is asked for.
  private struct Answer {
    /// Its entity tag, if it is a strong one.
    var tag: String?
    /// How it was encoded for the way, if at all.
    var encoding: String?
  }

  private func wrongFile(_ sum: String, start: Data, _ answer: Answer) -> Problem {
    let format = FileFormat(startingWith: start)
    let kind = format.map { $0.name.hasSuffix("gzip") ? "a file" : $0.name } ?? "a file"
    let way = answer.encoding.map { " (encoded as \($0) for the way)" } ?? ""
    return Problem(
      description:
        "\(source) sent \(kind)\(way) with the MD5 checksum \(sum), and \(md5) was expected. "
        + "Try again later, or another server with --mirror.")
  }

  /// Receives what follows the first `start` bytes.
  private func receive(from start: Int, _ answer: inout Answer) async throws {
    var request = URLRequest(url: source)
    // Packed files shall arrive as they are.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 {
      request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range")
      // All of it if it isn't the same file any more.
      if let tag = answer.tag { request.setValue(tag, forHTTPHeaderField: "If-Range") }
    }
    let (events, continuation) = AsyncStream.makeStream(of: Receiver.Event.self)
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    let receiver = Receiver(continuation)
    let session = URLSession(
      configuration: configuration, delegate: receiver, delegateQueue: NarrowQueue())
    defer { session.invalidateAndCancel() }
    defer {
      continuation.finish()
      receiver.taken.signal()
    }
    session.dataTask(with: request).resume()
    let patience = patience
    let clock = Task {
      while true {
        try await Task.sleep(for: .seconds(patience))
        continuation.yield(.timeToCheck)
      }
    }
    defer { clock.cancel() }

    var handle: FileHandle?
    defer { try? handle?.close() }
    var bar: ProgressBar?
    defer { bar?.finish() }
    var arrived = start
    var checked = start
    for await event in events {
      switch event {
      case .timeToCheck:
        guard Double(arrived - checked) >= patience * Self.leastRate else {
          throw Problem(
            description: "\(source): less than \(Int(Self.leastRate)) bytes a second come.",
            isTransient: true)
        }
        checked = arrived
      case .response(let status, let range, let length, let tag, let encoding):
        guard let offset = try accept(status, range, start: start) else { return }
        answer = Answer(tag: tag?.hasPrefix("\"") == true ? tag : nil, encoding: encoding)
        (arrived, checked) = (offset, offset)
        guard length <= limit - offset else { throw tooMuch() }
        handle = try open(at: offset)
        let total = max(1, (offset + max(0, length)) / 1000)
        bar = ProgressBar(file.lastPathComponent, total: total, unit: "kB")
      case .data(let data):
        arrived += data.count
        guard arrived <= limit else { throw tooMuch() }
        do {
          try handle?.write(contentsOf: data)
        } catch {
          throw FileError(.write, partial.path, error)
        }
        bar?.advance(to: arrived / 1000)
        receiver.taken.signal()
      case .end(let reason?, let mayHelp):
        throw Problem(description: "\(source): \(reason).", isTransient: mayHelp)
      case .end(nil, _):
        do {
          try handle?.synchronize()
        } catch {
          throw FileError(.write, partial.path, error)
        }
        return
      }
    }
  }

  /// Ends it: what has arrived can't be a part of the file.
  private func tooMuch() -> Problem {
    try? FileManager.default.removeItem(at: partial)
    return Problem(description: "\(source) sends more than \(limit) bytes, which the file hasn't.")
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
    case 408, 429, 500...599:
      throw Problem(description: "\(source) answered with status \(status).", isTransient: true)
    default:
      throw Problem(
        description: "\(source) answered with status \(status). Try another server with --mirror.")
    }
  }

  /// Opens the part to write from an offset on. No link is followed.
  private func open(at offset: Int) throws -> FileHandle {
    let descriptor = Foundation.open(
      partial.path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(.write, partial.path, errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.truncate(atOffset: UInt64(offset))
      try handle.seekToEnd()
    } catch {
      throw FileError(.write, partial.path, error)
    }
    return handle
  }

  /// Removes what can't be the part of an earlier time: a link, a pipe, a file with a second name.
  private func removeUnlessPlain(_ file: URL) {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.path) else {
      return
    }
    let names = (attributes[.referenceCount] as? NSNumber)?.intValue ?? 1
    if attributes[.type] as? FileAttributeType != .typeRegular || names > 1 {
      try? FileManager.default.removeItem(at: file)
    }
  }

  private func size(of file: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// The MD5 checksum of a file.
  static func checksum(of file: URL) throws(FileError) -> String {
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      var sum = MD5()
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { sum.update(chunk) }
      return sum.finish()
    } catch {
      throw FileError(.read, file.path, error)
    }
  }
}

/// Hands on what a URL session says, in its order.
private final class Receiver: NSObject, URLSessionDataDelegate {
  enum Event: Sendable {
    case response(status: Int, range: String?, length: Int, tag: String?, encoding: String?)
    case data(Data)
    /// Enough time for some bytes has gone by.
    case timeToCheck
    /// The end, and why if it came too early, and whether trying again may help.
    case end(String?, mayHelp: Bool)
  }

  private let events: AsyncStream<Event>.Continuation
  /// Tells that the last bytes are on the disk. Until then the server has to wait.
  let taken = DispatchSemaphore(value: 0)

  init(_ events: AsyncStream<Event>.Continuation) { self.events = events }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let answer = response as? HTTPURLResponse
    func field(_ name: String) -> String? { answer?.value(forHTTPHeaderField: name) }
    events.yield(
      .response(
        status: answer?.statusCode ?? 0, range: field("Content-Range"),
        length: Int(clamping: response.expectedContentLength), tag: field("ETag"),
        encoding: field("Content-Encoding")))
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    if case .terminated = events.yield(.data(data)) { return }
    taken.wait()
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping (URLRequest?) -> Void
  ) {
    guard let url = request.url, ["http", "https"].contains(url.scheme) else {
      let place = request.url.map { "\($0)" } ?? "nowhere"
      events.yield(.end("the server leads to \(place), which isn't a web address", mayHelp: false))
      completionHandler(nil)
      return
    }
    completionHandler(request)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    let code = (error as? URLError)?.code
    events.yield(
      .end(
        error.map { SystemFault($0).reason },
        mayHelp: code != .httpTooManyRedirects && code != .unsupportedURL))
    events.finish()
  }
}

/// A queue of few places, in which whoever brings the next operation waits for one: what a fast server sends
/// would else be kept in memory until the disk takes it.
private final class NarrowQueue: OperationQueue, @unchecked Sendable {
  private let places = DispatchSemaphore(value: 16)

  override init() {
    super.init()
    maxConcurrentOperationCount = 1
  }

  override func addOperation(_ block: @escaping @Sendable () -> Void) {
    places.wait()
    super.addOperation {
      block()
      self.places.signal()
    }
  }
}
