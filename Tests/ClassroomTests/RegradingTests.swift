import Commands
import Exercises
import Files
import Foundation
import Testing

@testable import Teaching

@Suite("A class that is regraded")
struct RegradingTests {
  let small: SmallClass

  init() throws { small = try SmallClass() }

  private var results: URL { small.temporary.url.appendingPathComponent("results") }

  private func regrade(
    seed: UInt64 = 1, grade: Regrading.Grading? = nil
  ) throws -> Regrading.Outcome {
    try Regrading(small.grader(isTrusted: true, seed: seed), into: results)
      .run(Submission.all(in: small.submissions).submissions, jobs: 2, grade: grade)
  }

  private func json(_ path: String) throws -> [String: Any] {
    let bytes = try readFile(results.appendingPathComponent("students/" + path).path)
    return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  @Test("What doesn't build, crashes or can't be read gets its message, and the rest go on")
  func goesOn() throws {
    try small.handIn("anna")
    try small.handIn("ben", double: "return )")
    try small.handIn("carla", double: "fatalError(\"oops\")")
    try makeFolder(small.submissions.appendingPathComponent("dora"))
    try small.handIn("emil", [1: nil])
    try small.handIn("fay", double: "return x < 3 ? 2 * x : 0")
    let outcome = try regrade()
    #expect(outcome.failures.isEmpty)
    #expect(outcome.results.map(\.student) == ["anna", "ben", "carla", "dora", "emil", "fay"])
    let first = outcome.results.map { $0.items[0].state }
    #expect(first == ["solved", "doesn't compile", "crashed", "refused", "missing", "wrong"])
    #expect(outcome.results[3].problem?.contains("no folder `chapters`") == true)
    #expect(outcome.results.map(\.points) == [6, 5, 5, 0, 5, 5.25])
    let summary = try String(
      contentsOf: results.appendingPathComponent("summary.csv"), encoding: .utf8)
    #expect(
      summary.hasPrefix(
        "student,points,max_points,solved,wrong,doesn_t_compile,crashed,too_slow,to_do,missing,"
          + "refused,problem\nanna,6,6,3,0,0,0,0,0,0,0,\nben,5,6,2,0,1,"), "\(summary)")
  }

  @Test("Results have the shapes that Gradescope and Exercism read")
  func shapes() throws {
    try small.handIn("fay", double: "print(\"hello\"); return x < 3 ? 2 * x : 0")
    _ = try regrade()
    let gradescope = try json("fay/results.json")
    #expect(gradescope["score"] as? Double == 5.25)
    let tests = try #require(gradescope["tests"] as? [[String: Any]])
    #expect(tests.count == 3 && tests[0]["max_score"] as? Int == 1)
    #expect(tests[0]["score"] as? Double == 0.25 && tests[0]["status"] as? String == "failed")
    let output = try #require(tests[0]["output"] as? String)
    #expect(output.contains("expected: 6\nfound: 0") && output.contains("hello"), "\(output)")
    #expect(tests[1]["status"] as? String == "passed")
    let exercism = try json("fay/exercism.json")
    #expect(exercism["version"] as? Int == 3 && exercism["status"] as? String == "fail")
    let cases = try #require(exercism["tests"] as? [[String: Any]])
    #expect(cases[0]["status"] as? String == "fail" && cases[1]["status"] as? String == "pass")
    #expect((cases[0]["message"] as? String)?.contains("The result is wrong") == true)
  }

