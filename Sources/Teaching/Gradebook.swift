import Commands
import Exercises
import Files
import Foundation
import RunStore

/// A class: marks out of regraded submissions, and what students' own stores say, which proves nothing.
public struct Gradebook: Sendable {
  /// An exercise of a chapter.
  public struct Key: Hashable, Sendable {
    /// The chapter.
    public let chapter: Int
    /// The exercise's number.
    public let exercise: Int
    var label: String { "\(chapter).\(exercise)" }
  }

  /// What a student's store says of an exercise.
  public struct Report: Sendable {
    /// How often it was graded with a text that had changed.
    public var attempts = 0
    /// How many hints were shown.
    public var hints = 0
    /// Whether the solution was asked for before it was solved.
    public var gaveUp = false
    /// The last verdict.
    public var state = ""
    var first: Date?
    var solved: Date?

    /// From the first attempt until it was solved, in minutes; nil if it wasn't.
    public var minutes: Double? {
      guard let first, let solved, solved >= first else { return nil }
      return (solved.timeIntervalSince(first) / 6).rounded() / 10
    }
  }

  /// A student.
  public struct Row: Sendable {
    /// Who.
    public let student: String
    /// What came of grading the submission; nil if it wasn't graded.
    public var result: StudentResult?
    /// What the student's own store says.
    public var reports: [Key: Report] = [:]
  }

  /// The exercises, in the order of the book.
  public let exercises: [(key: Key, name: String, title: String)]
  /// The students, by name.
  public let rows: [Row]
  /// Stores that can't be read, each with the reason.
  public let unread: [String]

  /// Joins results and stores.
  ///
  /// A store with the attempts of one learner is of the student whose folder it is in, or whose name the file
  /// has; one with several learners has a student for each of their names.
  ///
  /// - Parameters:
  ///   - results: of `classroom regrade`.
  ///   - stores: paths of students' stores.
  ///   - folders: the chapters.
  public init(results: [StudentResult], stores: [String], folders: [ExerciseFolder]) {
    exercises = folders.flatMap { folder in
      folder.exercises.map {
        (Key(chapter: folder.chapter, exercise: $0.number), $0.name, $0.title)
      }
    }
    var rows: [String: Row] = [:]
    for result in results { rows[result.student] = Row(student: result.student, result: result) }
    var unread: [String] = []
    for path in stores {
      do {
        for (student, reports) in try Self.reports(in: path, of: Set(exercises.map(\.key))) {
          rows[student, default: Row(student: student)].reports.merge(reports) { $1 }
        }
      } catch {
        unread.append("\(path.visible) isn't read: \(explanation(of: error))")
      }
    }
    self.rows = rows.values.sorted { $0.student < $1.student }
    self.unread = unread
  }

