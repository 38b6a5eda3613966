import Exercises
import Files
import Foundation

/// A class that isn't real: submissions made of right and wrong solutions, each of which has a known end.
public struct Rehearsal {
  /// What has to come of a student's exercise.
  public struct Expectation: Sendable {
    /// The chapter.
    public let chapter: Int
    /// The exercise's number.
    public let exercise: Int
    /// The state.
    public let state: String
    /// Words that the message has to have.
    public let words: String
  }

  /// What has to come of each student.
  public private(set) var expected: [String: [Expectation]] = [:]
  private let folders: [ExerciseFolder]

  /// Makes the submissions of a class. The same number of students gives the same submissions.
  ///
  /// - Parameters:
  ///   - count: how many students.
  ///   - folders: the chapters.
  ///   - place: an empty folder for the submissions.
  /// - Throws: `FileError`, ``ExerciseError``, ``TeachingError/noSolutions``.
  public init(students count: Int, _ folders: [ExerciseFolder], in place: URL) throws {
    self.folders = folders
    var texts: [Int: [Int: ExerciseText]] = [:]
    for folder in folders {
      for exercise in folder.exercises {
        guard let text = try folder.authorsText(of: exercise) else {
          throw TeachingError.noSolutions
        }
        texts[folder.chapter, default: [:]][exercise.number] = text
      }
    }
    for index in 0..<count {
      let number = String(index + 1)
      let student = "student-" + String(repeating: "0", count: max(0, 3 - number.count)) + number
      let home = place.appendingPathComponent(student, isDirectory: true)
      // Some zip the whole package, others the folder with the chapters.
      let root = index % 4 == 3 ? home.appendingPathComponent("resnet-by-hand") : home
      for folder in folders {
        let exercises = root.appendingPathComponent("chapters/\(folder.name)/Exercises")
        try makeFolder(exercises)
        for exercise in folder.exercises {
          let (bytes, state, words) = Self.work(
            of: index, folder.chapter, exercise.number, texts[folder.chapter]![exercise.number]!)
          expected[student, default: []].append(
            Expectation(
              chapter: folder.chapter, exercise: exercise.number, state: state, words: words))
          if let bytes {
            try replaceFile(exercises.appendingPathComponent(exercise.fileName), with: bytes)
          }
        }
      }
      if index % 3 == 2, let zip = programPath("zip") {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: zip)
        process.arguments = ["-qr", "../\(student).zip", "."]
        process.currentDirectoryURL = home
        try process.run()
        process.waitUntilExit()
        try FileManager.default.removeItem(at: home)
      }
    }
  }

  /// What a student hands in for an exercise, and what has to come of it.
  private static func work(
    of student: Int, _ chapter: Int, _ exercise: Int, _ text: ExerciseText
  ) -> (bytes: Data?, state: String, words: String) {
    func put(_ statement: String) -> Data {
      let parts = text.starter.components(separatedBy: "throw Unsolved()")
      return Data(
        (parts.dropLast().joined(separator: "throw Unsolved()") + statement + parts.last!).utf8)
    }
    // Each costs the whole deadline: one for every fifth student, in another chapter each.
    if student % 5 == 0, exercise == 1, student / 5 % 13 + 1 == chapter {
      return (put("while true {}"), "too slow", "had not returned")
    }
    let lot = Int(checksum(Array("\(student) \(chapter) \(exercise)".utf8)) % 100)
    switch lot {
    case ..<40: return (Data(text.solution.utf8), "solved", "")
    case ..<65:
      let wrong = text.wrong[lot % text.wrong.count]
      return (Data(wrong.text.utf8), "wrong", wrong.words)
    case ..<72: return (Data(text.starter.utf8), "to do", "")
    case ..<79: return (nil, "missing", "")
    case ..<86: return (put("return )"), "doesn't compile", "")
    case ..<93: return (put("fatalError(\"no idea\")"), "crashed", "no idea")
    default: return (Data([0xFF, 0xFE, 0x66, 0x00]), "refused", "UTF-8")
    }
  }

  /// Where a gradebook says something else than what was made, each a sentence.
  public func differences(from book: Gradebook) -> [String] {
    var differences: [String] = []
    if book.rows.map(\.student) != expected.keys.sorted() {
      differences.append("The gradebook has other students: \(book.rows.map(\.student)).")
    }
    for row in book.rows {
      for made in expected[row.student] ?? [] {
        let place = "\(row.student), \(made.chapter).\(made.exercise)"
        guard let item = row.item(.init(chapter: made.chapter, exercise: made.exercise)) else {
          differences.append("\(place) isn't in the gradebook.")
          continue
        }
        if item.state != made.state || !(made.words.isEmpty || item.message.contains(made.words)) {
          differences.append(
            "\(place) is \(item.state) (\(item.message)), and was made to be \(made.state) "
              + "\(made.words).")
        }
        let isRight: Bool =
          switch made.state {
          case "solved": item.points == Double(item.maximum)
          case "wrong": (0...Double(item.maximum) / 2).contains(item.points)
          default: item.points == 0
          }
        if !isRight { differences.append("\(place) has \(item.points) of \(item.maximum) points.") }
      }
    }
    return differences
  }
}
