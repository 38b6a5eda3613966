import BuiltPrograms
import Foundation
import Testing

/// What operations and short training runs come to, bit for bit: the same on AVX2, AVX-512 and NEON, and for any
/// number of threads. `fingerprints.txt` was written by `swift run Fingerprint`; a change that means to change
/// bits writes it anew.
struct FingerprintTests {
  #if !PORTABLE
    @Test(arguments: [1, 2, 3, 8, 16])
    func `The bits are those of every other processor and number of threads`(threads: Int) throws {
      let found = try lines(ofProgramWith: threads)
      let expected = try Self.expected
      #expect(found.count == expected.count)
      for (found, expected) in zip(found, expected) { #expect(found == expected) }
    }
  #endif

  private static var expected: [Substring] {
    get throws {
      let file = try #require(Bundle.module.url(forResource: "fingerprints", withExtension: "txt"))
      return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    }
  }

  private func lines(ofProgramWith threads: Int) throws -> [Substring] {
    let process = Process()
    let output = Pipe()
    process.executableURL = try builtProgram("Fingerprint")
    process.arguments = ["\(threads)"]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
  }
}
