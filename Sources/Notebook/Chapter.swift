import ArgumentParser
import Charts
import Commands
import Exercises
import Files
import Foundation
import RunStore
import Translation

/// A chapter while it runs: it shows its own source's prose, and what the code prints, draws and
/// checks, as one page.
///
/// ```swift
/// //: # 1. Naive loops
/// //: A convolution is a sum of products …
/// import Notebook
///
/// let chapter = Chapter(1)
///
/// let sum = products.reduce(0, +)
/// chapter.show("sum = \(sum)")
/// chapter.check("The sum is even", sum % 2 == 0, "\(sum)")
/// chapter.finish()
/// ```
///
/// Every method that shows something knows the line that called it, and first shows the prose and the
/// code up to the end of the statement on that line. A statement that was passed already (a function
/// defined above, a loop in its second turn) adds to the end of the page.
///
/// Prose is every line that begins with `//:` in its first column. The code is what the chapter
/// teaches, but for two things:
///
/// - what stands below a line `//: <!-- plumbing -->`, up to the next `//:`, is folded on the woven page
///   and shown in the terminal with `--code` only;
/// - imports, `let chapter = …` and top-level statements that begin with `chapter.` are shown nowhere.
public final class Chapter {
  /// The chapter's number in the book.
  public let number: Int
  /// What the reader asked for on the command line.
  public let options: ChapterOptions
  /// The run store; `nil` if there can be none, which the reader has been told. It may be read-only.
  public let store: RunStore?
  /// What the reader writes and finds out, with graders.
  public let exercises: [Exercise]

  let console: Console
  /// What the reader reads instead of English.
  public let translations: Catalog
  var checks: [Check] = []
  var predictions: [Prediction] = []
  private(set) var blocks: [Block] = []
  private(set) var isHidden = false
  let sourcePath: String
  private let source: Source
  private var shown = 0
  private var page: TerminalPage
  private weak var bar: ProgressBar?
  private var outputHasFailed = false
  /// What is written to the store, if there is one to write to.
  private lazy var queue = store.flatMap { store in
    store.isReadOnly ? nil : WriteQueue(to: store) { [unowned self] in note($0) }
  }

  /// Begins a chapter: reads the command line and opens the run store.
  ///
  /// Bad usage is explained on standard error and ends the process with status 2; `--help` ends it
  /// with status 0. A store that can't be used is explained, and the chapter goes on without it.
  ///
  /// - Parameters:
  ///   - number: the chapter's number in the book.
  ///   - kind: which options it takes.
  ///   - exercises: its exercises; `swift run chapterN exercises` grades them instead of running the chapter.
  ///   - source: the file whose prose and code make the page.
  public convenience init(
    _ number: Int, _ kind: ChapterKind = .basic, exercises: [Exercise] = [],
    source: String = #filePath
  ) {
    var none = NoArguments()
    self.init(number, kind, own: &none, exercises: exercises, source: source)
  }

  /// Begins a chapter that has options of its own.
  ///
  /// ```swift
  /// struct Arguments: ParsableArguments {
  ///   @Option(help: "Where the pictures are.") var data: String?
  /// }
  ///
  /// var arguments = Arguments()
  /// let chapter = Chapter(12, .training, own: &arguments)
  /// ```
  ///
  /// - Parameters:
  ///   - number: the chapter's number in the book.
  ///   - kind: which options it takes beside its own.
  ///   - own: its own options, with defaults; becomes what the reader asked for. What its `validate`
  ///     throws is bad usage.
  ///   - exercises: its exercises; `swift run chapterN exercises` grades them instead of running the chapter.
  ///   - source: the file whose prose and code make the page.
  public convenience init<Own: ParsableArguments>(
    _ number: Int, _ kind: ChapterKind = .basic, own: inout Own, exercises: [Exercise] = [],
    source: String = #filePath
  ) {
    let console = Console.ofProcess()
    if console.arguments.first == "exercises", !exercises.isEmpty {
      ExercisesCommand.run(
        Array(console.arguments.dropFirst()), number, exercises, source: source, console: console)
    }
    do {
      try self.init(
        number, kind, own: &own, exercises: exercises, source: source, console: console)
    } catch {
      guard error.status == 0 else {
        console.tell(error.message)
        exit(error.status)
      }
      do {
        try console.write(error.message + "\n")
        exit(0)
      } catch {
        console.tell("\(error)")
        exit(1)
      }
    }
  }

  convenience init(
    _ number: Int, _ kind: ChapterKind, source path: String, console: Console
  ) throws(EarlyExit) {
    var none = NoArguments()
    try self.init(number, kind, own: &none, source: path, console: console)
  }

  init<Own: ParsableArguments>(
    _ number: Int, _ kind: ChapterKind, own: inout Own, exercises: [Exercise] = [],
    source path: String, console: Console
  ) throws(EarlyExit) {
    precondition(number > 0, "chapters are numbered from 1, not \(number)")
    self.number = number
    self.exercises = exercises
    self.console = console
    options = try ChapterOptions(
      parsing: console.arguments, for: kind, own: &own, environment: console.environment)
    sourcePath = path
    translations = Catalog(options.language, ofChapterAt: path, warn: console.tell)
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    source = Source(text ?? "")
    page = TerminalPage(
      width: console.width, ink: Ink(isOn: console.allowsColor && !options.noColor),
      showsPlumbing: options.code, translations: translations)
    let opening = RunStore.openIfPossible(options.store)
    store = opening.store
    if text == nil {
      note(
        translations.words(
          "The chapter's text, {1}, can't be read: you see its output only.", path))
    }
    if let warning = opening.warning { note(warning) }
  }

  /// Adds a block to the page, after everything up to the end of the statement on `line`.
  func place(_ block: Block, line: Int, file: String) {
    catchUp(line: line, file: file)
    append(block)
  }

