import ArgumentParser
import Charts
import Commands
import Files
import Foundation
import RunStore
import Translation

/// The command line of `swift run chapterN exercises`.
public struct ExercisesArguments: ParsableArguments {
  @Argument(
    in: 1...99, help: "The exercise's number; without it, all are listed with how they stand.")
  var number: Int?

  @Flag(help: "Show one hint more, three at most; the last almost gives it away.")
  var hint = false

  @Flag(help: "Grade again whenever the file is saved; Enter goes on to the next.")
  var watch = false

  @Flag(help: "Show a solution, once yours is right or with --give-up.")
  var solution = false

  @Flag(help: "With --solution: show it all the same. That is recorded.")
  var giveUp = false

  @Flag(help: "Put the original back; yours is kept under a name that isn't compiled.")
  var reset = false

  @Option(
    help: ArgumentHelp(
      "Who you are, in the records of your attempts.",
      discussion: "Without it RESNET_LEARNER, without that your login name.", valueName: "name"))
  var learner: String?

  @OptionGroup var store: StoreOption

  @OptionGroup var languageOption: LanguageOption

  @Flag(help: "Write no colour. Setting NO_COLOR does the same.")
  var noColor = false

  /// Nothing asked for.
  public init() {}

  /// The language in which it is said how exercises stand.
  ///
  /// - Throws: `ValidationError` if `RESNET_LANGUAGE` names none that there is.
  public func language(environment: [String: String]) throws(ValidationError) -> Language {
    try languageOption.language(environment: environment)
  }

  /// Refuses what contradicts itself.
  public func validate() throws {
    if let number, number < 1 {
      throw ValidationError("Exercises are numbered from 1, so there is no exercise \(number).")
    }
    let asked = [hint, watch, solution, reset].filter { $0 }.count
    guard asked <= 1 else {
      throw ValidationError("Ask for one thing at a time: --hint, --watch, --solution or --reset.")
    }
    if giveUp, !solution { throw ValidationError("--give-up goes with --solution.") }
    if number == nil, hint || solution || reset {
      throw ValidationError("Say which exercise: its number comes after `exercises`.")
    }
    if let learner, learner.trimmingCharacters(in: .whitespaces).isEmpty {
      throw ValidationError("--learner takes a name.")
    }
  }
}

/// `swift run chapterN exercises`: grades what the reader wrote, and says what to change.
public struct ExercisesProgram {
  private let folder: ExerciseFolder
  private let arguments: ExercisesArguments
  private let store: RunStore?
  private let learner: String
  private let ink: Bool
  private let width: Int
  private let write: (String) throws -> Void
  private let builds: Bool
  private let translations: Catalog

  /// What a command line asks for.
  ///
  /// - Parameters:
  ///   - folder: the chapter's exercises.
  ///   - arguments: the command line.
  ///   - environment: `RESNET_STORE`, `RESNET_LEARNER`, `NO_COLOR`.
  ///   - isTerminal: whether standard output is one.
  ///   - width: its width in columns.
  ///   - translations: what the reader reads instead of English.
  ///   - builds: whether to build the library that readers' functions are linked with, if it is out of date.
  ///   - write: shows text and the end of its line.
  public init(
    _ folder: ExerciseFolder, _ arguments: ExercisesArguments, environment: [String: String],
    isTerminal: Bool, width: Int, translations: Catalog = Catalog(), builds: Bool = true,
    write: @escaping (String) throws -> Void = ExercisesProgram.printPainted
  ) {
    self.folder = folder
    (self.builds, self.write, self.translations) = (builds, write, translations)
    self.arguments = arguments
    learner = Self.learner(arguments.learner, environment)
    ink =
      isTerminal && !arguments.noColor && environment["NO_COLOR", default: ""].isEmpty
      && environment["TERM"] != "dumb"
    // Narrower, every line would be a word.
    self.width = min(max(20, width), 100)
    let path = arguments.store.path(otherwise: RunStore.defaultPath, environment: environment)
    let (store, warning) = RunStore.openIfPossible(path)
    self.store = store
    if let warning { tell(warning) }
  }

