/// One claim that a chapter checked.
public struct CheckRecord: Hashable, Sendable {
  /// The chapter.
  public let chapter: Int
  /// The claim, as the reader saw it.
  public let claim: String
  /// Whether it held.
  public let passed: Bool
  /// What was measured, in words and numbers.
  public let measured: String
  /// The run it is about, if it is about one.
  public let run: Run.ID?

  /// A checked claim.
  public init(chapter: Int, claim: String, passed: Bool, measured: String, run: Run.ID? = nil) {
    self.chapter = chapter
    self.claim = claim
    self.passed = passed
    self.measured = measured
    self.run = run
  }
}

/// What a reader answered before a chapter showed the result.
public struct PredictionRecord: Hashable, Sendable {
  /// The chapter.
  public let chapter: Int
  /// The question, as the reader saw it.
  public let question: String
  /// The choice or the words of the answer.
  public let answer: String
  /// Whether the answer was right; nil where there is no right answer.
  public let correct: Bool?

  /// A reader's answer.
  public init(chapter: Int, question: String, answer: String, correct: Bool? = nil) {
    self.chapter = chapter
    self.question = question
    self.answer = answer
    self.correct = correct
  }
}

/// One grading of a reader's solution to an exercise, or another thing that a reader did with it.
public struct ExerciseAttempt: Hashable, Sendable {
  /// Who tried: a name, which nothing proves.
  public let learner: String
  /// The chapter.
  public let chapter: Int
  /// The exercise's number within the chapter, from 1.
  public let exercise: Int
  /// What came of it: `solved`, `wrong`, `doesn't compile`, `crashed`, `too slow`; or what was asked for: `hint`,
  /// `gave up`.
  public let verdict: String
  /// What the grader said.
  public let message: String
  /// How long the reader's function took, in seconds.
  public let seconds: Double?
  /// A checksum of the reader's text.
  public let source: String?

  /// Whether the solution was right.
  public var passed: Bool { verdict == "solved" }

  /// A graded solution.
  public init(
    learner: String, chapter: Int, exercise: Int, verdict: String, message: String,
    seconds: Double? = nil, source: String? = nil
  ) {
    self.learner = learner
    self.chapter = chapter
    self.exercise = exercise
    self.verdict = verdict
    self.message = message
    self.seconds = seconds
    self.source = source
  }
}
