import ArgumentParser
import Charts
import Commands
import RunStore

/// `metrics progress`: how far learners have got.
struct Progress: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows for each learner and chapter the exercises solved and the checks that held.",
    discussion: """
      An exercise counts as tried when a solution was graded. A claim counts as it was checked last. Who worked \
      before learners were recorded is shown as a dash, in JSON as an empty text.
      """)

  @Option(help: "Only this learner.", completion: .custom(Completions.learners))
  var learner: String?

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    let all = try store.chapterProgress(of: learner)
    if all.isEmpty {
      let who = learner.map { " of '\($0)'" } ?? ""
      tell(
        "Nothing\(who) is in \(store.path) yet: read a chapter with `swift run chapter1`, and solve its exercises with `swift run chapter1 exercises`."
      )
    }
    if options.json {
      try printLine(JSON.array(all.map(Self.json)).page)
    } else if !all.isEmpty {
      try table(all).print(width: pageWidth) { $0.naturalWidth }
    }
  }

  private func table(_ all: [ChapterProgress]) -> WideTable {
    func cells(_ learner: String, _ chapter: String, _ parts: [ChapterProgress]) -> [String] {
      func sum(_ count: KeyPath<ChapterProgress, Int>) -> Int {
        parts.reduce(0) { $0 + $1[keyPath: count] }
      }
      func share(_ part: KeyPath<ChapterProgress, Int>, _ whole: KeyPath<ChapterProgress, Int>)
        -> String
      { sum(whole) == 0 ? "–" : "\(sum(part))/\(sum(whole))" }
      return [
        learner.isEmpty ? "–" : learner, chapter, share(\.solved, \.tried), String(sum(\.attempts)),
        String(sum(\.hints)), share(\.held, \.checks), share(\.right, \.predictions),
        parts.map(\.last).max()?.localText ?? "–",
      ]
    }
    let learners = Dictionary(grouping: all, by: \.learner).sorted { $0.key < $1.key }
    return WideTable(
      [
        Column("learner"), Column("chapter", .right), Column("solved/tried", .right),
        Column("attempts", .right), Column("hints", .right), Column("checks held", .right),
        Column("predicted", .right), Column("last"),
      ],
      rows: learners.flatMap { learner, chapters in
        chapters.map { cells(learner, String($0.chapter), [$0]) }
          + (chapters.count > 1 ? [cells(learner, "all", chapters)] : [])
      }, leavingOutFirst: ["last", "hints", "attempts", "predicted"])
  }

  private static func json(_ progress: ChapterProgress) -> JSON {
    [
      "learner": .text(progress.learner), "chapter": JSON(progress.chapter),
      "exercises_solved": JSON(progress.solved), "exercises_tried": JSON(progress.tried),
      "attempts": JSON(progress.attempts), "hints": JSON(progress.hints),
      "checks_held": JSON(progress.held), "checks": JSON(progress.checks),
      "predictions_right": JSON(progress.right), "predictions": JSON(progress.predictions),
      "last_recorded": .text(progress.last.utcText),
    ]
  }
}
