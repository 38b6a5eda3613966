import MiniTensor
import Testing

@Suite struct InitializationTests {
  private let shape = [3, 3, 64, 64]

  /// Of n numbers with variance v the measured variance has the deviation v·√(2 / n) for normal ones,
  /// 0.7 % for 36,864 weights, and less for uniform ones. Five of these are allowed.
  @Test(
    "He's initialisation has mean 0 and variance 2 / fan",
    arguments: [Initialization.heNormal(fan: 576), .heUniform(fan: 576), .heNormal(fan: 9)])
  func variance(_ initialization: Initialization) {
    let fan: Double =
      switch initialization {
      case .heNormal(let fan), .heUniform(let fan): Double(fan)
      default: 0
      }
    var generator = RandomGenerator(1)
    let weights = initialization.tensor(shape, using: &generator)
    #expect(weights.shape == shape)
    let n = Double(weights.count)
    let mean = weights.doubles.reduce(0, +) / n
    let variance = weights.doubles.reduce(0) { $0 + $1 * $1 } / n
    let expected = 2 / fan
    #expect(abs(mean) < 5 * (expected / n).squareRoot())
    #expect(abs(variance / expected - 1) < 5 * (2 / n).squareRoot())
  }

  @Test("Normal weights have tails, uniform ones a bound of √(6 / fan) that they come near")
  func bounds() {
    var generator = RandomGenerator(2)
    func largest(_ initialization: Initialization) -> Float {
      initialization.tensor(shape, using: &generator).scalars.map(abs).max()!
    }
    // √(6 / 24) = 1/2; the chance that none of 36,864 numbers is beyond 99.9 % of it is e⁻³⁷.
    #expect((0.4995...0.5).contains(largest(.heUniform(fan: 24))))
    #expect((0.0999...0.1).contains(largest(.uniform(bound: 0.1))))
    // Beyond three deviations of √(2 / 8) = 1/2.
    #expect(largest(.heNormal(fan: 8)) > 1.5)
    #expect(largest(.constant(0.25)) == 0.25)
  }

  @Test("Uniform weights have both signs and mean 0")
  func uniform() {
    var generator = RandomGenerator(3)
    let weights = Initialization.uniform(bound: 1).tensor([10_000], using: &generator).doubles
    let mean = weights.reduce(0, +) / 10_000
    // The variance of one is 1/3, and that of the mean of 10,000 is 1/30,000.
    #expect(abs(mean) < 5 * (1.0 / 30_000).squareRoot())
  }
}