  /// The stores at a path: the file, or those that a folder of submissions has.
  public static func stores(at url: URL) -> [String] {
    guard FileKind(at: url.path)?.type == S_IFDIR else { return [url.path] }
    func names(in folder: URL) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        .filter { !$0.hasPrefix(".") }
    }
    func isStore(_ url: URL) -> Bool {
      url.pathExtension == "sqlite"
        && FileKind(at: url.path, followingLinks: false)?.type == S_IFREG
    }
    func isFolder(_ url: URL) -> Bool {
      FileKind(at: url.path, followingLinks: false)?.type == S_IFDIR
    }
    var found: [URL] = []
    var level = [url]
    for depth in 0...2 {
      // A class is as large as it is; what somebody handed in isn't searched without end.
      let most = depth == 0 ? Int.max : 1000
      let inside = level.flatMap { folder in
        names(in: folder).prefix(most).map { folder.appendingPathComponent($0) }
      }
      found += inside.filter(isStore)
      level = inside.filter(isFolder)
    }
    return found.map(\.path)
  }

  /// What a store says, by student. It may have been made by somebody who means harm: it is opened as such.
  private static func reports(
    in path: String, of known: Set<Key>
  ) throws -> [String: [Key: Report]] {
    guard let kind = FileKind(at: path, followingLinks: false), kind.type == S_IFREG else {
      throw TeachingError.unreadable("It isn't a file.")
    }
    guard kind.status.st_size <= 1 << 30 else {
      throw TeachingError.unreadable("It has more than 1 GiB.")
    }
    var byLearner: [String: [Key: Report]] = [:]
    for (attempt, recorded) in try RunStore(readingOnly: path).attempts() {
      let key = Key(chapter: attempt.chapter, exercise: attempt.exercise)
      guard known.contains(key) else { continue }
      let learner = String(attempt.learner.prefix(100))
      var report = byLearner[learner]?[key] ?? Report()
      report.take(attempt.verdict, date(recorded))
      byLearner[learner, default: [:]][key] = report
    }
    guard byLearner.count == 1, let only = byLearner.first else { return byLearner }
    return [student(of: path): only.value]
  }

  /// `anna` for `class/anna/runs.sqlite` and for `stores/anna.sqlite`.
  private static func student(of path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    return name == "runs" ? url.deletingLastPathComponent().lastPathComponent : name
  }

  private static func date(_ text: String) -> Date? {
    guard
      let match = text.prefix(40).wholeMatch(
        of: /(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d+)?Z?/)
    else { return nil }
    var parts = DateComponents()
    (parts.year, parts.month, parts.day) = (Int(match.1), Int(match.2), Int(match.3))
    (parts.hour, parts.minute, parts.second) = (Int(match.4), Int(match.5), Int(match.6))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0)!
    return calendar.date(from: parts)
  }

  // MARK: - As a table

  /// The columns of ``csv``: the same whoever is in the class.
  public var columns: [String] {
    [
      "student", "points", "max_points", "solved", "problem", "self_reported_attempts",
      "self_reported_minutes", "self_reported_hints", "self_reported_give_ups",
    ]
      + exercises.flatMap { exercise in
        [
          "state", "points", "self_reported_state", "self_reported_attempts",
          "self_reported_minutes", "self_reported_hints", "self_reported_gave_up",
        ].map { "\(exercise.key.label)_\($0)" }
      }
  }

  private func cells(of row: Row) -> [String] {
    let reports = Array(row.reports.values)
    let minutes = reports.compactMap(\.minutes)
    let hasReports = !reports.isEmpty
    func sum(_ value: Int) -> String { hasReports ? "\(value)" : "" }
    let reported = [
      sum(reports.map(\.attempts).reduce(0, +)),
      hasReports ? minutes.reduce(0, +).plain : "", sum(reports.map(\.hints).reduce(0, +)),
      sum(reports.count(where: \.gaveUp)),
    ]
    let marks: [String?] = [
      row.student, row.result?.points.plain, row.result.map { "\($0.maximum)" },
      row.result.map { "\($0.count("solved"))" }, row.result?.problem,
    ]
    return marks.map { $0 ?? "" } + reported
      + exercises.flatMap { cells(of: row.item($0.key), row.reports[$0.key]) }
  }

  private func cells(of item: StudentResult.Item?, _ report: Report?) -> [String] {
    let cells: [String?] = [
      item?.state, item?.points.plain, report?.state, report.map { "\($0.attempts)" },
      report?.minutes?.plain, report.map { "\($0.hints)" },
      report.map { $0.gaveUp ? "yes" : "no" },
    ]
    return cells.map { $0 ?? "" }
  }

  /// As comma-separated values, a line for each student.
  public var csv: String { CSV.text(columns, rows.map(cells)) }

  /// As JSON, an object for each student.
  public var json: JSON {
    .array(
      rows.map { row in
        let exercises = exercises.map { json($0, row.item($0.key), row.reports[$0.key]) }
        return .object([
          ("student", .text(row.student)),
          ("points", JSON(row.result?.points.rounded(toPlaces: 4))),
          ("max_points", JSON(row.result?.maximum)),
          ("solved", JSON(row.result?.count("solved"))), ("problem", JSON(row.result?.problem)),
          ("exercises", .array(exercises)),
        ])
      })
  }

  private func json(
    _ exercise: (key: Key, name: String, title: String), _ item: StudentResult.Item?,
    _ report: Report?
  ) -> JSON {
    var members: [(name: String, value: JSON)] = [
      ("chapter", JSON(exercise.key.chapter)), ("exercise", JSON(exercise.key.exercise)),
      ("name", .text(exercise.name)), ("state", JSON(item?.state)),
      ("points", JSON(item?.points.rounded(toPlaces: 4))), ("max_points", JSON(item?.maximum)),
      ("message", JSON(item?.message)),
    ]
    var reported = JSON.null
    if let report {
      reported = .object([
        ("state", .text(report.state)), ("attempts", JSON(report.attempts)),
        ("minutes", JSON(report.minutes)), ("hints", JSON(report.hints)),
        ("gave_up", .flag(report.gaveUp)),
      ])
    }
    members.append(("self_reported", reported))
    return .object(members)
  }
}

extension Gradebook.Row {
  /// What came of an exercise.
  func item(_ key: Gradebook.Key) -> StudentResult.Item? {
    result?.items.first { $0.chapter == key.chapter && $0.exercise == key.exercise }
  }
}

extension Gradebook.Report {
  /// Takes one more record, in the order of time.
  mutating func take(_ verdict: String, _ date: Date?) {
    switch verdict {
    case "hint": hints += 1
    case "gave up": gaveUp = gaveUp || solved == nil
    default:
      attempts += 1
      state = StudentResult.states.contains(verdict) ? verdict : "wrong"
      first = first ?? date
      if verdict == "solved" { solved = solved ?? date }
    }
  }
}