  /// Writes text that this program has coloured; what came from a reader's code is already harmless in it.
  public static func printPainted(_ text: String) throws {
    try writeAll(Data((text + "\n").utf8), to: STDOUT_FILENO, called: "Standard output")
  }

  /// Who tries: what was given, or the environment names, or else the login name.
  public static func learner(_ given: String?, _ environment: [String: String]) -> String {
    for name in [given, environment["RESNET_LEARNER"], NSUserName()] {
      let name = (name ?? "").trimmingCharacters(in: .whitespaces)
      if !name.isEmpty { return name }
    }
    return "unknown"
  }

  /// Does it.
  ///
  /// - Returns: the exit status: 0, or 1 if an exercise that was named isn't solved.
  /// - Throws: ``ExerciseError``, `FileError`.
  public func run() throws -> Int32 {
    let exercise = try arguments.number.map(folder.exercise)
    if arguments.reset, let exercise { return try reset(exercise) }
    if arguments.hint, let exercise { return try hint(exercise) }
    if arguments.solution, let exercise { return try solution(exercise) }
    sayWhoTries()
    try buildSupport()
    if arguments.watch { return try watch(from: exercise) }
    if let exercise { return try grade(exercise).verdict.isSolved ? 0 : 1 }
    return try list()
  }

  // MARK: - What it shows

  private func list() throws -> Int32 {
    let grades = try graded(nil)
    let rows = try grades.map { grade in
      try folder.exercise(grade.exercise).row + [words(for: grade.verdict)]
    }
    let columns = Exercise.columns + [Column(translations.words("state"))]
    let table = Table(columns, rows: rows).renamed { translations.plain($0, .cell) }
    let solved = grades.count(where: \.verdict.isSolved)
    try write(
      translations.words(
        "Exercises of chapter {1}: {2} of {3} solved", "\(folder.chapter)", "\(solved)",
        "\(rows.count)") + "\n")
    try write(paintedStates(table.text(width: width), of: grades.map(\.verdict)))
    if let next = grades.first(where: { !$0.verdict.isSolved }) {
      let exercise = try folder.exercise(next.exercise)
      try write(
        "\n" + translations.words("Write in {1}, then", shownPath(exercise))
          + "\n  \(command) \(next.exercise)")
    }
    return 0
  }

