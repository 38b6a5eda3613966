import BuiltPrograms
import Foundation

/// A second process that records in a store: the product `StoreWriter`, which is built beside the tests.
final class WriterProcess {
  let process = Process()
  private let output = Pipe()
  private var lines: [String] = []
  private var rest = Data()

  init(store: String, epochs: Int, seed: Int, go: String? = nil) throws {
    process.executableURL = try builtProgram("StoreWriter")
    process.arguments = [store, String(epochs), String(seed)] + (go.map { [$0] } ?? [])
    process.standardOutput = output
    try process.run()
  }

  /// Reads what it prints up to the given number of lines, or to its end.
  func lines(_ count: Int) -> [String] {
    while lines.count < count {
      let chunk = output.fileHandleForReading.availableData
      if chunk.isEmpty { break }
      rest += chunk
      while let end = rest.firstIndex(of: 0x0A) {
        lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
        rest = Data(rest[(end + 1)...])
      }
    }
    return lines
  }

  /// Ends it as a power cut would: without a chance to tidy up.
  func killDead() -> [String] {
    kill(process.processIdentifier, SIGKILL)
    let printed = lines(.max)
    process.waitUntilExit()
    return printed
  }
}
