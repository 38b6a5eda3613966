/// What a function that is left to the reader throws until it is written.
///
/// ```swift
/// /// Exercise 2. The extent of a convolution's output along one axis, in pixels.
/// func outputExtent(input: Int, kernel: Int, stride: Int, padding: Int) throws -> Int {
///   throw Unsolved(2)
/// }
/// ```
public struct Unsolved: Error, Equatable, CustomStringConvertible {
  /// The exercise's number in its chapter.
  public let exercise: Int

  /// An exercise that waits for its reader.
  public init(_ exercise: Int) { self.exercise = exercise }

  /// A sentence that says where to go on.
  public var description: String {
    "Exercise \(exercise) is not solved yet: write its function in the chapter's Exercises.swift."
  }
}
