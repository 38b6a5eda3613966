import ExerciseKit
import Foundation
import MiniTensor
import RunStore
import Translation

/// Something that the reader of a chapter writes or finds out, with its grader.
public struct Exercise: Sendable {
  /// How hard it is.
  public enum Difficulty: String, Sendable { case easy, medium, hard }

  /// Its number in its chapter, from 1.
  public let number: Int
  /// The name of the function that the reader writes, and of its file: `2-outputExtent.swift`.
  public let name: String
  /// What it is about, in a line.
  public let title: String
  /// How hard it is.
  public let difficulty: Difficulty
  /// How long it takes somebody who has read the chapter, in minutes.
  public let minutes: Int
  /// At most three, each telling more than the one before.
  public let hints: [Message]
  /// Swift that makes an `Answer` of the reader's function.
  let adapter: String
  /// What the store has to hold before a conclusion counts; nil where there is code to write.
  public let runs: RequiredRuns?
  /// What was measured, shown once it is solved; nil where there is code to write.
  public let explanation: Message?
  /// What it may say of wrong answers, for inputs from a seed.
  let complaints: @Sendable (_ seed: UInt64) throws -> [Message]
  /// Grades what `caller` calls, with inputs from a seed.
  let judge: @Sendable (_ call: Caller, _ seed: UInt64) throws -> Verdict

  /// All that it may tell its reader beside the title: hints, what is wrong with an answer, what was measured.
  ///
  /// - Parameter seed: of the inputs.
  package func sentences(seed: UInt64) throws -> [Message] {
    try hints + complaints(seed) + [explanation].compactMap(\.self)
  }
}

/// Calls a reader's function: inputs in JSON go in, the output in JSON comes back.
typealias Caller = (_ inputs: Data) throws -> Reply

/// A common wrong idea, with what a function would return that was written with it.
public struct Misconception<Output: Answerable> {
  let sentence: Message
  let output: Output

  /// A wrong idea.
  ///
  /// - Parameters:
  ///   - sentence: what is wrong, and what to think of. May use the numbers of the inputs. It stands in the
  ///     source as it is said, and ends as a sentence does: so `book translate` finds it.
  ///   - output: what comes out for these inputs.
  public init(_ sentence: Message, _ output: Output) {
    (self.sentence, self.output) = (sentence, output)
  }
}

/// Runs that an experiment asks for.
public struct RequiredRuns: Sendable {
  /// The command that makes them.
  public let command: String
  /// A query that returns one number, 0 if they are missing.
  public let query: String

  /// Runs that `query` counts and `command` makes.
  public init(command: String, query: String) { (self.command, self.query) = (command, query) }
}

