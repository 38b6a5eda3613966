import Exercises
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 8.
  public static var chapter8: [Exercise] { [] }
}
