import ArgumentParser
import Charts
import Commands
import Files
import Foundation
import RunStore

/// `metrics doctor`: whether a store is sound.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks for what is wrong with the store, and repairs it.",
    discussion: """
      Looks at every page and every rule of the tables, for rows whose run isn't there, for latest numbers that aren't \
      the latest, and for runs left running by a process that has died. With --repair a copy is made beside the store \
      first. Damaged pages can't be repaired; `sqlite3 FILE .recover` saves what can be read of them.

      Exit status: 1 if something is wrong, or still is after a repair.
      """)

  @Flag(help: "Copy the store, then repair it.")
  var repair = false

  @OptionGroup var options: StoreOptions

  func run() throws {
    var found = try options.open().examine()
    var copy: String?
    let before = found.faults
    if repair, !found.faults.isEmpty {
      copy = try options.open().copyBeside()
      tell("The store as it was is in \(copy ?? "").")
      let store = try RunStore(opening: found.path)
      try store.repair()
      store.close()
      found = try options.open().examine()
    }
    if options.json {
      try printLine(Self.json(found, before: repair ? before : nil, copy: copy).page)
    } else {
      try printLine(Self.page(found))
      if repair, !before.isEmpty {
        try printLine(
          (["", "Before the repair:"] + before.map { "- \($0.visible)" }).joined(separator: "\n"))
      }
    }
    if !found.faults.isEmpty { throw ExitCode(1) }
  }

  static func page(_ found: Examination) -> String {
    let version =
      "schema version \(found.version)"
      + (found.version < found.currentVersion
        ? " (\(found.currentVersion) as soon as something is recorded)" : "")
    let hasSizes = found.tables.contains { $0.bytes != nil }
    let table = Table(
      [Column("table"), Column("rows", .right)] + (hasSizes ? [Column("KiB", .right)] : []),
      rows: found.tables.map { table in
        [table.name, String(table.rows)]
          + (hasSizes ? [table.bytes.map { String(($0 + 1023) / 1024) } ?? "–"] : [])
      })
    let verdict =
      found.faults.isEmpty
      ? ["Nothing is wrong."] : ["Something is wrong:"] + found.faults.map { "- \($0.visible)" }
    return (["\(found.path), \(version)", "", table.text(width: pageWidth), ""] + verdict)
      .joined(separator: "\n")
  }

  static func json(_ found: Examination, before: [String]?, copy: String?) -> JSON {
    [
      "path": .text(found.path), "schema_version": JSON(found.version),
      "current_schema_version": JSON(found.currentVersion),
      "tables": .array(
        found.tables.map { table in
          ["name": .text(table.name), "rows": JSON(table.rows), "bytes": JSON(table.bytes)]
        }),
      "faults": .array(found.faults.map { .text($0) }),
      "repaired": .array(
        (before ?? []).filter { !found.faults.contains($0) }.map { .text($0) }),
      "copy": JSON(copy),
    ]
  }
}
