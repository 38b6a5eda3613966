import ArgumentParser
import Commands
import Foundation
import RunStore

extension Run.Status: ExpressibleByArgument {}

/// The options that say which runs are meant.
struct FilterOptions: ParsableArguments {
  @Option(help: "Only runs of this experiment.", completion: .custom(Completions.experiments))
  var experiment: String?

  @Option(
    help: """
      Only this network, by its text or the words that it begins with (plain-20, "ResNet-56 B"), or by its family \
      (cifar-resnet).
      """, completion: .custom(Completions.architectures))
  var architecture: String?

  @Option(help: "Only runs on this data set.", completion: .custom(Completions.datasets))
  var dataset: String?

  @Option(help: "Only runs that have got this far; may be given several times.")
  var status: [Run.Status] = []

  @Option(
    help: ArgumentHelp(
      "Only runs begun since then: a day (2026-01-31), a moment (\"2026-01-31 12:00\"), or how long ago (30m, 12h, 7d, 4w).",
      valueName: "date"), transform: { try Moment($0).date })
  var since: Date?

  @Option(in: chapterNumbers, help: "Only runs that this chapter began.")
  var chapter: Int?

  @Option(in: seedNumbers, help: "Only runs with this seed.")
  var seed: Int?

  @Option(help: "Only runs of this learner.", completion: .custom(Completions.learners))
  var learner: String?

  @Option(help: "Only runs with this tag.", completion: .custom(Completions.tags))
  var tag: String?

  /// What they say.
  var filter: RunFilter {
    RunFilter(
      experiment: experiment, architecture: architecture, dataset: dataset, chapter: chapter,
      seed: seed, statuses: Set(status), since: since, learner: learner, tag: tag)
  }

  /// Whether none is given.
  var isEmpty: Bool { filter == RunFilter() }
}

extension RunFilter {
  /// ` with experiment 'degradation', seed 3`; empty if nothing is asked for.
  var words: String {
    var words: [String] = []
    for (name, value) in [
      ("experiment", experiment), ("architecture", architecture), ("data set", dataset),
      ("learner", learner), ("tag", tag),
    ] {
      if let value { words.append("\(name) '\(value)'") }
    }
    if let chapter { words.append("chapter \(chapter)") }
    if let seed { words.append("seed \(seed)") }
    if !statuses.isEmpty {
      words.append("status \(statuses.map(\.rawValue).sorted().joined(separator: " or "))")
    }
    if let since { words.append("begun since \(since.localText)") }
    return words.isEmpty ? "" : " with " + words.joined(separator: ", ")
  }
}

/// The beginning of a time that reaches to now: `2026-01-31`, `2026-01-31 12:00`, `7d`.
struct Moment {
  let date: Date

  /// Reads one. Days are those of the reader's own calendar.
  ///
  /// - Throws: `ValidationError`, a sentence that says what is allowed.
  init(_ text: String, now: Date = Date()) throws {
    let units = ["m": 60.0, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[String($0)] }), let count = Int(text.dropLast()),
      (0...99_999).contains(count)
    {
      date = now.addingTimeInterval(-Double(count) * unit)
      return
    }
    for pattern in ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"] {
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.dateFormat = pattern
      format.isLenient = false
      if let date = format.date(from: text), format.string(from: date) == text {
        self.date = date
        return
      }
    }
    throw ValidationError(
      "it takes a day (2026-01-31), a moment (\"2026-01-31 12:00\"), or how long ago (30m, 12h, 7d, 4w), not \(text.prefix(40))."
    )
  }
}

/// One run as a command names it: the first characters of its id, its name, `latest`, `latest~1` for the one
/// before that.
struct RunName: ExpressibleByArgument {
  let text: String

  init(argument: String) { text = argument }

  /// What every argument of this kind is explained with.
  static let help = ArgumentHelp(
    "A run: the first characters of its id, its name, latest, or latest~1 for the one before that.",
    valueName: "run")

  /// The run that is meant.
  ///
  /// - Parameter filter: which runs are looked at.
  /// - Throws: `RunStoreError`; `RunNameError` unless exactly one run is meant.
  func run(in store: RunStore, among filter: RunFilter = RunFilter()) throws -> Run {
    if let position = positionFromLatest {
      guard let run = try store.latestRun(matching: filter, position: position) else {
        throw RunNameError.tooFew(position + 1, filter, path: store.path)
      }
      return run
    }
    let found = try store.runs(called: text, among: filter)
    guard let run = found.first else {
      throw RunNameError.none(text, filter, path: store.path)
    }
    guard found.count == 1 else { throw RunNameError.several("are called '\(text)'", found) }
    return run
  }

  /// 0 for `latest`, 1 for `latest~1`; nil for other names.
  private var positionFromLatest: Int? {
    if text == "latest" { return 0 }
    // No store has as many runs as to need more.
    guard text.hasPrefix("latest~"), let position = Int(text.dropFirst(7)),
      (0...1_000_000_000).contains(position)
    else { return nil }
    return position
  }

  static var defaultCompletionKind: CompletionKind { .custom(Completions.runs) }
}

/// Why no run, or not one alone, is meant.
enum RunNameError: Error, CustomStringConvertible {
  case none(String, RunFilter, path: String)
  case tooFew(Int, RunFilter, path: String)
  case several(String, [Run])

  var description: String {
    switch self {
    case .none(let name, let filter, let path):
      return
        "No run\(filter.words) in \(path) is called '\(name)'. `swift run metrics list` shows the runs; a name, or the first few characters of an id are enough."
    case .tooFew(1, RunFilter(), let path):
      return "There are no runs in \(path) yet. Train some networks with `swift run chapter9`."
    case .tooFew(let count, let filter, let path):
      let fewer = count == 1 ? "is no run" : "are fewer than \(count) runs"
      return "There \(fewer)\(filter.words) in \(path). `swift run metrics list` shows the runs."
    case .several(let what, let runs):
      let some = runs.prefix(4).map { run in
        let configuration = run.configuration
        return
          "\(run.shortID) (\(configuration.network.textBesideData), seed \(configuration.seed), \(run.started.localText))"
      }
      return
        "\(runs.count) runs \(what): \(some.joined(separator: "; "))\(runs.count > 4 ? "; …" : ""). Give more characters of an id, or say which run with --experiment, --seed and the like."
    }
  }
}

/// The run that `metrics show` and the like are about: by its name, by filters, or by both.
struct RunOptions: ParsableArguments {
  @Argument(help: RunName.help)
  var run: RunName?

  @OptionGroup(title: "Which runs are looked at") var filters: FilterOptions

  /// Refuses a question about no run at all.
  func validate() throws {
    if run == nil && filters.isEmpty {
      throw ValidationError(
        "Name a run: the first characters of its id, its name, latest, or options such as --experiment and --seed that one run alone has."
      )
    }
  }

  /// The run that is meant.
  ///
  /// - Throws: `RunStoreError`; `RunNameError` unless exactly one run is meant.
  func run(in store: RunStore) throws -> Run {
    let filter = filters.filter
    if let run { return try run.run(in: store, among: filter) }
    let found = try store.runs(matching: filter)
    guard let only = found.first else {
      throw RunNameError.tooFew(1, filter, path: store.path)
    }
    guard found.count == 1 else { throw RunNameError.several("are there\(filter.words)", found) }
    return only
  }
}
