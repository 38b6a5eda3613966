/// Ends the program unless a condition holds, and says why.
///
/// Swift's own drops its message where code is optimised, as this module is in every configuration. It is the one
/// thing that the reader of a crash needs: the shapes that don't fit.
@inline(__always)
func precondition(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "",
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