  /// Colours the states at the ends of lines.
  private func paintedStates(_ text: String, of verdicts: [Verdict]) -> String {
    guard ink else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      for verdict in verdicts {
        let word = words(for: verdict)
        if let style = verdict.style, line.hasSuffix("  " + word) {
          return line.dropLast(word.count) + style.paint(word)
        }
      }
      return String(line)
    }.joined(separator: "\n")
  }

  /// The state in a word or two, in the reader's language.
  private func words(for verdict: Verdict) -> String {
    switch verdict {
    case .toDo: translations.words("to do")
    case .solved: translations.words("solved")
    case .wrong: translations.words("wrong")
    case .doesNotCompile: translations.words("doesn't compile")
    case .crashed: translations.words("crashed")
    case .tooSlow: translations.words("too slow")
    }
  }

  @discardableResult
  private func grade(_ exercise: Exercise) throws -> Grade {
    let grade = try graded([exercise.number])[0]
    var lines = heading(of: exercise)
    let verdict = grade.verdict
    let style = verdict.style ?? .yellow
    let word = words(for: verdict).uppercased()
    let isPlain = verdict.isSolved || verdict.style == nil
    let sentences = verdict.sentences.map { translations.text(of: $0) }.joined(separator: " ")
    let said = isPlain ? word : "\(word): \(sentences)"
    lines += wrapped(said, hanging: 2).enumerated().map {
      $0 == 0 ? paint(word, .bold + style) + $1.dropFirst(word.count) : $1
    }
    switch verdict {
    case .wrong(let complaint): lines += details(complaint)
    case .crashed(_, let input), .tooSlow(_, let input):
      lines += details(Complaint(sentence: "", input: input, credit: 0))
    case .toDo, .solved, .doesNotCompile: break
    }
    let printed = grade.printed.trimmingCharacters(in: .newlines).visibleLines
    if !printed.isEmpty {
      let most = printed.split(separator: "\n", omittingEmptySubsequences: false).prefix(20)
      lines += ["", translations.words("What it printed:")] + most.map { "  \($0)" }
      if printed.count(where: { $0 == "\n" }) >= 20 { lines.append("  …") }
    }
    if verdict.isSolved {
      if let explanation = exercise.explanation {
        lines += [""] + wrapped(translations.text(of: explanation))
      }
      lines += [""] + solvedHints(exercise)
    } else {
      var facts = [(translations.words("Your file:"), shownPath(exercise))]
      if !exercise.hints.isEmpty {
        facts.append((translations.words("A hint:"), "\(command) \(exercise.number) --hint"))
      }
      lines += [""] + inColumns(facts)
    }
    try write(lines.joined(separator: "\n"))
    return grade
  }

  private func heading(of exercise: Exercise) -> [String] {
    wrapped(
      translations.words(
        "Exercise {1} of chapter {2}: {3}", "\(exercise.number)", "\(folder.chapter)",
        translations.plain(exercise.title, .cell))
    ).map { paint($0, .bold) } + [""]
  }

  /// Names with what belongs to them, one below the other.
  private func inColumns(_ facts: [(name: String, value: String)]) -> [String] {
    let width = facts.map(\.name.displayWidth).max() ?? 0
    return facts.map { name, value in
      name + String(repeating: " ", count: width + 1 - name.displayWidth) + value
    }
  }

  private func details(_ complaint: Complaint) -> [String] {
    var facts: [(String, String)] = []
    if let input = complaint.input, !input.isEmpty {
      facts.append((translations.words("with"), inWords(input)))
    }
    if let place = complaint.place, !place.isEmpty, !complaint.sentence.text.contains(place) {
      facts.append((translations.words("place"), place))
    }
    if let expected = complaint.expected {
      facts.append((translations.words("expected"), inWords(expected)))
    }
    if let found = complaint.found {
      facts.append((translations.words("found"), inWords(found)))
    }
    if let whole = complaint.whole {
      facts += [
        (translations.words("expected in full"), inWords(whole.expected)),
        (translations.words("found in full"), inWords(whole.found)),
      ]
    }
    let labelWidth = 10
    return facts.isEmpty
      ? []
      : [""]
        + facts.flatMap { label, value in
          let room = labelWidth - label.displayWidth
          if room <= 0 {
            return ["  \(label):"] + wrapped(value, width: width - 4).map { "    \($0)" }
          }
          let lines = wrapped(value, width: width - labelWidth - 2)
          return lines.enumerated().map { index, line in
            "  "
              + (index == 0
                ? label + String(repeating: " ", count: room)
                : String(repeating: " ", count: labelWidth)) + line
          }
        }
  }

  /// A value or a ``Difference``, whose few words are in the reader's language.
  private func inWords(_ value: String) -> String {
    if let shape = value.wholeMatch(of: /the shape (\[[^\]]*\])/) {
      return translations.words("the shape {1}", String(shape.output.1))
    }
    if let count = value.wholeMatch(of: /(\d+) elements?/) {
      return count.output.1 == "1"
        ? translations.words("1 element")
        : translations.words("{1} elements", String(count.output.1))
    }
    return value.replacing(/of shape (\[[^\]]*\])/) {
      translations.words("of shape {1}", String($0.output.1))
    }.replacing(/… \((\d+) in all\)/) {
      translations.words("… ({1} in all)", String($0.output.1))
    }
  }

  private func solvedHints(_ exercise: Exercise) -> [String] {
    let next = folder.exercises.first { $0.number > exercise.number }
    let facts =
      (next.map { [(translations.words("The next:"), "\(command) \($0.number)")] } ?? [])
      + [(translations.words("A solution:"), "\(command) \(exercise.number) --solution")]
    return inColumns(facts)
  }

  private func hint(_ exercise: Exercise) throws -> Int32 {
    let before = (try? store?.attempts(by: learner, chapter: folder.chapter)) ?? []
    let shown = before.count {
      $0.attempt.exercise == exercise.number && $0.attempt.verdict == "hint"
    }
    let count = min(shown + 1, exercise.hints.count)
    guard count > 0 else {
      try write(
        translations.words(
          "Exercise {1} has no hints. Its text is in {2}.", "\(exercise.number)",
          shownPath(exercise)))
      return 0
    }
    var lines = heading(of: exercise)
    for (index, hint) in exercise.hints.prefix(count).enumerated() {
      let title = translations.words(
        "Hint {1} of {2}:", "\(index + 1)", "\(exercise.hints.count)")
      lines += wrapped("\(title) \(translations.text(of: hint))", hanging: 2)
    }
    if shown >= exercise.hints.count { lines += ["", translations.words("There are no more.")] }
    if shown < exercise.hints.count { record(exercise, "hint", "hint \(count)") }
    try write(lines.joined(separator: "\n"))
    return 0
  }

  private func solution(_ exercise: Exercise) throws -> Int32 {
    guard let text = try folder.authorsText(of: exercise) else {
      try write(
        translations.words("This package was handed out without solutions. Ask your teacher."))
      return 1
    }
    if !arguments.giveUp {
      try buildSupport()
      guard try graded([exercise.number])[0].verdict.isSolved else {
        try write(
          wrapped(
            translations.words(
              "Exercise {1} isn't solved yet. A hint: `{2}`. To see a solution all the same, "
                + "add --give-up; that is recorded.", "\(exercise.number)",
              "\(command) \(exercise.number) --hint")
          ).joined(separator: "\n"))
        return 1
      }
    } else {
      record(exercise, "gave up", "asked for the solution")
    }
    try write(text.solution)
    if let explanation = exercise.explanation {
      try write(wrapped(translations.text(of: explanation)).joined(separator: "\n"))
    }
    return 0
  }

  private func reset(_ exercise: Exercise) throws -> Int32 {
    let kept = try folder.reset(exercise)
    try write(translations.words("{1} is as it was.", shownPath(exercise)))
    if let kept { try write(translations.words("What you had is in {1}.", shownPath(kept))) }
    return 0
  }

  // MARK: - Watching

  private func watch(from first: Exercise?) throws -> Int32 {
    var exercise = try first ?? firstUnsolved()
    while true {
      if ink { try write("\u{1B}[2J\u{1B}[H") }
      let seen = try folder.text(of: exercise)
      let grade = try grade(exercise)
      let next = folder.exercises.first { $0.number > exercise.number }
      let waiting = translations.words(
        "Watching {1}: save it and it is graded again.", shownPath(exercise))
      let end =
        next.map {
          translations.words("Enter goes on to exercise {1}, Ctrl-C ends.", "\($0.number)")
        } ?? translations.words("Ctrl-C ends.")
      try write("\n" + wrapped("\(waiting) \(end)").joined(separator: "\n"))
      _ = grade
      while true {
        if try folder.text(of: exercise) != seen { break }
        var keyboard = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let hasInput = poll(&keyboard, 1, 200) > 0
        if hasInput {
          // Nobody is there to go on: only the file counts.
          guard readLine() != nil else {
            usleep(200_000)
            continue
          }
          if let next { exercise = next; break }
        }
      }
    }
  }

  private func firstUnsolved() throws -> Exercise {
    let grades = try graded(nil)
    let number = grades.first { !$0.verdict.isSolved }?.exercise ?? 1
    return try folder.exercise(number)
  }

  // MARK: - Grading and recording

  private func graded(_ numbers: [Int]?) throws -> [Grade] {
    var texts: [Int: String] = [:]
    for exercise in folder.exercises { texts[exercise.number] = try folder.text(of: exercise) }
    let grader = Grader(compiler: try Compiler())
    return try grader.grade(
      numbers, of: folder, texts: texts, shownAs: "chapters/\(folder.name)/Exercises"
    ).map { grade in
      let exercise = try folder.exercise(grade.exercise)
      let grade = checkingRuns(exercise, grade)
      if case .toDo = grade.verdict { return grade }
      // The list grades everything; what has not changed since is no new attempt.
      let before = (try? store?.attempts(by: learner, chapter: folder.chapter)) ?? []
      let last = before.last { $0.attempt.exercise == grade.exercise && $0.attempt.source != nil }
      if last?.attempt.source != grade.source || last?.attempt.verdict != grade.verdict.word {
        record(exercise, grade.verdict.word, grade.verdict.sentence, grade)
      }
      return grade
    }
  }

  /// A conclusion is judged once the runs that it is drawn from are there: what is said of it before that would
  /// give the answer away.
  private func checkingRuns(_ exercise: Exercise, _ grade: Grade) -> Grade {
    guard let runs = exercise.runs else { return grade }
    switch grade.verdict {
    case .solved, .wrong: break
    default: return grade
    }
    let found = (try? store?.rows(sql: runs.query))?.rows.first?.first
    if let found, found != .integer(0), found != .null { return grade }
    let sentence = Message.words(
      "The runs that your conclusion is drawn from aren't in the store yet. Make them with `{1}`, then "
        + "look what they say.", runs.command)
    return Grade(
      exercise: grade.exercise, verdict: .wrong(Complaint(sentence: sentence, credit: 0)),
      printed: grade.printed, seconds: grade.seconds, source: grade.source)
  }

  private func record(
    _ exercise: Exercise, _ verdict: String, _ message: String, _ grade: Grade? = nil
  ) {
    guard let store, !store.isReadOnly else { return }
    do {
      try store.record(
        ExerciseAttempt(
          learner: learner, chapter: folder.chapter, exercise: exercise.number, verdict: verdict,
          message: message, seconds: grade?.seconds, source: grade?.source))
    } catch {
      tell(translations.words("The attempt can't be recorded. {1}", "\(error)"))
    }
  }

  private func sayWhoTries() {
    guard let store, !store.isReadOnly, let attempts = try? store.attempts(by: learner),
      attempts.isEmpty
    else { return }
    tell(
      wrapped(
        translations.words(
          "Your attempts are recorded in {1} as those of {2}; `--learner NAME` or RESNET_LEARNER "
            + "gives another name.", store.path, learner)
      ).joined(separator: "\n"))
  }

  private func buildSupport() throws {
    if builds { try SupportLibrary.build(in: folder.package, for: Compiler.folderOfThisProgram) }
  }

  private var command: String { "swift run chapter\(folder.chapter) exercises" }

  private func shownPath(_ exercise: Exercise) -> String { shownPath(folder.file(of: exercise)) }

  private func shownPath(_ file: URL) -> String {
    "chapters/\(folder.name)/Exercises/\(file.lastPathComponent)"
  }

  private func paint(_ text: String, _ style: TerminalStyle) -> String {
    ink ? style.paint(text) : text
  }

  private func wrapped(_ text: String, width: Int? = nil, hanging: Int = 0) -> [String] {
    let lines = text.visibleLines.components(separatedBy: "\n").flatMap {
      $0.isEmpty ? [""] : $0.wrapped(width: (width ?? self.width) - hanging)
    }
    let indent = String(repeating: " ", count: hanging)
    return lines.enumerated().map { $0 == 0 ? $1 : indent + $1 }
  }
}

extension Verdict {
  /// The colour of its word; nil for what is still to do.
  fileprivate var style: TerminalStyle? {
    switch self {
    case .toDo: nil
    case .solved: .green
    case .wrong, .doesNotCompile, .crashed, .tooSlow: .red
    }
  }
}

extension Exercise {
  /// The columns of a list of exercises.
  public static let columns = [
    Column("", .right), Column("exercise"), Column("difficulty"), Column("minutes", .right),
  ]

  /// Its row in such a list.
  public var row: [String] {
    ["\(number)", title, difficulty.rawValue, "\(minutes)"]
  }
}
