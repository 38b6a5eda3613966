import Foundation
import GRDB

extension RunStore {
  /// The newest of the runs that are meant.
  ///
  /// - Parameters:
  ///   - filter: which runs are meant.
  ///   - position: 0 for the newest, 1 for the one before it, and so on.
  /// - Returns: nil if there are too few.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func latestRun(
    matching filter: RunFilter = RunFilter(), position: Int = 0
  ) throws(RunStoreError) -> Run? {
    let (condition, arguments) = filter.condition
    return try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT * FROM runs WHERE \(condition) ORDER BY started DESC, finished DESC, id
          LIMIT 1 OFFSET ?
          """, arguments: arguments + [position]
      ).map { try Run($0, path: path) }
    }
  }

  /// The runs that a word can mean: those which somebody gave this name, and if there is none those whose ids
  /// begin with it. Newest first.
  ///
  /// - Parameters:
  ///   - word: a name, or the first characters of an id.
  ///   - filter: which runs are meant.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func runs(
    called word: String, among filter: RunFilter = RunFilter()
  ) throws(RunStoreError) -> [Run] {
    guard !word.isEmpty else { return [] }
    let (condition, arguments) = filter.condition
    return try read { database in
      for (question, word) in [
        ("name = ?1", word), ("substr(id, 1, length(?1)) = ?1", word.lowercased()),
      ] {
        // `?1` comes first, and the filter's own parameters follow it.
        let found = try Row.fetchAll(
          database,
          sql: """
            SELECT * FROM runs WHERE \(question) AND (\(condition))
            ORDER BY started DESC, finished DESC, id
            """, arguments: [word] + arguments
        ).map { try Run($0, path: path) }
        if !found.isEmpty { return found }
      }
      return []
    }
  }
}
