import Foundation
import Testing

@testable import Files

@Suite("Temporary names")
struct TemporaryFileTests {
  @Test("A file is replaced in one step, by a name that nobody can guess")
  func replaced() throws {
    let scratch = try Scratch()
    try scratch.put("precious", "victim")
    // The names of an earlier version, as links that would be followed.
    for name in ["file.partial", "file.part", "file.tmp"] { try scratch.link(name, to: "victim") }
    let before = try scratch.names
    for text in ["one", "two"] {
      try replaceFile(scratch.url.appendingPathComponent("file"), with: Data(text.utf8))
      #expect(try scratch.text("file") == text)
    }
    #expect(try scratch.text("victim") == "precious")
    #expect(try scratch.names == (before + ["file"]).sorted())
    let temporary = try (0..<20).map { _ in try TemporaryFile(in: scratch.url).url.path }
    #expect(Set(temporary).count == 20)
  }

  @Test("Whoever replaces a file at the same time leaves a whole one")
  func together() throws {
    let scratch = try Scratch()
    let file = scratch.url.appendingPathComponent("file")
    DispatchQueue.concurrentPerform(iterations: 40) { index in
      let bytes = Data(repeating: UInt8(index), count: 100_000 + index)
      do {
        try replaceFile(file, with: bytes)
        let read = try readFile(file.path)
        #expect(read.count == 100_000 + Int(read[0]) && Set(read).count == 1)
      } catch {
        Issue.record("\(error)")
      }
    }
    #expect(try scratch.names == ["file"])
  }

  @Test("What can't be put in place leaves nothing behind")
  func failed() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch.path("taken/by"), withIntermediateDirectories: true)
    let error = #expect(throws: FileError.self) {
      try replaceFile(scratch.url.appendingPathComponent("taken"), with: Data("new".utf8))
    }
    #expect(error?.description.contains("it is a folder") == true, "\(String(describing: error))")
    #expect(throws: FileError.self) {
      try replaceFile(scratch.url.appendingPathComponent("missing/file"), with: Data())
    }
    #expect(try scratch.names == ["taken"])
  }

  @Test("A temporary folder goes with all that is in it, for its owner alone until then")
  func folder() throws {
    let scratch = try Scratch()
    do {
      let folder = try TemporaryFolder(in: scratch.url)
      #expect(FileKind(at: folder.url.path).map { $0.status.st_mode & 0o777 } == 0o700)
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent("deeper"), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: folder.url.appendingPathComponent("deeper/file"))
      removeLeftovers(in: scratch.url)
      #expect(try scratch.names.count == 1)
    }
    #expect(try scratch.names == [])
  }

  @Test(
    "Folders that many make in one place at the same time are all made", .timeLimit(.minutes(1)))
  func foldersAtOnce() throws {
    let scratch = try Scratch()
    let place = scratch.url
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<200 {
        do {
          let folder = try TemporaryFolder(in: place)
          try Data("here".utf8).write(to: folder.url.appendingPathComponent("file"))
        } catch {
          Issue.record("\(error)")
        }
      }
    }
    #expect(try scratch.names == [])
  }

  @Test("What killed programs left goes, and nothing else does", .timeLimit(.minutes(1)))
  func leftovers() throws {
    let scratch = try Scratch()
    let left = ".resnet-0123456789abcdef.tmp"
    try scratch.put("half", left)
    try FileManager.default.createDirectory(
      atPath: scratch.path(".resnet-00000000000000ff.tmp/deeper"),
      withIntermediateDirectories: true)
    // No process has this number, and this one is alive.
    try FileManager.default.createDirectory(
      atPath: scratch.path(".unpacking-\(Int32.max)"), withIntermediateDirectories: true)
    let alive = ".unpacking-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(
      atPath: scratch.path(alive), withIntermediateDirectories: true)
    // What only looks like it.
    try scratch.put("precious", "victim")
    try scratch.link(".resnet-0000000000000001.tmp", to: "victim")
    #expect(mkfifo(scratch.path(".resnet-0000000000000002.tmp"), 0o600) == 0)
    try scratch.put("", ".resnet-notes.tmp")
    try scratch.put("", ".resnet-0123456789abcdeg.tmp")
    let kept = try TemporaryFile(in: scratch.url)
    removeLeftovers(in: scratch.url)
    #expect(
      try scratch.names
        == [
          ".resnet-0000000000000001.tmp", ".resnet-0000000000000002.tmp",
          ".resnet-0123456789abcdeg.tmp", kept.url.lastPathComponent, ".resnet-notes.tmp", alive,
          "victim",
        ].sorted())
    #expect(try scratch.text("victim") == "precious")
  }

  @Test(
    "Copies of stores that an earlier version left go when they are a day old, and nothing like them does"
  )
  func snapshots() throws {
    let scratch = try Scratch()
    let names = (0..<4).map { _ in "run-store-\(UUID().uuidString)" } + ["run-store-test"]
    for name in names {
      try FileManager.default.createDirectory(
        atPath: scratch.path(name), withIntermediateDirectories: true)
      try scratch.put("", name + "/runs.sqlite")
      try scratch.put("", name + "/runs.sqlite-wal")
    }
    try scratch.put("", names[1] + "/notes")
    try scratch.put("", "run-store-\(UUID().uuidString)")
    try scratch.link("run-store-\(UUID().uuidString)", to: names[2])
    for name in names where name != names[2] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: scratch.path(name))
    }
    let before = Set(try scratch.names)
    removeLeftovers(in: scratch.url)
    #expect(before.subtracting(try scratch.names) == [names[0], names[3]])
  }
}
