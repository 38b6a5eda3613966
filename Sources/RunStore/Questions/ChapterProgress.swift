import Foundation
import GRDB

/// How far a learner has got in a chapter.
public struct ChapterProgress: Hashable, Sendable {
  /// Who it is; empty for what was recorded before learners were.
  public let learner: String
  /// The chapter.
  public let chapter: Int
  /// The exercises solved.
  public internal(set) var solved = 0
  /// The exercises tried, those that were solved included.
  public internal(set) var tried = 0
  /// The solutions graded.
  public internal(set) var attempts = 0
  /// The hints asked for.
  public internal(set) var hints = 0
  /// The claims that held when they were checked last.
  public internal(set) var held = 0
  /// The claims checked.
  public internal(set) var checks = 0
  /// The predictions that were right.
  public internal(set) var right = 0
  /// The predictions that could be right or wrong.
  public internal(set) var predictions = 0
  /// When something was recorded last, in UTC.
  public internal(set) var last: Date

  fileprivate init(learner: String, chapter: Int, last: Date) {
    (self.learner, self.chapter, self.last) = (learner, chapter, last)
  }
}

extension RunStore {
  /// How far learners have got, by learner and chapter.
  ///
  /// - Parameter learner: only theirs.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func chapterProgress(
    of learner: String? = nil
  ) throws(RunStoreError) -> [ChapterProgress] {
    struct Key: Hashable {
      let learner: String
      let chapter: Int
    }
    var found: [Key: ChapterProgress] = [:]
    try read { database in
      /// Adds what a question says of each learner and chapter.
      func add(_ sql: String, _ add: (inout ChapterProgress, Row) throws -> Void) throws {
        for row in try Row.fetchAll(database, sql: sql) {
          let key = Key(
            learner: try row.decode(forColumn: "learner"),
            chapter: try row.decode(forColumn: "chapter"))
          guard learner == nil || learner == key.learner else { continue }
          let last: Date = try row.decode(forColumn: "last")
          var progress =
            found[key]
            ?? ChapterProgress(learner: key.learner, chapter: key.chapter, last: last)
          progress.last = max(progress.last, last)
          try add(&progress, row)
          found[key] = progress
        }
      }
      try add(
        """
        SELECT learner, chapter, sum(solved) AS solved, sum(attempts > 0) AS tried,
               sum(attempts) AS attempts, sum(hints) AS hints, max(last) AS last
        FROM (SELECT coalesce(learner, '') AS learner, chapter, exercise, max(passed = 1) AS solved,
                     sum(coalesce(verdict, '') NOT IN ('hint', 'gave up')) AS attempts,
                     sum(coalesce(verdict, '') = 'hint') AS hints, max(recorded) AS last
              FROM exercise_attempts GROUP BY coalesce(learner, ''), chapter, exercise)
        GROUP BY learner, chapter
        """
      ) { progress, row in
        progress.solved = try row.decode(forColumn: "solved")
        progress.tried = try row.decode(forColumn: "tried")
        progress.attempts = try row.decode(forColumn: "attempts")
        progress.hints = try row.decode(forColumn: "hints")
      }
      try add(
        """
        SELECT learner, chapter, sum(passed = 1) AS held, count(*) AS checks, max(recorded) AS last
        FROM (SELECT coalesce(learner, '') AS learner, chapter, passed, recorded,
                     row_number() OVER (
                       PARTITION BY coalesce(learner, ''), chapter, claim
                       ORDER BY recorded DESC, rowid DESC) AS age
              FROM checks)
        WHERE age = 1
        GROUP BY learner, chapter
        """
      ) { progress, row in
        progress.held = try row.decode(forColumn: "held")
        progress.checks = try row.decode(forColumn: "checks")
      }
      try add(
        """
        SELECT coalesce(learner, '') AS learner, chapter, coalesce(sum(correct = 1), 0) AS correct,
               count(correct) AS predictions, max(recorded) AS last
        FROM predictions GROUP BY coalesce(learner, ''), chapter
        """
      ) { progress, row in
        progress.right = try row.decode(forColumn: "correct")
        progress.predictions = try row.decode(forColumn: "predictions")
      }
    }
    return found.values.sorted { ($0.learner, $0.chapter) < ($1.learner, $1.chapter) }
  }
}
