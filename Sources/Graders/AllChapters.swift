import Exercises
import Foundation

extension ExerciseFolder {
  /// The chapters that have exercises, in the order of the book.
  ///
  /// - Parameter package: the package's folder.
  public static func all(in package: URL) -> [ExerciseFolder] {
    let exercises: [(name: String, exercises: [Exercise])] = [
      ("01-naive-loops", .chapter1), ("02-fast-loops", .chapter2), ("03-gradients", .chapter3),
      ("04-first-network", .chapter4), ("05-going-deeper", .chapter5),
      ("06-degradation", .chapter6), ("07-residual-block", .chapter7),
      ("08-shortcuts", .chapter8), ("09-plain-against-residual", .chapter9),
      ("10-why-it-works", .chapter10), ("11-bottlenecks", .chapter11),
      ("12-full-resnet", .chapter12), ("13-backbone", .chapter13),
      ("15-same-shortcut", .chapter15),
    ]
    return exercises.map { chapter in
      // A chapter without exercises leaves a gap; the folder's name begins with the chapter's number.
      ExerciseFolder(
        chapter: Int(chapter.name.prefix(2)) ?? 0, exercises: chapter.exercises, name: chapter.name,
        package: package)
    }
  }
}
