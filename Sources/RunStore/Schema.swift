import GRDB

/// The tables and views of a store, as a list of numbered migrations.
///
/// A migration that has been released is never edited: a change is a further one at the end of the list.
/// The number of migrations applied is kept in the file (`user_version`).
enum Schema {
  /// Marks the file as ours (`application_id`): the letters `RbyH`.
  static let applicationID = 0x5262_7948

  /// The migrations, the first of which makes version 1.
  static let migrations = [tables + views]

  /// The version this program knows.
  static var version: Int { migrations.count }

  /// Brings a store up to date. To be called with the write lock held, before which nothing may have been looked at:
  /// several processes may have opened a new file at the same moment.
  static func migrate(_ database: Database, path: String) throws {
    let found = try version(of: database, path: path)
    guard found < version else { return }
    for migration in migrations[found...] {
      try database.execute(sql: migration)
    }
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// The schema version of a file, 0 for an empty one.
  ///
  /// - Throws: `RunStoreError.notAStore`, `.newerSchema`.
  static func version(of database: Database, path: String) throws -> Int {
    let owner = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if owner == 0 && found == 0 && objects == 0 { return 0 }
    guard owner == applicationID else { throw RunStoreError.notAStore(path: path) }
    guard found > 0 else {
      throw RunStoreError.damaged(path: path, reason: "its schema version is \(found)")
    }
    guard found <= version else {
      throw RunStoreError.newerSchema(path: path, found: found, known: version)
    }
    return found
  }

  // Times are UTC texts (`2026-01-31 12:00:00.000`), which SQLite's date functions understand.
  // A number that is not finite is NULL in `value` and a word in `not_finite` (StoredDouble.swift).
  private static let tables = """
    CREATE TABLE runs (
      id              TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36 AND id = lower(id)),
      chapter         INTEGER CHECK (chapter > 0),
      experiment      TEXT NOT NULL CHECK (experiment <> ''),
      architecture    TEXT NOT NULL CHECK (architecture <> ''),
      depth           INTEGER CHECK (depth > 0),
      width           INTEGER CHECK (width > 0),
      shortcut        TEXT CHECK (shortcut IN ('none', 'A', 'B', 'C')),
      dataset         TEXT NOT NULL CHECK (dataset <> ''),
      seed            INTEGER NOT NULL,
      hyperparameters TEXT NOT NULL CHECK (json_valid(hyperparameters)),
      code_version    TEXT NOT NULL,
      host            TEXT NOT NULL,
      pid             INTEGER NOT NULL,
      process_started TEXT NOT NULL,
      threads         INTEGER NOT NULL CHECK (threads > 0),
      started         TEXT NOT NULL CHECK (started IS strftime('%Y-%m-%d %H:%M:%f', started)),
      last_recorded   TEXT NOT NULL CHECK (last_recorded IS strftime('%Y-%m-%d %H:%M:%f', last_recorded)),
      finished        TEXT CHECK (finished IS strftime('%Y-%m-%d %H:%M:%f', finished)),
      status          TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'interrupted')),
      message         TEXT,
      CHECK ((status = 'running') = (finished IS NULL))
    ) STRICT;
    CREATE INDEX runs_by_configuration ON runs (experiment, dataset, depth, shortcut, seed);

    CREATE TABLE metrics (
      run        TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name       TEXT NOT NULL CHECK (name <> ''),
      split      TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test', 'overall')),
      step       INTEGER NOT NULL CHECK (step >= 0),
      epoch      INTEGER CHECK (epoch >= 0),
      value      REAL,
      not_finite TEXT CHECK (not_finite IN ('nan', 'inf', '-inf')),
      PRIMARY KEY (run, name, split, step),
      CHECK ((value IS NULL) <> (not_finite IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE layer_statistics (
      run        TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      statistic  TEXT NOT NULL CHECK (statistic <> ''),
      step       INTEGER NOT NULL CHECK (step >= 0),
      layer      INTEGER NOT NULL CHECK (layer >= 0),
      layer_name TEXT NOT NULL,
      value      REAL,
      not_finite TEXT CHECK (not_finite IN ('nan', 'inf', '-inf')),
      PRIMARY KEY (run, statistic, step, layer),
      CHECK ((value IS NULL) <> (not_finite IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE weights (
      run         TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      safetensors BLOB NOT NULL CHECK (length(safetensors) <= 4194304),
      recorded    TEXT NOT NULL
    ) STRICT;

    CREATE TABLE checks (
      id           TEXT NOT NULL PRIMARY KEY,
      session      TEXT NOT NULL,
      chapter      INTEGER NOT NULL CHECK (chapter > 0),
      run          TEXT REFERENCES runs (id) ON DELETE SET NULL,
      claim        TEXT NOT NULL,
      passed       INTEGER NOT NULL CHECK (passed IN (0, 1)),
      measured     TEXT NOT NULL,
      code_version TEXT NOT NULL,
      recorded     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX checks_by_run ON checks (run);

    CREATE TABLE predictions (
      id       TEXT NOT NULL PRIMARY KEY,
      session  TEXT NOT NULL,
      chapter  INTEGER NOT NULL CHECK (chapter > 0),
      question TEXT NOT NULL,
      answer   TEXT NOT NULL,
      correct  INTEGER CHECK (correct IN (0, 1)),
      recorded TEXT NOT NULL
    ) STRICT;

    CREATE TABLE exercise_attempts (
      id       TEXT NOT NULL PRIMARY KEY,
      session  TEXT NOT NULL,
      chapter  INTEGER NOT NULL CHECK (chapter > 0),
      exercise INTEGER NOT NULL CHECK (exercise > 0),
      passed   INTEGER NOT NULL CHECK (passed IN (0, 1)),
      message  TEXT NOT NULL,
      recorded TEXT NOT NULL
    ) STRICT;

    """
}
