import Exercises
import Files
import Foundation

/// All that readers' functions are built against, in a folder of its own: the library's modules and
/// `libExerciseSupport`, and what the compiler makes of the system's modules.
///
/// A submission sees this folder and can't write to it. What grades it is not in it.
public struct Toolbox: Sendable {
  /// Where it is: all that a submission may read.
  public let url: URL
  /// The folder of Swift's toolchain that has `bin` and `lib`.
  public let toolchain: String
  private let kept: TemporaryFolder?

  /// What readers' functions may import, besides the chapters' own libraries.
  private static let modules: Set = [
    "ExerciseKit", "MiniTensor", "ElementaryFunctions", "Networks", "Optimization", "Architectures",
    "Files", "Statistics", "RunStore", "GRDB",
  ]

  /// A toolbox that another process made.
  ///
  /// - Throws: ``ExerciseError/noCompiler``.
  public init(at url: URL) throws {
    (self.url, kept) = (url, nil)
    toolchain = try Self.findToolchain()
  }

  /// Copies what a build left.
  ///
  /// - Parameter buildFolder: where the program and `libExerciseSupport` were built.
  /// - Throws: `FileError`, ``ExerciseError``.
  public init(from buildFolder: URL = Compiler.folderOfThisProgram) throws {
    let folder = try TemporaryFolder()
    (url, kept) = (folder.url, folder)
    toolchain = try Self.findToolchain()
    let files = FileManager.default
    func copy(_ from: URL, to name: String) throws {
      let place = self.buildFolder.appendingPathComponent(name)
      try makeFolder(place.deletingLastPathComponent())
      try files.copyItem(at: from, to: place)
    }
    try copy(
      buildFolder.appendingPathComponent(SupportLibrary.fileName), to: SupportLibrary.fileName)
    var imported: [String] = []
    let modules = buildFolder.appendingPathComponent("Modules")
    for file in try files.contentsOfDirectory(atPath: modules.path).sorted() {
      let parts = file.split(separator: ".")
      guard parts.count == 2, parts[1] == "swiftmodule" else { continue }
      let name = String(parts[0])
      guard Self.modules.contains(name) || name.wholeMatch(of: /Chapter\d+Library/) != nil else {
        continue
      }
      try copy(modules.appendingPathComponent(file), to: "Modules/\(file)")
      imported.append(name)
    }
    for module in ["Processor", "BuildFlags", "StoreDefence"] {
      try copyHeaders(of: module, from: buildFolder)
    }
    let sqlite = "checkouts/GRDB.swift/Sources/GRDBSQLite"
    try makeFolder(url.appendingPathComponent(sqlite).deletingLastPathComponent())
    try files.copyItem(
      at: buildFolder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(sqlite), to: url.appendingPathComponent(sqlite))
    // The compiler keeps what it makes of the system's modules. Now is the last time that it can be written.
    let texts = [
      "imports.swift": (imported + ["Foundation", "Dispatch", "Synchronization"]).map {
        "import \($0)\n"
      }.joined(),
      "main.swift": "import ExerciseKit\nanswer([:])\n",
    ]
    let scratch = try TemporaryFolder()
    defer { withExtendedLifetime(scratch) {} }
    for (name, text) in texts {
      try replaceFile(scratch.url.appendingPathComponent(name), with: Data(text.utf8))
    }
    let command = try Compiler(buildFolder: self.buildFolder, swiftc: swiftc)
      .command(["imports.swift"], program: scratch.url.appendingPathComponent("answers"))
    let process = try ChildProcess(command, in: scratch.url.path)
    defer { process.kill() }
    let deadline = Date(timeIntervalSinceNow: 300)
    _ = try process.readAll(until: deadline, limit: 1 << 20)
    guard case .ended(.exit, status: 0) = try process.wait(until: deadline) else {
      throw ExerciseError.noSupport(process.complaints)
    }
    try letEverybodyRead()
  }

  /// What the compiler takes for the folder of a build; the folder of packages is two above it.
  public var buildFolder: URL { url.appendingPathComponent("build/debug", isDirectory: true) }
  /// The path of the compiler.
  public var swiftc: String { "\(toolchain)/bin/swiftc" }

  /// A C module names its headers by paths in the package.
  private func copyHeaders(of module: String, from build: URL) throws {
    let map = "\(module).build/module.modulemap"
    let text = String(decoding: try readFile(build.appendingPathComponent(map).path), as: UTF8.self)
    guard let header = text.firstMatch(of: /header "([^"]+)"/).map({ String($0.1) }) else {
      throw ExerciseError.noSupport("\(map) names no header.")
    }
    let (headers, copies) = (
      URL(fileURLWithPath: header).deletingLastPathComponent(),
      buildFolder.appendingPathComponent("\(module).build")
    )
    try makeFolder(copies)
    // A header may include those beside it.
    for name in try FileManager.default.contentsOfDirectory(atPath: headers.path)
    where name.hasSuffix(".h") {
      try FileManager.default.copyItem(
        at: headers.appendingPathComponent(name), to: copies.appendingPathComponent(name))
    }
    try replaceFile(
      buildFolder.appendingPathComponent(map),
      with: Data(text.replacing(headers.path, with: copies.path).utf8))
  }

  private func letEverybodyRead() throws {
    let inside = try FileManager.default.subpathsOfDirectory(atPath: url.path).map {
      url.appendingPathComponent($0).path
    }
    for path in [url.path] + inside {
      let isFolder = FileKind(at: path)?.type == S_IFDIR
      let isProgram = path.hasSuffix(".so")
      chmod(path, isFolder || isProgram ? 0o755 : 0o644)
    }
  }

  /// Where the compiler's own files are: what is in PATH may only lead to it.
  private static func findToolchain() throws -> String {
    let compiler = try Compiler().swiftc
    let process = try ChildProcess(
      [compiler, "-print-target-info"], in: FileManager.default.temporaryDirectory.path)
    defer { process.kill() }
    struct Information: Decodable {
      struct Paths: Decodable { let runtimeResourcePath: String }
      let paths: Paths
    }
    let output = try process.readAll(until: Date(timeIntervalSinceNow: 60), limit: 1 << 20)
    guard let information = try? JSONDecoder().decode(Information.self, from: output) else {
      throw ExerciseError.noCompiler
    }
    return URL(fileURLWithPath: information.paths.runtimeResourcePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().path
  }
}
