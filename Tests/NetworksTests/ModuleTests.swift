import MiniTensor
import Testing

@testable import Networks

@Suite("Modules")
struct ModuleTests {
  private func network(
    _ seed: Int, depth: Int = 8, shortcut: Shortcut = .B
  ) throws -> CifarNetwork {
    CifarNetwork(
      try CifarArchitecture(depth: depth, width: 4, inputChannels: 1, shortcut: shortcut),
      seed: seed)
  }

  private func values(_ network: CifarNetwork) -> [[Float]] {
    network.fullState.flatMap { _, value in
      switch value {
      case .parameter(let parameter): [parameter.value.scalars]
      case .statistics(let running): [running.mean.scalars, running.variance.scalars]
      }
    }
  }

  @Test("The seed decides the initial values")
  func seeded() throws {
    #expect(try values(network(7)) == values(network(7)))
    let (seven, eight) = (try network(7), try network(8))
    for ((name, one), (_, other)) in zip(seven.parameters, eight.parameters)
    where !name.contains("bn") && !name.contains("downsample.1") {
      #expect(one.value.scalars != other.value.scalars, "\(name)")
    }
  }

  @Test("Filters begin as He et al. draw them, normalisations as the identity")
  func initialValues() throws {
    let network = CifarNetwork(try CifarArchitecture(depth: 8, shortcut: .A), seed: 0)
    for (name, parameter) in network.parameters {
      let values = parameter.value.scalars
      switch parameter.shape.count {
      case 4:
        // Variance 2 / fan out. The mean of n squares of normal numbers strays by √(2/n) times its
        // value; five such deviations don't happen.
        let expected = 2 / Float(9 * parameter.shape[3])
        let square = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
        #expect(abs(square / expected - 1) < 5 * (2 / Float(values.count)).squareRoot(), "\(name)")
      case 2: #expect(values.allSatisfy { abs($0) <= 0.125 })  // 1 / √64
      default:
        if name.hasPrefix("linear") { continue }
        #expect(values.allSatisfy { $0 == (name.hasSuffix("weight") ? 1 : 0) }, "\(name)")
      }
    }
  }

  @Test("Running statistics move a tenth of the way, with the unbiased variance")
  func runningStatistics() {
    let norm = BatchNorm(1)
    var generator = RandomGenerator(seed: 0, stream: .initialization)
    norm.initialize(using: &generator)
    // Mean 3, squares around it 4 + 0 + 4: biased variance 8/3, unbiased 4.
    let batch = Tensor([3, 1, 1, 1], [1, 3, 5])
    _ = norm(batch, .training)
    #expect(abs(norm.running.mean.scalar - 0.3) < 1e-6)
    #expect(abs(norm.running.variance.scalar - (0.9 + 0.4)) < 1e-6)
    _ = norm(batch, .training)
    #expect(abs(norm.running.mean.scalar - 0.57) < 1e-6)
    #expect(abs(norm.running.variance.scalar - (0.9 * 1.3 + 0.4)) < 1e-6)
    let before = norm.running.mean.scalar
    _ = norm(batch, .inference)
    #expect(norm.running.mean.scalar == before)
  }

  @Test("Training keeps a history, inference doesn't")
  func modes() throws {
    let network = try network(0)
    let images = Tensor([2, 8, 8, 1], (0..<128).map { Float($0 % 5) })
    #expect(network(images, .training).isTracked)
    #expect(!network(images, .inference).isTracked)
  }

  @Test("Every parameter of a network gets a gradient", arguments: Shortcut.allCases)
  func gradients(shortcut: Shortcut) throws {
    let network = try network(0, shortcut: shortcut)
    let images = Tensor([4, 8, 8, 1], (0..<256).map { Float(($0 * 7) % 11) / 5 - 1 })
    softmaxCrossEntropy(network(images, .training), labels: [0, 1, 2, 3]).backward()
    for (name, parameter) in network.parameters {
      #expect(parameter.gradient?.shape == parameter.shape, "\(name)")
      #expect(parameter.gradient?.scalars.contains { $0 != 0 } == true, "\(name)")
    }
  }

  @Test("A copy has the same values and is independent")
  func copies() throws {
    let (source, target) = (try network(1), try network(2))
    let images = Tensor([4, 8, 8, 1], (0..<256).map { Float(($0 * 7) % 11) / 5 - 1 })
    _ = source(images, .training)
    target.copy(from: source)
    #expect(values(target) == values(source))
    #expect(target(images, .inference).scalars == source(images, .inference).scalars)
    let before = values(source)
    _ = target(2 * images, .training)
    target.conv1.weight.update { $0.add($0) }
    #expect(values(source) == before)
    #expect(values(target) != before)
  }

  @Test("A definition takes no memory until it is initialised")
  func definitions() throws {
    // A device of its own, so that no other test allocates on it.
    let device = Device(threads: 1)
    try Device.$current.withValue(device) {
      let network = CifarNetwork(try CifarArchitecture(depth: 1202, width: 64, shortcut: .C))
      #expect(network.parameterCount > 300_000_000)
      // Running statistics are the only tensors, two a normalisation.
      let normalisations = network.fullState.count { $0.name.hasSuffix("running") }
      #expect(device.allocations == 2 * normalisations)
    }
  }
}