  /// Shows the prose so far. Call it before something slow that shows nothing for a while.
  public func catchUp(line: Int = #line, file: String = #filePath) {
    // Another file's lines say nothing about how far this page is.
    if file == sourcePath { show(elements: source.count(through: line)) }
  }

  private func show(elements end: Int) {
    while shown < end {
      let piece = source.elements[shown].piece
      shown += 1
      switch piece {
      case .prose(let markdown): append(.prose(markdown))
      case .code(let text, let isPlumbing, let afterGap):
        append(.code(text, isPlumbing: isPlumbing, afterGap: afterGap))
      case .call: break
      }
    }
  }

  private func append(_ block: Block) {
    blocks.append(block)
    if !isHidden { write(page.render(block.translated(by: translations))) }
  }

  /// Writes to standard output. A failure is told once, and decides the exit status.
  func write(_ text: String) {
    guard !text.isEmpty, !outputHasFailed else { return }
    bar?.erase()
    do {
      try console.write(text)
    } catch {
      outputHasFailed = true
      note(translations.words("The page is lost. {1}", "\(error)"))
    }
  }

  /// Tells the reader something about this run that isn't part of the page, on standard error.
  ///
  /// - Parameter message: whole sentences, such as which stored runs are reused.
  public func note(_ message: String) {
    bar?.erase()
    console.tell(message)
  }

  /// Shows how far some work is: a bar on standard error, on a terminal only.
  ///
  /// - Parameters:
  ///   - label: what is being done, in a few words: `.words("training")`, or a name.
  ///   - total: how many steps there are, at least one.
  ///   - unit: what is counted, in the plural.
  /// - Returns: the bar, to be advanced and finished.
  public func progress(
    _ label: Message, total: Int, unit: Message = .words("epochs"),
    line: Int = #line, file: String = #filePath
  ) -> ProgressBar {
    precondition(total > 0, "a progress bar needs at least one step, not \(total)")
    catchUp(line: line, file: file)
    let bar = ProgressBar(
      translations.text(of: label), total: total, unit: translations.text(of: unit),
      translations: translations, width: console.width,
      draw: console.errorIsTerminal ? console.complain : nil)
    self.bar?.erase()
    self.bar = bar
    return bar
  }

  /// A value that the chapter can't go on without.
  ///
  /// - Parameter value: an expression that may throw.
  /// - Returns: its value. If it throws, the error is shown on standard error and the process ends
  ///   with status 1.
  public func require<Value>(_ value: @autoclosure () throws -> Value) -> Value {
    do {
      return try value()
    } catch {
      note(
        translations.words(
          "Chapter {1} can't go on: {2}", "\(number)", explanation(of: error)))
      end(with: 1)
    }
  }

  /// Ends the chapter after Ctrl-C, with status 130.
  public func interrupted() -> Never {
    recordPredictions()
    var message = translations.words("Interrupted.")
    if let store, !store.isReadOnly {
      message += " " + translations.words("What was recorded until now is in {1}.", store.path)
    }
    note(message)
    end(with: 130)
  }

  /// Ends the chapter: shows the rest of the page and a summary of its checks, and writes the woven
  /// page if it was asked for.
  ///
  /// The process ends with status 0 if every check passed, otherwise with 1.
  public func finish() -> Never { end(with: conclude()) }

  private func end(with status: Int32) -> Never {
    _ = queue?.finish(patience: 10)
    store?.close()
    exit(status)
  }

  /// What ``finish()`` does, up to the exit status.
  func conclude() -> Int32 {
    bar?.finish()
    show(elements: source.elements.count)
    if !checks.isEmpty { append(.summary(Summary(checks: checks))) }
    recordPredictions()
    var succeeded = checks.allSatisfy(\.passed)
    if let folder = options.weave {
      do throws(FileError) {
        try woven().write(to: folder)
        note("The page is in \(folder)/README.md.")
      } catch {
        note("The page can't be woven: \(error)")
        succeeded = false
      }
    }
    showExercisesSolved()
    return succeeded && !outputHasFailed ? 0 : 1
  }

  /// Shows nothing of the page to a reader who asked for one thing, until ``answer(_:)`` shows that.
  ///
  /// The chapter computes what it always does. Nobody is asked to predict.
  ///
  /// - Parameter isAsked: whether the reader did. Then there is no page to weave: that ends the process with
  ///   status 2.
  public func hidePage(if isAsked: Bool) {
    if isAsked, options.weave != nil {
      note("What was asked for is a table and not a page, so it can't be woven: leave out --weave.")
      end(with: 2)
    }
    isHidden = isAsked
  }

  /// Ends the chapter with what the reader asked for.
  ///
  /// The process ends with status 0. What the hidden page claims wasn't asked.
  ///
  /// - Parameter tables: what is shown.
  public func answer(_ tables: [Table]) -> Never { end(with: conclude(with: tables)) }

  /// What ``answer(_:)`` does, up to the exit status.
  func conclude(with tables: [Table]) -> Int32 {
    bar?.finish()
    isHidden = false
    for table in tables { append(.table(table, isVolatile: false)) }
    return outputHasFailed ? 1 : 0
  }

  private func woven() -> WovenPage {
    var figures: [String: String] = [:]
    for case .figure(let figure, let name, _) in blocks { figures[name] = figure.svg() }
    let origin =
      WovenPage.beginning + "`swift run book weave \(number)`. Edit that file. -->"
    return WovenPage(markdown: origin + "\n\n" + MarkdownPage(blocks).text, figures: figures)
  }

  /// Keeps something in the store, if there is one to write to: now, or as soon as it can be written.
  func keep(_ write: @escaping WriteQueue.Write) { queue?.add(write) }
}