  @Test("A result comes through a pipe as it was, whatever a student printed")
  func line() throws {
    try small.handIn("gil", double: #"print("\u{202E}\u{1B}[2J\n\u{2028}\"}"); return 0"#)
    let result = try small.grade("gil", isTrusted: true)
    let line = try result.line()
    #expect(line.visibleLines == line && !line.contains("\n"))
    let read = try JSONDecoder().decode(StudentResult.self, from: Data(line.utf8))
    #expect(read.items[0].printed == result.items[0].printed)
    #expect(read.items[0].printed.hasPrefix("\u{202E}\u{1B}[2J\n\u{2028}"))
  }

  @Test(
    "Who hasn't changed keeps the result; a text, a seed or a grader that changed is graded anew")
  func resumes() throws {
    for student in ["anna", "ben"] { try small.handIn(student) }
    #expect(try regrade().kept == 0)
    #expect(try regrade { _, _ in throw CancellationError() }.kept == 2)
    try small.handIn("ben", double: "return 0")
    let again = try regrade()
    #expect(again.kept == 1 && again.results.map { $0.items[0].state } == ["solved", "wrong"])
    #expect(Regrading.seed(of: results) == 1)
    #expect(try regrade(seed: 2).kept == 0)
    // What a full disk or a power cut left is no result.
    let kept = results.appendingPathComponent("students/anna/grades.json")
    try Data(readFile(kept.path).prefix(100)).write(to: kept)
    #expect(try regrade(seed: 2).kept == 1)
  }

  @Test("A student whose grading fails for a reason of its own is named, and the rest are kept")
  func failures() throws {
    for student in ["anna", "ben", "carla"] { try small.handIn(student) }
    let grader = try small.grader(isTrusted: true)
    let outcome = try regrade { submission, report in
      if submission.student == "ben" { throw FileError(.write, "x", ENOSPC) }
      return try grader.grade(submission) { report($0) }
    }
    #expect(outcome.results.map(\.student) == ["anna", "carla"])
    #expect(outcome.failures.map(\.student) == ["ben"])
    #expect(outcome.failures[0].reason.contains("disk is full"))
    #expect(try regrade().kept == 2)
  }

  @Test("The gradebook of a class that was made of right and wrong solutions says what was made")
  func rehearsal() throws {
    let rehearsal = try Rehearsal(students: 12, [small.folder], in: small.submissions)
    #expect(Set(rehearsal.expected.values.joined().map(\.state)).count >= 6)
    let outcome = try Regrading(
      small.grader(isTrusted: !SmallClass.hasSandbox, deadline: 5), into: results
    ).run(Submission.all(in: small.submissions).submissions, jobs: 2)
    let book = Gradebook(results: outcome.results, stores: [], folders: [small.folder])
    #expect(outcome.failures.isEmpty)
    #expect(rehearsal.differences(from: book) == [])
    // And it would notice.
    let other = Gradebook(
      results: outcome.results.dropLast() + [outcome.results[0]], stores: [],
      folders: [small.folder])
    #expect(!rehearsal.differences(from: other).isEmpty)
  }

  // MARK: In parts

  /// Grades without running anything, so that two gradings take the same time.
  private func pretend(_ submission: Submission) throws -> StudentResult {
    let grader = try small.grader(isTrusted: true)
    let (texts, problem) = try grader.read(submission)
    let length = texts?.texts[1]?[1]?.utf8.count ?? 0
    return StudentResult(
      student: submission.student, problem: problem,
      items: [
        StudentResult.Item(
          chapter: 1, exercise: 1, name: "double", title: "Twice a number",
          state: length % 2 == 0 ? "solved" : "wrong", message: "\(submission.student): \(length)",
          printed: "", points: Double(length % 2), maximum: 1, seconds: 0.5)
      ], seed: grader.seed, codeVersion: "1", isConfined: false,
      basis: grader.basis(texts, problem: problem))
  }

  private func folder(_ name: String) -> URL { small.temporary.url.appendingPathComponent(name) }

  /// Regrades a part, or with nil all, into a folder.
  @discardableResult private func regrade(
    _ shard: WorkShard?, into name: String, seed: UInt64 = 1, but failing: String? = nil
  ) throws -> Regrading.Outcome {
    try Regrading(small.grader(isTrusted: true, seed: seed), into: folder(name)).run(
      Submission.all(in: small.submissions).submissions, shard: shard, jobs: 2
    ) { submission, _ in
      if submission.student == failing { throw FileError(.write, "x", ENOSPC) }
      return try pretend(submission)
    }
  }

  private func regradeAllParts(of count: Int, seed: UInt64 = 1) throws -> [URL] {
    try (1...count).map { index in
      try regrade(WorkShard(index: index, count: count), into: "part \(index)", seed: seed)
      return folder("part \(index)")
    }
  }

  /// Every file below a folder.
  private func files(in folder: URL) throws -> [String: Data] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: paths.compactMap { path in
        let file = folder.appendingPathComponent(path).path
        return FileKind(at: file)?.type == S_IFREG ? (path, try readFile(file)) : nil
      })
  }

  private func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  static let names = [
    "anna", "Ben Smith", "new\nline", "=1+1", "-rf", "d'or \"x\"", "김민서", "e,f", "\u{1B}[2J",
    "part.json",
  ]

  @Test(
    "Parts of a class, joined, are the class regraded at once, to the byte", arguments: [1, 3, 16])
  func parts(count: Int) throws {
    for (number, student) in Self.names.enumerated() {
      try small.handIn(student, double: String(repeating: " ", count: number) + "return x")
    }
    try makeFolder(small.submissions.appendingPathComponent("nothing"))
    #expect(try regrade(nil, into: "whole").results.count == 11)
    let parts = try regradeAllParts(of: count)
    for part in parts {
      let own = try FileManager.default.contentsOfDirectory(atPath: part.path + "/students").count
      #expect((11 / count...(11 + count - 1) / count).contains(own))
    }
    let joined = try Regrading.join(parts.reversed(), into: folder("joined"))
    #expect(joined.map(\.student) == (Self.names + ["nothing"]).sorted())
    let (whole, all) = (try files(in: folder("whole")), try files(in: folder("joined")))
    #expect(whole.count == 11 * 3 + 2)
    #expect(all == whole)
    func book(_ name: String) throws -> Gradebook {
      Gradebook(
        results: try Regrading.results(in: folder(name)), stores: [], folders: [small.folder])
    }
    #expect(try book("joined").csv == book("whole").csv)
    #expect(try book("joined").json.page == book("whole").json.page)
    // Joining again is no harm.
    _ = try Regrading.join(parts, into: folder("joined"))
    #expect(try files(in: folder("joined")) == whole)
  }

  @Test("A part that is missing, named twice or not complete is named, and nothing is written")
  func incompleteParts() throws {
    for student in ["anna", "ben", "carla", "dora"] { try small.handIn(student) }
    let parts = try regradeAllParts(of: 3)
    func refused(_ folders: [URL]) -> String {
      let words = refusal { _ = try Regrading.join(folders, into: folder("joined")) }
      #expect(FileKind(at: folder("joined").path) == nil)
      return words
    }
    #expect(refused([parts[0], parts[2]]).contains("a part is missing: 2/3."))
    #expect(refused([parts[1]]).contains("2 parts are missing: 1/3, 3/3."))
    try FileManager.default.copyItem(at: parts[2], to: folder("copy"))
    #expect(refused(parts + [folder("copy")]).contains("it is part 3/3, and so is"))
    #expect(refused(parts + [folder("nowhere")]).contains("nowhere: it isn't there"))
    #expect(refused([small.submissions]).contains("it isn't a part of a class"))
    // One of its students couldn't be graded.
    try small.handIn("dora", double: "return 0")
    #expect(try regrade(WorkShard("1/3"), into: "part 1", but: "dora").failures.count == 1)
    #expect(refused(parts).contains("part 1: part 1/3 isn't complete"))
    try regrade(WorkShard("1/3"), into: "part 1")
    try FileManager.default.removeItem(at: parts[1].appendingPathComponent("students/ben"))
    #expect(refused(parts).contains("part 2/3 isn't complete: somebody"))
    try Data("{}".utf8).write(to: parts[1].appendingPathComponent("part.json"))
    #expect(refused(parts).contains("this file is damaged"))
  }

  @Test("What no grading makes is no result, and what it says of a name becomes no path")
  func forged() throws {
    for student in ["anna", "ben"] { try small.handIn(student) }
    let part = try regradeAllParts(of: 1)[0]
    let file = part.appendingPathComponent("students/anna/grades.json")
    let good = try String(contentsOf: file, encoding: .utf8)
    func found() throws -> [String] { try Regrading.results(in: part).map(\.student) }
    #expect(try found() == ["anna", "ben"])
    for text in [
      good.replacing(/"points" : \d/, with: #""points" : 1e300"#),
      good.replacing(/"points" : \d/, with: #""points" : -1"#),
      good.replacing(/"maximum" : \d/, with: #""maximum" : 9223372036854775807"#),
    ] {
      #expect(text != good)
      try Data(text.utf8).write(to: file)
      #expect(try found() == ["ben"])
    }
    let text = good.replacing(#""student" : "anna""#, with: #""student" : "../../outside""#)
    #expect(text != good)
    try Data(text.utf8).write(to: file)
    let words = refusal { _ = try Regrading.join([part], into: folder("joined")) }
    #expect(words.contains("isn't complete"), "\(words)")
    #expect(FileKind(at: folder("outside").path) == nil)
    // Nor is anything waited for.
    try removeFile(file)
    try #require(mkfifo(file.path, 0o600) == 0)
    #expect(try found() == ["ben"])
  }

  @Test("What can't be a seed is none")
  func seeds() throws {
    try makeFolder(results)
    let file = results.appendingPathComponent("seed")
    let cases: [(String, UInt64?)] = [("7\n", 7), ("4294967296", nil), ("-1", nil), ("x", nil)]
    for (text, seed) in cases {
      try Data(text.utf8).write(to: file)
      #expect(Regrading.seed(of: results) == seed)
    }
  }

  @Test("An error that is thrown fills no results")
  func longMessage() throws {
    try small.handIn(
      "anna", double: "throw Said(description: String(repeating: \"x\", count: 1 << 20))")
    let message = try small.grade("anna", isTrusted: true).items[0].message
    #expect(message.hasSuffix("…") && message.count < 30_000, "\(message.prefix(200))")
  }

  @Test("Parts of another class, division or grading aren't joined")
  func strangeParts() throws {
    for student in ["anna", "ben", "carla"] { try small.handIn(student) }
    let parts = try regradeAllParts(of: 2)
    func refused() -> String {
      refusal { _ = try Regrading.join(parts, into: folder("joined")) }
    }
    try regrade(WorkShard("2/2"), into: "part 2", seed: 7)
    #expect(refused().contains("part 2/2 was graded with another seed"))
    // Somebody hands in late, and moves others to another part.
    try small.handIn("a student\nwho is late")
    try regrade(WorkShard("2/2"), into: "part 2")
    #expect(
      refused().contains(#"others had handed in than at part 1/2: a student\nwho is late."#))
    try regrade(WorkShard("1/2"), into: "part 1")
    #expect(try Regrading.join(parts, into: folder("joined")).count == 4)
    try FileManager.default.removeItem(at: parts[1])
    try regrade(WorkShard("2/3"), into: "part 2")
    #expect(refused().contains("it is part 2/3, and "))
    // A folder has one part.
    #expect(
      refusal { try regrade(WorkShard("1/3"), into: "part 2") }.contains("results of part 2/3"))
    #expect(
      refusal { try regrade(nil, into: "part 2") }.contains("another folder for those of a whole"))
  }
}
