import Foundation
import RunStore
import Testing

/// Every option and argument that names what is written, where it can't be, and where a link leads.
@Suite("Options that name an output", .serialized)
struct OutputOptionTests {
  private static let isRoot = geteuid() == 0
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "outputs-\(UUID().uuidString)")

  /// The words of a command before the name of the file that it writes.
  private static let files = [
    ["resnet", "export", "--checkpoint", "points/last.safetensors", "--output"],
    ["resnet", "evaluate", "--dataset", "digits", "--weights", "weights", "--logits"],
    ["resnet", "features", "a.pgm", "--weights", "weights", "--output"],
    ["classroom", "gradebook", "class", "--html"],
    ["classroom", "gradebook", "class", "--output"],
    ["metrics", "report", "--store", "class/anna/runs.sqlite", "--output"],
  ]

  /// The same of a folder.
  private static let folders = [
    training + ["--no-store", "--checkpoints"],
    ["resnet", "fetch", "cifar10", "--mirror", "http://127.0.0.1:9/", "--to"],
    ["classroom", "handout"],
    ["chapter1", "--quick", "--store", "runs.sqlite", "--weave"],
  ]

  private static let training = [
    "resnet", "train", "--dataset", "digits", "--arch", "resnet8", "--width", "4", "--threads", "1",
    "--until-step", "1",
  ]

  init() throws {
    for name in ["class/anna", "closed", "full"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    try Data("P5 1 1 255 x".utf8).write(to: folder.appendingPathComponent("a.pgm"))
    try Data("something".utf8).write(to: folder.appendingPathComponent("full/file"))
    let store = try RunStore(opening: path("class/anna/runs.sqlite"))
    try store.record(
      ExerciseAttempt(
        learner: "anna", chapter: 1, exercise: 1, verdict: "solved", message: "",
        source: "0123456789abcdef"))
    store.close()
    for words in [
      Self.training + ["--no-store", "--checkpoints", "points"], Self.files[0] + ["weights"],
    ] {
      let (status, text) = try run(words)
      #expect(status == 0, "\(words): \(text)")
    }
  }

  /// A device that is always full: one's own for whoever may make one and could destroy the system's.
  private func fullDevice() -> String? {
    let own = folder.appendingPathComponent("device").path
    if mknod(own, S_IFCHR | 0o666, dev_t(1 << 8 | 7)) == 0 {
      let descriptor = open(own, O_WRONLY)
      close(descriptor)
      if descriptor >= 0 { return own }
    }
    return !Self.isRoot && FileManager.default.fileExists(atPath: "/dev/full") ? "/dev/full" : nil
  }

  private var names: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test("What doesn't fit is said to be lost, and the device stays one")
  func full() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let device = fullDevice() else { return }
    for words in Self.files {
      let (status, text) = try run(words + [device])
      #expect(status == 1 && text.contains("\(device) can't be written"), "\(words): \(text)")
      var kind = stat()
      #expect(lstat(device, &kind) == 0 && kind.st_mode & S_IFMT == S_IFCHR, "\(words)")
    }
    for words in [
      ["metrics", "sql", "SELECT 1", "--store", "class/anna/runs.sqlite"], ["metrics", "--help"],
      ["bench", "--list"], ["book", "--help"], ["classroom", "plan"], ["classroom", "--help"],
      ["classroom", "gradebook", "class"], ["chapter1", "--help"],
    ] {
      let (status, text) = try run(words, ">'\(device)'")
      #expect(status == 1, "\(words): \(text)")
      #expect(text.contains("Standard output can't be written"), "\(words): \(text)")
    }
  }

  @Test("A link is followed, whether its file is there or not, and stays one")
  func links() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for (number, words) in Self.files.enumerated() {
      let (link, target) = ("link\(number)", "full/target\(number)")
      try FileManager.default.createSymbolicLink(
        atPath: folder.appendingPathComponent(link).path, withDestinationPath: target)
      for _ in 0..<2 {
        let (status, text) = try run(words + [link])
        #expect(status == 0, "\(words): \(text)")
        #expect(FileManager.default.contents(atPath: path(target))?.isEmpty == false)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path(link)) == target)
      }
    }
  }

  @Test("A folder is no file, a file no folder, and neither is touched")
  func kinds() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let before = try names
    for words in Self.files {
      let (status, text) = try run(words + ["full"])
      #expect(status == 1 && text.contains("full can't be written: it is a folder"), "\(text)")
    }
    for words in Self.folders {
      for name in ["full/file", "full/file/deeper"] {
        let (status, text) = try run(words + [name])
        #expect(status == 1 || status == 2, "\(words + [name]): \(text)")
        #expect(text.contains("full/file"), "\(words + [name]): \(text)")
        #expect(!text.contains("Domain") && !text.contains("Make room"), "\(text)")
      }
    }
    let after = try names
    #expect(after == before, "\(Set(after).symmetricDifference(before))")
    #expect(FileManager.default.contents(atPath: path("full/file")) == Data("something".utf8))
  }

  @Test("A folder that may not be written to is said to be so, and stays as it is")
  func closed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    chmod(path("closed"), 0o555)
    defer { chmod(path("closed"), 0o755) }
    guard try run(["/usr/bin/test", "-w", "closed"]).status == 1 else { return }
    for words in Self.files + Self.folders {
      let (status, text) = try run(words + ["closed/new"])
      #expect(status == 1 || status == 2, "\(words): \(text)")
      #expect(text.contains(/may not|can't be|read-only/), "\(words): \(text)")
      #expect(text.contains("closed") && !text.contains("Domain"), "\(words): \(text)")
      #expect(!FileManager.default.fileExists(atPath: path("closed/new")), "\(words)")
    }
  }

  @Test("The page and the table of a class replace neither each other nor a student's store")
  func gradebook() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = path("class/anna/runs.sqlite")
    let before = FileManager.default.contents(atPath: store)
    for words in [["--html", store], ["--output", store], ["--html", "x", "--output", "./x"]] {
      let (status, text) = try run(["classroom", "gradebook", "class"] + words)
      #expect(status == 1 && text.contains("another name"), "\(words): \(text)")
    }
    #expect(FileManager.default.contents(atPath: store) == before)
  }

  @Test("A gradebook replaces no results, however they are named, and says what isn't there")
  func results() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let marks = "marks/students/anna/grades.json"
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("marks/students/anna"), withIntermediateDirectories: true)
    let text =
      #"{"student":"anna","items":[],"seed":1,"codeVersion":"","isConfined":true,"basis":""}"#
    try Data(text.utf8).write(to: folder.appendingPathComponent(marks))
    for words in [["marks"], ["class", "--regraded", "marks"]] {
      let (status, text) = try run(["classroom", "gradebook", "--output", marks] + words)
      #expect(status == 1 && text.contains("Name a place outside it"), "\(words): \(text)")
    }
    #expect(FileManager.default.contents(atPath: path(marks)) == Data(text.utf8))
    let (status, words) = try run(["classroom", "gradebook", "marks", "nowhere.sqlite"])
    #expect(status == 1 && words.contains("nowhere.sqlite: it isn't there"), "\(words)")
  }

  @Test("Results of a class aren't put among what was handed in")
  func regraded() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      atPath: path("link"), withDestinationPath: "class/anna")
    let before = try names
    for output in ["class", "class/results", "link/results", "new/../class"] {
      let (status, text) = try run(["classroom", "regrade", "class", "--output", output])
      #expect(status == 1 && text.contains("Name a place outside it"), "\(output): \(text)")
    }
    #expect(try names == before)
  }

  @Test("A copy to plant faults in takes no place that has something else")
  func scratch() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in ["a/package/Sources/mine.swift", "b/package/Package.swift", "c/package/README.md"] {
      let url = folder.appendingPathComponent(file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(#"let package = Package(name: "mine")"#.utf8).write(to: url)
      let before = try names
      let (status, text) = try run(["book", "mutate", "1", "--scratch", String(file.prefix(1))])
      #expect(status == 2 && text.contains("Name another --scratch"), "\(file): \(text)")
      #expect(try names == before)
    }
  }

  @Test("An empty path isn't the folder where one works")
  func empty() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let before = try names
    for words in [
      Self.training + ["--no-store", "--checkpoints"],
      ["resnet", "sweep", "--depths", "8", "--no-store", "--checkpoints"],
      ["resnet", "fetch", "mnist", "--to"], ["metrics", "export", "--format", "csv", "--output"],
      ["metrics", "report", "--output", "x.html", "--csv"], ["book", "build", "--output"],
      ["book", "mutate", "1", "--scratch"], ["classroom", "handout"],
      ["classroom", "join", "class", "--into"], ["classroom", "rehearse", "--into"],
      ["classroom", "regrade", "class", "--output"],
    ] {
      let (status, text) = try run(words + [""])
      #expect(status == 2 && text.contains("empty"), "\(words): \(text)")
    }
    #expect(try names == before)
  }

  @Test("A report, its tables and a plot replace neither the store nor each other")
  func report() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = "class/anna/runs.sqlite"
    let before = FileManager.default.contents(atPath: path(store))
    try FileManager.default.createSymbolicLink(
      atPath: path("link"), withDestinationPath: store)
    try FileManager.default.createSymbolicLink(
      atPath: path("full/runs.csv"), withDestinationPath: "../" + store)
    for words in [
      ["report", "--output", store], ["report", "--output", "link"],
      ["report", "--output", store + "-wal"], ["curves", "--svg", store],
      ["curves", "--svg", "link"],
      ["report", "--output", "class/runs.csv", "--csv", "class"],
      ["report", "--output", "page.html", "--csv", "full"],
    ] {
      let (status, text) = try run(["metrics"] + words + ["--store", store])
      #expect(status == 1 && text.contains("another name"), "\(words): \(text)")
    }
    #expect(FileManager.default.contents(atPath: path(store)) == before)
    #expect(!FileManager.default.fileExists(atPath: path("page.html")))
    // Of two things to write, neither is if one can't be.
    let (status, text) = try run(
      ["metrics", "report", "--output", "page.html", "--csv", "full/file", "--store", store])
    #expect(status == 1 && text.contains("is a file, not a folder"), "\(text)")
    #expect(!FileManager.default.fileExists(atPath: path("page.html")))
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Runs a program that is built beside the tests, in the folder. One who is root does it without the right to
  /// write everywhere.
  private func run(_ words: [String], _ redirection: String = "") throws -> (
    status: Int32, text: String
  ) {
    let program =
      words[0].hasPrefix("/")
      ? words[0]
      : try #require(
        NumericOptionTests.programs.first { $0.lastPathComponent == words[0] }, "\(words[0])"
      ).path
    let drop = "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-all"
    let start = Self.isRoot && redirection.isEmpty ? "exec \(drop) \"$0\"" : "exec \"$0\""
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\(start) \"$@\" \(redirection)", program] + words.dropFirst()
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "RESNET_STORE": path("runs.sqlite"),
    ]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
