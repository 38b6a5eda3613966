import RunStore

/// A question that the reader answers before running on, and what came of it.
public final class Prediction {
  /// What was asked; may hold inline Markdown.
  public let question: String
  /// The answers to choose from.
  public let choices: [String]
  /// The reader's choice, or `nil` if nobody was asked or the question was skipped.
  public internal(set) var guess: String?
  /// The right choice, or `nil` as long as it isn't measured.
  public internal(set) var answer: String?
  var isRecorded = false

  init(question: String, choices: [String], answer: String?) {
    self.question = question
    self.choices = choices
    self.answer = answer
  }

  /// Whether the reader was right, if there is a guess and an answer.
  public var isCorrect: Bool? {
    guard let guess, let answer else { return nil }
    return guess == answer
  }
}

extension Chapter {
  /// Asks the reader to predict before running on.
  ///
  /// The reader is asked only where both standard input and output are terminals; Enter or Ctrl-D skips.
  ///
  /// - Parameters:
  ///   - question: a question; may hold inline Markdown.
  ///   - choices: two or more answers.
  ///   - answer: the right one of the choices; `nil` if the chapter measures it and then calls
  ///     ``reveal(_:answer:line:file:)``.
  /// - Returns: the prediction, to be revealed later.
  /// - Precondition: `answer` is one of the `choices`.
  @discardableResult
  public func predict(
    _ question: String, choices: [String], answer: String? = nil,
    line: Int = #line, file: String = #filePath
  ) -> Prediction {
    precondition(
      answer.map(choices.contains) ?? true,
      "the answer \(answer ?? "") is none of the choices \(choices)")
    let prediction = Prediction(question: question, choices: choices, answer: answer)
    place(.prediction(prediction), line: line, file: file)
    prediction.guess = ask(choices)
    predictions.append(prediction)
    if answer != nil { record(prediction) }
    return prediction
  }

  /// Says what the answer to an earlier question is, and what the reader had predicted.
  ///
  /// - Parameters:
  ///   - prediction: what ``predict(_:choices:answer:line:file:)`` returned.
  ///   - answer: the right one of its choices, if it wasn't known before.
  /// - Precondition: there is an answer, now or before, and it is one of the choices.
  public func reveal(
    _ prediction: Prediction, answer: String? = nil,
    line: Int = #line, file: String = #filePath
  ) {
    if let answer { prediction.answer = answer }
    precondition(
      prediction.answer.map(prediction.choices.contains) ?? false,
      "the answer \(prediction.answer ?? "nil") is none of the choices \(prediction.choices)")
    place(.revelation(prediction), line: line, file: file)
    record(prediction)
  }

  private func ask(_ choices: [String]) -> String? {
    guard console.canAsk, options.weave == nil, !isHidden else { return nil }
    while true {
      let count = "\(choices.count)"
      write("  " + translations.words("Your answer (1–{1}, Enter skips):", count) + " ")
      guard let line = console.readLine() else {
        write("\n")
        return nil
      }
      let text = line.filter { !$0.isWhitespace }
      if text.isEmpty { return nil }
      if let number = Int(text), choices.indices.contains(number - 1) { return choices[number - 1] }
      write(
        "  " + translations.words("Type a number from 1 to {1}, or only Enter.", count) + "\n")
    }
  }

  /// Records a prediction once, if the reader made one.
  func record(_ prediction: Prediction) {
    guard let guess = prediction.guess, !prediction.isRecorded else { return }
    prediction.isRecorded = true
    keep { [number] store throws(RunStoreError) in
      try store.record(
        PredictionRecord(
          chapter: number, question: prediction.question, answer: guess,
          correct: prediction.isCorrect))
    }
  }

  /// Records the predictions whose answer was never measured.
  func recordPredictions() {
    predictions.forEach(record)
  }
}
