import ArgumentParser
import Commands
import Files
import Foundation
import RunStore

/// `metrics merge`: takes over what other stores have.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes over into a store what other stores have, such as those of a class.",
    discussion: """
      The others are only read. Of what is there already nothing changes, but a run that was still running gets its \
      end and its further numbers; so merging a store again does no harm. What differs in any other way, or can't be \
      what this program recorded, is left out and reported, and the rest is merged. Learners stay apart. If it is \
      stopped (Ctrl-C), each store is merged whole or not at all.

      Exit status: 1 if anything was left out.
      """)

  @Argument(help: "Stores, and folders: all files in them whose names end with .sqlite.")
  var stores: [String]

  @Option(
    name: [.customLong("into"), .customLong("store")],
    help: ArgumentHelp(
      "The store that they are merged into; it is made if it isn't there.",
      discussion: "Without it RESNET_STORE, without that runs.sqlite in the package's folder.",
      valueName: "file"))
  var into: String?

  @Flag(help: "Leave out the weights of networks, which take most of the room.")
  var withoutWeights = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if into?.isEmpty == true { throw ValidationError("--into takes the path of a file.") }
  }

  func run() throws {
    let given = ProcessInfo.processInfo.environment["RESNET_STORE"] ?? ""
    let place = into ?? (given.isEmpty ? RunStore.defaultPath : given)
    let paths = try paths(without: place)
    // Before a store is made into which nothing comes.
    if paths.isEmpty { throw ValidationError("There is no store (*.sqlite) in the folders named.") }
    let target = try RunStore(opening: place)
    let end = endAtInterrupt {
      // On a terminal the bar stands there.
      tell(
        (isatty(STDERR_FILENO) == 1 ? "\n" : "")
          + "Stopped. Each store was merged whole or not at all; the same command merges the rest.")
    }
    defer { end.cancel() }
    let bar = ProgressBar("merging", total: paths.count, unit: "stores")
    var merged: [Merged] = []
    for path in paths {
      merged.append(try target.merge(path, weights: !withoutWeights))
      bar.advance(to: merged.count)
    }
    bar.finish()
    try json
      ? printLine(Self.json(merged, into: target.path).page)
      : printSentences(Self.page(merged, target.path))
    if !merged.allSatisfy(\.isWhole) { throw ExitCode(1) }
  }

  /// The files that are meant, each once.
  private func paths(without target: String) throws -> [String] {
    var paths: [String] = []
    for store in stores {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: store, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        paths.append(store)
        continue
      }
      let folder = URL(fileURLWithPath: store)
      paths += try FileManager.default.contentsOfDirectory(atPath: store).sorted()
        .filter { $0.hasSuffix(".sqlite") }
        .map { folder.appendingPathComponent($0).standardizedFileURL.path }
        .filter { !isSameFile($0, target) }
    }
    var seen: Set<String> = []
    return paths.filter { seen.insert($0).inserted }
  }

  /// What came of it, for people.
  static func page(_ merged: [Merged], _ target: String) -> String {
    let read = merged.filter { $0.fault == nil }
    func count(_ number: Int, _ what: String) -> String {
      "\(number) \(what)\(number == 1 ? "" : "s")"
    }
    func sum(_ number: (Merged) -> Int) -> Int { read.map(number).reduce(0, +) }
    var lines = ["Merged \(read.count) of \(count(merged.count, "store")) into \(target.visible)."]
    lines.append(
      "\(count(sum(\.newRuns), "new run")), \(sum(\.completedRuns)) completed, \(sum(\.knownRuns)) there already."
    )
    let rows = tables.compactMap { table, name -> String? in
      let number = sum { $0.rows[table] ?? 0 }
      return number > 0 ? count(number, name) : nil
    }
    if !rows.isEmpty { lines.append("New: " + rows.joined(separator: ", ") + ".") }
    lines += merged.compactMap(\.fault).map { "Not merged: \($0)" }
    for store in merged {
      // What a store calls its rows stays on its line, where it forges none of the others.
      let path = store.path.visible
      lines += store.refusals.prefix(20).map {
        "\(path): left out \($0.what.visible): \($0.reason.visible)."
      }
      if store.refusals.count > 20 {
        lines.append("\(path): \(store.refusals.count - 20) more; --json shows all.")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static let tables = [
    ("metrics", "number"), ("layer_statistics", "layer statistic"), ("weights", "network"),
    ("tags", "tag"), ("checks", "check"), ("predictions", "prediction"),
    ("exercise_attempts", "attempt"), ("reuses", "reuse"),
  ]

  static func json(_ merged: [Merged], into target: String) -> JSON {
    [
      "into": .text(target), "whole": .flag(merged.allSatisfy(\.isWhole)),
      "stores": .array(
        merged.map { store in
          [
            "path": .text(store.path), "fault": JSON(store.fault),
            "new_runs": JSON(store.newRuns), "completed_runs": JSON(store.completedRuns),
            "known_runs": JSON(store.knownRuns),
            "new_rows": .object(
              tables.map { (name: $0.0, value: JSON(store.rows[$0.0] ?? 0)) }),
            "left_out": .array(
              store.refusals.map { ["what": .text($0.what), "reason": .text($0.reason)] }),
          ]
        }),
    ]
  }
}
