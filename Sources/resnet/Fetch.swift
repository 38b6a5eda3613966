import ArgumentParser
import Commands
import Datasets
import Foundation

/// `resnet fetch`: gets a data set from its publisher.
struct Fetch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gets a data set from its publisher, checks it and unpacks it.",
    discussion: """
      What was received before an interruption is kept and continued. The files go where \
      `resnet train` looks for them: $XDG_CACHE_HOME/resnet-by-hand/DATASET, or the same in ~/.cache.
      """)

  @Argument(
    help: ArgumentHelp(
      "One of \(Archive.all.map(\.name).joined(separator: ", ")).", valueName: "dataset"))
  var dataset: String

  @Option(help: ArgumentHelp("Where the files go.", valueName: "folder"))
  var to: String?

  @Option(help: ArgumentHelp("Another server's folder with the same files.", valueName: "url"))
  var mirror: String?

  @Option(
    in: 1...3600,
    help: ArgumentHelp("Seconds to wait for a server that is silent.", valueName: "seconds"))
  var timeout = 30.0

  func validate() throws {
    guard Archive.all.contains(where: { $0.name == dataset }) else {
      let names = Archive.all.map(\.name).joined(separator: ", ")
      throw ValidationError("'\(dataset)' can't be fetched; \(names) can. The digits are bundled.")
    }
    if let mirror {
      guard let url = URL(string: mirror), ["http", "https"].contains(url.scheme), url.host != nil
      else { throw ValidationError("--mirror is a URL such as https://example.org/data/.") }
    }
  }

  func run() async throws {
    guard let archive = Archive.all.first(where: { $0.name == dataset }) else { return }
    let folder = to.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: dataset)
    if isComplete(folder) {
      tell("\(dataset) is in \(folder.path) already.")
      return
    }
    try await archive.fetch(
      from: mirror ?? archive.source, to: folder, patience: timeout)
    // Says what is wrong if an archive held something else than it should.
    try check(folder)
    tell("\(dataset) is in \(folder.path).")
  }

  private func isComplete(_ folder: URL) -> Bool { (try? check(folder)) != nil }

  private func check(_ folder: URL) throws {
    let name = try Dataset.Name(named: dataset)
    for part in Dataset.Part.allCases { _ = try Dataset.named(name, part, in: folder) }
  }
}

extension Archive {
  /// Downloads all files and unpacks them.
  ///
  /// - Throws: if one can't be had, isn't the published one or can't be unpacked; nothing of it is then
  ///   in the folder but what can be continued.
  func fetch(from source: String, to folder: URL, patience: Double) async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let base = source.hasSuffix("/") ? source : source + "/"
    for file in files {
      guard let url = URL(string: base + file.name) else {
        throw Failure("\(base)\(file.name) is no URL.")
      }
      let packed = folder.appendingPathComponent(file.name)
      if try !isPublished(packed, md5: file.md5) {
        try await Download(source: url, file: packed, md5: file.md5, patience: patience).run()
      }
      try unpack(packed, in: folder)
      try FileManager.default.removeItem(at: packed)
    }
  }

  /// Whether a file was downloaded completely before.
  private func isPublished(_ file: URL, md5: String) throws -> Bool {
    guard FileManager.default.fileExists(atPath: file.path) else { return false }
    return MD5.hexadecimal(of: [UInt8](try Data(contentsOf: file))) == md5
  }

  /// Unpacks a file beside itself. An archive's folder appears when it is complete.
  func unpack(_ file: URL, in folder: URL) throws {
    let packed = [UInt8](try Data(contentsOf: file))
    // Pictures don't shrink much; what would grow more is not what it should be.
    let content = try Gzip.unpack(packed, from: file.path, limit: 16 * packed.count)
    guard isTar else {
      try Data(content).write(to: file.deletingPathExtension(), options: .atomic)
      return
    }
    let manager = FileManager.default
    let members: [Tar.Member]
    do {
      members = try Tar.members(of: content)
    } catch {
      throw Failure("\(file.path): \(error)")
    }
    let place = folder.appendingPathComponent(
      ".unpacking-\(ProcessInfo.processInfo.processIdentifier)")
    try manager.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: place) }
    for member in members {
      let target = place.appendingPathComponent(member.path)
      try manager.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(member.content).write(to: target)
    }
    for entry in try manager.contentsOfDirectory(at: place, includingPropertiesForKeys: nil) {
      let target = folder.appendingPathComponent(entry.lastPathComponent)
      if manager.fileExists(atPath: target.path) { try manager.removeItem(at: target) }
      try manager.moveItem(at: entry, to: target)
    }
  }
}
