import ArgumentParser
import Commands
import Datasets
import Files
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
      "One of \(Archive.all.map(\.name.rawValue).joined(separator: ", ")).", valueName: "dataset"))
  var dataset: String

  @Option(help: ArgumentHelp("Where the files go.", valueName: "folder"))
  var to: String?

  @Option(help: ArgumentHelp("Another server's folder with the same files.", valueName: "url"))
  var mirror: String?

  @Option(
    in: 1...3600,
    help: ArgumentHelp(
      "Seconds to wait for a server that is silent or sends less than 1000 bytes a second.",
      valueName: "seconds"))
  var timeout = 30.0

  func validate() throws {
    try requirePath(to, of: "--to")
    guard Archive.all.contains(where: { $0.name.rawValue == dataset }) else {
      let names = Archive.all.map(\.name.rawValue).joined(separator: ", ")
      throw ValidationError(
        "'\(dataset.visible)' can't be fetched; \(names) can. The digits are bundled.")
    }
    if let mirror {
      guard let url = URL(string: mirror), ["http", "https"].contains(url.scheme), url.host != nil
      else { throw ValidationError("--mirror is a URL such as https://example.org/data/.") }
    }
  }

  func run() async throws {
    guard let archive = Archive.all.first(where: { $0.name.rawValue == dataset }) else { return }
    let folder = to.map { URL(fileURLWithPath: $0) } ?? CacheFolder.folder(of: archive.name)
    let isComplete = (try? Dataset.bothParts(of: archive.name, in: folder)) != nil
    if isComplete {
      tell("\(dataset) is in \(folder.path.visible) already.")
    } else {
      try await archive.fetch(from: mirror ?? archive.source, to: folder, patience: timeout)
      // Says what is wrong if an archive held something else than it should.
      _ = try Dataset.bothParts(of: archive.name, in: folder)
      tell("\(dataset) is in \(folder.path.visible).")
    }
  }
}

extension Archive {
  /// Downloads all files and unpacks them.
  ///
  /// - Throws: if another program is fetching into the folder, or a file can't be had, isn't the published
  ///   one or can't be unpacked; nothing of it is then in the folder but what can be continued.
  func fetch(from source: String, to folder: URL, patience: Double) async throws {
    let lock = try FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    removeLeftovers(in: folder)
    let base = source.hasSuffix("/") ? source : source + "/"
    for file in files {
      guard let url = URL(string: base + file.name) else {
        throw Failure("\(base)\(file.name) is no URL.")
      }
      let packed = folder.appendingPathComponent(file.name)
      // A pipe of that name would be waited at; what isn't a file is replaced.
      let isFile = FileKind(at: packed.path)?.type == S_IFREG
      if !isFile || (try? Download.checksum(of: packed)) != file.md5 {
        try await Download(
          source: url, file: packed, md5: file.md5, patience: patience, limit: largestFile
        ).run()
      }
      try unpack(packed, in: folder)
      try? FileManager.default.removeItem(at: packed)
    }
  }

  /// Unpacks a file beside itself. An archive's folder appears when it is complete.
  func unpack(_ file: URL, in folder: URL) throws {
    let packed = [UInt8](try readFile(file.path, limit: largestFile))
    // Pictures don't shrink much; what would grow more is not what it should be.
    let content = try Gzip.unpack(packed, from: file.path, limit: 16 * packed.count)
    guard isTar else { return try replaceFile(file.deletingPathExtension(), with: Data(content)) }
    let place = try TemporaryFolder(in: folder)
    for member in try Tar.members(of: content, from: file.path) {
      let target = place.url.appendingPathComponent(member.path)
      try makeFolder(target.deletingLastPathComponent())
      try replaceFile(target, with: Data(member.content))
    }
    let manager = FileManager.default
    for name in (try? manager.contentsOfDirectory(atPath: place.url.path)) ?? [] {
      let target = folder.appendingPathComponent(name)
      do {
        // A link of that name is replaced, not followed.
        try? manager.removeItem(at: target)
        try manager.moveItem(at: place.url.appendingPathComponent(name), to: target)
      } catch {
        throw FileError(.write, target.path, error)
      }
    }
  }
}
