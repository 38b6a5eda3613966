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
}
