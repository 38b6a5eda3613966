import Foundation
import Testing

@testable import Files

@Suite("A folder is kept for one program")
struct FolderLockTests {
  @Test("A second start is told who has the folder, and gets it when that one is gone")
  func second() throws {
    let scratch = try Scratch()
    let folder = scratch.url.appendingPathComponent("a/b")
    var first: FolderLock? = try FolderLock(folder)
    let refusal = #expect(throws: FolderLock.Refusal.self) { try FolderLock(folder) }
    let sentence = "\(try #require(refusal))"
    #expect(
      sentence.contains("process \(ProcessInfo.processInfo.processIdentifier) on "), "\(sentence)")
    #expect(sentence.contains(" since ") && sentence.contains(folder.path))
    withExtendedLifetime(first) {}
    first = nil
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    _ = try FolderLock(folder)
  }

  @Test("What a killed program left is no lock", arguments: ["", "process 1 on here", "\u{1B}[2J"])
  func leftover(_ text: String) throws {
    let scratch = try Scratch()
    try scratch.put(text, ".lock")
    let lock = try FolderLock(scratch.url)
    let refusal = #expect(throws: FolderLock.Refusal.self) { try FolderLock(scratch.url) }
    #expect(refusal?.description.contains("process \(getpid()) on") == true)
    withExtendedLifetime(lock) {}
  }

  @Test("A folder that was removed and is in use again isn't taken a second time")
  func removed() throws {
    let scratch = try Scratch()
    let folder = scratch.url.appendingPathComponent("folder")
    let first = try FolderLock(folder)
    try FileManager.default.removeItem(at: folder)
    try first.renew()
    #expect(throws: FolderLock.Refusal.self) { try FolderLock(folder) }
    try FileManager.default.removeItem(at: folder)
    let second = try FolderLock(folder)
    #expect(throws: FolderLock.Refusal.self) { try first.renew() }
    withExtendedLifetime(second) {}
  }

  @Test("What is no folder is refused in a sentence")
  func refused() throws {
    let scratch = try Scratch()
    try scratch.put("", "file")
    try scratch.put("precious", "victim")
    try FileManager.default.createDirectory(
      atPath: scratch.path("linked"), withIntermediateDirectories: true)
    try scratch.link("linked/.lock", to: "../victim")
    for (name, words) in [
      ("file", "it is a file, not a folder"),
      ("file/deeper", "is a file, not a folder"), ("linked", "its links lead in a circle"),
    ] {
      let refusal = #expect(throws: FolderLock.Refusal.self) {
        try FolderLock(scratch.url.appendingPathComponent(name))
      }
      #expect(refusal?.description.contains(words) == true, "\(String(describing: refusal))")
    }
    #expect(try scratch.text("victim") == "precious")
  }
}
