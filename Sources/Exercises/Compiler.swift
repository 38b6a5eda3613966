import Files
import Foundation
import Translation

/// Compiles readers' functions into programs that answer calls.
///
/// The compiler is called directly, not through the package manager: a reader's file takes it half a second,
/// and a file with a mistake in it hinders nothing but itself.
public struct Compiler: Sendable {
  /// A program of readers' functions.
  public struct Built {
    /// Where it is; nil if no function compiled.
    let program: URL?
    /// The exercises that are in it.
    let compiled: Set<Int>
    /// The compiler's first message about each of the others, and what to do about it.
    let messages: [Int: [Message]]
  }

  /// The path of `swiftc`.
  package let swiftc: String
  /// Where this program's build left the modules and `libExerciseSupport`.
  public let buildFolder: URL
  /// What the compiler may do.
  let confinement: any Confinement

  /// A compiler of readers' functions.
  ///
  /// - Parameters:
  ///   - buildFolder: where the build left the modules; without it, beside this program.
  ///   - swiftc: the path of the compiler; without it, the first in PATH.
  ///   - confinement: what the compiler may do.
  /// - Throws: ``ExerciseError/noCompiler``.
  public init(
    buildFolder: URL = Compiler.folderOfThisProgram, swiftc: String? = nil,
    confinement: any Confinement = OwnCode()
  ) throws {
    self.swiftc = try swiftc ?? Self.inPath()
    self.buildFolder = buildFolder
    self.confinement = confinement
  }

