import ArgumentParser
import Commands
import Files
import Foundation
import RunStore

/// `metrics delete`: takes a run out of the store.
struct Delete: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Deletes a run with its metrics, weights and checks, after a question.",
    discussion: "A run whose process is alive is not deleted.")

  @Argument(help: RunName.help)
  var chosen: RunName

  @Flag(help: "Delete it without a question.")
  var yes = false

  @OptionGroup var options: StoreOptions

  func run() throws {
    let (store, run) = try options.openToChange(chosen)
    if run.status == .running { throw RunStoreError.stillRunning(id: run.id) }
    let belongings = try store.belongings(of: run.id)
    let configuration = run.configuration
    let what = """
      the run \(run.shortID)\(run.name.map { " '\($0)'" } ?? "") (\(configuration.experiment), \
      \(configuration.network.textBesideData), seed \(configuration.seed)) with \(belongings.words)
      """
    if !yes { try askBeforeDeleting(what) }
    try store.delete(run.id)
    if options.json {
      try printLine(
        ([
          "run": .text(run.id), "deleted": .flag(true), "metrics": JSON(belongings.metrics),
          "layer_statistics": JSON(belongings.layerStatistics), "checks": JSON(belongings.checks),
          "weights_bytes": JSON(belongings.weights), "reuses": JSON(belongings.reuses),
        ] as JSON).page)
    } else {
      try printSentences("Deleted \(what).".visible)
    }
  }
}

/// Asks whether it shall be deleted.
///
/// - Throws: `ValidationError` where nobody can be asked, `ExitCode` 1 if it shall not.
func askBeforeDeleting(_ what: String) throws {
  guard isatty(STDIN_FILENO) == 1 else {
    throw ValidationError("This would delete \(what). Say --yes if it shall be so.")
  }
  try writeAll(
    Data("Delete \(what)? [y/N] ".visible.utf8), to: STDERR_FILENO, called: "Standard error")
  guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
    tell("Nothing was deleted.")
    throw ExitCode(1)
  }
}

extension RunStore.Belongings {
  /// `120 metrics, 20 layer statistics, 312 kB of weights and 2 checks`.
  fileprivate var words: String {
    func count(_ number: Int, _ singular: String, _ plural: String) -> String? {
      number == 0 ? nil : "\(number) \(number == 1 ? singular : plural)"
    }
    let parts = [
      metrics == 0 ? "no metrics" : count(metrics, "metric", "metrics"),
      count(layerStatistics, "layer statistic", "layer statistics"),
      weights.map { "\($0.bytesInWords) of weights" }, count(checks, "check", "checks"),
      count(reuses, "note of its use by a later session", "notes of its use by later sessions"),
    ].compactMap { $0 }
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "nothing" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}
