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

/// One grading of a reader's solution to an exercise.
public struct ExerciseAttempt: Hashable, Sendable {
  /// The chapter.
  public let chapter: Int
  /// The exercise's number within the chapter, from 1.
  public let exercise: Int
  /// Whether the solution was right.
  public let passed: Bool
  /// What the grader said.
  public let message: String

  /// A graded solution.
  public init(chapter: Int, exercise: Int, passed: Bool, message: String) {
    self.chapter = chapter
    self.exercise = exercise
    self.passed = passed
    self.message = message
  }
}
