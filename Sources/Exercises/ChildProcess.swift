import ExerciseKit
import Files
import Foundation

/// A program that is talked to through pipes, with a deadline, and whose output is bounded.
package final class ChildProcess {
  /// Why there was no answer.
  package enum Ending: Error {
    /// It ended, in this way.
    case ended(Process.TerminationReason, status: Int32)
    /// The deadline passed.
    case late
    /// It wrote more than anybody wants to read.
    case flooded
  }

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let errors = Bounded()
  private let draining = DispatchGroup()
  private var unread = Data()

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: the path and the arguments.
  ///   - folder: where it runs.
  package init(_ command: [String], in folder: String) throws {
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8",
      // The line of the reader's file that crashed.
      "SWIFT_BACKTRACE":
        "enable=yes,color=no,interactive=no,output-to=stderr,threads=crashed,registers=none,"
        + "images=none,sanitize=no,limit=16,top=0,timeout=5s",
    ]
    let printed = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = printed
    try process.run()
    let errors = errors
    let reading = printed.fileHandleForReading
    // A thread of its own: those of a queue may all be waiting, and then what was printed would be lost.
    let draining = draining
    draining.enter()
    Thread.detachNewThread {
      while true {
        let more = reading.availableData
        if more.isEmpty { break }
        errors.append(more)
      }
      draining.leave()
    }
    _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFL, O_NONBLOCK)
  }

  /// What it wrote to standard error, cut after 64 KiB.
  package var complaints: String { errors.text }

  /// Sends a line and waits for one.
  package func ask(_ line: Data, before deadline: Date) throws -> Data {
    var rest = line + Data("\n".utf8)
    let (writing, reading) = (
      input.fileHandleForWriting.fileDescriptor, output.fileHandleForReading.fileDescriptor
    )
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        let answer = unread[..<end]
        unread = Data(unread[(end + 1)...])
        return Data(answer)
      }
      guard unread.count < 64 << 20 else { throw Ending.flooded }
      var waiting = [pollfd(fd: reading, events: Int16(POLLIN), revents: 0)]
      if !rest.isEmpty { waiting.append(pollfd(fd: writing, events: Int16(POLLOUT), revents: 0)) }
      let patience = deadline.timeIntervalSinceNow
      guard patience > 0 else { throw Ending.late }
      guard poll(&waiting, nfds_t(waiting.count), Int32(min(patience * 1000 + 1, 100_000))) > 0
      else { continue }
      if !rest.isEmpty, waiting[1].revents != 0 {
        let count = rest.withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
        if count > 0 { rest.removeFirst(count) } else if errno != EAGAIN { rest.removeAll() }
      }
      guard waiting[0].revents != 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = read(reading, &buffer, buffer.count)
      guard count > 0 else { throw try wait(until: deadline) }
      unread.append(contentsOf: buffer[..<count])
    }
  }

  /// Waits until it has ended by itself.
  ///
  /// - Returns: how.
  /// - Throws: ``Ending/late``.
  package func wait(until deadline: Date) throws -> Ending {
    try? input.fileHandleForWriting.close()
    while process.isRunning {
      guard deadline.timeIntervalSinceNow > 0 else { throw Ending.late }
      usleep(2000)
    }
    _ = draining.wait(timeout: .now() + 5)
    return .ended(process.terminationReason, status: process.terminationStatus)
  }

  /// Everything that it writes to standard output until it ends.
  package func readAll(until deadline: Date, limit: Int) throws -> Data {
    try? input.fileHandleForWriting.close()
    let reading = output.fileHandleForReading.fileDescriptor
    while true {
      guard unread.count < limit else { throw Ending.flooded }
      let patience = deadline.timeIntervalSinceNow
      guard patience > 0 else { throw Ending.late }
      var waiting = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, Int32(min(patience * 1000 + 1, 100_000))) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = read(reading, &buffer, buffer.count)
      guard count > 0 else { return unread }
      unread.append(contentsOf: buffer[..<count])
    }
  }

  /// Ends it with everything that it started.
  package func kill() {
    let pid = process.processIdentifier
    guard pid > 0 else { return }
    // Its group, if it has made one (`answer(_:)`), and the process itself.
    Foundation.kill(-pid, SIGKILL)
    if process.isRunning { Foundation.kill(pid, SIGKILL) }
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    // What it printed is read by another thread, which may be behind.
    _ = draining.wait(timeout: .now() + 5)
  }
}

/// Bytes from another thread, of which only the first are kept.
private final class Bounded: @unchecked Sendable {
  private let lock = NSLock()
  private var bytes = Data()

  func append(_ more: Data) {
    lock.withLock {
      if bytes.count < 65536 { bytes.append(more.prefix(65536 - bytes.count)) }
    }
  }

  var text: String { lock.withLock { String(decoding: bytes, as: UTF8.self) } }
}
