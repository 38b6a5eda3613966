import MiniTensor
import Notebook

/// Exercise 1. Filters that move an image.
///
/// The centre tap passes on what it gets. Write the filters that move every channel of an image by one
/// pixel to the right and leave it otherwise as it is: zeros come in on the left, and the last column is
/// lost.
///
/// - Parameter channels: of the image, and of the result.
/// - Returns: `[3, 3, channels, channels]`, to be used with padding 1.
func shiftRight(channels: Int) throws -> Tensor {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: every pixel is its left neighbour of before.
func shiftRightHolds(_ solution: (Int) throws -> Tensor) throws -> Bool {
  var generator = RandomGenerator(seed: 6, stream: .experiment)
  for channels in [1, 3, 8] {
    let image = Initialization.uniform(bound: 1).tensor([2, 4, 5, channels], using: &generator)
    let moved = conv2d(image, try solution(channels), padding: 1)
    guard moved.shape == image.shape else { return false }
    for (row, column) in (0..<4).flatMap({ row in (0..<5).map { (row, $0) } }) {
      for channel in 0..<channels {
        let expected = column == 0 ? 0 : image[1, row, column - 1, channel]
        if moved[1, row, column, channel] != expected { return false }
      }
    }
  }
  return true
}

/// The final errors of one network, fractions.
struct FinalErrors {
  let train: Double
  let test: Double
}

/// What a comparison of a shallow network with a deeper one can say.
enum Diagnosis: Equatable {
  /// The deeper network fits the training set worse.
  case degradation
  /// The deeper network fits the training set at least as well and does worse on the test set.
  case overfitting
  /// The deeper network is at least as good on both.
  case healthy
}

/// Exercise 2. Tell degradation from overfitting.
///
/// - Parameters:
///   - shallow: the final errors of a network.
///   - deep: those of a deeper one, trained alike.
///   - noise: differences up to this one don't count.
func diagnose(shallow: FinalErrors, deep: FinalErrors, noise: Double) throws -> Diagnosis {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: the right word for four pairs of networks.
func diagnoseHolds(
  _ solution: (FinalErrors, FinalErrors, Double) throws -> Diagnosis
) throws -> Bool {
  let shallow = FinalErrors(train: 0.05, test: 0.10)
  let cases: [(deep: FinalErrors, diagnosis: Diagnosis)] = [
    (FinalErrors(train: 0.40, test: 0.45), .degradation),
    (FinalErrors(train: 0.00, test: 0.20), .overfitting),
    (FinalErrors(train: 0.01, test: 0.08), .healthy),
    (FinalErrors(train: 0.055, test: 0.105), .healthy),
  ]
  return try cases.allSatisfy { try solution(shallow, $0.deep, 0.01) == $0.diagnosis }
}
