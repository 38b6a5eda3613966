import MiniTensor

/// The gradients of some neighbouring parameters, added up over all shards.
///
/// With several processes they travel while the rest of the backward pass is computed:
///
///     each process   adds up the branches of its own shards          (`ShardTree`)
///     exchange       gives everybody a slice of each of its branches
///     each process   adds up its slice of the whole tree
///     gathering      every slice, for everybody
///
/// That moves as many bytes as the usual all-reduce around a ring, in an order of additions that doesn't depend on
/// the number of processes.
final class GradientSum {
  private let tree: ShardTree
  private let ranks: (any Ranks)?
  private let local: Range<Int>
  private let shapes: [[Int]]
  /// Whether the order of additions is the tree's.
  private let isOrdered: Bool
  private var sums: [Tensor] = []
  private var exchange: (any Transfer)?
  private var gathering: (any Transfer)?

  /// Adds up what the shards of this process found, and begins to send it.
  ///
  /// - Parameters:
  ///   - gradients: of each shard here, those of the parameters.
  ///   - local: the numbers of the shards here.
  ///   - isOrdered: whether the order of additions is the tree's; otherwise the fastest one.
  init(
    _ gradients: [[Tensor]], of local: Range<Int>, in tree: ShardTree, ranks: (any Ranks)?,
    isOrdered: Bool
  ) {
    (self.tree, self.ranks, self.local, self.isOrdered) = (tree, ranks, local, isOrdered)
    shapes = gradients[0].map(\.shape)
    func sum(_ tree: ShardTree, _ branch: Range<Int>? = nil, from first: Int) -> [Tensor] {
      tree.value(
        of: branch, from: { $0.count == 1 ? gradients[$0.lowerBound - first] : nil },
        { zip($0, $1).map { $0 + $1 } })
    }
    guard let ranks else {
      sums = sum(tree, from: 0)
      return
    }
    if isOrdered {
      let branches = tree.branches(within: local).map {
        flat(sum(tree, $0, from: local.lowerBound))
      }
      exchange = ranks.beginExchange(
        slices.flatMap { slice in branches.flatMap { $0[slice] } },
        counts: slices.map { $0.count * branches.count },
        receiving: (0..<ranks.count).map { slices[ranks.index].count * self.branches(of: $0).count }
      )
    } else {
      gathering = ranks.beginSum(flat(sum(ShardTree(count: local.count), from: 0)))
    }
  }

  /// Goes on if what was sent has arrived.
  ///
  /// - Parameter waits: whether to wait for it.
  /// - Returns: whether the last part is under way.
  func proceed(waits: Bool) -> Bool {
    guard let ranks, let exchange, waits || exchange.isDone else { return self.exchange == nil }
    var values = exchange.received()[...]
    let slice = slices[ranks.index]
    var known: [Range<Int>: [Float]] = [:]
    for rank in 0..<ranks.count {
      for branch in branches(of: rank) {
        known[branch] = Array(values.prefix(slice.count))
        values = values.dropFirst(slice.count)
      }
    }
    let sum = tree.value(from: { known[$0] }) { (left: [Float], right: [Float]) in
      var sum = left
      for place in sum.indices { sum[place] += right[place] }
      return sum
    }
    gathering = ranks.beginGathering(sum, counts: slices.map(\.count))
    self.exchange = nil
    return true
  }

  /// The sums, of the parameters' shapes. Waits for them.
  func finish() -> [Tensor] {
    guard let gathering else { return sums }
    var values = gathering.received()[...]
    return shapes.map { shape in
      let count = shape.reduce(1, *)
      defer { values = values.dropFirst(count) }
      return Tensor(shape, values.prefix(count))
    }
  }

  private func flat(_ tensors: [Tensor]) -> [Float] { tensors.flatMap(\.scalars) }

  private func branches(of rank: Int) -> [Range<Int>] {
    tree.branches(within: ShardTree.share(rank, of: ranks?.count ?? 1, among: tree.count))
  }

  /// What each process adds up.
  private var slices: [Range<Int>] {
    let count = shapes.reduce(0) { $0 + $1.reduce(1, *) }
    let parts = ranks?.count ?? 1
    return (0..<parts).map { ShardTree.share($0, of: parts, among: count) }
  }
}
