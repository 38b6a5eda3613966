import Foundation

/// What a program of a reader's functions does: answers calls until there are no more.
///
/// A call is a line on standard input, a JSON array of the exercise's number and its inputs; the answer is a
/// line. The answers go to a copy of standard output. Standard output itself becomes standard error, where
/// whatever the reader's code prints is read apart.
///
/// - Parameter answers: the functions, by the exercises' numbers.
public func answer(_ answers: [Int: Answer]) -> Never {
  // A session of its own: it has no terminal, and whatever this process starts can be ended with it.
  setsid()
  let output = FileHandle(fileDescriptor: dup(STDOUT_FILENO))
  dup2(STDERR_FILENO, STDOUT_FILENO)
  // A reader's function that reads standard input finds nothing there.
  let calls = FileHandle(fileDescriptor: dup(STDIN_FILENO))
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO)
  var unread = Data()
  while true {
    guard let end = unread.firstIndex(of: UInt8(ascii: "\n")) else {
      let more = calls.availableData
      if more.isEmpty { exit(0) }
      unread.append(more)
      continue
    }
    let request = Data(unread[..<end])
    unread = Data(unread[(end + 1)...])
    let reply: Reply
    do {
      let call = try JSONDecoder.ofExercises.decode(Call.self, from: request)
      guard let function = answers[call.exercise] else {
        throw Refusal("there is no exercise \(call.exercise)")
      }
      reply = .output(String(decoding: try function.call(Data(call.inputs.utf8)), as: UTF8.self))
    } catch is Unsolved {
      reply = .unsolved
    } catch is OtherParameters {
      reply = .otherParameters
    } catch {
      reply = .error("\(error)")
    }
    fflush(nil)
    do {
      try output.write(contentsOf: JSONEncoder.ofExercises.encode(reply) + Data("\n".utf8))
    } catch {
      exit(1)
    }
  }
}

/// A call of a reader's function.
public struct Call: Codable, Sendable {
  /// The exercise's number.
  public let exercise: Int
  /// The inputs, a JSON array.
  public let inputs: String

  /// A call with inputs in JSON.
  public init(exercise: Int, inputs: String) { (self.exercise, self.inputs) = (exercise, inputs) }
}

/// What came of a call.
public enum Reply: Codable, Sendable {
  /// The output, in a JSON array of one element.
  case output(String)
  /// It threw ``Unsolved``.
  case unsolved
  /// It takes other parameters.
  case otherParameters
  /// It threw something else.
  case error(String)
}

private struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
