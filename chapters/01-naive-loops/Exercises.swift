import MiniTensor
import Notebook

/// Exercise 1. A filter that moves a picture by one pixel to the right, and one that blurs it.
///
/// The first makes every pixel what its left neighbour was; zeros come in on the left. The second makes
/// every pixel the mean of the 3x3 pixels around it, zeros outside the image included.
///
/// - Returns: nine numbers each, row by row, to be used with padding 1.
func moveAndBlur() throws -> (move: [Float], blur: [Float]) {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy, on an image of random numbers.
func moveAndBlurHolds(_ solution: () throws -> (move: [Float], blur: [Float])) throws -> Bool {
  let filters = try solution()
  guard filters.move.count == 9, filters.blur.count == 9 else { return false }
  var generator = RandomGenerator(seed: 1, stream: .experiment)
  let image = Initialization.uniform(bound: 1).tensor([1, 5, 6, 1], using: &generator)
  func pixel(_ row: Int, _ column: Int) -> Float {
    (0..<5).contains(row) && (0..<6).contains(column) ? image[0, row, column, 0] : 0
  }
  let moved = conv2d(image, Tensor([3, 3, 1, 1], filters.move), padding: 1)
  let blurred = conv2d(image, Tensor([3, 3, 1, 1], filters.blur), padding: 1)
  return (0..<30).allSatisfy { index in
    let (row, column) = (index / 6, index % 6)
    let around = (0..<9).map { pixel(row + $0 / 3 - 1, column + $0 % 3 - 1) }
    return moved[0, row, column, 0] == pixel(row, column - 1)
      && abs(blurred[0, row, column, 0] - around.reduce(0, +) / 9) < 1e-6
  }
}

/// Exercise 2. How many pixels of the image a stack of layers sees.
///
/// - Parameter layers: kernel width and stride of each layer, the first one first.
/// - Returns: the width of the part of the image that one pixel of the result depends on.
func receptiveField(_ layers: [(kernel: Int, stride: Int)]) throws -> Int {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: what is counted when a gradient is sent back from one
/// pixel of the result.
func receptiveFieldHolds(
  _ solution: ([(kernel: Int, stride: Int)]) throws -> Int
) throws -> Bool {
  let stacks: [[(kernel: Int, stride: Int)]] = [
    [(3, 1)], [(3, 1), (3, 1)], [(7, 2)], [(7, 2), (3, 2)], [(3, 2), (1, 1), (5, 1)],
    [(1, 2), (3, 1)],
  ]
  return try stacks.allSatisfy { layers in
    let image = Parameter(Tensor([1, 1, 64, 1], repeating: 1))
    var features = image.tracked
    for layer in layers {
      let filter = Tensor([1, layer.kernel, 1, 1], repeating: 1)
      features = conv2d(features, filter, stride: layer.stride)
    }
    var gradient = Tensor(features.shape, repeating: 0)
    gradient[0, 0, features.shape[2] / 2, 0] = 1
    features.backward(gradient)
    let seen = image.gradient!.scalars.indices.filter { image.gradient![0, 0, $0, 0] != 0 }
    return try solution(layers) == seen.last! - seen.first! + 1
  }
}
