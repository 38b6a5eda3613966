import ArgumentParser
import Charts
import Commands
import RunStore

/// `metrics schema`: what can be asked about in SQL.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Shows the tables and views, and the columns of one of them.",
    discussion: """
        metrics schema
        metrics schema runs

      With --json: an object for every table and view, with its columns.
      """)

  @Argument(help: "A table or view.", completion: .list(SchemaWords.relations.map(\.name)))
  var table: String?

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    var shown = SchemaWords.relations
    if let table {
      shown = shown.filter { $0.name == table.lowercased() }
      if shown.isEmpty {
        let names = SchemaWords.relations.map(\.name).joined(separator: ", ")
        throw ValidationError("There is no table or view '\(table)'; there are \(names).")
      }
    }
    if options.json {
      try printLine(JSON.array(try shown.map { try json($0, store) }).page)
    } else if table != nil {
      for relation in shown { try page(relation, store) }
    } else {
      let table = Table(
        [Column("name"), Column("kind"), Column("what it holds")],
        rows: shown.map { [$0.name, $0.isView ? "view" : "table", $0.words] })
      try printLine(table.text(width: pageWidth))
    }
  }

  private func page(_ relation: SchemaWords.Relation, _ store: RunStore) throws {
    let sentence = "\(relation.isView ? "View" : "Table") \(relation.name): \(relation.words)"
    try printLine(sentence.wrapped(width: pageWidth).joined(separator: "\n") + "\n")
    let table = Table(
      [Column("column"), Column("type"), Column("what it is")],
      rows: try columns(of: relation, store).map { [$0.name, $0.type ?? "any", $0.words] })
    try printLine(table.text(width: pageWidth))
  }

  private func json(_ relation: SchemaWords.Relation, _ store: RunStore) throws -> JSON {
    [
      "name": .text(relation.name), "kind": .text(relation.isView ? "view" : "table"),
      "description": .text(relation.words),
      "columns": .array(
        try columns(of: relation, store).map { column in
          [
            "name": .text(column.name), "type": JSON(column.type),
            "description": .text(column.words),
          ]
        }),
    ]
  }

  /// The columns as a question sees them, in their order.
  private func columns(
    of relation: SchemaWords.Relation, _ store: RunStore
  ) throws -> [(name: String, type: String?, words: String)] {
    let types =
      relation.isView
      ? SchemaWords.typesInViews : try Self.types(of: relation.name, store)
    return try store.rows(sql: "SELECT * FROM \(relation.name) LIMIT 0").columns.map { name in
      (name, types[name], SchemaWords.words(of: name, in: relation.name) ?? "")
    }
  }

  /// The types of a table's columns in the file: some tables are read through a view of this program, whose columns
  /// have none.
  private static func types(of table: String, _ store: RunStore) throws -> [String: String] {
    let rows = try store.rows(sql: "SELECT name, type FROM pragma_table_info('\(table)', 'main')")
      .rows
    return Dictionary(rows.map { ($0[0].description, $0[1].description.lowercased()) }) { $1 }
  }
}

/// The schema in words.
enum SchemaWords {
  /// A table or a view.
  struct Relation {
    let name: String
    let isView: Bool
    let words: String
  }

  static let relations =
    [
      ("runs", "One training of one network: what it was, where it ran, how it ended."),
      ("metrics", "Every number measured while a run trained: loss, error, seconds."),
      ("latest_metrics", "Of these the latest of each run, name and set."),
      ("layer_statistics", "Numbers measured at the layers of a run's network."),
      ("weights", "The final weights of a run's network, if they were kept."),
      ("tags", "The tags of runs."),
      ("reuses", "Which session used which run again instead of training it."),
      ("checks", "The claims that chapters checked."),
      ("predictions", "What readers answered before a chapter showed the result."),
      ("exercise_attempts", "What came of readers' solutions to exercises."),
    ].map { Relation(name: $0.0, isView: false, words: $0.1) }
    + [
      ("final_metrics", "The latest value of every metric of every finished run."),
      (
        "plain_vs_residual",
        "The newest finished plain and residual run of each configuration, side by side."
      ),
      ("learning_curves", "One row per epoch of every run: losses, errors, seconds."),
      ("progress", "One row per run, newest first: how far it has got."),
    ].map { Relation(name: $0.0, isView: true, words: $0.1) }

  /// The types of the views' columns; those that aren't here can be numbers, or words where they aren't finite.
  static let typesInViews = [
    "text": [
      "run", "experiment", "architecture", "network", "plain_twin", "shortcut", "dataset", "split",
      "name", "hyperparameters", "status", "started", "last_recorded", "message", "learner",
      "plain_run", "residual_run",
    ],
    "integer": [
      "chapter", "depth", "width", "seed", "epoch", "step", "epochs", "epochs_planned",
    ],
  ].reduce(into: [String: String]()) { types, entry in
    for name in entry.value { types[name] = entry.key }
  }

