import RunStore

/// Finished runs that differ in nothing but a factor and the seed.
public struct FactorGroup: Sendable {
  /// The runs with one value of the factor.
  public struct Side: Sendable {
    /// The value.
    public let value: FactorValue
    /// A run a seed, the newest, by seed.
    public let runs: [Run]
  }

  /// What is varied.
  public let factor: Factor
  /// What they have in common.
  public let common: CommonGround
  /// At least one, in the order of the values.
  public let sides: [Side]
}

extension RunStore {
  /// Gathers the finished runs that differ in nothing but a factor and the seed. Those begun last come first; within
  /// what was trained alike the shallow networks do.
  ///
  /// - Parameters:
  ///   - factor: what is varied.
  ///   - filter: which runs; whatever it says of their status, only finished ones are taken.
  /// - Throws: `RunStoreError` if the store can't be read.
  public func groups(
    by factor: Factor, matching filter: RunFilter = RunFilter()
  ) throws(RunStoreError) -> [FactorGroup] {
    var finished = filter
    finished.statuses = [.finished]
    return try runs(matching: finished).groups(by: factor)
  }
}

extension [Run] {
  /// The groups of those that are finished, of which the newest come first.
  func groups(by factor: Factor) -> [FactorGroup] {
    var order: [CommonGround] = []
    var sides: [CommonGround: [FactorValue: [Int: Run]]] = [:]
    for run in self where run.status == .finished {
      guard let value = factor.value(of: run.configuration),
        let common = CommonGround(run.configuration, without: factor)
      else { continue }
      if sides[common] == nil { order.append(common) }
      let seed = run.configuration.seed
      if sides[common]?[value]?[seed] == nil {
        sides[common, default: [:]][value, default: [:]][seed] = run
      }
    }
    return order.gathered().map { common in
      FactorGroup(
        factor: factor, common: common,
        sides: (sides[common] ?? [:]).sorted { $0.key < $1.key }.map { value, runs in
          FactorGroup.Side(value: value, runs: runs.sorted { $0.key < $1.key }.map(\.value))
        })
    }
  }
}

extension [CommonGround] {
  /// Those of one page together, in the order in which the pages begin, and on a page by depth, width and words.
  fileprivate func gathered() -> [CommonGround] {
    var places: [CommonGround.Page: Int] = [:]
    for common in self where places[common.page] == nil { places[common.page] = places.count }
    func size(_ common: CommonGround) -> (Int, Int, Int) {
      (places[common.page] ?? 0, common.depth ?? 0, common.width ?? 0)
    }
    return sorted { first, second in
      let sizes = (size(first), size(second))
      return sizes.0 == sizes.1 ? first.network < second.network : sizes.0 < sizes.1
    }
  }
}
