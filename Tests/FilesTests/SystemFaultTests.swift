import Foundation
import Testing

@testable import Files

@Suite("Faults of the system are sentences")
struct SystemFaultTests {
  @Test("Each number has words of its own and a remedy")
  func numbers() {
    let codes = [
      ENOENT, EEXIST, EISDIR, ENOTDIR, ENOTEMPTY, EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EFBIG,
      EMFILE, ENFILE, ENAMETOOLONG, ELOOP, EPIPE, EIO, EBUSY, ENOMEM, ENXIO, ESTALE, EAGAIN, ENOLCK,
      EINVAL, ECHILD,
    ]
    #expect(Set(codes.map { SystemFault($0).reason }).count == codes.count)
    for fault in codes.map({ SystemFault($0) }) {
      #expect(!fault.reason.hasSuffix(".") && fault.remedy.hasSuffix("."))
      #expect(
        fault.remedy.contains("Make room") == fault.reason.contains("disk is full")
          || fault.reason.contains("quota"))
    }
  }

  @Test("Foundation's errors lose their internals")
  func foundation() throws {
    let scratch = try Scratch()
    try scratch.put("", "file")
    func thrown(_ body: () throws -> Void) throws -> any Error {
      do {
        try body()
      } catch {
        return error
      }
      throw CocoaError(.featureUnsupported)
    }
    let errors = [
      try thrown { _ = try Data(contentsOf: scratch.url) },
      try thrown { _ = try Data(contentsOf: URL(fileURLWithPath: scratch.path("no"))) },
      try thrown { try Data().write(to: URL(fileURLWithPath: scratch.path("no/no"))) },
      try thrown { try Data().write(to: URL(fileURLWithPath: scratch.path("file/no"))) },
      try thrown {
        _ = try FileManager.default.contentsOfDirectory(atPath: scratch.path("file"))
      },
      try thrown {
        try FileManager.default.createDirectory(
          atPath: scratch.path("file/a"), withIntermediateDirectories: true)
      },
      NSError(domain: "anything", code: 7), CocoaError(.fileReadUnknown),
      NSError(domain: NSURLErrorDomain, code: -1004),
    ]
    for error in errors {
      let words = systemReason(error)
      #expect(!words.contains("Domain") && !words.contains("Error") && !words.contains("operation"))
      let whole = explanation(of: error)
      #expect(!whole.contains("Domain") && !whole.contains("UserInfo") && whole.hasSuffix("."))
    }
    #expect(explanation(of: errors[1]).hasPrefix("\(scratch.path("no")): it isn't there."))
    #expect(explanation(of: FileError(.read, "a", ENOENT)).hasPrefix("a can't be read: "))
    #expect(systemReason(errors[1]) == "it isn't there")
  }

  @Test("A file that can't be read says why")
  func reading() throws {
    let scratch = try Scratch()
    try scratch.put("text", "file")
    try scratch.link("astray", to: "nothing")
    try scratch.link("circle", to: "circle")
    for (name, reason) in [
      ("nothing", "it isn't there"), ("", "it is a folder"), ("astray", "link to something"),
      ("circle", "in a circle"), ("file/x", "is a file, not a folder"),
    ] {
      let error = #expect(throws: FileError.self) { try readFile(scratch.path(name)) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
    #expect(try readFile(scratch.path("file")) == Data("text".utf8))
    #expect(throws: FileError.self) { try readFile(scratch.path("file"), limit: 3) }
    #expect(throws: FileError.self) { try readFile("/dev/zero", limit: 1000) }
  }

  @Test("JSON shows nothing that acts, and reads back without loss")
  func json() throws {
    let texts = ["a\u{7F}b\u{9B}2J", "\u{202E}\u{2028}", "\u{E0001}", "é\n\t\u{1B}", "👩‍👩‍👧"]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .prettyPrinted
    let written = String(decoding: try encoder.encode(texts), as: UTF8.self).visibleInJSON
    #expect(written.visibleLines == written)
    #expect(try JSONDecoder().decode([String].self, from: Data(written.utf8)) == texts)
  }

  @Test("Nothing in a name acts on the terminal")
  func visible() {
    #expect("a\u{1B}[2Jb".visible == "a\\u{1B}[2Jb")
    #expect("a\r\nb\tc\u{7F}\u{9B}".visible == "a\\r\\nb\\tc\\u{7F}\\u{9B}")
    #expect(
      "\u{202E}txt\u{2066}\u{200F}\u{2028}".visible == "\\u{202E}txt\\u{2066}\\u{200F}\\u{2028}")
    #expect("a\r\nb\tc\u{7}".visibleLines == "a\\r\nb\tc\\u{7}")
    for text in ["é 한국어 עברית", "👩‍👩‍👧", "plain"] { #expect(text.visible == text) }
    #expect(FileError(.read, "a\nb", ENOENT).description.hasPrefix("a\\nb can't be read: "))
  }
}
