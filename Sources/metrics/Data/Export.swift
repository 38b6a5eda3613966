import ArgumentParser
import Commands
import Files
import Foundation
import RunStore

/// `metrics export`: runs as files for other programs.
struct Export: ParsableCommand {
  /// The kinds of files.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, json, tfevents
  }

  static let configuration = CommandConfiguration(
    abstract: "Writes runs to files for other programs: CSV, JSON or TensorBoard's events.",
    discussion: """
      csv and json: a file for each table, runs, metrics, layer_statistics, tags and checks, and without filters also \
      predictions, exercise_attempts and reuses. CSV is that of RFC 4180; a number that is not finite is nan, inf or \
      -inf, and nothing between commas is nothing. Weights stay in the store.

      tfevents: a folder for each run, to be read with `tensorboard --logdir DIR`. Its numbers are single precision, \
      and as the store doesn't keep when each was measured, all have the time at which their run began.

      The folder is written whole or not at all.
      """)

  @OptionGroup(title: "Which runs") var filters: FilterOptions

  @Option(help: "csv, json or tfevents.")
  var format: Format

  @Option(
    help: ArgumentHelp(
      "The folder to write; it may be there if nothing is in it.", valueName: "folder"))
  var output: String

  @OptionGroup var options: StoreOptions

  func validate() throws { try requirePath(output, of: "--output") }

  func run() throws {
    let store = try options.open()
    // Where a link leads, as every output goes there.
    let place = URL(fileURLWithPath: output).standardizedFileURL.resolvingSymlinksInPath()
    try checkFree(place)
    let folder = try temporaryFolder(beside: place)
    defer { withExtendedLifetime(folder) {} }
    let counts = try write(store, to: folder.url)
    let mask = umask(0)
    umask(mask)
    chmod(folder.url.path, 0o777 & ~mask)
    guard rename(folder.url.path, place.path) == 0 else {
      throw FileError(.make, output, errno)
    }
    if options.json {
      let files = counts.map { (name: $0.name, value: JSON($0.count)) }
      try printLine(
        JSON.object([
          (name: "output", value: .text(place.path)),
          (name: "format", value: .text(format.rawValue)),
          (name: format == .tfevents ? "numbers" : "rows", value: .object(files)),
        ]).page)
    } else if format == .tfevents {
      try printSentences("Wrote \(counts.count) runs to \(place.path).")
    } else {
      let words = counts.map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
      try printSentences("Wrote \(words) to \(place.path).")
    }
  }

  /// A folder in which all is written before it takes its place. What is wrong is said of that place.
  private func temporaryFolder(beside place: URL) throws(FileError) -> TemporaryFolder {
    do {
      return try TemporaryFolder(in: place.deletingLastPathComponent())
    } catch {
      throw FileError(.make, output, reason: error.reason, remedy: error.remedy, code: error.code)
    }
  }

  private func checkFree(_ place: URL) throws {
    if FileKind(at: place.path) == nil, FileKind(at: place.path, followingLinks: false) != nil {
      throw FileError(
        .make, output, reason: "it is a link to something that isn't there",
        remedy: "Name the folder itself.")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else { throw FileError(.make, output, EEXIST) }
    guard try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty else {
      throw FileError(
        .make, output, reason: "there is something in it already", remedy: "Name a new folder.")
    }
  }

  /// Writes the files; returns their names, or those of runs, with the number of their rows or numbers.
  private func write(_ store: RunStore, to folder: URL) throws -> [(name: String, count: Int)] {
    guard format != .tfevents else { return try writeEvents(store, to: folder) }
    var counts: [(name: String, count: Int)] = []
    var files: [ExportedFile] = []
    try store.export(matching: filters.filter) { table, columns in
      try files.last?.finish(format == .json ? "\n]\n" : "")
      let name = "\(table).\(format.rawValue)"
      let file = try ExportedFile(folder.appendingPathComponent(name))
      files = [file]
      counts.append((name, 0))
      let position = counts.count - 1
      if format == .csv {
        try file.add(columns.joined(separator: ",") + "\r\n")
        return { row in
          counts[position].count += 1
          try file.add(row.map(\.csv).joined(separator: ",") + "\r\n")
        }
      }
      try file.add("[")
      return { row in
        let object = JSON.object(zip(columns, row).map { (name: $0, value: JSON($1)) })
        try file.add((counts[position].count == 0 ? "\n  " : ",\n  ") + object.line)
        counts[position].count += 1
      }
    }
    try files.last?.finish(format == .json ? "\n]\n" : "")
    return counts
  }

  private func writeEvents(
    _ store: RunStore, to folder: URL
  ) throws -> [(name: String, count: Int)] {
    try store.runs(matching: filters.filter).map { run in
      let name =
        "\(run.configuration.experiment)-\(run.configuration.network.textBesideData)"
        + "-seed\(run.configuration.seed)-\(run.shortID)"
      let place = folder.appendingPathComponent(name.asFileName)
      try makeFolder(place)
      let metrics = try store.metrics(of: run.id)
      let start = run.started.timeIntervalSince1970
      var events = EventFile(at: start)
      var first = metrics.startIndex
      while first < metrics.endIndex {
        let step = metrics[first].step
        let end = metrics[first...].firstIndex { $0.step != step } ?? metrics.endIndex
        events.add(
          metrics[first..<end].map { metric in
            (
              metric.split == .overall ? metric.name : "\(metric.name)/\(metric.split.rawValue)",
              metric.value
            )
          }, step: step, at: start)
        first = end
      }
      let file = try ExportedFile(
        place.appendingPathComponent("events.out.tfevents.\(Int(start)).\(run.shortID)"))
      try file.add(events.bytes)
      try file.finish()
      return (name.asFileName, metrics.count)
    }
  }
}

/// A new file that is written piece by piece.
private final class ExportedFile {
  private let handle: FileHandle
  private let path: String
  private var waiting = Data()

  init(_ url: URL) throws {
    path = url.path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(.write, path, errno) }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func add(_ text: String) throws { try add(Data(text.utf8)) }

  func add(_ bytes: Data) throws {
    waiting += bytes
    if waiting.count > 1 << 20 { try flush() }
  }

  /// Adds the end, and brings all of it to the disk.
  func finish(_ text: String = "") throws {
    waiting += Data(text.utf8)
    try flush()
    try handle.synchronize()
  }

  private func flush() throws {
    try writeAll(waiting, to: handle.fileDescriptor, called: path)
    waiting = Data()
  }
}

extension SQLValue {
  /// The value as a field of RFC 4180. An empty text is in quotation marks, nothing is nothing.
  fileprivate var csv: String {
    switch self {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text):
      text.isEmpty || text.unicodeScalars.contains { ["\"", ",", "\r", "\n"].contains($0) }
        ? "\"\(text.replacing(["\"": "\"\""]))\"" : text
    case .blob(let data): data.base64EncodedString()
    }
  }
}

extension String {
  /// With nothing but letters, digits, `-`, `_` and `.`.
  fileprivate var asFileName: String {
    String(
      prefix(150).map {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_"
      })
  }
}
