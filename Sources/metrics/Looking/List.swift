import ArgumentParser
import Charts
import Commands
import Foundation
import RunStore

/// `metrics list`: the runs, newest first.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the runs, newest first, with how they did.",
    discussion: """
      The errors are the latest of each run, in per cent. Epochs and status are shown if not all of these runs have \
      finished.

        metrics list --experiment degradation --sort error --limit 5
        metrics list --status failed --since 7d --columns run,network,message

      With --json: an object for every run, with all columns; all runs unless --limit says how many.
      """)

  @OptionGroup(title: "Which runs") var filters: FilterOptions

  @Option(
    help: """
      What they are sorted by: the newest first, the smallest error, loss (both of the test set), train-error or \
      train-loss first, the shortest first, or by the alphabet.
      """)
  var sort = RunOrder.started

  @Flag(help: "The other way round.")
  var reverse = false

  @Option(
    in: 0...1_000_000, help: "At most so many runs; 0 for all, without --json 20 unless given.")
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "The columns, with commas between them.",
      discussion: "There are \(RunColumn.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "columns"),
    completion: .list(RunColumn.allCases.map(\.rawValue)),
    transform: RunColumn.list)
  var columns: [RunColumn]?

  @Flag(help: "Go on and show what changes in the runs in progress, as watch does.")
  var follow = false

  @OptionGroup var options: StoreOptions

  func validate() throws {
    if follow, columns != nil || sort != .started || reverse || limit != nil {
      throw ValidationError("--follow shows all runs in progress, in columns of its own.")
    }
  }

  func run() throws {
    let store = try options.open()
    if follow {
      try Follower(store, filter: filters.filter, json: options.json).follow()
      return
    }
    let limit = limit.map { $0 == 0 ? nil : $0 } ?? (options.json ? nil : 20)
    let (summaries, count) = try store.summaries(
      matching: filters.filter, by: sort, reversed: reverse, limit: limit)
    if count == 0 {
      if filters.isEmpty {
        options.explainEmpty("There are no runs in \(store.path) yet.")
      } else {
        tell("\(RunNameError.tooFew(1, filters.filter, path: store.path))")
      }
    }
    if options.json {
      let shown = columns ?? RunColumn.allCases
      try printLine(
        JSON.array(
          summaries.map { summary in
            .object(shown.map { (name: $0.rawValue, value: $0.json(summary)) })
          }
        ).page)
    } else if count > 0 {
      // What was asked for is rather wrapped than left out.
      let isChosen = columns != nil
      try Self.table(summaries, columns: columns).print(width: pageWidth) {
        isChosen ? $0.narrowestWidth : $0.naturalWidth
      }
    }
    if count > summaries.count {
      let rest = count - summaries.count
      tell("\(rest) more \(rest == 1 ? "run" : "runs"): --limit 0 shows all.")
    }
  }

  /// A table of runs. Columns that were asked for are left out only after the others.
  static func table(_ summaries: [RunSummary], columns: [RunColumn]?) -> WideTable {
    // What says the same of every run needs no column.
    let isAllDone = summaries.allSatisfy {
      $0.run.status == .finished && $0.epochs == $0.epochsPlanned
    }
    let standard: [RunColumn] =
      [.run] + (summaries.contains { $0.run.name != nil } ? [.name] : [])
      + [.experiment, .network, .seed] + (isAllDone ? [] : [.epochs]) + [.trainError, .testError]
      + (isAllDone ? [] : [.status]) + [.started]
    let leavingOut: [RunColumn] = [.started, .experiment, .epochs, .seed, .trainError, .name]
    let shown = columns ?? standard
    let order = columns.map { Array($0.dropFirst().reversed()) } ?? leavingOut
    return WideTable(
      shown.map { Column($0.heading, $0.isNumber ? .right : .left) },
      rows: summaries.map { summary in shown.map { $0.text(summary) } },
      leavingOutFirst: order.map(\.heading))
  }
}

extension RunOrder: ExpressibleByArgument {}

/// What a list can say of a run. The raw values are the names in JSON and of `--columns`.
enum RunColumn: String, CaseIterable {
  case run, name, status, chapter, experiment, network, architecture, depth, width, shortcut
  case dataset, seed, hyperparameters, epochs
  case epochsPlanned = "epochs_planned"
  case trainError = "train_error"
  case testError = "test_error"
  case trainLoss = "train_loss"
  case testLoss = "test_loss"
  case seconds, started
  case lastRecorded = "last_recorded"
  case finished, learner, host, threads
  case codeVersion = "code_version"
  case tags, note, message