extension Exercise {
  /// A function to write.
  ///
  /// - Parameters:
  ///   - number: in its chapter, from 1.
  ///   - name: of the function and its file.
  ///   - title: what it is about, in a line.
  ///   - difficulty: how hard it is.
  ///   - minutes: how long it takes.
  ///   - hints: at most three, each telling more.
  ///   - adapter: Swift that makes an `Answer` of the function, where `Answer(name)` doesn't.
  ///   - labels: what the inputs are called in messages, one each: names as in code, the same in all languages.
  ///   - tolerance: relative to the largest number that is expected.
  ///   - cases: inputs: the fixed ones first, each kind from the smallest on, then random ones. The first that
  ///     fails is the one that the reader sees.
  ///   - expected: what the function should return.
  ///   - misconceptions: what it returns if it was written with a wrong idea; as many, in the same order, for
  ///     all inputs.
  public static func function<each Input: Answerable, Output: Answerable>(
    _ number: Int, _ name: String, title: String, _ difficulty: Difficulty, minutes: Int,
    hints: [Message], adapter: String? = nil, labels: [String], tolerance: Double = 1e-5,
    cases: @escaping @Sendable (inout RandomGenerator) -> [(repeat each Input)],
    expected: @escaping @Sendable (repeat each Input) throws -> Output,
    misconceptions: @escaping @Sendable (repeat each Input) throws -> [Misconception<Output>]
  ) -> Exercise {
    precondition(hints.count <= 3, "exercise \(number), \(name), has more than three hints")
    return Exercise(
      number: number, name: name, title: title, difficulty: difficulty, minutes: minutes,
      hints: hints, adapter: adapter ?? "Answer(\(name))", runs: nil, explanation: nil,
      complaints: { seed in
        var generator = RandomGenerator(seed: seed, stream: .experiment)
        var sentences: [Message] = []
        for input in cases(&generator) {
          sentences += try misconceptions(repeat each input).map { $0.sentence }
        }
        return sentences
      }
    ) { call, seed in
      var generator = RandomGenerator(seed: seed, stream: .experiment)
      let inputs = cases(&generator)
      var failures: [Failure<Output>] = []
      // The wrong ideas that explain every output so far, the right ones too, by their places in the list.
      var suspects: Set<Int>?
      for (index, input) in inputs.enumerated() {
        let right = try expected(repeat each input)
        let json = try JSONEncoder.ofExercises.encode(Inputs(repeat each input))
        let allowed = tolerance * (right.magnitude > 0 ? right.magnitude : 1)
        let found: Output
        let reply: Reply
        do {
          reply = try call(json)
        } catch {
          // What was wrong before the crash says more than the crash, and the rest counts as wrong.
          guard let first = failures.first else {
            throw Interruption(cause: error, input: describe(labels, repeat each input))
          }
          return .wrong(
            first.complaint(
              suspects, failed: failures.count + inputs.count - index,
              of: inputs.count))
        }
        switch read(Output.self, from: reply) {
        case .output(let output): found = output
        case .none(.wrong(var complaint)):
          complaint.input = describe(labels, repeat each input)
          complaint.expected = right.shown
          return .wrong(complaint)
        case .none(let verdict): return verdict
        }
        let ideas = try misconceptions(repeat each input)
        suspects = (suspects ?? Set(ideas.indices)).filter {
          found.difference(from: ideas[$0].output, within: allowed) == nil
        }
        guard let difference = found.difference(from: right, within: allowed) else { continue }
        failures.append(
          Failure(
            input: describe(labels, repeat each input), expected: right, found: found,
            difference: difference, sentences: ideas.map { $0.sentence }))
      }
      guard let first = failures.first else { return .solved }
      return .wrong(
        first.complaint(suspects, failed: failures.count, of: inputs.count))
    }
  }

  /// An experiment: runs to make, and a conclusion to draw from them.
  ///
  /// - Parameters:
  ///   - number: in its chapter, from 1.
  ///   - name: of the function that returns the conclusion, and its file.
  ///   - title: what it is about, in a line.
  ///   - difficulty: how hard it is.
  ///   - minutes: how long it takes, the training included.
  ///   - hints: at most three.
  ///   - runs: what the store has to hold.
  ///   - answer: the right conclusion.
  ///   - tolerance: by how much a number may differ.
  ///   - mistakes: wrong conclusions, with what speaks against each; if they are texts, all that may be given.
  ///   - explanation: what was measured, shown once the conclusion is right.
  public static func experiment<Conclusion: Answerable & Sendable>(
    _ number: Int, _ name: String, title: String, _ difficulty: Difficulty, minutes: Int,
    hints: [Message], runs: RequiredRuns? = nil, answer: Conclusion, tolerance: Double = 0,
    mistakes: [(conclusion: Conclusion, sentence: Message)] = [], explanation: Message
  ) -> Exercise {
    precondition(hints.count <= 3, "exercise \(number), \(name), has more than three hints")
    return Exercise(
      number: number, name: name, title: title, difficulty: difficulty, minutes: minutes,
      hints: hints, adapter: "Answer(\(name))", runs: runs, explanation: explanation,
      complaints: { [sentences = mistakes.map { $0.sentence }] _ in sentences }
    ) { [mistakes = mistakes.map { ($0.conclusion, $0.sentence) }] call, _ in
      let found: Conclusion
      switch read(Conclusion.self, from: try call(Data("[]".utf8))) {
      case .output(let output): found = output
      case .none(let verdict): return verdict
      }
      if found.difference(from: answer, within: tolerance) == nil { return .solved }
      let mistake = mistakes.first { found.difference(from: $0.0, within: tolerance) == nil }
      return .wrong(
        Complaint(
          sentence: mistake?.1
            ?? (found is String
              ? Message.words(
                "It is none of the answers in the exercise's text. Look how they are spelt there.")
              : Message.words("The runs say something else. Look at them again.")),
          found: found.shown, credit: 0))
    }
  }
}

