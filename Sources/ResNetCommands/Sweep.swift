import ArgumentParser
import Commands
import Datasets
import Foundation
import MiniTensor
import Networks
import RunStore
import Training

/// `resnet sweep`: trains a grid of networks, those that the store doesn't have.
struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a grid of networks: every depth with every kind of shortcut and every seed.",
    discussion: """
      Without other options the grid is that of chapters 6 and 9 on the digits, whose runs the chapters \
      then find in the store:

        resnet sweep --depths 8,20,32,44,56 --shortcuts none,A --seeds '0..<5'
        resnet sweep --archs plain18,resnet18,resnet34 --dataset cifar10

      What the store has is skipped; what was interrupted is continued from its checkpoint. With \
      --shard 1/3, 2/3 and 3/3 three machines share the work.
      """)

  @Option(
    listIn: 8...2000,
    help: "The depths of networks of section 4.2, 6n + 2 each. Without it 8,20,32,44,56.")
  var depths: [Int]?

  @Option(
    help: ArgumentHelp(
      "Networks by name, in place of depths.",
      discussion: "There are \(Architecture.overview).", valueName: "archs"))
  var archs: String?

  @Option(
    help:
      "The kinds of shortcut: none, A, B, C. Without it none,A, or what belongs to the names.")
  var shortcuts: String?

  @Option(
    parsing: .unconditional,
    help: "The seeds: a range such as 0..<5, or a list such as 0,1,7. Without it 0.",
    transform: seedList)
  var seeds: [Int]?

  @Option(
    in: networkWidths,
    help:
      "Channels of the first stage. Without it 16, for the digits 8, for ImageNet's networks 64.")
  var width: Int?

  @Option(in: 1...256, help: "Networks that are trained at the same time; they share the threads.")
  var jobs = 1

  @Option(
    parsing: .unconditional, help: "Which part of the grid: I/N is the I-th of N.",
    transform: WorkShard.init)
  var shard = WorkShard(index: 1, count: 1)

  @Option(
    help: ArgumentHelp(
      "Where checkpoints are kept while a network is trained.", valueName: "folder"))
  var checkpoints = Self.checkpointFolders

  @Option(help: "What the runs are called in the store.", transform: experimentName)
  var experiment = "degradation"

  @Flag(help: "Train again what the store has.")
  var fresh = false

  @Flag(help: "Print JSON: one object per network.")
  var json = false

  @OptionGroup var options: TrainingOptions

  private static let checkpointFolders = "checkpoints/sweep"

  func validate() throws {
    try requirePath(checkpoints, of: "--checkpoints")
    _ = try grid()
  }

  func run() throws {
    let recorded = try options.recorded()
    var options = options
    if options.dataset == nil, recorded == nil { options.dataset = Dataset.Name.digits.rawValue }
    let name = try options.datasetName(recorded)
    try options.checkPlaces(
      name, checkpoints: checkpoints == Self.checkpointFolders ? nil : checkpoints,
      otherwise: Self.checkpointFolders)
    let data = try options.readData(name, recorded)
    let planned = try grid().map { point in
      let architecture = try architecture(of: point, for: name, recorded, images: data.train)
      let recipe = try options.recipe(
        name, images: data.train.count, for: architecture, recorded)
      let trial = Trial(experiment: experiment, architecture, recipe, seed: point.seed)
      try checkMemory(trial, data)
      return PlannedTrial(trial: trial, place: point.place)
    }
    let trainer = Trainer(
      store: options.openStore(), data: data, device: Device(threads: options.threads),
      fresh: fresh, warn: tell)
    let jobs = min(jobs, options.threads)
    if jobs < self.jobs {
      tell("--jobs \(self.jobs): \(jobs) share the \(options.threads) threads.")
    }
    try SweepRun(
      planned: planned, trainer: trainer, jobs: jobs, folder: URL(fileURLWithPath: checkpoints),
      json: json
    ).run()
  }

  /// This shard's part of the grid.
  func grid() throws -> [GridPoint] {
    let kinds = try networks()
    let seeds = seeds ?? [0]
    let count = kinds.count * seeds.count
    guard count <= 100_000 else {
      throw ValidationError("These are \(count) networks; a sweep has at most 100000.")
    }
    var points: [GridPoint] = []
    for (network, shortcut) in kinds {
      for seed in seeds {
        let place = WorkShard(index: points.count + 1, count: count)
        points.append(
          GridPoint(network: network, shortcut: shortcut, seed: seed, place: place))
      }
    }
    for (what, values) in [("network", kinds.map { "\($0)" }), ("seed", seeds.map { "\($0)" })] {
      guard Set(values).count == values.count else {
        throw ValidationError("The same \(what) is asked for twice. Name each one once.")
      }
    }
    return shard.part(of: points)
  }

  /// Every network with every kind of shortcut that it can have.
  private func networks() throws -> [(GridPoint.Network, Shortcut?)] {
    let shortcuts = try parsedShortcuts()
    guard let archs else {
      let depths = depths ?? [8, 20, 32, 44, 56]
      if let other = depths.first(where: { ($0 - 2) % 6 != 0 }) {
        throw ValidationError(
          "--depths is depths of the form 6n + 2, such as 8,20,32; \(other) is none.")
      }
      return depths.flatMap { depth in
        (shortcuts ?? [.none, .A]).map { (.depth(depth), $0) }
      }
    }
    guard depths == nil else { throw ValidationError("Give either --depths or --archs.") }
    return try archs.split(separator: ",", omittingEmptySubsequences: false).flatMap { name in
      let name = name.trimmingCharacters(in: .whitespaces)
      do {
        // A plain network has no shortcuts to choose from.
        guard try Architecture(name).shortcut != .none, let shortcuts else {
          return [(GridPoint.Network.name(name), Shortcut?.none)]
        }
        return shortcuts.map { (.name(name), $0) }
      } catch {
        throw wrongUse(error)
      }
    }
  }

  private func architecture(
    of point: GridPoint, for name: Dataset.Name, _ recorded: RunConfiguration?, images: Dataset
  ) throws -> Architecture {
    switch point.network {
    case .name(let arch):
      return try TrainedNetwork(arch: arch, shortcut: point.shortcut, width: width)
        .architecture(for: name, recorded, images: images)
    case .depth(let depth):
      return .cifar(
        try CifarArchitecture(
          depth: depth, width: width ?? recorded?.network.width ?? (name == .digits ? 8 : 16),
          inputChannels: images.imageShape[2], classes: images.classNames.count,
          shortcut: point.shortcut ?? .A))
    }
  }

  private func parsedShortcuts() throws -> [Shortcut]? {
    guard let shortcuts else { return nil }
    let kinds = shortcuts.split(separator: ",").map { Shortcut(rawValue: String($0)) }
    guard !kinds.isEmpty, !kinds.contains(nil) else {
      throw ValidationError("--shortcuts is some of none, A, B and C; not '\(shortcuts)'.")
    }
    return kinds.compactMap(\.self)
  }
}
