import ArgumentParser
import Charts
import Commands
import Files
import Foundation
import RunStore

/// `metrics watch`: the runs in progress, until there are none.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the runs in progress: the latest error, epochs, and the time left.",
    discussion: """
      On a terminal the table is drawn anew when something changes; elsewhere each change is a line, with --json an \
      object a line. It ends when nothing runs any more, and at Ctrl-C with status 130.
      """)

  @OptionGroup(title: "Which runs") var filters: FilterOptions

  @OptionGroup var options: StoreOptions

  func run() throws {
    try Follower(try options.open(), filter: filters.filter, json: options.json).follow()
  }
}

/// Looks at the store again and again, and shows what has changed.
struct Follower {
  private let store: RunStore
  private let filter: RunFilter
  private let json: Bool
  /// Seconds between two looks.
  private let pause = 0.5
  /// Seconds without a run after which it ends.
  private let patience = 5.0

  /// - Parameter filter: which runs are shown; of these only the ones that run.
  init(_ store: RunStore, filter: RunFilter, json: Bool) {
    (self.store, self.filter, self.json) = (store, filter, json)
  }

  /// Shows the runs in progress until there are none.
  func follow() throws {
    let end = endAtInterrupt()
    defer { end.cancel() }
    let isDrawn = isatty(STDOUT_FILENO) == 1 && !json
    // A terminal that only writes on can't be drawn on anew.
    let isDumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    let screen = isDrawn && !isDumb ? Screen() : nil
    var shown: [RunSummary] = []
    var lastRunning = ProcessInfo.processInfo.systemUptime
    while true {
      let now = try running()
      if now.isEmpty && shown.isEmpty {
        tell("Nothing is running in \(store.path).")
        return
      }
      // Where one run has ended, the next may be about to begin.
      let time = ProcessInfo.processInfo.systemUptime
      if !now.isEmpty { lastRunning = time }
      let ended = try shown.filter { old in !now.contains { $0.run.id == old.run.id } }
        .compactMap { try store.summary(of: $0.run.id) }
      if let screen {
        try screen.show(page(now.isEmpty ? ended : now))
      } else {
        try sayChanges(from: shown, to: now + ended)
      }
      if store.isCopy {
        tell(
          "This is how it is now. What changes isn't seen in \(store.path): SQLite can't read it there, and a copy is read."
        )
        return
      }
      shown = now.isEmpty ? ended : now
      if now.isEmpty, time - lastRunning > patience || ended.isEmpty { break }
      Thread.sleep(forTimeInterval: pause)
    }
    tell("Nothing runs any more in \(store.path).")
  }

  /// The runs in progress, the oldest first.
  private func running() throws -> [RunSummary] {
    var filter = filter
    filter.statuses = [.running]
    return try store.summaries(matching: filter, reversed: true).summaries
  }

  private func page(_ summaries: [RunSummary]) throws -> String {
    if summaries.isEmpty { return "" }
    let columns: [RunColumn] = [
      .run, .experiment, .network, .seed, .epochs, .trainError, .testError,
    ]
    return WideTable(
      columns.map { Column($0.heading, $0.isNumber ? .right : .left) } + [Column("left", .right)],
      rows: summaries.map { summary in columns.map { $0.text(summary) } + [summary.timeLeft] },
      leavingOutFirst: [.experiment, .trainError, .seed].map { (column: RunColumn) in column.heading
      }
    ).text(width: pageWidth) { $0.naturalWidth }.text
  }

  private func sayChanges(from before: [RunSummary], to now: [RunSummary]) throws {
    // A forged store may have an id twice.
    let known = Dictionary(before.map { ($0.run.id, $0) }) { first, _ in first }
    // Nothing but the moment may have changed.
    for summary in now where known[summary.run.id]?.hasSameNumbers(as: summary) != true {
      try say(summary)
    }
  }

  private func say(_ summary: RunSummary) throws {
    if json {
      let columns = RunColumn.allCases.map { (name: $0.rawValue, value: $0.json(summary)) }
      try printLine(
        JSON.object(columns + [(name: "seconds_left", value: JSON(summary.secondsLeft))]).line)
      return
    }
    let configuration = summary.run.configuration
    let epochs = RunColumn.epochs.text(summary)
    var parts = epochs == "–" ? [] : ["epoch \(epochs)"]
    if let error = summary.trainError { parts.append("train error \(error.percent) %") }
    if let error = summary.testError { parts.append("test error \(error.percent) %") }
    if summary.run.status != .running {
      parts.insert(summary.run.status.rawValue, at: 0)
      if let message = summary.run.message { parts.append(message) }
    } else if summary.secondsLeft != nil {
      parts.append("\(summary.timeLeft) left")
    }
    let network = configuration.network.textBesideData
    try printLine(
      "\(summary.run.shortID) \(network), seed \(configuration.seed): \(parts.joined(separator: ", "))"
        .visible)
  }
}

extension RunSummary {
  /// By the time that its epochs took until now; nil if none is done, or nobody knows how many there will be.
  var secondsLeft: Double? {
    guard let epochs, let epochsPlanned, epochs > 0, run.status == .running else { return nil }
    let each = run.lastRecorded.timeIntervalSince(run.started) / Double(epochs)
    return max(0, each * (Double(epochsPlanned) - Double(epochs)))
  }

  /// `6 s`, or how it ended.
  fileprivate var timeLeft: String {
    guard run.status == .running else { return run.status.rawValue }
    guard let secondsLeft else { return "–" }
    return secondsLeft < 60 ? "\(Int(secondsLeft.rounded(.up))) s" : secondsLeft.duration
  }

  /// NaN is the same as NaN here.
  fileprivate func hasSameNumbers(as other: RunSummary) -> Bool {
    let columns: [RunColumn] = [.status, .epochs, .trainError, .testError, .trainLoss, .testLoss]
    return columns.allSatisfy { $0.json(self).line == $0.json(other).line }
  }
}

/// A block of lines at the bottom of a terminal that is drawn anew.
private final class Screen {
  private var height = 0
  private var shown: String?

  /// Draws the text in place of the one before.
  func show(_ text: String) throws {
    guard text != shown else { return }
    let back = height == 0 ? "" : "\u{1B}[\(height)F\u{1B}[J"
    let lines = text.visibleLines + (text.isEmpty ? "" : "\n")
    try writeAll(Data((back + lines).utf8), to: STDOUT_FILENO, called: "Standard output")
    (height, shown) = (
      text.isEmpty ? 0 : text.split(separator: "\n", omittingEmptySubsequences: false).count, text
    )
  }
}

/// Ends the process with status 130 at Ctrl-C, for as long as the source lives.
///
/// - Parameter first: what is done before that, from another thread.
func endAtInterrupt(after first: @escaping @Sendable () -> Void = {}) -> any DispatchSourceSignal {
  let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
  source.setRegistrationHandler { signal(SIGINT, SIG_IGN) }
  source.setEventHandler {
    first()
    // Not exit(), which would tidy up under the feet of the thread that works.
    _exit(130)
  }
  source.setCancelHandler { signal(SIGINT, SIG_DFL) }
  source.resume()
  return source
}