/// What a function returned, or the verdict if it returned nothing that can be compared.
private enum Returned<Output> {
  case output(Output)
  case none(Verdict)
}

private func read<Output: Decodable>(_: Output.Type, from reply: Reply) -> Returned<Output> {
  func wrong(_ sentence: Message) -> Returned<Output> {
    .none(.wrong(Complaint(sentence: sentence, credit: 0)))
  }
  switch reply {
  case .unsolved: return .none(.toDo)
  case .error(let message): return wrong(.words("It threw an error: {1}", message))
  case .otherParameters:
    return wrong(
      .words(
        "It takes other parameters than the original. Keep its name, its parameters and its result."
      ))
  case .output(let json):
    let outputs = try? JSONDecoder.ofExercises.decode([Output].self, from: Data(json.utf8))
    guard let output = outputs?.first else {
      return wrong(
        .words(
          "It returns something of another type than the original. Keep its result as it was."))
    }
    return .output(output)
  }
}

/// Inputs of which a function made something wrong.
private struct Failure<Output: Answerable> {
  let input: String
  let expected: Output
  let found: Output
  let difference: Difference
  /// Those of the wrong ideas, for these inputs.
  let sentences: [Message]

  /// - Parameter suspects: the wrong ideas that explain all outputs, of which the first one is told.
  func complaint(_ suspects: Set<Int>?, failed: Int, of count: Int) -> Complaint {
    Complaint(
      sentence: suspects?.min().map { sentences[$0] } ?? unexplained,
      input: input, place: difference.place, expected: difference.expected, found: difference.found,
      whole: expected.shown == difference.expected ? nil : (expected.shown, found.shown),
      credit: 0.5 * Double(count - failed) / Double(count))
  }

  /// What can be said without a wrong idea that explains it.
  private var unexplained: Message {
    let place = difference.place
    let isOnePlace = place.isEmpty
    if difference.expected.hasPrefix("the shape") {
      return isOnePlace
        ? .words("The result has the wrong shape.")
        : .words("The result has the wrong shape at {1}.", place)
    }
    if difference.expected.contains(" element") {
      return isOnePlace
        ? .words("The result has the wrong number of elements.")
        : .words("The result has the wrong number of elements at {1}.", place)
    }
    if difference.found.hasSuffix("nan") {
      return isOnePlace
        ? .words(
          "The result isn't a number: look for 0 / 0, or for the logarithm or the root of a negative "
            + "number.")
        : .words(
          "The result isn't a number at {1}: look for 0 / 0, or for the logarithm or the root of a "
            + "negative number.", place)
    }
    if difference.found.hasSuffix("inf") {
      return isOnePlace
        ? .words(
          "The result is infinite: look for a division by zero, the logarithm of zero, or a power that is "
            + "too large.")
        : .words(
          "The result is infinite at {1}: look for a division by zero, the logarithm of zero, or a power "
            + "that is too large.", place)
    }
    return isOnePlace
      ? .words("The result is wrong.") : .words("The result is wrong at {1}.", place)
  }
}

/// The inputs for which a function didn't return.
struct Interruption: Error {
  let cause: any Error
  let input: String
}

private func describe<each Input: Answerable>(
  _ labels: [String], _ inputs: repeat each Input
) -> String {
  var names = labels[...]
  var parts: [String] = []
  for input in repeat each inputs {
    let name = names.popFirst()
    parts.append((name.map { "\($0) = " } ?? "") + input.shown)
  }
  return parts.joined(separator: "\n")
}
