extension Schema {
  /// What the first migration makes. Stores have it, so it is never edited.
  static let version1 = tables + firstViews

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

  /// Views of that version; the next migration replaces them (Views.swift).
  private static let firstViews = """
    -- The last value of every metric of every finished run.
    CREATE VIEW final_metrics AS
    SELECT m.run, r.experiment, r.architecture, r.depth, r.width, r.shortcut, r.dataset, r.seed,
           r.hyperparameters, m.epoch, m.step, m.split, m.name,
           coalesce(m.value, m.not_finite) AS value
    FROM runs AS r JOIN metrics AS m ON m.run = r.id
    WHERE r.status = 'finished'
      AND m.step = (SELECT max(l.step) FROM metrics AS l
                    WHERE l.run = m.run AND l.name = m.name AND l.split = m.split);

    -- Every configuration that was trained plain or with shortcuts: the newest finished run of each
    -- kind side by side, NULL where one is missing. One row for every kind of shortcut (A, B, C).
    CREATE VIEW plain_vs_residual AS
    WITH candidates AS (
      SELECT id, experiment, dataset, depth, width, seed, hyperparameters, shortcut,
             row_number() OVER (
               PARTITION BY experiment, dataset, depth, width, seed, hyperparameters, shortcut
               ORDER BY started DESC, finished DESC, id) AS age
      FROM runs
      WHERE status = 'finished' AND depth IS NOT NULL AND shortcut IS NOT NULL
    ),
    plain AS (SELECT * FROM candidates WHERE age = 1 AND shortcut = 'none'),
    residual AS (SELECT * FROM candidates WHERE age = 1 AND shortcut <> 'none'),
    pairs AS (
      SELECT r.experiment, r.dataset, r.depth, r.width, r.seed, r.hyperparameters, r.shortcut,
             p.id AS plain_run, r.id AS residual_run
      FROM residual AS r LEFT JOIN plain AS p
        ON p.experiment = r.experiment AND p.dataset = r.dataset AND p.depth = r.depth
       AND p.width IS r.width AND p.seed = r.seed AND p.hyperparameters = r.hyperparameters
      UNION ALL
      SELECT p.experiment, p.dataset, p.depth, p.width, p.seed, p.hyperparameters, NULL, p.id, NULL
      FROM plain AS p
      WHERE NOT EXISTS (
        SELECT 1 FROM residual AS r
        WHERE r.experiment = p.experiment AND r.dataset = p.dataset AND r.depth = p.depth
          AND r.width IS p.width AND r.seed = p.seed AND r.hyperparameters = p.hyperparameters)
    ),
    results AS (
      SELECT run,
             max(CASE WHEN name = 'error' AND split = 'train' THEN value END) AS train_error,
             max(CASE WHEN name = 'error' AND split = 'test' THEN value END) AS test_error,
             max(CASE WHEN name = 'loss' AND split = 'train' THEN value END) AS train_loss,
             max(CASE WHEN name = 'loss' AND split = 'test' THEN value END) AS test_loss
      FROM final_metrics GROUP BY run
    )
    SELECT pairs.experiment, pairs.dataset, pairs.depth, pairs.width, pairs.seed, pairs.shortcut,
           p.train_error AS plain_train_error, r.train_error AS residual_train_error,
           p.test_error AS plain_test_error, r.test_error AS residual_test_error,
           p.train_loss AS plain_train_loss, r.train_loss AS residual_train_loss,
           p.test_loss AS plain_test_loss, r.test_loss AS residual_test_loss,
           pairs.plain_run, pairs.residual_run, pairs.hyperparameters
    FROM pairs
    LEFT JOIN results AS p ON p.run = pairs.plain_run
    LEFT JOIN results AS r ON r.run = pairs.residual_run
    ORDER BY pairs.experiment, pairs.dataset, pairs.width, pairs.hyperparameters,
             pairs.shortcut, pairs.depth, pairs.seed;

    -- One row an epoch of every run, whatever became of it.
    CREATE VIEW learning_curves AS
    SELECT r.id AS run, r.experiment, r.architecture, r.depth, r.width, r.shortcut, r.dataset, r.seed,
           r.status, m.epoch, m.step,
           max(CASE WHEN m.name = 'loss' AND m.split = 'train'
                    THEN coalesce(m.value, m.not_finite) END) AS train_loss,
           max(CASE WHEN m.name = 'loss' AND m.split = 'test'
                    THEN coalesce(m.value, m.not_finite) END) AS test_loss,
           max(CASE WHEN m.name = 'error' AND m.split = 'train'
                    THEN coalesce(m.value, m.not_finite) END) AS train_error,
           max(CASE WHEN m.name = 'error' AND m.split = 'test'
                    THEN coalesce(m.value, m.not_finite) END) AS test_error,
           max(CASE WHEN m.name = 'seconds' AND m.split = 'train'
                    THEN coalesce(m.value, m.not_finite) END) AS seconds
    FROM runs AS r JOIN metrics AS m ON m.run = r.id
    WHERE m.epoch IS NOT NULL
    GROUP BY r.id, m.epoch, m.step
    ORDER BY r.started, r.id, m.epoch, m.step;

    -- One row a run, newest first: how far it has got.
    CREATE VIEW progress AS
    SELECT r.id AS run, r.status, r.chapter, r.experiment, r.architecture, r.depth, r.shortcut,
           r.dataset, r.seed,
           (SELECT max(epoch) FROM metrics AS m WHERE m.run = r.id) AS epochs,
           json_extract(r.hyperparameters, '$.epochs') AS epochs_planned,
           (SELECT coalesce(m.value, m.not_finite) FROM metrics AS m
            WHERE m.run = r.id AND m.name = 'error' AND m.split = 'train'
            ORDER BY m.step DESC LIMIT 1) AS train_error,
           r.started, r.last_recorded,
           round(86400 * (julianday(coalesce(r.finished, r.last_recorded)) - julianday(r.started)), 1)
             AS seconds,
           r.message
    FROM runs AS r
    ORDER BY r.started DESC, r.id;

    """
}
