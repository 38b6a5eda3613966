import ArgumentParser
import Charts
import Commands
import Dispatch
import Files
import Foundation
import RunStore

/// `metrics sql`: any question, in SQL.
struct SQL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Answers one question in SQL, on a read-only connection.",
    discussion: """
        metrics sql "select depth, shortcut, value from final_metrics"
        metrics sql --csv "select * from learning_curves" > curves.csv

      `metrics schema` shows the tables and views. \
      An answer that is too wide for a table is printed one value a line. \
      With --json: an array with an object for every row. Bytes are {"base64": "…"}; a second column of \
      the name `a` is called `a:1`, as SQLite does in a subquery. With --csv: RFC 4180, with nothing between the \
      commas for NULL and "" for an empty text; bytes are base64, and numbers that aren't finite the words nan, inf \
      and -inf.
      """)

  @Argument(help: "The question.")
  var query: String

  @Flag(help: "Print comma-separated values.")
  var csv = false

  @Option(in: 0.001...1_000_000, help: "The question is stopped after so many seconds.")
  var timeout = 60.0

  @OptionGroup var options: StoreOptions

  func validate() throws {
    if csv && options.json { throw ValidationError("--csv and --json exclude each other.") }
  }

  func run() throws {
    let store = try options.open()
    RunStore.limitMemory(to: 1 << 29)
    let answer = try answer(store)
    if options.json {
      try printLine(JSON(answer).page)
      return
    }
    if csv {
      guard isatty(STDOUT_FILENO) == 1 else {
        // Every byte as it is: what reads it takes a character that steers a terminal for one of the text.
        try writeAll(Data(answer.csv.utf8), to: STDOUT_FILENO, called: "Standard output")
        return
      }
      // A terminal would act on it.
      try printLine(String(answer.csv.replacing("\r\n", with: "\n").dropLast()))
      return
    }
    if answer.rows.isEmpty {
      tell("The answer has no rows.")
      return
    }
    let numbers = answer.columns.indices.map { column in
      answer.rows.contains { $0[column].isNumber }
    }
    let table = Table(
      zip(answer.columns, numbers).map { Column($0, $1 ? .right : .left) },
      rows: answer.rows.map { $0.map(\.description) })
    try printLine(
      table.naturalWidth <= pageWidth
        ? table.text(width: pageWidth) : table.records(width: pageWidth))
  }

  /// Asks, until Ctrl-C or for as long as it may take.
  private func answer(_ store: RunStore) throws -> Rows {
    let begin = Date()
    let interrupt = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    // A question that is about to begin isn't stopped by the first.
    let stop = DispatchSource.makeTimerSource(queue: .global())
    stop.setEventHandler { [weak store] in store?.stopQuestion() }
    interrupt.setEventHandler { stop.schedule(deadline: .now(), repeating: 0.02) }
    // Until the source listens, Ctrl-C ends the program as it ends any other.
    interrupt.setRegistrationHandler { signal(SIGINT, SIG_IGN) }
    stop.resume()
    interrupt.resume()
    defer {
      stop.cancel()
      interrupt.cancel()
      signal(SIGINT, SIG_DFL)
    }
    do {
      return try store.rows(sql: query, atMost: timeout)
    } catch RunStoreError.stopped {
      guard -begin.timeIntervalSinceNow >= timeout else {
        tell("Stopped.")
        throw ExitCode(130)
      }
      throw Late(seconds: timeout)
    }
  }

  /// A question that took too long.
  struct Late: Error, CustomStringConvertible {
    let seconds: Double

    var description: String {
      let seconds = Int(exactly: seconds).map(String.init) ?? String(seconds)
      return
        "The question was stopped after \(seconds) s. Ask for less, or give it more time with --timeout SECONDS."
    }
  }
}

extension Rows {
  /// The rows by RFC 4180, with a line of the columns' names.
  var csv: String {
    let lines = [columns.map(\.csvField)] + rows.map { $0.map(\.csvField) }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }
}

extension String {
  /// In quotation marks if it has to be, and if it is empty: nothing at all is NULL.
  var csvField: String {
    let needsMarks = isEmpty || unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    return needsMarks ? "\"\(replacing(["\"": "\"\""]))\"" : self
  }
}

extension SQLValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text, .blob: false
    }
  }

  /// The value between two commas.
  fileprivate var csvField: String {
    switch self {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text.csvField
    case .blob(let data): data.base64EncodedString().csvField
    }
  }
}
