import Exercises
import Files
import Foundation
import RunStore
import Testing

@testable import Teaching

@Suite("The gradebook")
struct GradebookTests {
  let small: SmallClass

  init() throws { small = try SmallClass() }

  /// A store in which learners tried exercise 1.
  private func store(_ name: String, _ attempts: [(String, String)]) throws -> String {
    let path = small.temporary.url.appendingPathComponent(name).path
    try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent())
    let store = try RunStore(opening: path)
    for (learner, verdict) in attempts {
      try store.record(
        ExerciseAttempt(
          learner: learner, chapter: 1, exercise: 1, verdict: verdict, message: "",
          source: "0123456789abcdef"))
    }
    store.close()
    return path
  }

  private func result(_ student: String, message: String = "") -> StudentResult {
    StudentResult(
      student: student, problem: nil,
      items: [
        .init(
          chapter: 1, exercise: 1, name: "double", title: "Twice", state: "solved",
          message: message, printed: "", points: 1, maximum: 1, seconds: 0)
      ], seed: 1, codeVersion: "", isConfined: true, basis: "")
  }

  private func rows(_ csv: String) -> [[String: String]] {
    let lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test("Marks come from regraded submissions only, and what a store says is called self-reported")
  func joined() throws {
    let path = try store(
      "class/ben/runs.sqlite",
      [("b", "wrong"), ("b", "hint"), ("b", "gave up"), ("b", "crashed"), ("b", "solved")])
    let book = Gradebook(
      results: [result("anna"), result("ben")], stores: [path], folders: [small.folder])
    let table = rows(book.csv)
    #expect(table.map { $0["student"] } == ["anna", "ben"])
    #expect(table[0]["points"] == "1" && table[0]["1.1_self_reported_attempts"] == "")
    let ben = table[1]
    #expect(ben["1.1_state"] == "solved" && ben["1.1_self_reported_attempts"] == "3")
    #expect(ben["1.1_self_reported_hints"] == "1" && ben["1.1_self_reported_gave_up"] == "yes")
    #expect(ben["1.1_self_reported_minutes"] == "0" && ben["1.2_state"] == "")

    let only = rows(Gradebook(results: [], stores: [path], folders: [small.folder]).csv)
    #expect(only[0]["student"] == "ben" && only[0]["1.1_self_reported_state"] == "solved")
    #expect(only[0]["points"] == "" && only[0]["1.1_state"] == "" && only[0]["1.1_points"] == "")
  }

  @Test("The columns are the same whoever is in the class")
  func columns() throws {
    let path = try store("x.sqlite", [("x", "solved")])
    let books = [
      Gradebook(results: [], stores: [], folders: [small.folder]),
      Gradebook(results: [result("a")], stores: [path], folders: [small.folder]),
    ]
    #expect(books[0].columns == books[1].columns)
    #expect(books[1].columns.count == 9 + 3 * 7)
  }

  @Test("A store is of the student whose folder or name it has; one of several learners is of each")
  func students() throws {
    _ = try store("class/anna/runs.sqlite", [("login", "solved")])
    _ = try store("class/ben/home/runs.sqlite", [("login", "solved")])
    let lab = try store("lab.sqlite", [("kim", "wrong"), ("lee", "solved")])
    let own = try store("mia.sqlite", [("login", "wrong")])
    let found = Gradebook.stores(at: small.temporary.url.appendingPathComponent("class"))
    #expect(found.count == 2)
    let book = Gradebook(results: [], stores: found + [lab, own], folders: [small.folder])
    #expect(book.rows.map(\.student) == ["anna", "home", "kim", "lee", "mia"])
  }

  @Test("The last of more than a thousand students has a store as well")
  func manyStudents() throws {
    let folder = small.temporary.url.appendingPathComponent("class")
    for number in 1...1001 {
      try makeFolder(folder.appendingPathComponent("student-\(number)"))
    }
    let last = folder.appendingPathComponent("zoe")
    try makeFolder(last)
    try Data().write(to: last.appendingPathComponent("runs.sqlite"))
    #expect(Gradebook.stores(at: folder).map { $0.hasSuffix("zoe/runs.sqlite") } == [true])
    // What one student hands in is looked at no further than that.
    for number in 1...1000 {
      try Data().write(to: last.appendingPathComponent("\(number).txt"))
    }
    #expect(Gradebook.stores(at: folder).isEmpty)
  }

  @Test("A store that can't be read is named, and the rest go on")
  func unread() throws {
    let good = try store("anna.sqlite", [("a", "solved")])
    let bad = small.temporary.url.appendingPathComponent("ben.sqlite")
    try Data("SQLite format 3\0 not really".utf8).write(to: bad)
    let link = small.temporary.url.appendingPathComponent("carla.sqlite")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: URL(fileURLWithPath: good))
    let missing = small.temporary.url.appendingPathComponent("dora.sqlite").path
    let book = Gradebook(
      results: [], stores: [bad.path, good, link.path, missing], folders: [small.folder])
    #expect(book.rows.map(\.student) == ["anna"])
    #expect(book.unread.count == 3 && book.unread[0].contains("ben.sqlite"), "\(book.unread)")
  }

  @Test("A cell that a spreadsheet would compute is defused, and a number stays one")
  func defused() {
    let text = CSV.text(
      ["a", "b"],
      [["=HYPERLINK(1)", "-1.5"], ["+x", "@y"], ["-z, \"w\"", "a\nb"], ["ok", "+1"]])
    #expect(
      text == "a,b\n'=HYPERLINK(1),-1.5\n'+x,'@y\n\"'-z, \"\"w\"\"\",\"a\nb\"\nok,+1\n", "\(text)")
    // With an accent over it a sign is another character, and the same to a spreadsheet.
    let accents = CSV.text(["=\u{301}"], [["x,\u{301}=1"], ["\"\u{301},=1"]])
    #expect(
      Array(accents.utf8)
        == Array("'=\u{301}\n\"x,\u{301}=1\"\n\"\"\"\u{301},=1\"\n".utf8), "\(accents)")
  }

  @Test("The page holds nothing that a student can make it run")
  func page() throws {
    let evil = "<script>alert(1)</script>\" onload='x'"
    let path = try store("lab.sqlite", [(evil, "solved"), ("b", "<b>")])
    let book = Gradebook(
      results: [result("anna", message: evil)], stores: [path], folders: [small.folder])
    let page = book.page
    #expect(!page.contains("<script") && !page.contains("\" onload"))
    #expect(page.contains("&lt;script&gt;alert(1)") && page.contains("prefers-color-scheme: dark"))
    #expect(!page.contains("http") && page.contains("self-reported"))
    // With an accent over it a quotation mark is another character, and ends an attribute all the same.
    let accents = Gradebook(
      results: [result("b<\u{301}", message: "\"\u{301} onmouseover=alert(1)")], stores: [],
      folders: [small.folder]
    ).page
    #expect(accents.contains("&quot;\u{301} onmouseover") && accents.contains("b&lt;\u{301}"))
    #expect(page.contains("<td class=\"good\""))
  }
}
