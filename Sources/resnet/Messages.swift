import ArgumentParser
import Commands
import Files
import Foundation

/// Ends the command with status 1 and a message.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Says before anything is read or computed why its result couldn't be written.
///
/// - Parameters:
///   - output: the file that will be written.
///   - inputs: the files that will be read, which it must not replace.
func check(output: String, besides inputs: [String]) throws {
  try checkOutput(output)
  if let input = inputs.first(where: { isSameFile($0, output) }) {
    throw Failure(
      "\(output.visible) would replace \(input.visible), which is read. Give the output another name."
    )
  }
}

/// Ends the command with status 2: it was asked for in a wrong way.
func wrongUse(_ error: any Error) -> ValidationError {
  ValidationError("\(error)")
}
