import GRDB

extension Schema {
  /// What the fourth migration makes.
  ///
  /// The latest value of each metric of a run stands in a table of its own as well: most questions are about
  /// these, and a run may have thousands of others. Indexes find a run by what it trained, and by when.
  static let latestMetrics = """
    CREATE TABLE latest_metrics (
      run        TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name       TEXT NOT NULL CHECK (name <> ''),
      split      TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test', 'overall')),
      step       INTEGER NOT NULL CHECK (step >= 0),
      epoch      INTEGER CHECK (epoch >= 0),
      value      REAL,
      not_finite TEXT CHECK (not_finite IN ('nan', 'inf', '-inf')),
      PRIMARY KEY (run, name, split),
      CHECK ((value IS NULL) <> (not_finite IS NULL))
    ) STRICT, WITHOUT ROWID;
    INSERT INTO latest_metrics \(latestOfAll);

    ALTER TABLE runs ADD COLUMN name TEXT CHECK (name <> '');
    ALTER TABLE runs ADD COLUMN note TEXT CHECK (note <> '');
    ALTER TABLE runs ADD COLUMN learner TEXT CHECK (learner <> '');
    ALTER TABLE runs ADD COLUMN session TEXT CHECK (session <> '');
    ALTER TABLE checks ADD COLUMN learner TEXT CHECK (learner <> '');
    ALTER TABLE predictions ADD COLUMN learner TEXT CHECK (learner <> '');
    CREATE INDEX runs_by_identity ON runs (experiment, dataset, network, seed, hyperparameters);
    CREATE INDEX runs_by_start ON runs (started);

    CREATE TABLE tags (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      tag TEXT NOT NULL CHECK (tag <> ''),
      PRIMARY KEY (run, tag)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reuses (
      session  TEXT NOT NULL CHECK (session <> ''),
      run      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      chapter  INTEGER CHECK (chapter > 0),
      recorded TEXT NOT NULL,
      PRIMARY KEY (session, run)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reuses_by_run ON reuses (run);
    """

  /// The rows of ``latestMetrics``, found among all metrics in one pass over them.
  ///
  /// Where `max` is asked for, SQLite takes the other columns from the row that has it.
  static let latestOfAll = """
    SELECT run, name, split, max(step) AS step, epoch, value, not_finite FROM main.metrics
    GROUP BY run, name, split
    """
}
