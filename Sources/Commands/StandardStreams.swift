import Charts
import Files
import Foundation

/// What every program does first, before it opens a file.
///
/// - A standard stream that was closed at the start (`>&-`) is taken: the next file that is opened would
///   get its number, and what is printed would go into a store or a checkpoint.
/// - A reader that has gone, and a limit on the size of files (`ulimit -f`), become errors that can be told
///   instead of signals that end the process.
public func prepareStreams() {
  for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
    // Gets the lowest number that is free, which is this one. Writing to it fails, as it should.
    _ = open("/dev/null", O_RDONLY)
  }
  signal(SIGPIPE, SIG_IGN)
  signal(SIGXFSZ, SIG_IGN)
}

/// Writes text and the end of its line to standard output, at once. Characters that would act on the
/// terminal are shown (``Swift/StringProtocol/visibleLines``); a ``JSON`` text has none.
///
/// - Throws: `FileError` if it can't be written: whoever asked for it must not believe that it was.
public func printLine(_ text: String) throws(FileError) {
  try writeAll(
    Data((text.visibleLines + "\n").utf8), to: STDOUT_FILENO, called: "Standard output")
}

/// Writes sentences to standard output, on a terminal in lines that end between words.
///
/// - Throws: `FileError` if they can't be written.
public func printSentences(_ text: String) throws(FileError) {
  try printLine(terminalWidth(of: STDOUT_FILENO).map { text.endingLines(width: $0) } ?? text)
}

/// Writes a message to standard error, on a terminal in lines that end between words. That it can't be
/// written has no better place to be told, and is no reason to stop.
public func tell(_ message: String) {
  let text = message.visibleLines
  let lines = terminalWidth(of: STDERR_FILENO).map { text.endingLines(width: $0) } ?? text
  try? writeAll(Data((lines + "\n").utf8), to: STDERR_FILENO, called: "Standard error")
}

extension String {
  /// The text with its long lines ended between words, so that they fit so many columns, and indented as they
  /// were.
  ///
  /// A word that is longer, such as a path, stays whole: a terminal breaks it, and yet gives it out in one
  /// piece when it is copied.
  public func endingLines(width: Int) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.displayWidth > width else { return String(line) }
      let indent = String(line.prefix { $0 == " " })
      var words = line.dropFirst(indent.count).split(separator: " ")[...]
      var lines = [indent + (words.popFirst() ?? "")]
      for word in words {
        let longer = lines[lines.count - 1] + " " + word
        if longer.displayWidth <= width {
          lines[lines.count - 1] = longer
        } else {
          lines.append(indent + word)
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
