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

  @Test("A byte order mark isn't part of the first name")
  func mark() throws {
    #expect(try read("\u{FEFF}cat\ndog\n", count: 2) == ["cat", "dog"])
  }

  @Test(
    "Text that isn't UTF-8 is refused, with the line and the way out",
    arguments: [
      (Array("cat\n".utf8) + [0x6D, 0xF6, 0x77, 0x65, 10], "line 2", "iconv -f LATIN1"),
      ([0xFF, 0xFE, 0x63, 0, 0x61, 0, 10, 0], "UTF-16", "iconv -f UTF-16"),
      ([0xC0, 0xAF, 10, 0x61], "line 1", "iconv"),
    ])
  func encoding(bytes: [UInt8], place: String, remedy: String) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try folder.write(bytes, to: "names.txt")
    let error = #expect(throws: DatasetError.self) { try classNames(contentsOf: file, count: 2) }
    let text = error?.description ?? ""
    #expect(text.contains(place) && text.contains(remedy), "\(text)")
  }

  @Test("A missing file is named")
  func missing() {
    let error = #expect(throws: DatasetError.self) {
      try classNames(contentsOf: URL(fileURLWithPath: "/none/names.txt"), count: 1)
    }
    #expect(error?.fault == .missing && error?.file == "/none/names.txt")
  }
}
