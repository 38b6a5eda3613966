import Files
import Foundation

/// The exercises of a chapter, as files in the package.
public struct ExerciseFolder: Sendable {
  /// The chapter.
  public let chapter: Int
  /// Its exercises, in the order of their numbers.
  public let exercises: [Exercise]
  /// The package's folder.
  public let package: URL
  /// The name of the chapter's folder: `03-gradients`.
  public let name: String

  /// The exercises of the chapter in a folder `chapters/NN-name`.
  public init(chapter: Int, exercises: [Exercise], name: String, package: URL) {
    (self.chapter, self.exercises) = (chapter, exercises)
    (self.name, self.package) = (name, package)
  }

  /// What the reader edits.
  public var folder: URL {
    package.appendingPathComponent("chapters/\(name)/Exercises", isDirectory: true)
  }

  /// Where the reader edits an exercise.
  public func file(of exercise: Exercise) -> URL {
    folder.appendingPathComponent(exercise.fileName)
  }

  /// An exercise by its number.
  ///
  /// - Throws: ``ExerciseError/unknownExercise(chapter:number:count:)``.
  public func exercise(_ number: Int) throws -> Exercise {
    guard let exercise = exercises.first(where: { $0.number == number }) else {
      throw ExerciseError.unknownExercise(
        chapter: chapter, number: number, count: exercises.count)
    }
    return exercise
  }

  /// What is in the reader's file; nil if there is none.
  public func text(of exercise: Exercise) throws -> String? {
    let path = file(of: exercise).path
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return String(decoding: try readFile(path, limit: longestText), as: UTF8.self)
  }

  /// What the reader began with.
  public func starter(of exercise: Exercise) throws -> String {
    if let text = try authorsText(of: exercise) { return text.starter }
    let handedOut = package.appendingPathComponent("Starters/\(name)/\(exercise.fileName)").path
    guard FileManager.default.fileExists(atPath: handedOut) else {
      throw ExerciseError.noStarter(exercise.fileName)
    }
    return String(decoding: try readFile(handedOut, limit: longestText), as: UTF8.self)
  }

  /// The author's text with the solution; nil in a package that was handed out without solutions.
  public func authorsText(of exercise: Exercise) throws -> ExerciseText? {
    let path =
      package
      .appendingPathComponent("Tests/ExerciseTests/Solutions/\(name)/\(exercise.fileName)").path
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try ExerciseText(
      String(decoding: readFile(path, limit: longestText), as: UTF8.self), name: exercise.fileName)
  }

  /// Puts the original back. What the reader had is kept beside it, under a name that isn't compiled.
  ///
  /// - Returns: where it is kept; nil if there was nothing to keep.
  public func reset(_ exercise: Exercise) throws -> URL? {
    let file = file(of: exercise)
    let starter = try starter(of: exercise)
    let old = try text(of: exercise)
    var kept: URL?
    if let old, old != starter {
      var number = 1
      while FileManager.default.fileExists(atPath: "\(file.path).kept-\(number)") { number += 1 }
      kept = URL(fileURLWithPath: "\(file.path).kept-\(number)")
      try FileManager.default.moveItem(at: file, to: kept!)
    }
    try makeFolder(folder)
    try replaceFile(file, with: Data(starter.utf8))
    return kept
  }
}

/// The longest text of an exercise that is read, in bytes.
public let longestText = 1 << 20

extension Exercise {
  /// The name of its file.
  public var fileName: String { "\(number)-\(name).swift" }
}
