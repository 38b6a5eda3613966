import RunStore
import Statistics

/// The comparisons of a page, corrected together.
public struct Comparisons: Sendable {
  /// Runs that differ in nothing but a factor, and what a metric says of them.
  public struct Group: Sendable {
    /// What is varied.
    public let factor: Factor
    /// What the runs have in common.
    public let common: CommonGround
    /// What is compared.
    public let measure: Measure
    /// At least two, in the order of the values.
    public let sides: [SideResult]
    /// Every two values, or those with the one that was asked for.
    public internal(set) var pairs: [PairComparison]
  }

  /// By factor and metric, and of these the newest first.
  public private(set) var groups: [Group]
  /// How many groups have one value of their factor only, so that there is nothing to compare.
  public let lonely: Int

  /// Compares the runs of a store.
  ///
  /// - Parameters:
  ///   - store: where they are.
  ///   - filter: which of them.
  ///   - factors: what is varied.
  ///   - against: only comparisons with this value of the factor, for instance `plain`.
  ///   - measures: what is compared.
  ///   - threshold: how large a difference has to be, in the metric's own unit.
  /// - Throws: `RunStoreError` if the store can't be read.
  public init(
    in store: RunStore, matching filter: RunFilter = RunFilter(), by factors: [Factor],
    against: String? = nil, measures: [Measure], threshold: Double? = nil
  ) throws(RunStoreError) {
    var finished = filter
    finished.statuses = [.finished]
    try self.init(
      of: store.runs(matching: finished), in: store, by: factors, against: against,
      measures: measures, threshold: threshold)
  }

  /// The same of runs that were read before, of which the newest come first.
  init(
    of runs: [Run], in store: RunStore, by factors: [Factor], against: String?,
    measures: [Measure], threshold: Double?
  ) throws(RunStoreError) {
    let values = try measures.map { measure throws(RunStoreError) in
      try store.latestValues(of: measure.name, split: measure.split)
    }
    var compared: [Group] = []
    var lonely = 0
    for factor in factors {
      let groups = runs.groups(by: factor)
      lonely += groups.count { $0.sides.count == 1 }
      for (measure, values) in zip(measures, values) {
        compared += groups.compactMap {
          Group($0, measure, values, against: against, threshold: threshold)
        }
      }
    }
    self.lonely = lonely
    groups = compared
  }

  /// With the intervals and p values of all comparisons, and Holm's correction.
  public var tested: Comparisons {
    var tested = self
    var pairs = PairComparison.tested(groups.flatMap(\.pairs))[...]
    for group in groups.indices {
      let count = groups[group].pairs.count
      tested.groups[group].pairs = Array(pairs.prefix(count))
      pairs = pairs.dropFirst(count)
    }
    tested.groups = tested.groups.corrected
    return tested
  }

  /// How many comparisons there are, each of which might be a false finding.
  public var count: Int { groups.reduce(0) { $0 + $1.pairs.count } }
}

extension Comparisons.Group {
  fileprivate init?(
    _ group: FactorGroup, _ measure: Measure, _ values: [Run.ID: Double], against: String?,
    threshold: Double?
  ) {
    (factor, common, self.measure) = (group.factor, group.common, measure)
    let sides = group.sides.compactMap { SideResult($0, values) }
    self.sides = sides
    pairs = sides.indices.flatMap { second in
      sides[..<second].map { PairComparison($0, sides[second], threshold: threshold) }
    }.filter { against == nil || $0.first.text == against || $0.second.text == against }
    if pairs.isEmpty { return nil }
  }
}

extension SideResult {
  /// The runs with one value of a factor; nil if none has the metric.
  package init?(_ side: FactorGroup.Side, _ values: [Run.ID: Double]) {
    value = side.value
    seeds = side.runs.compactMap { run in
      values[run.id].map { Seed(seed: run.configuration.seed, run: run.id, value: $0) }
    }
    guard let spread = Spread(seeds.map(\.value)) else { return nil }
    self.spread = spread
  }
}

extension [Comparisons.Group] {
  /// With Holm's correction over all comparisons; one without a p doesn't count.
  fileprivate var corrected: Self {
    var groups = self
    var values = holm(flatMap(\.pairs).compactMap { $0.p?.twoSided })[...]
    for group in indices {
      for pair in groups[group].pairs.indices where groups[group].pairs[pair].p != nil {
        groups[group].pairs[pair].corrected = values.removeFirst()
      }
    }
    return groups
  }
}
