import ElementaryFunctions
import Training

/// What a slice goes up and down more than one that has a single lowest point, as a share.
func bumps(_ slice: [Double]) -> Double {
  let path = zip(slice, slice.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) }
  return path / (slice.first! + slice.last! - 2 * slice.min()!) - 1
}

/// How much higher a slice is half a step away from its middle, on average of both sides.
func rise(_ slice: [Double]) -> Double {
  let half = slice.count / 4
  return (slice[half] + slice[slice.count - 1 - half]) / 2 - slice[slice.count / 2]
}

/// What weight decay alone leaves of a parameter. Momentum 0.9 makes ten times as much of each step.
func shrinkage(_ phases: [Phase]) -> Double {
  phases.reduce(1) { $0 * .pow(1 - $1.rate * 1e-4 / (1 - 0.9), Double($1.steps)) }
}

/// So many steps at one learning rate.
struct Phase {
  let steps: Int
  let rate: Double
}

/// The paper's recipe for CIFAR-10 (section 4.2).
let papersPhases = [
  Phase(steps: 32_000, rate: 0.1), Phase(steps: 16_000, rate: 0.01),
  Phase(steps: 16_000, rate: 0.001),
]

extension Recipe {
  /// The epochs of this recipe on so many images.
  func phases(images: Int) -> [Phase] {
    (1...epochs).map {
      Phase(steps: (images + batchSize - 1) / batchSize, rate: learningRate(epoch: $0))
    }
  }
}
