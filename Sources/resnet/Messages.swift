import ArgumentParser
import Commands
import Files
import Foundation

/// Ends the command with status 1 and a message.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Writes a file that was asked for, all of it or nothing.
func write(_ bytes: Data, to file: String) throws {
  do {
    try writeOutput(bytes, to: file)
  } catch {
    throw Failure("\(error)")
  }
}

/// Ends the command with status 2: it was asked for in a wrong way.
func wrongUse(_ error: any Error) -> ValidationError {
  ValidationError("\(error)")
}
