/// What a function that is left to the reader throws until it is written.
///
/// ```swift
/// /// Exercise 2. The extent of a convolution's output along one axis, in pixels.
/// func outputExtent(input: Int, kernel: Int, stride: Int, padding: Int) throws -> Int {
///   // TODO: write this function.
///   throw Unsolved()
/// }
/// ```
public struct Unsolved: Error {
  /// An exercise that waits for its reader.
  public init() {}
}
