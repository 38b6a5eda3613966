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

  @Option(help: "The depths of networks of section 4.2, 6n + 2 each. Without it 8,20,32,44,56.")
  var depths: String?

  @Option(
    help: ArgumentHelp(
      "Networks by name, in place of depths.",
      discussion: "There are \(Architecture.overview).", valueName: "archs"))
  var archs: String?

  @Option(
    help:
      "The kinds of shortcut: none, A, B, C. Without it none,A, or what belongs to the names.")
  var shortcuts: String?

  @Option(help: "The seeds: a range such as 0..<5, or a list such as 0,1,7.")
  var seeds = "0..<1"

  @Option(
    help:
      "Channels of the first stage. Without it 16, for the digits 8, for ImageNet's networks 64.")
  var width: Int?

  @Option(help: "Networks that are trained at the same time; they share the threads.")
  var jobs = 1

  @Option(help: "Which part of the grid: I/N is the I-th of N.")
  var shard = "1/1"

  @Option(
    help: ArgumentHelp(
      "Where checkpoints are kept while a network is trained.", valueName: "folder"))
  var checkpoints = "checkpoints/sweep"

  @Option(help: "What the runs are called in the store.")
  var experiment = "degradation"

  @Flag(help: "Train again what the store has.")
  var fresh = false

  @Flag(help: "Print JSON: one object a network.")
  var json = false

  @OptionGroup var options: TrainingOptions

  func validate() throws {
    _ = try grid()
    guard jobs >= 1 else { throw ValidationError("--jobs is at least 1, not \(jobs).") }
  }

  func run() throws {
    let recorded = try options.recorded()
    var options = options
    if options.dataset == nil, recorded == nil { options.dataset = Dataset.Name.digits.rawValue }
    let name = try options.datasetName(recorded)
    let data = try options.readData(name, recorded)
    var cells: [SweepRun.Cell] = []
    for cell in try grid() {
      let architecture = try architecture(of: cell, for: name, recorded, images: data.train)
      let recipe = try options.recipe(
        name, images: data.train.count, depth: architecture.depth, recorded)
      cells.append(
        SweepRun.Cell(
          trial: Trial(experiment: experiment, architecture, recipe, seed: cell.seed),
          shard: cell.shard))
    }
    let trainer = Trainer(
      store: options.openStore(), data: data, device: Device(threads: options.threads),
      fresh: fresh, warn: tell)
    try SweepRun(
      cells: cells, trainer: trainer, jobs: jobs, folder: URL(fileURLWithPath: checkpoints),
      json: json
    ).run()
  }

  /// One network to train.
  struct Cell: Equatable {
    /// By its name, or by its depth if it is one of section 4.2.
    enum Network: Equatable {
      case name(String)
      case depth(Int)
    }

    let network: Network
    /// The shortcuts; nil for those that belong to the name.
    let shortcut: Shortcut?
    let seed: Int
    /// The `--shard` that is this network alone.
    var shard = ""
  }

  /// This shard's cells. Neighbours cost the same, so dealing them out one by one is fair.
  func grid() throws -> [Cell] {
    let kinds = try networks()
    let seeds = try parsedSeeds()
    let parts = shard.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], 1...max(1, count) ~= index,
      count >= 1
    else {
      throw ValidationError("--shard is I/N with I from 1 to N, such as 2/3; not '\(shard)'.")
    }
    var cells = kinds.flatMap { network, shortcut in
      seeds.map { Cell(network: network, shortcut: shortcut, seed: $0) }
    }
    for position in cells.indices { cells[position].shard = "\(position + 1)/\(cells.count)" }
    return cells.enumerated().filter { $0.offset % count == index - 1 }.map(\.element)
  }

  /// Every network with every kind of shortcut that it can have.
  private func networks() throws -> [(Cell.Network, Shortcut?)] {
    let shortcuts = try parsedShortcuts()
    guard let archs else {
      let depths = TrainingOptions.numbers(depths ?? "8,20,32,44,56")
      guard !depths.isEmpty, depths.allSatisfy({ $0 >= 8 && ($0 - 2) % 6 == 0 }) else {
        throw ValidationError(
          "--depths is depths of the form 6n + 2, such as 8,20,32; not '\(self.depths ?? "")'.")
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
          return [(Cell.Network.name(name), Shortcut?.none)]
        }
        return shortcuts.map { (.name(name), $0) }
      } catch {
        throw wrongUse(error)
      }
    }
  }

  private func architecture(
    of cell: Cell, for name: Dataset.Name, _ recorded: RunConfiguration?, images: Dataset
  ) throws -> Architecture {
    switch cell.network {
    case .name(let arch):
      return try TrainedNetwork(arch: arch, shortcut: cell.shortcut, width: width)
        .architecture(for: name, recorded, images: images)
    case .depth(let depth):
      return .cifar(
        try CifarArchitecture(
          depth: depth, width: width ?? recorded?.width ?? (name == .digits ? 8 : 16),
          inputChannels: images.imageShape[2], classes: images.classNames.count,
          shortcut: cell.shortcut ?? .A))
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

  private func parsedSeeds() throws -> [Int] {
    let bounds = seeds.components(separatedBy: "..<")
    if bounds.count == 2, let first = Int(bounds[0]), let end = Int(bounds[1]), first < end,
      end - first <= 1_000_000
    {
      return Array(first..<end)
    }
    let list = seeds.split(separator: ",").map { Int($0) }
    guard bounds.count == 1, !list.isEmpty, !list.contains(nil) else {
      throw ValidationError(
        "--seeds is a range such as 0..<5 or a list such as 0,1,7; not '\(seeds)'.")
    }
    return list.compactMap(\.self)
  }
}
