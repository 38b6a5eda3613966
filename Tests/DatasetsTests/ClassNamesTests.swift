import Datasets
import Foundation
import Testing

@Suite("Names of classes")
struct ClassNamesTests {
  private func read(_ text: String, count: Int) throws -> [String] {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).txt")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try classNames(contentsOf: file, count: count)
  }

  @Test("One a line; an end of line at the end, and lines of Windows, make no difference")
  func lines() throws {
    #expect(try read("cat\ngreat white shark\n", count: 2) == ["cat", "great white shark"])
    #expect(try read("cat\r\ndog", count: 2) == ["cat", "dog"])
    #expect(try read("cat\n\ndog\n\n", count: 3) == ["cat", "", "dog"])
  }

  @Test("Another number of names is an error that says how many there are")
  func mismatch() {
    let error = #expect(throws: DatasetError.self) { try read("cat\ndog\n", count: 3) }
    #expect(error?.fault == .mismatch && error?.found == "2")
  }

  @Test("A missing file is named")
  func missing() {
    let error = #expect(throws: DatasetError.self) {
      try classNames(contentsOf: URL(fileURLWithPath: "/none/names.txt"), count: 1)
    }
    #expect(error?.fault == .missing && error?.file == "/none/names.txt")
  }
}
