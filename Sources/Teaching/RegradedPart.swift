import Commands
import Files
import Foundation

/// A part of a class that is regraded by itself, and joined with the others in the end.
///
/// Its folder has what ``Regrading`` keeps, of the part's students, and `part.json`: which part of which
/// class it is, how it is graded, and whether it is complete.
struct RegradedPart: Codable {
  /// Which part: `2/8`.
  let shard: String
  /// All students of the class, those of other parts included.
  let students: [String]
  /// What decides the verdicts besides the submissions: graders, seed, deadline, sandbox.
  let basis: String
  /// Whether everybody in it is graded.
  var isComplete = false

  private static let fileName = "part.json"

  init(_ shard: WorkShard, of students: [String], basis: String) {
    (self.shard, self.students, self.basis) = ("\(shard)", students, basis)
  }

  /// The part that a folder has; nil if it has none.
  ///
  /// - Throws: ``TeachingError/badFolder(_:reason:)`` if its file is damaged.
  init?(in folder: URL) throws {
    let file = folder.appendingPathComponent(Self.fileName)
    guard FileKind(at: file.path) != nil else { return nil }
    guard let bytes = Regrading.kept(file, limit: 64 << 20),
      let part = try? JSONDecoder().decode(Self.self, from: bytes),
      (try? WorkShard(part.shard)) != nil,
      // They become names of folders.
      part.students.allSatisfy(Submission.isName)
    else {
      throw TeachingError.badFolder(
        file.path, reason: "this file is damaged. Remove it, and regrade that part again.")
    }
    self = part
  }

  func write(in folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try replaceFile(
      folder.appendingPathComponent(Self.fileName), with: encoder.encode(self) + Data("\n".utf8))
  }

  /// Refuses a folder that has another part, whose results would be mixed up with these.
  static func check(_ folder: URL, for shard: WorkShard?) throws {
    guard let other = try RegradedPart(in: folder), other.shard != shard?.description else {
      return
    }
    throw TeachingError.badFolder(
      folder.path,
      reason: "it has the results of part \(other.shard). Name another folder for "
        + (shard.map { "part \($0)." } ?? "those of a whole class."))
  }
}

extension Regrading {
  /// Joins the parts of a class into one folder, which is then the same as if the class had been regraded at
  /// once.
  ///
  /// - Parameters:
  ///   - folders: the folders of all parts, in any order.
  ///   - folder: where the results are put; made if it isn't there.
  /// - Returns: what came of each student, by name.
  /// - Throws: ``TeachingError/badFolder(_:reason:)`` if a part is missing, isn't complete or doesn't fit the
  ///   others, and nothing is then written; `FileError` if results can't be read or kept.
  public static func join(_ folders: [URL], into folder: URL) throws -> [StudentResult] {
    try RegradedPart.check(folder, for: nil)
    let parts = try folders.map(PlacedPart.init)
    guard let first = parts.first else { return [] }
    for part in parts { try part.check(besides: first) }
    try checkWhole(parts, for: folder)
    let results = try parts.flatMap { part in try part.results().map { ($0, part.place) } }
      .sorted { $0.0.student < $1.0.student }
    try makeFolder(folder.appendingPathComponent("students"))
    for (result, place) in results {
      let from = Self.place(of: result.student, in: place)
      let to = Self.place(of: result.student, in: folder)
      try makeFolder(to)
      for name in fileNames {
        try replaceFile(
          to.appendingPathComponent(name), with: readFile(from.appendingPathComponent(name).path))
      }
    }
    try replaceFile(
      folder.appendingPathComponent("seed"),
      with: readFile(first.place.appendingPathComponent("seed").path, limit: 100))
    try writeSummary(of: results.map(\.0), in: folder)
    return results.map(\.0)
  }

  /// Refuses parts if one is missing or is there twice.
  private static func checkWhole(_ parts: [PlacedPart], for folder: URL) throws {
    let places = Dictionary(grouping: parts, by: \.shard.index)
    for twice in places.values where twice.count > 1 {
      throw TeachingError.badFolder(
        twice[1].place.path,
        reason: "it is part \(twice[1].shard), and so is \(twice[0].place.path.visible). "
          + "Name one of them.")
    }
    let count = parts[0].shard.count
    let missing = (1...count).filter { places[$0] == nil }
    guard missing.isEmpty else {
      throw TeachingError.badFolder(
        folder.path,
        reason: "nothing is joined, because "
          + (missing.count == 1 ? "a part is" : "\(missing.count) parts are")
          + " missing: \(listed(missing.map { "\($0)/\(count)" })). `classroom regrade` with "
          + "--shard makes \(missing.count == 1 ? "it" : "them").")
    }
  }
}

/// A part and its folder.
private struct PlacedPart {
  let place: URL
  let part: RegradedPart
  let shard: WorkShard

  init(_ place: URL) throws {
    guard FileKind(at: place.path) != nil else {
      throw TeachingError.badFolder(place.path, reason: "it isn't there. Check the name.")
    }
    guard let part = try RegradedPart(in: place) else {
      throw TeachingError.badFolder(
        place.path,
        reason: "it isn't a part of a class. `classroom regrade` with --shard makes them.")
    }
    (self.place, self.part, shard) = (place, part, try WorkShard(part.shard))
  }

  /// Refuses it if it isn't of the same class, division and grading as another part.
  func check(besides first: PlacedPart) throws {
    guard shard.count == first.shard.count else {
      throw refusal(
        "it is part \(shard), and \(first.place.path.visible) is part \(first.shard). "
          + "Join parts of one division.")
    }
    let others = Set(part.students).symmetricDifference(first.part.students).sorted()
    guard others.isEmpty else {
      throw refusal(
        "when part \(shard) was graded, others had handed in than at part \(first.shard): "
          + "\(listed(others)). Regrade all parts again.")
    }
    guard part.basis == first.part.basis else {
      throw refusal(
        "part \(shard) was graded with another seed, deadline, build or choice of chapters than "
          + "part \(first.shard), or one of them without a sandbox. Regrade one of them again.")
    }
  }

  /// What came of its students.
  func results() throws -> [StudentResult] {
    let students = shard.part(of: part.students)
    let found = students.compactMap { student in
      // The name that it has becomes that of a folder, too.
      Regrading.result(in: Regrading.place(of: student, in: place))
        .flatMap { $0.student == student ? $0 : nil }
    }
    guard part.isComplete, found.count == students.count else {
      throw refusal(
        "part \(shard) isn't complete: somebody in it is still to be graded. Its "
          + "`classroom regrade` goes on where it was.")
    }
    return found
  }

  private func refusal(_ reason: String) -> TeachingError { .badFolder(place.path, reason: reason) }
}

/// The first few of several names.
private func listed(_ names: [String]) -> String {
  names.prefix(10).map(\.visible).joined(separator: ", ")
    + (names.count > 10 ? " and \(names.count - 10) more" : "")
}
