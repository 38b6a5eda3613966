import Architectures
import Foundation
import GRDB

extension Schema {
  /// Gives every run its network's text, and that of the network without shortcuts, with which comparisons
  /// set it side by side. Nothing else of a run is changed.
  @Sendable static func addNetworks(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE runs ADD COLUMN network TEXT CHECK (network <> '');
        ALTER TABLE runs ADD COLUMN plain_twin TEXT CHECK (plain_twin <> '');
        """)
    try networks(in: database) { run, network in
      try database.execute(
        sql: "UPDATE runs SET network = ?, plain_twin = ? WHERE id = ?",
        arguments: [network.text, network.plainTwin, run])
    }
  }

  /// The network of every run that version 1 recorded, from the columns of that version, the data set and the
  /// shapes of the weights.
  static func networks(
    in database: Database, _ body: (Run.ID, RecordedNetwork) throws -> Void
  ) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, experiment, architecture, depth, width, shortcut, dataset, hyperparameters
        FROM main.runs
        """)
    for row in rows {
      let id: Run.ID = try row.decode(forColumn: "id")
      let network = try RecordedNetwork(row) {
        try Data.fetchOne(
          database,
          // The header, which has the shapes, is far shorter.
          sql: "SELECT substr(safetensors, 1, 1048576) FROM main.weights WHERE run = ?",
          arguments: [id])
      }
      try body(id, network)
    }
  }
}

extension RecordedNetwork {
  /// Reads the network of a row of `runs`: by its text, or by the columns of version 1.
  ///
  /// A row that another program wrote, or that was changed by hand, may be of no network that can be
  /// described; it is read all the same.
  ///
  /// - Parameters:
  ///   - texts: what was read of other rows.
  ///   - weights: the beginning of the run's weights, looked at for rows of version 1.
  init(
    _ row: Row, _ texts: ReadTexts = ReadTexts(), weights: () throws -> Data? = { nil }
  ) throws {
    let text: String? =
      row.hasColumn("network") ? try row.stored("network") : nil
    if let text, let architecture = texts.architecture(text) {
      self = .described(architecture)
      return
    }
    var hyperparameters =
      (try? texts.hyperparameters(row.stored("hyperparameters"))) ?? [:]
    let shortcut: String? = try row.stored("shortcut")
    let columns = OtherNetwork(
      try row.stored("architecture"), depth: try row.stored("depth"),
      width: try row.stored("width"), shortcut: shortcut.flatMap(Shortcut.init),
      bottleneckStride: OtherNetwork.takeStride(from: &hyperparameters))
    if text != nil {
      self = .other(columns)
    } else {
      let images =
        try weights().flatMap(ImagesOfOlderRun.init)
        ?? ImagesOfOlderRun(
          dataset: row.stored("dataset"),
          experiment: row.stored("experiment"), hyperparameters: hyperparameters)
      self = (try? columns.recorded(images)) ?? .other(columns)
    }
  }
}
