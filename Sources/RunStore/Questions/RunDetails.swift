import Foundation
import GRDB

/// What stands beside a run: its tags, the checks, and which sessions used which runs again.
public struct RunDetails: Hashable, Sendable {
  /// A claim that was checked.
  public struct Check: Hashable, Sendable {
    /// The chapter.
    public let chapter: Int
    /// The claim, as the reader saw it.
    public let claim: String
    /// Whether it held.
    public let passed: Bool
    /// What was measured, in words and numbers.
    public let measured: String
  }

  /// A later session that used the run instead of training it again.
  public struct Reuse: Hashable, Sendable {
    /// The session.
    public let session: String
    /// The chapter that was read.
    public let chapter: Int?
    /// When, in UTC.
    public let recorded: Date
  }

  /// The tags, in alphabetical order.
  public let tags: [String]
  /// The checks that are about this run alone.
  public let checks: [Check]
  /// The checks of the session that trained it, in their order.
  public let checksOfSession: [Check]
  /// The sessions that used it again, the oldest first.
  public let reuses: [Reuse]
  /// The runs that the session that trained it used again.
  public let reusedBySession: [Run.ID]
  /// The size of its weights in bytes; nil if they weren't kept.
  public let weights: Int?
}

extension RunStore {
  /// What stands beside a run.
  ///
  /// - Throws: `RunStoreError` if the store can't be read.
  public func details(of run: Run) throws(RunStoreError) -> RunDetails {
    try read { database in
      func checks(_ condition: String, _ value: String?) throws -> [RunDetails.Check] {
        try Row.fetchAll(
          database,
          sql: """
            SELECT chapter, claim, passed, measured FROM checks WHERE \(condition)
            ORDER BY recorded, rowid
            """, arguments: [value]
        ).map { row in
          RunDetails.Check(
            chapter: try row.decode(forColumn: "chapter"),
            claim: try row.decode(forColumn: "claim"), passed: try row.decode(forColumn: "passed"),
            measured: try row.decode(forColumn: "measured"))
        }
      }
      return RunDetails(
        tags: try String.fetchAll(
          database, sql: "SELECT tag FROM tags WHERE run = ? ORDER BY tag", arguments: [run.id]),
        checks: try checks("run = ?", run.id),
        checksOfSession: try checks("session = ? AND run IS NULL", run.session),
        reuses: try Row.fetchAll(
          database,
          sql: "SELECT session, chapter, recorded FROM reuses WHERE run = ? ORDER BY recorded",
          arguments: [run.id]
        ).map { row in
          RunDetails.Reuse(
            session: try row.decode(forColumn: "session"),
            chapter: try row.decode(forColumn: "chapter"),
            recorded: try row.decode(forColumn: "recorded"))
        },
        reusedBySession: try String.fetchAll(
          database, sql: "SELECT run FROM reuses WHERE session = ? ORDER BY recorded, run",
          arguments: [run.session]),
        weights: try Int.fetchOne(
          database, sql: "SELECT length(safetensors) FROM weights WHERE run = ?",
          arguments: [run.id]))
    }
  }
}
