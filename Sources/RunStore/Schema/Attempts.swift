import GRDB

extension Schema {
  /// What the third migration makes: who tried, what came of it, and of which text.
  static let attempts = """
    ALTER TABLE exercise_attempts ADD COLUMN learner TEXT CHECK (learner <> '');
    ALTER TABLE exercise_attempts ADD COLUMN verdict TEXT CHECK (verdict <> '');
    ALTER TABLE exercise_attempts ADD COLUMN seconds REAL CHECK (seconds >= 0);
    ALTER TABLE exercise_attempts ADD COLUMN source TEXT;
    ALTER TABLE exercise_attempts ADD COLUMN code_version TEXT;
    UPDATE exercise_attempts SET verdict = CASE passed WHEN 1 THEN 'solved' ELSE 'wrong' END;
    """
}

extension RunStore {
  /// What was tried, the oldest first. Who tried before learners were recorded has the name `""`.
  ///
  /// - Parameters:
  ///   - learner: only theirs.
  ///   - chapter: only of this chapter.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func attempts(
    by learner: String? = nil, chapter: Int? = nil
  ) throws(RunStoreError) -> [(attempt: ExerciseAttempt, recorded: String)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT chapter, exercise, message, recorded, coalesce(learner, '') AS learner, seconds, source,
                 coalesce(verdict, CASE passed WHEN 1 THEN 'solved' ELSE 'wrong' END) AS verdict
          FROM exercise_attempts
          WHERE (:learner IS NULL OR coalesce(learner, '') = :learner) AND (:chapter IS NULL OR chapter = :chapter)
          -- An id is drawn; several attempts may be of one millisecond.
          ORDER BY recorded, rowid
          """,
        arguments: ["learner": learner, "chapter": chapter]
      ).map { row in
        try (
          ExerciseAttempt(
            learner: row.decode(forColumn: "learner"), chapter: row.decode(forColumn: "chapter"),
            exercise: row.decode(forColumn: "exercise"),
            verdict: row.decode(forColumn: "verdict"), message: row.decode(forColumn: "message"),
            seconds: row.decode(forColumn: "seconds"), source: row.decode(forColumn: "source")),
          row.decode(forColumn: "recorded")
        )
      }
    }
  }
}
