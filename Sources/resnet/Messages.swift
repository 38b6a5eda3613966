import ArgumentParser
import Foundation

/// Writes a line to standard error.
func tell(_ message: String) {
  FileHandle.standardError.write(Data((message + "\n").utf8))
}

/// Ends the command with status 1 and a message.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Ends the command with status 2: it was asked for in a wrong way.
func wrongUse(_ error: any Error) -> ValidationError {
  ValidationError("\(error)")
}
