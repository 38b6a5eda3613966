import ArgumentParser
import Commands
import Exercises
import Foundation

/// `classroom prove`: shows that each grader tells right from wrong.
struct Prove: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Grades every solution, every wrong solution and every starter.",
    discussion: """
      They go the way that a reader's file goes. A solution has to be solved, a starter to be to do, and a \
      wrong solution to be wrong with the words that are meant for it.
      """)

  @OptionGroup var chapters: ChapterNumbers

  func run() throws {
    let folders = try chapters.folders()
    try SupportLibrary.build(in: Classroom.package, for: Compiler.folderOfThisProgram)
    let compiler = try Compiler()
    let lock = NSLock()
    // Behind the lock while others append to it.
    nonisolated(unsafe) var results: [Result<Proof, any Error>] = []
    // Compilers and readers' programs run one after the other in a chapter: several chapters use all cores.
    DispatchQueue.concurrentPerform(iterations: folders.count) { index in
      let result = Result { try prove(folders[index], by: compiler) }
      lock.withLock { results.append(result) }
    }
    let proofs = try results.map { try $0.get() }
    let solutions = proofs.map(\.solutions).reduce(0, +)
    let wrongs = proofs.map(\.wrongs).reduce(0, +)
    let faults = proofs.map(\.faults).reduce(0, +)
    guard faults == 0 else {
      tell("\(faults) faults in \(solutions) solutions and \(wrongs) wrong ones")
      throw ExitCode(1)
    }
    try printLine(
      "All \(solutions) solutions are right, and all \(wrongs) wrong ones are told why.")
  }

  /// How many solutions a chapter has, right and wrong, and how many faults were found.
  private struct Proof: Sendable {
    var solutions = 0
    var wrongs = 0
    var faults = 0
  }

  private func prove(_ folder: ExerciseFolder, by compiler: Compiler) throws -> Proof {
    var proof = Proof()
    var texts: [Int: ExerciseText] = [:]
    for exercise in folder.exercises {
      guard let text = try folder.authorsText(of: exercise) else {
        throw ExerciseError.noStarter(exercise.fileName)
      }
      texts[exercise.number] = text
    }
    func complain(_ number: Int, _ what: String) {
      proof.faults += 1
      tell("chapter \(folder.chapter), exercise \(number): \(what)")
    }
    for exercise in folder.exercises {
      if try folder.text(of: exercise) != texts[exercise.number]?.starter {
        complain(
          exercise.number,
          "its file in \(folder.name)/Exercises isn't its starter; `swift run classroom starters`"
        )
      }
      if texts[exercise.number]!.wrong.count < 3 {
        complain(exercise.number, "it has fewer than three wrong solutions")
      }
    }
    // No solution here is meant to be too slow: the deadline is for a machine that is busy.
    let grader = Grader(compiler: compiler, deadline: 60)
    for grade in try grader.grade(
      of: folder, texts: texts.mapValues(\.solution), shownAs: folder.name)
    {
      proof.solutions += 1
      if !grade.verdict.isSolved {
        complain(
          grade.exercise, "its solution is \(grade.verdict.word): \(describe(grade.verdict))")
      }
    }
    // The first wrong solutions of all exercises are built together, then the second ones, and so on.
    let most = texts.values.map(\.wrong.count).max() ?? 0
    for round in 0..<most {
      let wrong = texts.compactMapValues { $0.wrong.count > round ? $0.wrong[round] : nil }
      for grade in try grader.grade(
        Array(wrong.keys), of: folder, texts: wrong.mapValues(\.text), shownAs: folder.name)
      {
        proof.wrongs += 1
        let words = wrong[grade.exercise]!.words
        guard case .wrong = grade.verdict, grade.verdict.sentence.contains(words) else {
          complain(
            grade.exercise,
            "the solution that is wrong with \"\(words)\" is \(grade.verdict.word): \(describe(grade.verdict))"
          )
          continue
        }
      }
    }
    try printLine(
      "chapter \(folder.chapter): \(proof.solutions) exercises, \(proof.wrongs) wrong solutions")
    return proof
  }

  private func describe(_ verdict: Verdict) -> String {
    guard case .wrong(let complaint) = verdict else { return verdict.sentence }
    let input = complaint.input?.replacing("\n", with: ", ")
    let facts = [input, complaint.expected, complaint.found].compactMap { $0 }
    return ([verdict.sentence] + facts).joined(separator: " | ")
  }
}
