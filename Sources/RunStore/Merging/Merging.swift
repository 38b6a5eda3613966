import Foundation
import GRDB

extension RunStore {
  /// Takes over what another store has and this one hasn't, in one transaction.
  ///
  /// Merging a store twice is merging it once. Runs have the same ids everywhere. One that is here already is only
  /// completed: if it is the same run, and was still running, it gets its end and its further numbers. Any other
  /// difference is a conflict: what is here stays as it is, and the refusal says so.
  ///
  /// The other file is only read, and nothing that it says of itself is trusted: its schema has to be the one that
  /// this program makes, or made in earlier versions, and every value has to be one that this program might have
  /// written.
  ///
  /// - Parameters:
  ///   - path: the other store.
  ///   - weights: whether to take over the weights of networks.
  ///   - learner: only what this learner recorded.
  /// - Returns: what came of it; its `fault` says why the other store can't be read.
  /// - Throws: `RunStoreError` if this store can't be written.
  public func merge(
    _ path: String, weights: Bool = true, of learner: String? = nil
  ) throws(RunStoreError) -> Merged {
    var merged = Merged(path: path)
    let source: RunStore
    do throws(RunStoreError) {
      source = try RunStore(readingOnly: path)
      try source.checkIntegrity()
    } catch {
      merged.fault = error.description
      return merged
    }
    defer { source.close() }
    if StoreFile(at: source.path) == StoreFile(at: self.path) {
      merged.fault = "The run store \(path) is the one to merge into."
      return merged
    }
    try stageInMemory()
    var fault: RunStoreError?
    do {
      return try source.read { from in
        try write { to in
          do {
            let merge = try Merge(
              from: from, to: to, path: path, weights: weights, learner: learner)
            try merge.run()
            return merge.merged
          } catch let error as SourceFault {
            fault = RunStoreError(error.error, path: path, patience: patience)
            throw error
          }
        }
      }
    } catch {
      guard let fault else { throw error }
      merged.fault = fault.description
      return merged
    }
  }

  /// Looks for damage in the file's pages. Rows that break a rule of their table are none.
  ///
  /// - Throws: `RunStoreError.damaged`.
  func checkIntegrity() throws(RunStoreError) {
    let faults = try damage()
    if let fault = faults.first { throw .damaged(path: path, reason: fault) }
  }

  /// What SQLite finds wrong with the file's pages, up to a hundred things.
  func damage() throws(RunStoreError) -> [String] {
    try read { database in
      try String.fetchAll(database, sql: "PRAGMA quick_check(100)")
        .filter { line in
          line != "ok" && !line.hasPrefix("CHECK constraint failed")
            && !line.hasPrefix("NULL value")
            && !line.hasPrefix("non-") && !line.contains(" value in ")
        }
    }
  }
}

/// One merge, within a transaction of the store that receives.
private final class Merge {
  private(set) var merged: Merged
  private let from, to: Database
  private let learner: String?
  private let runs: IncomingTable
  private let tablesOfRuns: [IncomingTable]
  private let texts = ReadTexts()

  init(
    from: Database, to: Database, path: String, weights: Bool, learner: String?
  ) throws {
    (self.from, self.to, self.learner) = (from, to, learner)
    merged = Merged(path: path)
    runs = try IncomingTable("runs", of: to)
    tablesOfRuns = try (["metrics", "layer_statistics", "tags"] + (weights ? ["weights"] : []))
      .map { try IncomingTable($0, of: to) }
  }

  func run() throws {
    let ids: [String?]
    do {
      ids = try Row.fetchAll(
        from,
        sql: """
          SELECT id FROM runs WHERE ? IS NULL OR coalesce(learner, '') = ? ORDER BY started, id
          """, arguments: [learner, learner]
      ).map { try? $0.decode(String.self, atIndex: 0) }
    } catch {
      throw SourceFault(error: error)
    }
    for id in ids {
      guard let id else {
        refuse("run", "its id is no text")
        continue
      }
      do {
        try merge(run: id)
      } catch let error as Refused {
        refuse("run \(id.prefix(36))", error.reason)
      }
    }
    for name in ["checks", "predictions", "exercise_attempts", "reuses"] {
      try merge(table: name)
    }
  }

