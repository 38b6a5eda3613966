import Translation

/// What grading an exercise came to.
public enum Verdict: Sendable {
  /// Nobody has written it yet.
  case toDo
  /// Right for every input that was tried.
  case solved
  /// Something came back that isn't right.
  case wrong(Complaint)
  /// The compiler's first message with its line, and what to do about it.
  case doesNotCompile([Message])
  /// The function ended its program instead of returning, and why.
  case crashed(Message, input: String? = nil)
  /// It had not returned after so many seconds.
  case tooSlow(seconds: Double, input: String? = nil)

  /// The state in a word or two, as lists and the store have it.
  public var word: String {
    switch self {
    case .toDo: "to do"
    case .solved: "solved"
    case .wrong: "wrong"
    case .doesNotCompile: "doesn't compile"
    case .crashed: "crashed"
    case .tooSlow: "too slow"
    }
  }

  /// Whether it is solved.
  public var isSolved: Bool { if case .solved = self { true } else { false } }

  /// The share of its points that it is worth: all if it is solved, and half of the share of inputs that came
  /// out right if it isn't.
  public var credit: Double {
    switch self {
    case .solved: 1
    case .wrong(let complaint): complaint.credit
    default: 0
    }
  }

  /// What it says, in a sentence or two, as lists and the store have it.
  public var sentence: String { sentences.map(\.text).joined(separator: " ") }

  /// What it says, for a reader of any language.
  var sentences: [Message] {
    switch self {
    case .toDo: ["It is still to do."]
    case .solved: ["Solved."]
    case .wrong(let complaint): [complaint.sentence] + [complaint.remark].compactMap(\.self)
    case .doesNotCompile(let messages): messages
    case .crashed(let cause, _): [cause]
    case .tooSlow(let seconds, _):
      [
        .words(
          "It had not returned after {1} seconds. Is there a loop that never ends?", seconds.shown)
      ]
    }
  }
}

/// Why a solution is wrong, with the smallest of the inputs for which it is.
public struct Complaint: Sendable {
  /// What is wrong.
  public var sentence: Message
  /// What else is to be said.
  public var remark: Message?
  /// The inputs by name, a line each.
  public var input: String?
  /// The first place where the result differs.
  public var place: String?
  /// What should stand there.
  public var expected: String?
  /// What stands there.
  public var found: String?
  /// The whole results, where they are more than that.
  public var whole: (expected: String, found: String)?
  /// The share of the exercise's points.
  public var credit: Double
}
