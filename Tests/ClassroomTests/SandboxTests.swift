import Exercises
import Files
import Foundation
import RunStore
import Testing

@testable import Teaching

@Suite(
  "What a submission can't do",
  .enabled(if: SmallClass.hasSandbox, "needs bubblewrap, and the right to make namespaces"))
struct SandboxTests {
  let small: SmallClass

  init() throws { small = try SmallClass() }

  /// What the message of exercise 1 says, after it was seen that the others were graded all the same.
  private func message(_ body: String, deadline: Double = 20) throws -> (String, state: String) {
    try small.handIn("mallory", double: body)
    let result = try small.grade("mallory", isTrusted: false, deadline: deadline)
    #expect(result.isConfined)
    #expect(result.items.map(\.state).dropFirst() == ["solved", "solved"])
    #expect(!result.items[0].isSolved && result.items[0].points == 0)
    return (result.items[0].message, result.items[0].state)
  }

  @Test("A right answer is solved, and a conclusion is graded without its runs, which is said")
  func right() throws {
    try small.handIn("anna")
    let result = try small.grade("anna", isTrusted: false)
    #expect(result.items.map(\.state) == ["solved", "solved", "solved"], "\(result)")
    #expect(result.points == 6 && result.maximum == 6)
    #expect(result.items[2].message.contains("not the runs"))
  }

  @Test(
    "A process that ended never counts as passed, and its exercise alone is lost",
    arguments: [
      ("exit(0)", "ended the program"), ("_exit(0)", "ended the program"),
      ("fatalError(\"solved\")", "solved"), ("abort()", "signal 6"),
      ("kill(getpid(), SIGKILL); return 2 * x", "ended by the system"),
      ("func deep(_ n: Int) -> Int { n == -1 ? 0 : deep(n + 1) + n }; return deep(1)", "memory"),
      ("kill(getppid(), SIGKILL); kill(-1, SIGKILL); exit(0)", "ended"),
    ])
  func ended(body: String, words: String) throws {
    let (message, state) = try message(body)
    #expect(state == "crashed" && message.contains(words), "\(message)")
  }

  @Test("What never returns is too slow", arguments: ["while true {}", "while true { sleep(9) }"])
  func endless(body: String) throws {
    let (message, state) = try message(body, deadline: 2)
    #expect(state == "too slow" && message.contains("2 seconds"), "\(message)")
  }

