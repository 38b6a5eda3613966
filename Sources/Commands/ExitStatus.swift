import ArgumentParser
import Foundation

extension ParsableCommand {
  /// Parses the command line and runs the command, with the exit statuses of every program here.
  ///
  /// 0 if the command could do what it was asked, 1 if it couldn't, 2 if it was asked in a wrong way
  /// (ArgumentParser's own `main` would end with 64). A command that throws an `ExitCode` ends with it.
  /// Messages go to standard error, help that was asked for to standard output.
  public static func runAsProgram() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(after: error)
    }
  }

  /// Ends the process after an error, or after help.
  fileprivate static func end(after error: any Error) {
    if let status = error as? ExitCode { exit(withError: status) }
    let status = exitCode(for: error)
    if status == .success { exit(withError: error) }
    FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
    exit(withError: ExitCode(status == .validationFailure ? 2 : 1))
  }
}

extension AsyncParsableCommand {
  /// The same for a program some of whose commands wait, such as for a network.
  public static func runAsProgram() async {
    do {
      var command = try parseAsRoot()
      if var waiting = command as? any AsyncParsableCommand {
        try await waiting.run()
      } else {
        try command.run()
      }
    } catch {
      end(after: error)
    }
  }
}