  /// A run with all that belongs to it, or nothing of it.
  private func merge(run id: String) throws {
    // As the file has it: whether its process lives is seen by who reads.
    let asItIs = ["status", "finished", "message"].map { ($0, "file.\($0)") }
    try runs.fill(
      from: from, to: to, from: "runs JOIN main.runs AS file USING (id)", where: "id = ?",
      arguments: [id], replacing: Dictionary(uniqueKeysWithValues: asItIs + shownColumns))
    if let fault = try runs.fault(in: to) { throw Refused(fault.reason) }
    guard let row = try Row.fetchOne(to, sql: "SELECT * FROM temp.incoming_runs") else {
      throw Refused("it can't be found by its id")
    }
    do {
      _ = try Run(row, texts, path: merged.path)
      _ = try ProcessIdentity(row)
    } catch {
      throw Refused("it holds what this program never writes")
    }
    let known = try Row.fetchOne(
      to.cachedStatement(sql: "SELECT * FROM main.runs WHERE id = ?"), arguments: [id])
    let (here, there) = (try known.map(Progress.init), try Progress(row))
    if let known, let here { try compare(known, here, with: row, there) }

    var new = 0
    for table in tablesOfRuns {
      try table.fill(from: from, to: to, where: "run = ?", arguments: [id])
      if let fault = try table.fault(in: to) {
        throw Refused("a row of \(table.name): \(fault.reason)")
      }
      guard let here else { continue }
      let conflicts = try table.countConflicts(in: to)
      if conflicts > 0 {
        throw Refused("\(conflicts) rows of \(table.name) differ from those of the run here")
      }
      let count = try table.countNew(in: to)
      if count > 0, table.name == "metrics", here == .ended {
        throw Refused("it has \(count) numbers more than the run here, which has ended")
      }
      new += count
    }
    do {
      try to.inSavepoint {
        if let known, let here {
          new += try complete(known, by: row, isFurther: there > here)
        } else {
          _ = try runs.insertNew(in: to)
        }
        for table in tablesOfRuns {
          let count = try table.insertNew(in: to)
          merged.rows[table.name, default: 0] += count
          if table.name == "metrics", count > 0 { try findLatest(of: id) }
        }
        return .commit
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw Refused("it breaks a rule of the store, \(error.message ?? "")")
    }
    if here == nil { merged.newRuns += 1 }
    if here != nil, new > 0 { merged.completedRuns += 1 }
    if here != nil, new == 0 { merged.knownRuns += 1 }
  }

  /// The columns that both the view and the table have.
  private var shownColumns: [(String, String)] {
    ((try? OwnSchema.current.columns["runs"]) ?? [])
      .filter { !["id", "status", "finished", "message"].contains($0) }.map { ($0, "runs.\($0)") }
  }

  /// Refuses a run with the id of another, and one that ended in another way.
  private func compare(_ known: Row, _ here: Progress, with row: Row, _ there: Progress) throws {
    let mayChange = ["last_recorded", "finished", "status", "message", "name", "note"]
    for column in row.columnNames where !mayChange.contains(column) {
      let (own, other): (DatabaseValue, DatabaseValue) = (known[column], row[column])
      if own != other { throw Refused("its \(column) isn't that of the run here with this id") }
    }
    guard here == .ended, there == .ended else { return }
    for column in ["status", "finished", "message"] {
      let (own, other): (DatabaseValue, DatabaseValue) = (known[column], row[column])
      if own != other { throw Refused("it ended in another way than here: its \(column) differs") }
    }
  }

  /// Brings a run further; returns the number of things that changed.
  private func complete(_ known: Row, by row: Row, isFurther: Bool) throws -> Int {
    let id: String = row["id"]
    var changes = 0
    if isFurther {
      try to.execute(
        sql: """
          UPDATE runs SET status = ?, finished = ?, message = ?, last_recorded = max(last_recorded, ?)
          WHERE id = ?
          """,
        arguments: [
          row["status"] as DatabaseValue, row["finished"] as DatabaseValue,
          row["message"] as DatabaseValue, row["last_recorded"] as DatabaseValue, id,
        ])
      changes += 1
    }
    for column in ["name", "note"] {
      let (own, other): (DatabaseValue, DatabaseValue) = (known[column], row[column])
      guard own != other, !other.isNull else { continue }
      guard own.isNull else {
        refuse("the \(column) of run \(id)", "there is another here, which is kept")
        continue
      }
      try to.execute(sql: "UPDATE runs SET \(column) = ? WHERE id = ?", arguments: [other, id])
      changes += 1
    }
    return changes
  }

  private func findLatest(of run: String) throws {
    try to.cachedStatement(sql: "DELETE FROM latest_metrics WHERE run = ?")
      .execute(arguments: [run])
    try to.cachedStatement(
      sql: """
        INSERT INTO latest_metrics
        SELECT run, name, split, max(step), epoch, value, not_finite FROM metrics WHERE run = ?
        GROUP BY run, name, split
        """
    ).execute(arguments: [run])
  }

  /// What isn't part of a run, row by row.
  private func merge(table name: String) throws {
    let table = try IncomingTable(name, of: to)
    let what =
      ["checks": "check", "predictions": "prediction", "exercise_attempts": "attempt"][name]
      ?? "reuse"
    let isTheirs =
      name == "reuses"
      ? """
      session IN (SELECT session FROM runs WHERE coalesce(learner, '') = :learner
                  UNION SELECT session FROM checks WHERE coalesce(learner, '') = :learner)
      """ : "coalesce(learner, '') = :learner"
    try table.fill(
      from: from, to: to, where: ":learner IS NULL OR \(isTheirs)",
      arguments: ["learner": learner],
      // As the third migration fills it in.
      replacing: [
        "verdict": "coalesce(verdict, CASE passed WHEN 1 THEN 'solved' ELSE 'wrong' END)"
      ])
    for fault in try table.takeFaults(in: to) { refuse("\(what) \(fault.key)", fault.reason) }
    for key in try table.takeConflicts(in: to, but: ["run", "recorded"]) {
      refuse("\(what) \(key)", "it differs from the one here")
    }
    let isUnknown = "NOT EXISTS (SELECT 1 FROM main.runs WHERE id = temp.incoming_\(name).run)"
    if name == "checks" {
      // A check stays of worth without the run it is about, and finds it when that comes later.
      try to.cachedStatement(
        sql: "UPDATE temp.incoming_checks SET run = NULL WHERE run IS NOT NULL AND \(isUnknown)"
      ).execute()
      try to.cachedStatement(
        sql: """
          UPDATE main.checks SET run = i.run FROM temp.incoming_checks AS i
          WHERE main.checks.id = i.id AND main.checks.run IS NULL AND i.run IS NOT NULL
          """
      ).execute()
    } else if name == "reuses" {
      try to.cachedStatement(sql: "DELETE FROM temp.incoming_reuses WHERE \(isUnknown)").execute()
    }
    merged.rows[name, default: 0] += try table.insertNew(in: to, ignoring: true)
    for key in try table.missing(in: to) {
      refuse("\(what) \(key)", "it breaks a rule of the table \(name)")
    }
  }

  private func refuse(_ what: String, _ reason: String) {
    merged.refusals.append(Merged.Refusal(what: what, reason: reason))
  }
}

/// Why a run isn't taken.
private struct Refused: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// How far a run has got, as far as nobody can know better.
private enum Progress: Int, Comparable {
  case running, died, ended

  init(_ run: Row) throws {
    let (status, message): (String, String?) = (run["status"], run["message"])
    self =
      status == Run.Status.running.rawValue
      ? .running : message == RunStore.deathMessage ? .died : .ended
  }

  static func < (one: Progress, other: Progress) -> Bool { one.rawValue < other.rawValue }
}
