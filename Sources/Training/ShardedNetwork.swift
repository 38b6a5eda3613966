import MiniTensor
import Networks

/// A network that computes the shards of a batch side by side and adds up their gradients: those of this process on
/// its threads, the others by other processes.
///
/// Each shard has a replica of the network, with the same values. What comes out depends on the number of shards,
/// which is part of the recipe, and not on who computes them, unless the recipe says so (`Recipe.allReduceRanks`).
///
/// Thread safety: a shard's replica is used by the shard's thread alone, and by others between two steps; the rest is
/// used while the threads are locked or at rest. Hence `@unchecked Sendable`.
final class ShardedNetwork: @unchecked Sendable {
  private let recipe: Recipe
  private let ranks: (any Ranks)?
  private let tree: ShardTree
  /// The shards of this process.
  private let local: Range<Int>
  /// One for each of them; the first is the network itself.
  private let replicas: [Replica]
  private let threads: ShardThreads
  private let devices: [Device]
  /// Neighbouring parameters whose gradients travel together, in the order in which a backward pass comes to them.
  private let buckets: [Range<Int>]
  private var missing: [Int] = []
  private var sums: [(bucket: Int, sum: GradientSum)] = []

  /// About how many gradients travel together: 256 KiB of them.
  private static let bucketSize = 65_536

  /// - Parameters:
  ///   - network: changed in place.
  ///   - replica: makes a network of the same parts.
  ///   - recipe: says how many shards there are.
  ///   - ranks: the processes that share them; nil for this one alone.
  ///   - device: its threads are shared by the shards here.
  init(
    _ network: any Network, replica: () -> any Network, recipe: Recipe, ranks: (any Ranks)?,
    device: Device
  ) {
    self.recipe = recipe
    self.ranks = ranks.flatMap { $0.count > 1 ? $0 : nil }
    tree = ShardTree(count: recipe.shards)
    let local = ShardTree.share(ranks?.index ?? 0, of: ranks?.count ?? 1, among: recipe.shards)
    self.local = local
    replicas = local.map { Replica($0 == local.lowerBound ? network : replica()) }
    let places = min(device.threads, local.count)
    threads = ShardThreads(count: local.count, places: places)
    devices = local.map { _ in Device(threads: device.threads / places) }
    var buckets: [Range<Int>] = []
    var size = 0
    for (place, parameter) in replicas[0].parameters.enumerated().reversed() {
      if let last = buckets.last, size + parameter.count <= Self.bucketSize {
        buckets[buckets.count - 1] = place..<last.upperBound
      } else {
        buckets.append(place..<place + 1)
        size = 0
      }
      size += parameter.count
    }
    self.buckets = buckets
    threads.start()
  }

  deinit { threads.stop() }

  /// What a step found.
  struct Found {
    /// The mean over the batch.
    let loss: Double
    /// How many images' most likely class is wrong.
    let wrong: Int
  }

  /// Computes the gradients of a batch, and leaves them in the network's parameters.
  ///
  /// - Parameters:
  ///   - count: images of the batch; at least one for each shard.
  ///   - images: some images of the batch and their labels, by their places in it; called by several threads.
  func gradients(
    of count: Int, _ images: @escaping @Sendable (Range<Int>) -> (images: Tensor, labels: [Int])
  ) -> Found {
    for replica in replicas.dropFirst() { replica.copyValues(from: replicas[0]) }
    missing = buckets.map { $0.count * local.count }
    threads.run { [self] place in
      Device.$current.withValue(devices[place]) {
        let part = ShardTree.share(local.lowerBound + place, of: tree.count, among: count)
        let (images, labels) = images(part)
        Shard.$current.withValue(shard(place)) {
          let logits = replicas[place].network(images, .training)
          let loss = softmaxCrossEntropy(logits, labels: labels)
          loss.backward(Tensor([], [Float(part.count) / Float(count)]))
          let wrong = zip(predictedClasses(logits), labels).count { $0 != $1 }
          _ = exchange([Double(loss.scalar) * Double(part.count), Double(wrong)], .sums, of: place)
        }
      }
    }
    // A parameter without a gradient leaves its bucket incomplete.
    for bucket in buckets.indices where missing[bucket] > 0 { begin(bucket) }
    for (_, sum) in sums { _ = sum.proceed(waits: true) }
    for (bucket, sum) in sums {
      for (place, gradient) in zip(withGradient(in: bucket), sum.finish()) {
        replicas[0].parameters[place].gradient = gradient
      }
    }
    for replica in replicas.dropFirst() { replica.forgetGradients() }
    sums = []
    return Found(loss: total[0] / Double(count), wrong: Int(total[1]))
  }

