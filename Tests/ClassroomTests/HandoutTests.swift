import Exercises
import Files
import Foundation
import Graders
import Testing

@testable import Teaching

@Suite("A package for students")
struct HandoutTests {
  let small: SmallClass
  private let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  init() throws { small = try SmallClass() }

  private var place: URL { small.temporary.url.appendingPathComponent("out/students") }

  private func paths() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: place.path)
  }

  @Test("It has pristine starters, and no solution, store, build or history")
  func small_() throws {
    for path in [".git/HEAD", ".build/x", "Sources/a.swift", "runs.sqlite", ".gitignore"] {
      let file = small.folder.package.appendingPathComponent(path)
      try makeFolder(file.deletingLastPathComponent())
      try Data("x".utf8).write(to: file)
    }
    try makeFolder(small.folder.folder)
    try Data("mine".utf8).write(to: small.folder.file(of: SmallClass.exercises[0]))
    _ = try HandedOutPackage(of: small.folder.package, [small.folder], hasSolutions: false)
      .make(at: place)
    let files = try paths().filter { FileKind(at: place.path + "/" + $0)?.type == S_IFREG }.sorted()
    let names = SmallClass.exercises.map(\.fileName)
    #expect(
      files == [".gitignore", "Sources/a.swift"]
        + (names.map { "Starters/01-small/\($0)" }
        + names.map {
          "chapters/01-small/Exercises/\($0)"
        }).sorted())
    let handedOut = ExerciseFolder(
      chapter: 1, exercises: SmallClass.exercises, name: "01-small", package: place)
    for exercise in SmallClass.exercises {
      let starter = try handedOut.starter(of: exercise)
      #expect(try handedOut.text(of: exercise) == starter)
      #expect(starter.contains("throw Unsolved()") && !starter.contains("solution"))
      #expect(try handedOut.authorsText(of: exercise) == nil)
    }
  }

  @Test("With solutions it has the tests, and no starters beside them")
  func withSolutions() throws {
    _ = try HandedOutPackage(of: small.folder.package, [small.folder], hasSolutions: true)
      .make(at: place)
    let files = try paths()
    #expect(files.contains("Tests/ExerciseTests/Solutions/01-small/1-double.swift"))
    #expect(!files.contains("Starters"))
  }

  @Test(
    "A folder that has something in it, or is inside the package, is refused and left as it was")
  func refused() throws {
    try makeFolder(place)
    try Data("mine".utf8).write(to: place.appendingPathComponent("notes"))
    let handedOut = HandedOutPackage(of: small.folder.package, [small.folder], hasSolutions: false)
    let error = #expect(throws: TeachingError.self) { try handedOut.make(at: place) }
    #expect(error?.description.contains("isn't an empty folder") == true)
    #expect(try paths() == ["notes"])
    #expect(throws: TeachingError.self) {
      try handedOut.make(at: small.folder.package.appendingPathComponent("out"))
    }
  }

  @Test("Nothing half-made is left")
  func nothingLeft() throws {
    try FileManager.default.removeItem(at: small.folder.package.appendingPathComponent("Tests"))
    try Data().write(to: small.temporary.url.appendingPathComponent("package/a"))
    #expect(throws: ExerciseError.self) {
      try HandedOutPackage(of: small.folder.package, [small.folder], hasSolutions: false)
        .make(at: place)
    }
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: place.deletingLastPathComponent().path) == [])
  }

  @Test(
    "This package, handed out, has a manifest that Swift understands, and no text of a solution")
  func real() throws {
    let folders = ExerciseFolder.all(in: package)
    _ = try HandedOutPackage(of: package, folders, hasSolutions: false).make(at: place)
    let files = try paths()
    #expect(!files.contains { $0.hasPrefix("Tests") || $0.hasPrefix(".git/") || $0 == ".build" })
    for folder in folders {
      for exercise in folder.exercises {
        guard let text = try folder.authorsText(of: exercise) else { continue }
        #expect(text.starter != text.solution)
        let path = place.appendingPathComponent(
          "chapters/\(folder.name)/Exercises/\(exercise.fileName)")
        #expect(try String(contentsOf: path, encoding: .utf8) == text.starter)
      }
    }
    let marks = try files.filter { $0.hasSuffix(".swift") && $0.contains("Exercises/") }.filter {
      try String(contentsOf: place.appendingPathComponent($0), encoding: .utf8).contains(
        "end of solution")
    }
    // The reader of such marks shows them in its documentation.
    #expect(marks.allSatisfy { $0.hasPrefix("Sources/Exercises/") }, "\(marks)")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swift", "package", "--package-path", place.path, "dump-package"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let manifest = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = String(decoding: manifest, as: UTF8.self)
    #expect(text.contains("\"chapter13\"") && !text.contains("StoreWriter"))
    #expect(!text.contains("Tests\""))
  }
}
