import MiniTensor

/// What the two filters of chapter 1's first exercise make of an image.
///
/// - Parameters:
///   - image: `[1, height, width, 1]`.
///   - filters: two arrays of nine numbers.
/// - Returns: two images of the same shape.
/// - Throws: an explanation if there are more or fewer numbers.
public func images(_ image: Tensor, filteredBy filters: [[Float]]) throws -> [Tensor] {
  guard filters.map(\.count) == [9, 9] else { throw WrongCounts(counts: filters.map(\.count)) }
  return filters.map { conv2d(image, Tensor([3, 3, 1, 1], $0), padding: 1) }
}

private struct WrongCounts: Error, CustomStringConvertible {
  let counts: [Int]

  var description: String {
    let asked = "two filters of nine numbers are asked for"
    if counts == Array(repeating: 3, count: 6) {
      return
        "\(asked), and six rows came back: the three rows of a filter are one array, one behind the other"
    }
    return "\(asked), and the filters that came back have \(counts) numbers"
  }
}
