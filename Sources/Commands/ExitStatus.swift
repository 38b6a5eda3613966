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
    let status = exitStatus(arguments)
    if status != 0 { Foundation.exit(status) }
  }

  /// Parses the command line and runs the command.
  ///
  /// - Parameters:
  ///   - arguments: the words of the command line; without it those of this process.
  ///   - tell: gets what is to be said of an error.
  /// - Returns: the exit status.
  public static func exitStatus(
    _ arguments: [String]? = nil, tell: (String) -> Void = { Commands.tell($0) }
  ) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      do { try command.run() } catch { return status(after: error, in: type(of: command), tell) }
    } catch {
      return status(after: error, tell)
    }
    return 0
  }

  /// The exit status after an error, or after help; says what happened.
  ///
  /// - Parameter command: the one that ran, if the command line was understood.
  fileprivate static func status(
    after error: any Error, in command: (any ParsableCommand.Type)? = nil,
    _ tell: (String) -> Void = { Commands.tell($0) }
  ) -> Int32 {
    if let status = error as? ExitCode { return status.rawValue }
    let status = exitCode(for: error)
    if status == .success {
      // Help that was asked for.
      do throws(FileError) {
        try printLine(fullMessage(for: error))
        return 0
      } catch {
        tell("Error: \(error)")
        return 1
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
    return status == .validationFailure ? 2 : 1
  }

  /// Ends the process after an error, or after help.
  fileprivate static func end(
    after error: any Error, in command: (any ParsableCommand.Type)? = nil
  ) {
    Foundation.exit(status(after: error, in: command))
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
