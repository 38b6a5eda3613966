import Foundation
import Testing

@testable import Files

@Suite("Outputs go where the path leads")
struct OutputTests {
  private func isLink(_ path: String) -> Bool {
    FileKind(at: path, followingLinks: false)?.type == S_IFLNK
  }

  private func mode(_ path: String) -> mode_t? {
    FileKind(at: path).map { $0.status.st_mode & 0o7777 }
  }

  private func refusal(_ path: String) -> String {
    do {
      try writeOutput(Data("new".utf8), to: path)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "A link, a link to a link and a link to nothing are followed, and stay",
    arguments: [["target"], ["second", "target"], ["second", "third", "nothing"]])
  func links(_ chain: [String]) throws {
    let scratch = try Scratch()
    try scratch.put("old", "target")
    var name = "link"
    for target in chain {
      try scratch.link(name, to: target)
      name = target
    }
    try writeOutput(Data("new".utf8), to: scratch.path("link"))
    #expect(isLink(scratch.path("link")))
    #expect(try scratch.text(name) == "new")
    #expect(try !scratch.names.contains { $0.hasSuffix(".tmp") })
  }

  @Test("A link into another folder is followed there")
  func elsewhere() throws {
    let (here, there) = (try Scratch(), try Scratch())
    try there.put("old", "target")
    try here.link("absolute", to: there.path("target"))
    try here.link("relative", to: "../\(there.url.lastPathComponent)/target")
    for name in ["absolute", "relative"] {
      try writeOutput(Data(name.utf8), to: here.path(name))
      #expect(try there.text("target") == name && isLink(here.path(name)))
    }
    #expect(try there.names == ["target"])
  }

  @Test("A file that is there keeps its mode", arguments: [0o600, 0o640, 0o755, 0o604] as [mode_t])
  func modes(_ wanted: mode_t) throws {
    let scratch = try Scratch()
    try scratch.put("old", "file")
    chmod(scratch.path("file"), wanted)
    try writeOutput(Data("new".utf8), to: scratch.path("file"))
    #expect(mode(scratch.path("file")) == wanted)
    #expect(try scratch.text("file") == "new")
  }

  @Test("A new file has the mode that every program gives")
  func newMode() throws {
    let scratch = try Scratch()
    close(open(scratch.path("usual"), O_CREAT | O_WRONLY, 0o666))
    try writeOutput(Data("new".utf8), to: scratch.path("file"))
    #expect(mode(scratch.path("file")) == mode(scratch.path("usual")))
  }

  @Test("All names of a file have the new content, also where it is shorter")
  func hardLinks() throws {
    let scratch = try Scratch()
    try scratch.put("something longer", "one")
    try FileManager.default.linkItem(atPath: scratch.path("one"), toPath: scratch.path("two"))
    try writeOutput(Data("new".utf8), to: scratch.path("one"))
    #expect(try scratch.text("two") == "new" && scratch.text("one") == "new")
    #expect(isSameFile(scratch.path("one"), scratch.path("two")))
  }

  @Test("A pipe is written to and stays one", .timeLimit(.minutes(1)))
  func pipe() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    try scratch.link("link", to: "pipe")
    for name in ["pipe", "link"] {
      let reader = Process()
      reader.executableURL = URL(fileURLWithPath: "/bin/cat")
      reader.arguments = [scratch.path("pipe")]
      let output = Pipe()
      reader.standardOutput = output
      try reader.run()
      try writeOutput(Data("new".utf8), to: scratch.path(name))
      #expect(output.fileHandleForReading.readDataToEndOfFile() == Data("new".utf8))
      reader.waitUntilExit()
      #expect(FileKind(at: scratch.path("pipe"))?.type == S_IFIFO)
    }
  }

  @Test(
    "A device is written to and stays one",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func device() throws {
    let scratch = try Scratch()
    // Whoever may make devices may destroy the system's too, if writing should ever replace one: they try it on
    // nodes of their own. For others the system's are safe.
    func node(_ minor: Int, _ system: String) -> String {
      let own = scratch.path("device-\(minor)")
      guard mknod(own, S_IFCHR | 0o666, dev_t(1 << 8 | minor)) == 0 else { return system }
      let descriptor = open(own, O_WRONLY)
      close(descriptor)
      return descriptor >= 0 ? own : system
    }
    let (null, full) = (node(3, "/dev/null"), node(7, "/dev/full"))
    try scratch.link("link", to: null)
    #expect(refusal(null) == "" && refusal(scratch.path("link")) == "")
    #expect(FileKind(at: null)?.type == S_IFCHR)
    #expect(refusal(full).hasPrefix("\(full) can't be written: the disk is full."))
  }

  @Test("What can't be written is refused in a sentence with the remedy that fits")
  func refused() throws {
    let scratch = try Scratch()
    try scratch.put("", "file")
    try scratch.link("circle", to: "circle")
    try scratch.link("astray", to: "missing/file")
    for (name, reason) in [
      ("new/", "a name that ends with / is that of a folder"),
      ("", "it is a folder"),
      ("missing/file", "there is no folder \(scratch.path("missing"))"),
      ("missing/deeper/file", "there is no folder \(scratch.path("missing"))"),
      ("astray", "there is no folder \(scratch.path("missing"))"),
      ("file/file", "\(scratch.path("file")) is a file, not a folder"),
      ("circle", "its links lead in a circle"),
      (String(repeating: "x", count: 300), "its name is too long"),
    ] {
      let path = scratch.url.path + "/" + name
      let sentence = refusal(path)
      #expect(sentence.hasPrefix("\(path) can't be written: \(reason). "), "\(sentence)")
      #expect(!sentence.contains("Make room"))
      #expect(throws: FileError.self) { try checkOutput(path) }
    }
    #expect(try scratch.names == ["astray", "circle", "file"])
    #expect(refusal("").contains("can't be written"))
  }

  @Test(
    "Permissions are respected, and a file is written to in a folder that isn't",
    .disabled(if: isRoot))
  func permissions() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch.path("closed"), withIntermediateDirectories: false)
    try scratch.put("old", "closed/open")
    try scratch.put("old", "shut")
    chmod(scratch.path("closed"), 0o555)
    chmod(scratch.path("shut"), 0o444)
    defer { chmod(scratch.path("closed"), 0o755) }
    #expect(refusal(scratch.path("closed/open")) == "")
    #expect(try scratch.text("closed/open") == "new")
    #expect(refusal(scratch.path("closed/new")).contains("may not write to the folder"))
    #expect(refusal(scratch.path("shut")).contains("you may not write to it"))
    #expect(try scratch.text("shut") == "old")
  }

  @Test("Two names of one file are known as such, whether it is there or not")
  func sameFile() throws {
    let scratch = try Scratch()
    try scratch.put("", "file")
    try scratch.link("link", to: "file")
    try scratch.link("dangling", to: "nothing")
    try scratch.link("here", to: ".")
    let path = scratch.path
    #expect(isSameFile(path("file"), path("link")) && isSameFile(path("file"), path("here/file")))
    #expect(isSameFile(path("dangling"), path("nothing")))
    #expect(isSameFile(path("nothing"), path("here/./here/nothing")))
    #expect(!isSameFile(path("file"), path("nothing")) && !isSameFile(path("a"), path("b")))
  }
}
