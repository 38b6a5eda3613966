import Architectures
import Foundation
import GRDB
import Testing

@testable import RunStore

/// `Fixtures/version1.sqlite` was made by `Tests/Vectors/make_version1_store.swift`.
@Suite("Stores of older versions")
struct MigrationTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let fixture = try #require(
      Bundle.module.url(forResource: "Fixtures/version1", withExtension: "sqlite"))
    try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.store)
  }

  private static let tables = [
    "runs", "metrics", "layer_statistics", "weights", "checks", "predictions", "exercise_attempts",
  ]

  /// What later versions added to the tables.
  private static let added = [
    "runs": ["network", "plain_twin", "name", "note", "learner", "session"],
    "checks": ["learner"], "predictions": ["learner"],
    "exercise_attempts": ["learner", "verdict", "seconds", "source", "code_version"],
  ]

  /// Every row of every table, as it lies in the file, without the columns that later versions added.
  private func contents() throws -> [String: [[String: DatabaseValue]]] {
    try DatabaseQueue(path: folder.store).read { database in
      var contents: [String: [[String: DatabaseValue]]] = [:]
      for table in Self.tables {
        contents[table] = try Row.fetchAll(
          database, sql: "SELECT * FROM main.\(table) ORDER BY 1, 2, 3"
        )
        .map { row in
          Dictionary(uniqueKeysWithValues: row.map { ($0, $1) })
            .filter { Self.added[table]?.contains($0.key) != true }
        }
      }
      return contents
    }
  }

  /// What the texts of the fixture's networks have to be, by experiment, family, depth and shortcut.
  private static let texts = [
    "degradation cifar-resnet 8 none": "plain-8 width 2 channels 1",
    "degradation cifar-resnet 8 A": "ResNet-8 A width 2 channels 1",
    "degradation cifar-resnet 8 B": "ResNet-8 B width 2 channels 1",
    "degradation cifar-resnet 8 C": "ResNet-8 C width 2 channels 1",
    "degradation cifar-resnet 14 none": "plain-14 width 2 channels 1",
    "degradation cifar-resnet 14 A": "ResNet-14 A width 2 channels 1",
    "degradation cifar-resnet 20 A": "ResNet-20 A width 2 channels 1",
    "degradation cifar-preactivation 14 A": "ResNet-14 A width 2 pre-activation channels 1",
    "ambiguous cifar-resnet 50 A": "ResNet-50 A section-4.2 width 2 channels 1",
    "table 1 imagenet-resnet 50 B": "ResNet-50 B width 1 channels 1 classes 10",
    "table 1 imagenet-resnet 18 none": "plain-18 width 1 channels 1 classes 10",
    "diverging cifar-resnet 8 none": "plain-8 width 2 channels 1",
    "vgg vgg 16 none": "VGG-16 classes 10",
    "vgg cifar-resnet 20 A": "ResNet-20 A width 16",
    // Nobody knows the classes of these pictures, except where there are weights.
    "folder cifar-resnet 20 none": "cifar-resnet, depth 20, width 16, shortcut none",
    "folder cifar-resnet 20 B": "cifar-resnet, depth 20, width 16, shortcut B",
    "folder cifar-resnet 8 C": "ResNet-8 C width 1 channels 4 classes 7",
    // There is no such network.
    "odd cifar-resnet 21 A": "cifar-resnet, depth 21, width 8, shortcut A",
    "odd two \"layers\"": "two \"layers\"",
    "first-network by-hand 3": "by-hand, depth 3, width 8",
    "few-labels-from-scratch cifar-resnet 20 none": "plain-20 width 8 channels 1 classes 5",
  ]

  private func expected(_ run: Run) -> String? {
    let network = run.configuration.network
    // VGG was stored as plain.
    let shortcut = network.family == "vgg" ? Shortcut.none : network.shortcut
    let words = [
      run.configuration.experiment, network.family, network.depth.map(String.init),
      shortcut?.rawValue,
    ]
    let key = words.compactMap { $0 }.joined(separator: " ")
    // The two strides tell these apart.
    let suffix = network.bottleneckStride == .first1x1 ? " first1x1" : ""
    return Self.texts[key].map {
      suffix.isEmpty ? $0 : $0.replacingOccurrences(of: " channels", with: suffix + " channels")
    }
  }

  @Test("Nothing of an older store is lost or changed when it is brought up to date")
  func nothingLost() throws {
    let before = try contents()
    #expect(before["runs"]?.count == 23 && before["weights"]?.count == 12)
    try RunStore(opening: folder.store).close()
    var after = try contents()
    // The run whose machine fell silent is seen as such, not changed: only its own machine may.
    #expect(after == before)
    let version = try DatabaseQueue(path: folder.store).read {
      try Int.fetchOne($0, sql: "PRAGMA user_version")
    }
    #expect(version == Schema.version)
    // And once is enough.
    try RunStore(opening: folder.store).close()
    after = try contents()
    #expect(after == before)
  }

  @Test(
    "The latest metrics of an older store are those of the largest step", arguments: [true, false])
  func latestMetrics(migrating: Bool) throws {
    let store =
      try migrating
      ? RunStore(opening: folder.store) : RunStore(readingOnly: folder.store)
    let latest = try store.rows(
      sql: "SELECT run, split, name, step, coalesce(value, not_finite) FROM latest_metrics")
    var expected: [[SQLValue]] = []
    for run in try store.runs() {
      let metrics = try store.metrics(of: run.id)
      for (_, values) in Dictionary(grouping: metrics, by: { "\($0.split) \($0.name)" }) {
        let last = values.max { $0.step < $1.step }!
        expected.append([
          .text(run.id), .text(last.split.rawValue), .text(last.name), .integer(Int64(last.step)),
          last.value.isFinite ? .real(last.value) : .text("\(last.value)"),
        ])
      }
    }
    #expect(latest.rows.count > 20 && Set(latest.rows) == Set(expected))
    #expect(latest.rows.count == expected.count)
    #expect(try store.rows(sql: "SELECT * FROM tags JOIN reuses USING (run)").rows.isEmpty)
    #expect(try store.rows(sql: "SELECT learner FROM checks").columns == ["learner"])
  }

  @Test("Each run of an older store gets its network's text", arguments: [true, false])
  func texts(migrating: Bool) throws {
    let store =
      try migrating
      ? RunStore(opening: folder.store) : RunStore(readingOnly: folder.store)
    let runs = try store.runs()
    #expect(runs.count == 23)
    for run in runs {
      #expect(run.configuration.network.text == expected(run), "\(run.configuration)")
    }
    let strides = runs.compactMap(\.configuration.network.bottleneckStride?.rawValue)
    #expect(strides.sorted() == ["first1x1", "middle3x3"])
    #expect(runs.allSatisfy { $0.configuration.hyperparameters["bottleneck_stride"] == nil })
  }

  @Test("The attempts of an older store have verdicts", arguments: [true, false])
  func attempts(migrating: Bool) throws {
    let store =
      try migrating
      ? RunStore(opening: folder.store) : RunStore(readingOnly: folder.store)
    let attempts = try store.attempts()
    #expect(!attempts.isEmpty)
    for (attempt, _) in attempts {
      #expect(attempt.learner.isEmpty && attempt.passed == (attempt.message == "right"))
    }
    #expect(try store.attempts(by: "kim").isEmpty)
  }

  @Test("An older store is read with today's views, and not a byte of it is written")
  func readingOnly() throws {
    let file = URL(fileURLWithPath: folder.store)
    let before = try Data(contentsOf: file)
    let store = try RunStore(readingOnly: folder.store)
    let question = "SELECT * FROM plain_vs_residual"
    let pairs = try store.rows(sql: question).rows.map { $0.map(\.description) }
    let text = try store.rows(sql: "SELECT network FROM progress WHERE experiment = 'vgg'").rows
    store.close()
    #expect(text.contains([.text("VGG-16 classes 10")]))
    #expect(try Data(contentsOf: file) == before)
    let migrated = try RunStore(opening: folder.store)
    #expect(try migrated.rows(sql: question).rows.map { $0.map(\.description) } == pairs)
    #expect(!pairs.isEmpty)
  }

  @Test("A run of an older store is found again by what is asked for today")
  func reuse() throws {
    let store = try RunStore(opening: folder.store)
    for run in try store.runs(status: .finished) {
      let found = try #require(try store.latestFinishedRun(of: run.configuration))
      #expect(found.configuration == run.configuration)
    }
    let asked = RunConfiguration(
      experiment: "table 1",
      network: .described(
        try Architecture("resnet50 first1x1", width: 1, inputChannels: 1, classes: 10)),
      dataset: "digits", seed: 0,
      hyperparameters: [
        "batch_size": 32, "epochs": 2, "learning_rate": 0.1, "learning_rate_drops": "1",
        "momentum": 0.9, "weight_decay": 0.0001,
      ])
    let failed = try store.runs(of: #require(asked.network.architecture), on: "digits")
    #expect(failed.count == 1 && failed[0].configuration == asked)
  }

  @Test(
    "Plain and residual networks of an older store stand side by side, VGG and pre-activation apart"
  )
  func sideBySide() throws {
    let store = try RunStore(opening: folder.store)
    let pairs = try store.plainAgainstResidual(experiment: "degradation")
    let fourteen = pairs.filter { $0.depth == 14 }
    #expect(fourteen.count == 2)
    for pair in fourteen {
      let isPreActivation = pair.network.text.contains("pre-activation")
      #expect((pair.plain == nil) == isPreActivation)
      let run = try store.run(#require(pair.residual).run)
      #expect(run.configuration.network == pair.network)
    }
    #expect(try store.plainAgainstResidual(experiment: "vgg").allSatisfy { $0.plain == nil })
    // Of these the columns are all that is known.
    let folder = try store.plainAgainstResidual(experiment: "folder")
    #expect(folder.contains { $0.plain != nil && $0.residual != nil && $0.shortcut == .B })
    #expect(pairs.map(\.network.kind).contains("width 2"))
  }

  @Test("Version 1 is what it was, word for word")
  func versionOne() throws {
    func schema(_ database: Database) throws -> [String: String] {
      let rows = try Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["sql"]) })
    }
    let old = try DatabaseQueue(path: folder.store).read(schema)
    let today = try DatabaseQueue().write { database in
      try database.execute(sql: Schema.version1)
      return try schema(database)
    }
    #expect(old == today && old.count == 13)
  }

  @Test("A migrated store has the same tables and views as a new one")
  func likeNew() throws {
    func names(_ path: String) throws -> Set<String> {
      try RunStore(opening: path).close()
      return try DatabaseQueue(path: path).read {
        try String.fetchSet(
          $0, sql: "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master")
      }
    }
    #expect(try names(folder.store) == names(folder.path + "/new.sqlite"))
  }

  @Test("A row that an older version adds while its store is read is shown as well")
  func added() throws {
    let store = try RunStore(readingOnly: folder.store)
    #expect(try store.runs().count == 23)
    try DatabaseQueue(path: folder.store).write {
      try $0.execute(
        sql: """
          INSERT INTO runs SELECT 'ffffffff-0000-4000-8000-000000000000', chapter, 'later', architecture,
            depth, width, shortcut, dataset, seed, hyperparameters, code_version, host, pid,
            process_started, threads, started, last_recorded, finished, status, message
          FROM runs WHERE experiment = 'vgg' AND architecture = 'vgg'
          """)
    }
    let later = try #require(try store.runs(experiment: "later").first)
    #expect(later.configuration.network.text == "VGG-16 classes 10")
    #expect(try store.runs().count == 24)
  }

  @Test(
    "Columns that say nonsense are read as they are",
    arguments: [
      "architecture = 'cifar-resnet', depth = 9223372036854775807",
      "architecture = 'cifar-resnet', width = 4611686018427387904",
      "architecture = 'imagenet-resnet', depth = 20", "architecture = 'vgg', depth = NULL",
      "architecture = 'cifar-reO*snet'", "shortcut = NULL", "hyperparameters = '[1, {}]'",
      "hyperparameters = '{\"bottleneck_stride\":\"sideways\"}'",
      "architecture = 'ResNet-8 A'", "dataset = 'resnet'",
    ])
  func nonsense(change: String) throws {
    try DatabaseQueue(path: folder.store).write { try $0.execute(sql: "UPDATE runs SET \(change)") }
    for onlyReading in [true, false] {
      let store =
        try onlyReading
        ? RunStore(readingOnly: folder.store) : RunStore(opening: folder.store)
      let shown = try store.rows(sql: "SELECT count(network) FROM progress").rows
      #expect(shown == [[.integer(23)]])
      // The hyper-parameters of a run are an object or the store is damaged, and says so.
      guard !change.contains("[1, {}]") else { continue }
      #expect(try store.runs().count == 23)
      _ = try store.plainAgainstResidual()
    }
  }
}
