extension Schema {
  /// The questions people ask, each a view. They are made anew in a file with every change of its tables, and
  /// laid as temporary views over the files that are only read: their texts come from here, never from a file.
  ///
  /// A value that is not finite is shown as the word `nan`, `inf` or `-inf`. SQL's `avg` counts words as 0:
  /// ask with `WHERE typeof(value) = 'real'` before averaging.
  static let views = [
    (name: "final_metrics", query: finalMetrics),
    (name: "plain_vs_residual", query: plainVsResidual),
    (name: "learning_curves", query: learningCurves), (name: "progress", query: progress),
  ]

  /// The last value of every metric of every finished run.
  private static let finalMetrics = """
    SELECT m.run, r.experiment, r.architecture, r.network, r.depth, r.width, r.shortcut, r.dataset, r.seed,
           r.hyperparameters, m.epoch, m.step, m.split, m.name,
           coalesce(m.value, m.not_finite) AS value
    FROM runs AS r JOIN latest_metrics AS m ON m.run = r.id
    WHERE r.status = 'finished'
    """

  /// Every network that was trained plain or with shortcuts: the newest finished run of each side by side,
  /// NULL where one is missing. One row for every network with shortcuts (A, B, C).
  ///
  /// Networks stand side by side only if nothing but the shortcuts tells them apart: a row's `network` is
  /// the residual network's text, or the plain one's where it is alone, and `plain_twin` the plain one's. VGG
  /// has no shortcuts to leave out and is in no row.
  private static let plainVsResidual = """
    WITH candidates AS (
      SELECT id, experiment, dataset, architecture, network, plain_twin, depth, width, seed,
             hyperparameters, shortcut,
             row_number() OVER (
               PARTITION BY experiment, dataset, architecture, network, seed, hyperparameters
               ORDER BY started DESC, finished DESC, id) AS age
      FROM runs
      WHERE status = 'finished' AND depth IS NOT NULL AND plain_twin IS NOT NULL
    ),
    plain AS (SELECT * FROM candidates WHERE age = 1 AND network = plain_twin),
    residual AS (SELECT * FROM candidates WHERE age = 1 AND network <> plain_twin),
    pairs AS (
      SELECT r.experiment, r.dataset, r.architecture, r.network, r.plain_twin, r.depth, r.width,
             r.seed, r.hyperparameters, r.shortcut, p.id AS plain_run, r.id AS residual_run
      FROM residual AS r LEFT JOIN plain AS p
        ON p.experiment = r.experiment AND p.dataset = r.dataset
       AND p.architecture = r.architecture AND p.network = r.plain_twin
       AND p.seed = r.seed AND p.hyperparameters = r.hyperparameters
      UNION ALL
      SELECT p.experiment, p.dataset, p.architecture, p.network, p.plain_twin, p.depth, p.width,
             p.seed, p.hyperparameters, NULL, p.id, NULL
      FROM plain AS p
      WHERE NOT EXISTS (
        SELECT 1 FROM residual AS r
        WHERE r.experiment = p.experiment AND r.dataset = p.dataset
          AND r.architecture = p.architecture AND r.plain_twin = p.network
          AND r.seed = p.seed AND r.hyperparameters = p.hyperparameters)
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
           pairs.plain_run, pairs.residual_run, pairs.hyperparameters,
           pairs.architecture, pairs.network, pairs.plain_twin
    FROM pairs
    LEFT JOIN results AS p ON p.run = pairs.plain_run
    LEFT JOIN results AS r ON r.run = pairs.residual_run
    ORDER BY pairs.experiment, pairs.dataset, pairs.architecture, pairs.width,
             pairs.hyperparameters, pairs.shortcut, pairs.depth, pairs.network, pairs.seed
    """

  /// One row per epoch of every run, whatever became of it.
  private static let learningCurves = """
    SELECT r.id AS run, r.experiment, r.architecture, r.network, r.depth, r.width, r.shortcut, r.dataset, r.seed,
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
    ORDER BY r.started, r.id, m.epoch, m.step
    """

  /// One row a run, newest first: how far it has got.
  private static let progress = """
    SELECT r.id AS run, r.status, r.chapter, r.experiment, r.architecture, r.network, r.depth, r.shortcut,
           r.dataset, r.seed,
           (SELECT max(epoch) FROM latest_metrics AS m WHERE m.run = r.id) AS epochs,
           json_extract(r.hyperparameters, '$.epochs') AS epochs_planned,
           (SELECT coalesce(m.value, m.not_finite) FROM latest_metrics AS m
            WHERE m.run = r.id AND m.name = 'error' AND m.split = 'train') AS train_error,
           (SELECT coalesce(m.value, m.not_finite) FROM latest_metrics AS m
            WHERE m.run = r.id AND m.name = 'error' AND m.split = 'test') AS test_error,
           r.started, r.last_recorded,
           round(86400 * (julianday(coalesce(r.finished, r.last_recorded)) - julianday(r.started)), 1)
             AS seconds,
           r.message, r.learner, r.name
    FROM runs AS r
    ORDER BY r.started DESC, r.id
    """
}
