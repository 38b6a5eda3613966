import ArgumentParser
import Files
import Foundation

extension ParsableCommand {
  /// Parses the command line and runs the command, with the exit statuses of every program here.
  ///
  /// 0 if the command could do what it was asked, 1 if it couldn't, 2 if it was asked in a wrong way
  /// (ArgumentParser's own `main` would end with 64). A command that throws an `ExitCode` ends with it.
  /// Messages go to standard error, help that was asked for to standard output.
  ///
  /// - Parameter arguments: the words of the command line; without it those of this process.
  public static func runAsProgram(_ arguments: [String]? = nil) {
    prepareStreams()
    do {
      var command = try parseAsRoot(arguments)
      do { try command.run() } catch { end(after: error, in: type(of: command)) }
    } catch {
      end(after: error)
    }
  }

  /// Ends the process after an error, or after help.
  ///
  /// - Parameter command: the one that ran, if the command line was understood.
  fileprivate static func end(
    after error: any Error, in command: (any ParsableCommand.Type)? = nil
  ) {
    if let status = error as? ExitCode { Foundation.exit(status.rawValue) }
    let status = exitCode(for: error)
    if status == .success {
      // Help that was asked for.
      do throws(FileError) {
        try printLine(fullMessage(for: error))
        Foundation.exit(0)
      } catch {
        tell("Error: \(error)")
        Foundation.exit(1)
      }
    }
    let message =
      if let command, let error = error as? ValidationError {
        wrongUse(error, of: command)
      } else if status == .failure {
        "Error: \(explanation(of: error))"
      } else {
        fullMessage(for: error)
      }
    tell(message)
    Foundation.exit(status == .validationFailure ? 2 : 1)
  }

  /// What ArgumentParser says of wrong use that is noticed before a command runs; of what is noticed
  /// later it would show the usage of the whole program.
  private static func wrongUse(
    _ error: ValidationError, of command: any ParsableCommand.Type
  ) -> String {
    let names = names(to: command) ?? [_commandName]
    return """
      Error: \(error.message)
      Usage: \(usageString(for: command))
        See '\(names.joined(separator: " ")) --help' for more information.
      """
  }

  /// How a command is called that is this one or below it: `metrics`, `learner`, `delete`.
  fileprivate static func names(to command: any ParsableCommand.Type) -> [String]? {
    if command == self { return [_commandName] }
    let below = configuration.subcommands.lazy.compactMap { $0.names(to: command) }.first
    return below.map { [_commandName] + $0 }
  }
}

extension AsyncParsableCommand {
  /// The same for a program some of whose commands wait, such as for a network.
  ///
  /// Not `async` itself: what waits opens files, which would take the numbers of streams that are closed.
  public static func runAsProgram() {
    prepareStreams()
    do {
      var command = try parseAsRoot()
      guard let waiting = command as? any AsyncParsableCommand else {
        do { try command.run() } catch { end(after: error, in: type(of: command)) }
        return
      }
      let ended = DispatchSemaphore(value: 0)
      Task {
        var waiting = waiting
        do { try await waiting.run() } catch { end(after: error, in: type(of: waiting)) }
        ended.signal()
      }
      ended.wait()
    } catch {
      end(after: error)
    }
  }
}