  /// Reads names with commas between them.
  ///
  /// - Throws: `ValidationError`, a sentence that says what is allowed.
  static func list(_ text: String) throws(ValidationError) -> [RunColumn] {
    var columns: [RunColumn] = []
    for name in text.split(separator: ",") {
      let name = name.trimmingCharacters(in: .whitespaces)
      guard let column = RunColumn(rawValue: name) else {
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no column '\(name)'; there are \(names).")
      }
      if !columns.contains(column) { columns.append(column) }
    }
    guard !columns.isEmpty else { throw ValidationError("it takes at least one column.") }
    return columns
  }

  /// The heading in a table.
  var heading: String {
    switch self {
    case .trainError: "train %"
    case .testError: "test %"
    case .trainLoss: "train loss"
    case .testLoss: "test loss"
    case .epochsPlanned: "planned"
    case .lastRecorded: "last recorded"
    case .codeVersion: "code"
    case .dataset: "data set"
    default: rawValue
    }
  }

  var isNumber: Bool {
    switch self {
    case .chapter, .depth, .width, .seed, .epochs, .epochsPlanned, .trainError, .testError,
      .trainLoss, .testLoss, .seconds, .threads:
      true
    default: false
    }
  }

  /// The cell of a table.
  func text(_ summary: RunSummary) -> String {
    let run = summary.run
    switch self {
    case .run: return run.shortID
    case .network: return run.configuration.network.textBesideData
    case .hyperparameters: return run.configuration.hyperparameters.words
    case .epochs:
      // What a chapter finished and measured by steps has no epochs to count.
      if summary.epochs == nil, run.status == .finished { return "–" }
      let done = summary.epochs.map(String.init) ?? "0"
      return summary.epochsPlanned.map { "\(done)/\($0)" } ?? done
    case .trainError: return summary.trainError?.percent ?? "–"
    case .testError: return summary.testError?.percent ?? "–"
    case .trainLoss: return summary.trainLoss?.fixed(4) ?? "–"
    case .testLoss: return summary.testLoss?.fixed(4) ?? "–"
    case .seconds: return summary.seconds.fixed(1)
    case .started: return run.started.localText
    case .lastRecorded: return run.lastRecorded.localText
    case .finished: return run.finished?.localText ?? "–"
    case .tags: return summary.tags.isEmpty ? "–" : summary.tags.joined(separator: ", ")
    default:
      switch json(summary) {
      case .text(let text): return text
      case .integer(let number): return String(number)
      default: return "–"
      }
    }
  }

  /// The member of a JSON object.
  func json(_ summary: RunSummary) -> JSON {
    let run = summary.run
    let configuration = run.configuration
    switch self {
    case .run: return .text(run.id)
    case .name: return JSON(run.name)
    case .status: return .text(run.status.rawValue)
    case .chapter: return JSON(run.chapter)
    case .experiment: return .text(configuration.experiment)
    case .network: return .text(configuration.network.text)
    case .architecture: return .text(configuration.network.family)
    case .depth: return JSON(configuration.network.depth)
    case .width: return JSON(configuration.network.width)
    case .shortcut: return JSON(configuration.network.shortcut?.rawValue)
    case .dataset: return .text(configuration.dataset)
    case .seed: return JSON(configuration.seed)
    case .hyperparameters: return JSON(configuration.recordedHyperparameters)
    case .epochs: return JSON(summary.epochs)
    case .epochsPlanned: return JSON(summary.epochsPlanned)
    case .trainError: return JSON(summary.trainError)
    case .testError: return JSON(summary.testError)
    case .trainLoss: return JSON(summary.trainLoss)
    case .testLoss: return JSON(summary.testLoss)
    case .seconds: return .number((summary.seconds * 10).rounded() / 10)
    case .started: return .text(run.started.utcText)
    case .lastRecorded: return .text(run.lastRecorded.utcText)
    case .finished: return JSON(run.finished?.utcText)
    case .learner: return JSON(run.learner)
    case .host: return .text(run.host)
    case .threads: return JSON(run.threads)
    case .codeVersion: return .text(run.codeVersion)
    case .tags: return .array(summary.tags.map(JSON.text))
    case .note: return JSON(run.note)
    case .message: return JSON(run.message)
    }
  }
}