  /// What a column is.
  static func words(of column: String, in relation: String) -> String? {
    special["\(relation).\(column)"] ?? general[column]
  }

  /// What columns of this name are everywhere but in ``special``.
  private static let general = [
    "answer": "what was answered",
    "architecture":
      "the family of networks: cifar-resnet, cifar-preactivation, imagenet-resnet, vgg, vit",
    "chapter": "the chapter's number",
    "claim": "the claim, as the reader saw it",
    "code_version": "the package's version, and in a clone its commit",
    "correct": "1 if it was right, 0 if not, NULL where there is no right answer",
    "dataset": "the data trained on",
    "depth": "weighted layers, counted as the paper does; of a Vision Transformer its blocks",
    "epoch": "the epoch it closes, from 1; NULL between epochs",
    "epochs": "the epochs done",
    "epochs_planned": "the epochs that were planned",
    "exercise": "the exercise's number within the chapter, from 1",
    "experiment": "the question the run belongs to",
    "finished": "when it ended, in UTC; NULL while it runs",
    "host": "the machine's name",
    "hyperparameters": "everything else that decides the numbers, as JSON",
    "id": "a UUID in lower case",
    "last_recorded": "when it last recorded anything, in UTC",
    "layer": "the layer's position, from 0 at the input",
    "layer_name": "the layer's name",
    "learner": "who it was: a name that nothing proves; NULL in what older versions recorded",
    "measured": "what was measured, in words and numbers",
    "message": "why it ended as it did",
    "name": "what was measured: loss, error (a fraction from 0 to 1), seconds",
    "network": "the network's text",
    "not_finite": "nan, inf or -inf where the number isn't finite, else NULL",
    "note": "what somebody noted about it",
    "passed": "1 if it held, 0 if not",
    "pid": "the process that trained it",
    "plain_run": "the plain network's run",
    "plain_twin": "the text of the same network without shortcuts; NULL where there is none",
    "process_started": "when that process began: tells it from a later one with its number",
    "question": "the question, as the reader saw it",
    "recorded": "when it was recorded, in UTC",
    "residual_run": "the residual network's run",
    "run": "the run's id",
    "safetensors": "the bytes of a safetensors file, at most 4 MiB",
    "seconds": "how long it took",
    "seed": "the seed of initialisation and shuffling",
    "session": "the opening of the store in which it was recorded: one start of a program",
    "shortcut":
      "none, A, B or C as in the paper's section 4.1; NULL where the question doesn't apply",
    "source": "a checksum of the reader's text",
    "split": "the set it was measured on: train, validation, test, or overall for none",
    "started": "when it began, in UTC",
    "statistic": "what was measured, for instance gradient norm",
    "status": "running, finished, failed (by itself) or interrupted (from outside)",
    "step": "the optimiser steps taken before it was measured",
    "tag": "the tag",
    "test_error": "the error on the test set, a fraction from 0 to 1",
    "test_loss": "the loss on the test set",
    "threads": "the threads asked for; they change the time, never the numbers",
    "train_error": "the training error, a fraction from 0 to 1",
    "train_loss": "the training loss",
    "value": "the number; NULL where it isn't finite",
    "verdict": "solved, wrong, doesn't compile, crashed, too slow, hint or gave up",
    "width": "channels of the first stage",
  ].merging(
    ["plain", "residual"].flatMap { kind in
      ["train", "test"].flatMap { split in
        [
          ("\(kind)_\(split)_error", "the \(kind) network's \(split) error, a fraction"),
          ("\(kind)_\(split)_loss", "the \(kind) network's \(split) loss"),
        ]
      }
    }
  ) { $1 }

  private static let special = [
    "runs.name": "what somebody called it", "progress.name": "what somebody called it",
    "final_metrics.value": "the number, or the word nan, inf or -inf",
    "exercise_attempts.message": "what the grader said",
    "exercise_attempts.passed": "1 if it was solved, 0 if not",
    "exercise_attempts.seconds": "how long the reader's function took",
    "learning_curves.seconds": "how long the epoch took",
    "checks.run": "the run it is about, if it is about one",
    "reuses.chapter": "the chapter that used it",
    "progress.seconds": "from its beginning to its end or to what it recorded last",
    "plain_vs_residual.network":
      "the residual network's text, or the plain one's where it is alone",
    "plain_vs_residual.plain_twin": "the plain network's text",
  ]
}
