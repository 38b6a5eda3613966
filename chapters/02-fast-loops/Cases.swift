import MiniTensor
import Notebook

/// A convolution of this chapter.
typealias Convolution = (_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid

/// Random numbers from the normal distribution.
func random(_ shape: [Int], _ generator: inout RandomGenerator) -> Grid {
  Grid(shape, (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}

extension Grid {
  /// The same for the library.
  var tensor: Tensor { Tensor([first, second, third, fourth], values) }
}

/// Random images and filters of odd shapes, and what the library makes of them.
struct Cases {
  /// What `conv2d` finds, all cases one behind the other.
  let expected: [Float]
  private let cases: [(images: Grid, filters: Grid, stride: Int, padding: Int)]

  init(using generator: inout RandomGenerator) {
    let shapes: [(images: [Int], filters: [Int], stride: Int, padding: Int)] = [
      ([1, 1, 1, 1], [1, 1, 1, 1], 1, 0), ([2, 9, 7, 3], [3, 3, 3, 16], 1, 1),
      ([1, 8, 6, 5], [3, 3, 5, 17], 2, 1), ([3, 5, 9, 8], [1, 1, 8, 32], 1, 0),
      ([1, 12, 11, 2], [2, 5, 2, 7], 3, 2), ([1, 15, 15, 3], [7, 7, 3, 33], 2, 3),
    ]
    var (cases, expected): ([(Grid, Grid, Int, Int)], [Float]) = ([], [])
    for shape in shapes {
      let images = random(shape.images, &generator)
      let filters = random(shape.filters, &generator)
      cases.append((images, filters, shape.stride, shape.padding))
      expected +=
        conv2d(
          images.tensor, filters.tensor, stride: shape.stride, padding: shape.padding
        ).scalars
    }
    (self.cases, self.expected) = (cases, expected)
  }

  /// What a convolution finds, in the order of `expected`.
  func results(_ convolution: Convolution) -> [Float] {
    cases.flatMap { convolution($0.images, $0.filters, $0.stride, $0.padding).values }
  }
}

extension Chapter {
  /// Checks that a convolution finds the numbers of `conv2d`.
  func compare(
    _ claim: String, _ convolution: Convolution, on cases: Cases,
    line: Int = #line, file: String = #filePath
  ) {
    check(
      claim, cases.results(convolution), closeTo: cases.expected, tolerance: 1e-5, line: line,
      file: file)
  }
}
