import Commands
import Foundation
import RunStore

/// What a shell offers when the Tab key is pressed: what the store holds. The store is the one that RESNET_STORE
/// names, or the default; where there is none, nothing is offered.
enum Completions {
  /// The shells pass the words of the line, which word is completed, and what stands before the cursor.
  typealias Offer = @Sendable ([String], Int, String) -> [String]

  static let experiments: Offer = { _, _, start in values(of: "experiment", from: start) }
  static let architectures: Offer = { _, _, start in values(of: "network", from: start) }
  static let datasets: Offer = { _, _, start in values(of: "dataset", from: start) }
  static let learners: Offer = { _, _, start in values(of: "learner", from: start) }
  static let tags: Offer = { _, _, start in
    answers("SELECT DISTINCT tag FROM tags ORDER BY tag", from: start)
  }

  /// Names, `latest`, and the ids of the newest runs.
  static let runs: Offer = { _, _, start in
    let ids = answers(
      "SELECT substr(id, 1, 8) FROM runs ORDER BY started DESC LIMIT 50", from: start)
    return ["latest"].filter { $0.hasPrefix(start) } + values(of: "name", from: start) + ids
  }

  private static func values(of column: String, from start: String) -> [String] {
    answers(
      "SELECT DISTINCT \(column) FROM runs WHERE \(column) IS NOT NULL ORDER BY \(column)",
      from: start)
  }

  private static func answers(_ sql: String, from start: String) -> [String] {
    let path =
      ProcessInfo.processInfo.environment["RESNET_STORE"].flatMap { $0.isEmpty ? nil : $0 }
      ?? RunStore.defaultPath
    guard let store = try? RunStore(readingOnly: path), let answer = try? store.rows(sql: sql)
    else { return [] }
    return answer.rows.map { $0[0].description }.filter { $0.hasPrefix(start) }
  }
}
