import Files
import Foundation
import GRDB

/// Which runs are meant. What is nil or empty is not asked for.
public struct RunFilter: Hashable, Sendable {
  /// Of an experiment.
  public var experiment: String?
  /// Of a network: its whole text, or words that the text begins with (`ResNet-56`, `plain-20 width 8`), or a family
  /// (`cifar-resnet`). Capitals don't matter.
  public var architecture: String?
  /// On a data set.
  public var dataset: String?
  /// Of a chapter.
  public var chapter: Int?
  /// With a seed.
  public var seed: Int?
  /// That have got this far; empty for all.
  public var statuses: Set<Run.Status>
  /// Begun at this moment or later.
  public var since: Date?
  /// Of a learner.
  public var learner: String?
  /// With a tag.
  public var tag: String?

  /// Runs of which all this is true.
  public init(
    experiment: String? = nil, architecture: String? = nil, dataset: String? = nil,
    chapter: Int? = nil, seed: Int? = nil, statuses: Set<Run.Status> = [], since: Date? = nil,
    learner: String? = nil, tag: String? = nil
  ) {
    (self.experiment, self.architecture, self.dataset) = (experiment, architecture, dataset)
    (self.chapter, self.seed, self.statuses, self.since) = (chapter, seed, statuses, since)
    (self.learner, self.tag) = (learner, tag)
  }

  /// The condition, on columns of `runs`, and the values in it.
  var condition: (sql: String, arguments: StatementArguments) {
    let parts = parts
    return (
      parts.isEmpty ? "true" : parts.map(\.sql).joined(separator: " AND "),
      StatementArguments(parts.flatMap(\.values))
    )
  }

  /// The condition with the values written out, so that it can be shown and asked again.
  public var sql: String {
    let conditions = parts.map { part in
      let pieces = part.sql.split(separator: "?", omittingEmptySubsequences: false)
      return zip(pieces, part.values.map(\.literal) + [""]).map { $0 + $1 }.joined()
    }
    return conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
  }

  /// The conditions that have to be true together, with a question mark for each value.
  private var parts: [(sql: String, values: [DatabaseValue])] {
    var parts: [(sql: String, values: [DatabaseValue])] = []
    func ask(_ sql: String, _ values: [any DatabaseValueConvertible]) {
      parts.append((sql, values.map(\.databaseValue)))
    }
    if let experiment { ask("experiment = ?", [experiment]) }
    if let architecture {
      let words = architecture.lowercased()
      ask(
        """
        (lower(network) = ? OR substr(lower(network), 1, length(?) + 1) = ? || ' '
         OR lower(architecture) = ?)
        """, [words, words, words, words])
    }
    if let dataset { ask("dataset = ?", [dataset]) }
    if let chapter { ask("chapter = ?", [chapter]) }
    if let seed { ask("seed = ?", [seed]) }
    if !statuses.isEmpty {
      let words = statuses.map(\.rawValue).sorted()
      ask("status IN (\(words.map { _ in "?" }.joined(separator: ", ")))", words)
    }
    if let since { ask("started >= ?", [since]) }
    if let learner { ask("coalesce(learner, '') = ?", [learner]) }
    if let tag { ask("id IN (SELECT run FROM tags WHERE tag = ?)", [tag]) }
    return parts
  }
}

extension DatabaseValue {
  /// The value as SQL has it.
  fileprivate var literal: String {
    if let number = Int64.fromDatabaseValue(self) { return "\(number)" }
    return "'" + (String.fromDatabaseValue(self) ?? "").replacing(["'": "''"]) + "'"
  }
}

extension RunStore {
  /// The runs that are meant, newest first.
  ///
  /// - Parameters:
  ///   - filter: which runs are meant.
  ///   - limit: at most so many.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func runs(
    matching filter: RunFilter, limit: Int? = nil
  ) throws(RunStoreError) -> [Run] {
    let (condition, arguments) = filter.condition
    return try read { database in
      let texts = ReadTexts()
      // There may be thousands: to copy their rows, and to look for columns in copies, takes longer than all the rest.
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT * FROM runs WHERE \(condition) ORDER BY started DESC, finished DESC, id
          LIMIT \(limit ?? -1)
          """, arguments: arguments)
      var runs: [Run] = []
      while let row = try rows.next() { runs.append(try Run(row, texts, path: path)) }
      return runs
    }
  }
}
