import ArgumentParser
import Charts
import Commands
import Files
import Foundation

/// `--no-color`, and how figures are printed.
struct ColorOption: ParsableArguments {
  @Flag(help: "Write no colour. Setting NO_COLOR does the same.")
  var noColor = false

  /// Prints a figure as wide as the page: in colours on a terminal.
  func print(_ figure: some Figure) throws {
    let environment = ProcessInfo.processInfo.environment
    let isColored =
      !noColor && isatty(STDOUT_FILENO) == 1
      && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    // A figure has no character in it that would act on the terminal but its colours.
    let text = figure.terminal(width: pageWidth, color: isColored)
    try writeAll(Data(text.utf8), to: STDOUT_FILENO, called: "Standard output")
  }
}
