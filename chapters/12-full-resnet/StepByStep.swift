import Datasets
import MiniTensor
import Networks
import Training

/// A network that is trained by hand, each step from where the library's stands.
struct StepByStep {
  /// How many steps led to the same weights and velocities: to 1/100,000 and 1/10,000 of the largest of
  /// their layer.
  private(set) var agreeing = 0
  /// How far each step's velocities were apart, relative to the largest of their layer.
  private var differences: [Float] = []

  /// A training loop by hand. It tells of each step, and shows its velocities; it ends when it hears
  /// false.
  typealias Loop = (
    CifarNetwork, Dataset, _ seed: Int, _ warmUpTo: Double?,
    _ afterStep: (Int, inout [[Float]]) -> Bool
  ) -> Void

  /// Trains both for so many steps.
  init(
    _ architecture: CifarArchitecture, on data: TrainingData, _ recipe: Recipe, seed: Int,
    steps: Int, byHand train: Loop
  ) throws(TrainingError) {
    let library = CifarNetwork(architecture, seed: seed)
    let byHand = CifarNetwork(architecture, seed: seed)
    let session = TrainingSession(
      library, on: data, recipe: recipe, seed: seed, device: .current)
    var failure: TrainingError?
    train(byHand, data.train, seed, recipe.warmUp?.error) { step, velocities in
      do throws(TrainingError) {
        try session.run(upTo: step)
      } catch {
        failure = error
        return false
      }
      let weights = Self.difference(
        byHand.parameters.map(\.parameter.value.scalars),
        library.parameters.map(\.parameter.value.scalars))
      let expected = session.optimizer.state[0].tensors.map(\.scalars)
      differences.append(Self.difference(velocities, expected))
      if weights < 1e-5, differences.last! < 1e-4 { agreeing += 1 }
      byHand.copy(from: library)
      velocities = expected
      return step < steps
    }
    if let failure { throw failure }
  }

  /// How many steps agree, and how far the velocities of a step in the middle are apart.
  var description: String {
    let middle = differences.sorted()[differences.count / 2]
    return "\(agreeing) agree; the median difference of the velocities is "
      + String(format: "%.0e", middle)
  }

  private static func difference(_ ours: [[Float]], _ theirs: [[Float]]) -> Float {
    zip(ours, theirs).map { ours, theirs in
      let largest = theirs.map { abs($0) }.max() ?? 0
      return (zip(ours, theirs).map { abs($0 - $1) }.max() ?? 0) / largest
    }.max() ?? .nan
  }
}
