import Commands
import Files
import Foundation

/// What a chapter has of its process: arguments, environment, and the three standard streams.
struct Console {
  var arguments: [String]
  var environment: [String: String]
  var inputIsTerminal: Bool
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  /// The terminal's width in columns at this moment.
  var width: () -> Int
  /// Writes to standard output.
  var write: (String) throws -> Void
  /// Writes to standard error; a failure has no better place to be told.
  var complain: (String) -> Void
  var readLine: () -> String?

  /// Whether the environment and the streams allow colour.
  var allowsColor: Bool {
    outputIsTerminal && environment["NO_COLOR", default: ""].isEmpty
      && environment["TERM"] != "dumb"
  }

  /// Writes a message and the end of its line to standard error, on a terminal in lines that end between words.
  func tell(_ message: String) {
    let text = message.visibleLines
    complain((errorIsTerminal ? text.endingLines(width: width()) : text) + "\n")
  }

  /// Whether a reader is there to be asked.
  var canAsk: Bool { inputIsTerminal && outputIsTerminal }

  /// What COLUMNS says, if a terminal can be so wide.
  static func columns(in environment: [String: String]) -> Int? {
    environment["COLUMNS"].flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
  }

  /// The console of this process.
  static func ofProcess() -> Console {
    prepareStreams()
    let environment = ProcessInfo.processInfo.environment
    return Console(
      arguments: Array(CommandLine.arguments.dropFirst()),
      environment: environment,
      inputIsTerminal: isatty(STDIN_FILENO) == 1,
      outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      errorIsTerminal: isatty(STDERR_FILENO) == 1,
      width: {
        terminalWidth(of: STDOUT_FILENO) ?? terminalWidth(of: STDERR_FILENO)
          ?? columns(in: environment) ?? 80
      },
      write: { text in
        // A chapter's own `print` is buffered; it must come out before what follows it.
        fflush(nil)
        try writeAll(Data(text.utf8), to: STDOUT_FILENO, called: "Standard output")
      },
      complain: { try? writeAll(Data($0.utf8), to: STDERR_FILENO, called: "Standard error") },
      readLine: { Swift.readLine() })
  }
}