  /// What the latest exchange came to: after a step the sums of losses and errors.
  private var total: [Double] = []

  private func shard(_ place: Int) -> Shard {
    let finish: @Sendable (Parameter) -> Void = { [unowned self] in finished($0, by: place) }
    guard recipe.statistics == .batch else { return Shard(exchange: nil, finish: finish) }
    return Shard(exchange: { [unowned self] in exchange($0, $1, of: place) }, finish: finish)
  }

  private func exchange(
    _ values: [Double], _ joining: Shard.Joining, of place: Int
  ) -> [Double] {
    threads.exchange(values, of: place) { found in
      total = joined(found, joining)
      return total
    }
  }

  /// What the shards here found and those of other processes, put together in the order of the tree.
  private func joined(_ found: [[Double]], _ joining: Shard.Joining) -> [Double] {
    func value(of branch: Range<Int>) -> [Double] {
      tree.value(
        of: branch, from: { $0.count == 1 ? found[$0.lowerBound - local.lowerBound] : nil },
        { joining($0, $1) })
    }
    guard let ranks else { return value(of: 0..<tree.count) }
    proceed()
    let branches = (0..<ranks.count).map { rank in
      tree.branches(within: ShardTree.share(rank, of: ranks.count, among: tree.count))
    }
    let gathered = ranks.gathered(
      branches[ranks.index].flatMap(value), counts: branches.map { $0.count * found[0].count })
    var known: [Range<Int>: [Double]] = [:]
    for (branches, values) in zip(branches, gathered) {
      var values = values[...]
      for branch in branches {
        known[branch] = Array(values.prefix(found[0].count))
        values = values.dropFirst(found[0].count)
      }
    }
    return tree.value(from: { known[$0] }, { joining($0, $1) })
  }

  private func finished(_ parameter: Parameter, by place: Int) {
    guard let number = replicas[place].places[ObjectIdentifier(parameter)] else { return }
    threads.alone {
      guard let bucket = buckets.firstIndex(where: { $0.contains(number) }) else { return }
      missing[bucket] -= 1
      if missing[bucket] == 0 {
        begin(bucket)
        proceed()
      }
    }
  }

  private func begin(_ bucket: Int) {
    let places = withGradient(in: bucket)
    guard !places.isEmpty else { return }
    let gradients = replicas.map { replica in
      places.compactMap { replica.parameters[$0].gradient }
    }
    sums.append(
      (
        bucket,
        GradientSum(
          gradients, of: local, in: tree, ranks: ranks, isOrdered: recipe.allReduceRanks == nil)
      ))
  }

  /// Helps gradients on that are under way, in the order in which they began: everybody's second part has to begin
  /// in the same order.
  private func proceed() {
    for (_, sum) in sums where !sum.proceed(waits: false) { return }
  }

  private func withGradient(in bucket: Int) -> [Int] {
    buckets[bucket].filter { replicas[0].parameters[$0].gradient != nil }
  }

  /// A network, and its parameters by their places.
  private struct Replica {
    let network: any Network
    let parameters: [Parameter]
    let places: [ObjectIdentifier: Int]

    init(_ network: any Network) {
      self.network = network
      parameters = network.parameters.map(\.parameter)
      places = Dictionary(
        uniqueKeysWithValues: parameters.enumerated().map { (ObjectIdentifier($1), $0) })
    }

    func copyValues(from other: Replica) {
      for (own, others) in zip(parameters, other.parameters) { own.value = others.value }
    }

    func forgetGradients() {
      for parameter in parameters { parameter.gradient = nil }
    }
  }
}