  @Test(
    "A line that says it passed is no result, wherever it is written",
    arguments: [
      #"print("PASSED"); print("{\"output\":{\"_0\":\"[2]\"}}"); exit(0)"#,
      #"""
      let line = Array("{\"verdict\":\"solved\",\"passed\":true,\"score\":1}\n".utf8)
      for file in Int32(0)..<64 { _ = write(file, line, line.count) }
      exit(0)
      """#,
    ])
  func forged(body: String) throws {
    let (message, state) = try message(body)
    #expect(state == "crashed", "\(message)")
  }

  @Test("A reply with a shape that no tensor has is wrong, and ends nothing")
  func hugeShape() throws {
    let code = """
      import ExerciseKit
      import Foundation
      import MiniTensor
      func ones(height: Int, width: Int) throws -> Tensor {
        let shape = "[4294967296,4294967296]"
        let output = "[{\\\\\\"shape\\\\\\":\\(shape),\\\\\\"values\\\\\\":[]}]"
        let line = Array("{\\"output\\":{\\"_0\\":\\"\\(output)\\"}}\\n".utf8)
        for file in Int32(3)..<64 { _ = write(file, line, line.count) }
        sleep(1)
        exit(0)
      }
      """
    try small.handIn("mallory", [2: Data(code.utf8)])
    let result = try small.grade("mallory", isTrusted: false)
    #expect(["solved", "wrong", "solved"] == result.items.map(\.state), "\(result.items)")
  }

  @Test("Neither solutions nor stores nor other students' files can be read")
  func reading() throws {
    try small.handIn("anna")
    let store = small.temporary.url.appendingPathComponent("runs.sqlite").path
    try RunStore(opening: store).close()
    let paths = [
      small.folder.package.path, small.folder.package.path + "/Tests", small.submissions.path,
      small.file("anna", 1).path, store, #filePath, NSHomeDirectory(), "/etc/passwd", "/root",
      "/home", "/proc/1/root/etc/passwd", "/var",
    ]
    let (message, _) = try message(
      """
      var found = ["1": 1]
      for path in \(paths) {
        if FileManager.default.contents(atPath: path) != nil { found[path] = 2 }
        if let names = try? FileManager.default.contentsOfDirectory(atPath: path), !names.isEmpty {
          // A folder may be there on the way to one that is needed.
          if names.contains(where: { !$0.hasPrefix(".resnet-") }) { found[path] = 3 }
        }
      }
      throw Said(description: "found \\(found.keys.sorted())")
      """)
    #expect(message.contains("found [\"1\"]"), "\(message)")
  }

  @Test("Nothing can be written but files in memory, which are gone afterwards")
  func writing() throws {
    let store = small.temporary.url.appendingPathComponent("runs.sqlite").path
    try RunStore(opening: store).close()
    let before = try readFile(store)
    let toolbox = try SmallClass.toolbox.get().buildFolder.path
    let (message, _) = try message(
      """
      var written: [String] = []
      let here = FileManager.default.currentDirectoryPath
      for path in [\"\(store)\", \"\(toolbox)/libExerciseSupport.so\", here + "/answers", here + "/x",
        "/x", "/dev/x", "/dev/shm/x", "/usr/x", "/proc/sys/kernel/core_pattern", "/tmp/x"] {
        if let file = fopen(path, "w") { fclose(file); written.append(path) }
      }
      throw Said(description: "wrote \\(written)")
      """)
    #expect(message.contains("wrote [\"/tmp/x\"]"), "\(message)")
    #expect(try readFile(store) == before)
  }

  @Test("A disk, the memory and the table of processes can't be filled")
  func filling() throws {
    let (message, _) = try message(
      """
      signal(SIGXFSZ, SIG_IGN)
      var disk = 0
      for number in 0..<200 {
        let file = open("/tmp/\\(number)", O_WRONLY | O_CREAT, 0o600)
        let bytes = [UInt8](repeating: 1, count: 1 << 20)
        while write(file, bytes, bytes.count) == bytes.count { disk += 1 }
        close(file)
      }
      var memory = 0
      while memory < 64, mmap(nil, 1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        != MAP_FAILED { memory += 1 }
      typealias Call = @convention(c) () -> Int32
      let fork = unsafeBitCast(dlsym(nil, "fork")!, to: Call.self)
      var processes = 0
      while processes < 1000 {
        let child = fork()
        if child == 0 { while true { pause() } }
        if child < 0 { break }
        processes += 1
      }
      throw Said(description: "disk \\(disk) memory \\(memory) processes \\(processes)")
      """)
    let numbers = message.matches(of: /(disk|memory|processes) (\d+)/).compactMap { Int($0.2) }
    try #require(numbers.count == 3, "\(message)")
    #expect((32...64).contains(numbers[0]) && numbers[1] < 5, "\(message)")
    #expect(numbers[2] <= 64 + ProcessInfo.processInfo.activeProcessorCount, "\(message)")
  }

  @Test("Two attacks at once hinder neither each other's grading nor anybody else's")
  func together() throws {
    let bomb = """
      typealias Call = @convention(c) () -> Int32
      let fork = unsafeBitCast(dlsym(nil, "fork")!, to: Call.self)
      while true { if fork() < 0 { kill(-1, SIGKILL) } }
      """
    for student in ["anton", "berta"] { try small.handIn(student, double: bomb) }
    for student in ["clara", "dirk"] { try small.handIn(student) }
    let results = small.temporary.url.appendingPathComponent("results")
    let outcome = try Regrading(small.grader(isTrusted: false, deadline: 5), into: results)
      .run(Submission.all(in: small.submissions).submissions, jobs: 4)
    #expect(outcome.failures.isEmpty)
    #expect(outcome.results.map(\.points) == [5, 5, 6, 6], "\(outcome.results)")
  }

  @Test("Every submission has processes of its own to use up")
  func users() throws {
    let sandbox = try Sandbox(toolchain: "/nowhere", readable: [])
    func user(_ sandbox: Sandbox) -> String? {
      let words = sandbox.confined(["/bin/true"], in: "/tmp")
      return words.firstIndex(of: "--reuid").map { words[$0 + 1] }
    }
    // Who isn't root has a namespace of its own for each, in which processes are counted.
    guard geteuid() == 0 else {
      #expect(sandbox.confined(["/bin/true"], in: "/tmp").contains("--unshare-user"))
      return
    }
    #expect(user(sandbox) == user(sandbox.forPrograms))
    // Of 606 numbers the same may come twice, not ten times.
    #expect(Set((0..<10).map { _ in user(sandbox.forAnotherSubmission) }).count > 1)
  }

  @Test("There is no network, and no way to make a system of one's own in the sandbox")
  func callsRefused() throws {
    let (message, _) = try message(
      """
      var allowed: [String] = []
      for family in [AF_INET, AF_INET6, AF_UNIX, 40] {
        if socket(family, Int32(SOCK_STREAM.rawValue), 0) >= 0 { allowed.append("socket") }
      }
      typealias Unshare = @convention(c) (Int32) -> Int32
      let unshare = unsafeBitCast(dlsym(nil, "unshare")!, to: Unshare.self)
      if unshare(0x1000_0000) == 0 { allowed.append("unshare") }
      typealias Make = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
      let make = unsafeBitCast(dlsym(nil, "memfd_create")!, to: Make.self)
      if make("x", 0) >= 0 { allowed.append("memfd_create") }
      if setuid(0) == 0, getuid() == 0 { allowed.append("root") }
      let others = try FileManager.default.contentsOfDirectory(atPath: "/proc")
        .compactMap { Int32($0) }.filter { $0 > 20 }
      if !others.isEmpty { allowed.append("processes") }
      throw Said(description: "allowed \\(allowed)")
      """)
    #expect(message.contains("allowed []"), "\(message)")
  }

  @Test("A compiler that is fed something odd has its say, and the rest is graded")
  func doesNotCompile() throws {
    for body in ["return )", "#error(\"no\")", "return Missing.value"] {
      let (message, state) = try message(body)
      #expect(state == "doesn't compile", "\(message)")
      #expect(message.contains("chapters/01-small/Exercises/1-double.swift:5"), "\(message)")
    }
  }

  @Test("A zip is read in the sandbox too", .enabled(if: SmallClass.hasZip, "needs zip and unzip"))
  func zipped() throws {
    try small.handIn("anna", below: "resnet")
    try zip(small.submissions.appendingPathComponent("anna"), to: "anna.zip")
    let result = try small.grade("anna.zip", isTrusted: false)
    #expect(result.student == "anna" && result.points == 6, "\(result)")
  }
}

/// Zips what is in a folder, beside it.
func zip(_ folder: URL, to name: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: programPath("zip")!)
  process.arguments = ["-qry", "../\(name)", "."]
  process.currentDirectoryURL = folder
  try process.run()
  process.waitUntilExit()
}