  private static func inPath() throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = path.split(separator: ":").map { "\($0)/swiftc" }
    guard let swiftc = candidates.first(where: FileManager.default.isExecutableFile(atPath:))
    else { throw ExerciseError.noCompiler }
    return swiftc
  }

  /// The folder of the program that runs.
  public static var folderOfThisProgram: URL {
    let own =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).resolvingSymlinksInPath().deletingLastPathComponent()
  }

  /// Compiles the functions of a chapter's exercises. A file that doesn't compile is left out, with the
  /// compiler's first message about it.
  ///
  /// - Parameters:
  ///   - texts: what is in the readers' files.
  ///   - folder: an empty folder, in which the program is made.
  ///   - shownFolder: the folder that messages name.
  func compile(
    _ texts: [(exercise: Exercise, text: String)], in folder: URL, shownAs shownFolder: String
  ) throws -> Built {
    var messages: [Int: [Message]] = [:]
    var left = texts
    for (exercise, text) in texts {
      try Data(text.utf8).write(to: folder.appendingPathComponent(exercise.fileName))
    }
    while !left.isEmpty {
      let main =
        ["import ExerciseKit", "import MiniTensor", "", "answer(["]
        + left.map { "  \($0.exercise.number): \($0.exercise.adapter)," } + ["])", ""]
      try Data(main.joined(separator: "\n").utf8).write(
        to: folder.appendingPathComponent("main.swift"))
      let program = folder.appendingPathComponent("answers")
      let (status, log) = try run(
        command(left.map(\.exercise.fileName), program: program), in: folder)
      if status == 0 {
        return Built(
          program: program, compiled: Set(left.map(\.exercise.number)), messages: messages)
      }
      let blamed = blame(log ?? "", left.map(\.exercise), shownFolder)
      guard !blamed.isEmpty else {
        for (exercise, _) in left { messages[exercise.number] = [firstLine(of: log)] }
        break
      }
      messages.merge(blamed) { first, _ in first }
      left.removeAll { blamed[$0.exercise.number] != nil }
    }
    return Built(program: nil, compiled: [], messages: messages)
  }

  /// The command line that makes a program of files beside `main.swift`.
  package func command(_ files: [String], program: URL) -> [String] {
    let build = buildFolder.path
    return [
      // One run of the compiler for all files, not one for each: a fifth of the time.
      swiftc, "-Onone", "-wmo", "-gline-tables-only", "-swift-version", "6", "-module-name",
      "Answers",
      "-suppress-warnings",
      "-Xcc", "-fmodule-map-file=\(build)/Processor.build/module.modulemap",
      "-Xcc", "-fmodule-map-file=\(build)/BuildFlags.build/module.modulemap",
      // Of the store, which ExerciseKit asks the readers' questions.
      "-Xcc", "-fmodule-map-file=\(build)/StoreDefence.build/module.modulemap",
      "-Xcc", "-fmodule-map-file=\(mapOfSQLite)",
      "-I", "\(build)/Modules", "-L", build, "-lExerciseSupport",
      "-Xlinker", "-rpath", "-Xlinker", build,
      // Shared: the system's modules are compiled once, not for each reader.
      "-module-cache-path", "\(build)/ModuleCacheOfExercises",
    ] + files + ["main.swift", "-o", program.path]
  }

  /// The map of GRDB's module of SQLite: `.build/checkouts` is two folders above the build's own, which has its
  /// target and its configuration for names.
  private var mapOfSQLite: String {
    buildFolder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("checkouts/GRDB.swift/Sources/GRDBSQLite/module.modulemap").path
  }

  /// - Returns: what it wrote; nil if it didn't come to its end.
  private func run(_ command: [String], in folder: URL) throws -> (status: Int32, log: String?) {
    let process = try ChildProcess(
      confinement.confined(command, in: folder.path), in: folder.path)
    // It may use a minute of the processor (`Confinement`), which on a busy machine takes longer.
    let deadline = Date(timeIntervalSinceNow: 240)
    do {
      // The compiler writes its messages to standard error.
      _ = try process.readAll(until: deadline, limit: 1 << 20)
      guard case .ended(let reason, let status) = try process.wait(until: deadline) else {
        return (1, "")
      }
      return (reason == .exit ? status : 1, process.complaints)
    } catch is ChildProcess.Ending {
      process.kill()
      return (1, nil)
    }
  }

  /// The first message of the compiler about each file that has one.
  private func blame(
    _ log: String, _ exercises: [Exercise], _ folder: String
  ) -> [Int: [Message]] {
    var messages: [Int: [Message]] = [:]
    for line in log.split(separator: "\n") {
      guard let match = line.firstMatch(of: /([^\/\s]+\.swift):(\d+):(\d+): error: (.*)/) else {
        continue
      }
      let (file, row) = (String(match.1), Int(match.2) ?? 0)
      if file == "main.swift" {
        // Each exercise has a line of its own there.
        guard exercises.indices.contains(row - 5) else { continue }
        let exercise = exercises[row - 5]
        guard messages[exercise.number] == nil else { continue }
        messages[exercise.number] = [
          .words(
            "`{1}` isn't there as the original declares it: {2}. Keep its name, its parameters and its "
              + "result.", exercise.name, String(match.4))
        ]
      } else if let exercise = exercises.first(where: { $0.fileName == file }),
        messages[exercise.number] == nil
      {
        messages[exercise.number] =
          [.words("{1}, in {2}.", String(match.4), "\(folder)/\(file):\(row):\(match.3)")]
          + missingImport(String(match.4))
      }
    }
    return messages
  }

  /// What to do about a name of Foundation's that isn't known.
  private func missingImport(_ message: String) -> [Message] {
    let names = [
      "pow", "exp", "log", "log2", "log10", "sqrt", "floor", "ceil", "round", "trunc", "fmod",
      "sin",
      "cos", "tan", "tanh", "erf", "exit", "Date", "Data",
    ]
    guard let match = message.firstMatch(of: /cannot find '(\w+)' in scope/),
      names.contains(String(match.1))
    else { return [] }
    return [
      .words(
        "`{1}` comes with Foundation: write `import Foundation` at the top of the file.",
        String(match.1))
    ]
  }

  private func firstLine(of log: String?) -> Message {
    guard let log else {
      return .words("The compiler had not finished after 4 minutes: simplify the expressions.")
    }
    let lines = log.split(separator: "\n")
    guard let line = lines.first(where: { $0.contains("error:") }) ?? lines.first else {
      return .words("The compiler ended without a message.")
    }
    return "\(line)"
  }
}
