import ArgumentParser
import Commands
import Datasets
import Foundation
import MiniTensor
import Networks
import ResNetCommands
import Training

/// `resnet-mpi measure`: how fast processes train together, and what a model of it says of more machines.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how fast these processes train together, and models more machines.",
    discussion: """
      Trains on noise and keeps nothing. First the network between the processes: how long the smallest exchange \
      takes, and how fast a large one is. Then a step: by each process alone, by all together, and by all together with \
      --local-statistics. At the end the time of a step on up to 64 machines, by a model with these figures, or with \
      those of a network that you name:

        mpirun -n 2 .build/release/resnet-mpi measure --shards 8 --threads 1
        mpirun -n 2 .build/release/resnet-mpi measure --threads 1 --latency 30 --bandwidth 0.125

      The model: the arithmetic of a step is shared out; every exchange that everybody waits for costs the latency times \
      the binary logarithm of the number of machines; every byte that a machine receives takes its time; nothing is \
      hidden behind anything. So it errs to the slow side for gradients, which travel while others are computed.
      """)

  @Option(help: "The network.")
  var arch = "resnet20"

  @Option(in: Recipe.batchSizes, help: "Images per step.")
  var batchSize = 128

  @Option(in: Recipe.shardCounts, help: "Into how many parts each batch is cut.")
  var shards = 8

  @Option(in: 1...1024, help: "Height and width of the images, in pixels.")
  var imageSize = 32

  @Option(in: threadCounts, help: "Threads of each process.")
  var threads = 1

  @Option(in: 1...10_000, help: "Steps that are timed; the median counts.")
  var steps = 12

  @Option(
    in: 0.001...1_000_000,
    help: "For the model: microseconds of a small exchange between two machines.")
  var latency: Double?

  @Option(
    in: 0.000_001...10_000, help: "For the model: gigabytes per second that a machine receives.")
  var bandwidth: Double?

  /// The numbers of the images of all steps. There are more images than are needed: at the end of an epoch the
  /// network would be measured.
  private var numbers: Int { images * imageSize * imageSize * 3 }
  private var images: Int { batchSize * (steps + 3) }

  func run() throws {
    guard let ranks = Train.ranks as? MPIRanks else { return }
    guard ranks.count <= shards else {
      throw ValidationError("\(ranks.count) processes can't share \(shards) shards.")
    }
    let architecture = try Architecture(arch, inputChannels: 3, classes: 10)
    guard batchSize >= shards else {
      throw ValidationError("A batch of \(batchSize) images can't be cut into \(shards) shards.")
    }
    // Noise for every step is made before the first.
    guard numbers <= 1 << 30 else {
      throw ValidationError(
        "\(steps) steps of \(batchSize) images of \(imageSize)x\(imageSize) need more than 4 GiB of noise. "
          + "Give a smaller --steps, --batch-size or --image-size.")
    }
    let network = measureNetwork(ranks)
    let whole = try step(architecture, shards: 1, ranks: nil)
    let alone = try step(architecture, shards: shards, ranks: nil)
    let together = try step(architecture, shards: shards, ranks: ranks)
    let fast = try step(architecture, shards: shards, ranks: ranks, statistics: .shard)
    guard ranks.isFirst else { return }
    let processes = ranks.count == 1 ? "1 process" : "\(ranks.count) processes"
    try printLine(
      "\(architecture.name), images of \(imageSize)x\(imageSize), batches of \(batchSize), \(processes) with "
        + (threads == 1 ? "1 thread each" : "\(threads) threads each"))
    if ranks.count > 1 {
      try printLine(
        String(
          format: "a small exchange takes %.1f µs, a large one goes at %.2f GB/s", network.latency,
          network.bandwidth))
    }
    try printLine(
      "\nstep                                       ms  images/s  exchanges  MB received")
    try printRow("one process, the batch in one piece", whole)
    try printRow("one process, \(shards) shards", alone)
    try printRow("all processes, \(shards) shards", together)
    try printRow("all processes, --local-statistics", fast)
    guard ranks.count > 1 || latency != nil && bandwidth != nil else { return }
    let model = Model(
      seconds: alone.seconds, exchanges: Double(together.calls),
      parameters: architecture.network().parameterCount,
      latency: (latency ?? network.latency) * 1e-6,
      bandwidth: (bandwidth ?? network.bandwidth) * 1e9)
    try printLine(
      String(
        format:
          "\nBy the model, with %.1f µs and %.3f GB/s, images/s and their share of the ideal:",
        model.latency * 1e6, model.bandwidth / 1e9))
    try printLine("machines   one batch of \(batchSize) shared out   a batch of \(batchSize) each")
    for machines in [1, 2, 4, 8, 16, 32, 64] {
      let (strong, weak) = (
        model.step(machines, share: 1 / Double(machines)), model.step(machines, share: 1)
      )
      let ideal = Double(machines * batchSize) / model.seconds
      let rates = (Double(batchSize) / strong, Double(machines * batchSize) / weak)
      try printLine(
        String(
          format: "%8d  %15.0f %7.0f %%  %15.0f %7.0f %%", machines, rates.0, 100 * rates.0 / ideal,
          rates.1,
          100 * rates.1 / ideal))
    }
  }

  private func printRow(_ name: String, _ step: Step) throws {
    try printLine(
      name.padding(toLength: 36, withPad: " ", startingAt: 0)
        + String(
          format: "%9.1f %9.0f %10d %12.2f", 1e3 * step.seconds, Double(batchSize) / step.seconds,
          step.calls,
          step.bytes / 1e6))
  }

  /// Microseconds of the smallest exchange of all processes, and gigabytes per second of a large one.
  private func measureNetwork(_ ranks: MPIRanks) -> (latency: Double, bandwidth: Double) {
    // Gradients in parts of the size in which they travel.
    let (small, parts, large) = (1_000, 64, 65_536)
    func seconds(_ body: () -> Void) -> Double {
      body()
      let start = ProcessInfo.processInfo.systemUptime
      body()
      return ProcessInfo.processInfo.systemUptime - start
    }
    let latency =
      seconds {
        for _ in 0..<small {
          _ = ranks.gathered([1], counts: Array(repeating: 1, count: ranks.count))
        }
      } / Double(small)
    let counts = (0..<ranks.count).map { _ in large / ranks.count }
    let values = [Float](repeating: 1, count: counts.reduce(0, +))
    let time = seconds {
      for _ in 0..<parts {
        _ = ranks.beginExchange(values, counts: counts, receiving: counts).received()
      }
    }
    let received = Double(4 * parts * large * (ranks.count - 1) / ranks.count)
    return (latency * 1e6, ranks.count > 1 ? received / time / 1e9 : .infinity)
  }

  /// What a step takes.
  private struct Step {
    let seconds: Double
    let calls: Int
    let bytes: Double
  }

  private func step(
    _ architecture: Architecture, shards: Int, ranks: MPIRanks?,
    statistics: Recipe.NormalizedOver = .batch
  ) throws -> Step {
    var recipe = Recipe(epochs: 1, batchSize: batchSize, drops: [])
    (recipe.shards, recipe.statistics, recipe.trainingError) = (shards, statistics, .running)
    if let ranks, ranks.count > 1, statistics == .shard { recipe.allReduceRanks = ranks.count }
    var generator = RandomGenerator(seed: 1, stream: .experiment)
    let pixels = (0..<numbers).map { _ in Float(generator.uniform()) }
    let noise = Dataset(
      name: "noise", images: Tensor([images, imageSize, imageSize, 3], pixels),
      labels: (0..<images).map { $0 % 10 }, classNames: (0..<10).map { "\($0)" })
    func new() -> any Network {
      let network = architecture.network()
      network.initialize(seed: 1)
      return network
    }
    let session = TrainingSession(
      new(), on: TrainingData(train: noise, test: noise.examples([0, 1])), recipe: recipe, seed: 1,
      device: Device(threads: threads), ranks: ranks, replica: new)
    // The first steps allocate.
    try session.run(upTo: 2)
    let (calls, bytes) = (ranks?.calls ?? 0, ranks?.receivedBytes ?? 0)
    var times: [Double] = []
    for step in 1...steps {
      let start = ProcessInfo.processInfo.systemUptime
      try session.run(upTo: 2 + step)
      times.append(ProcessInfo.processInfo.systemUptime - start)
    }
    return Step(
      seconds: times.sorted()[steps / 2], calls: ((ranks?.calls ?? 0) - calls) / steps,
      bytes: Double((ranks?.receivedBytes ?? 0) - bytes) / Double(steps))
  }

  /// The time of a step on several machines.
  private struct Model {
    /// Of a step on one machine.
    let seconds: Double
    /// How often everybody waits for everybody.
    let exchanges: Double
    let parameters: Int
    /// Seconds between two machines, and bytes per second.
    let latency, bandwidth: Double

    func step(_ machines: Int, share: Double) -> Double {
      let others = Double(machines - 1) / Double(machines)
      return seconds * share + exchanges * latency * log2(Double(machines))
        + 2 * others * 4 * Double(parameters) / bandwidth
    }
  }
}
