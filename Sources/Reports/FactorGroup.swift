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
    var places: [CommonGround: Int] = [:]
    var found: [(common: CommonGround, sides: [FactorValue: [Int: Run]])] = []
    for run in self where run.status == .finished {
      guard let value = factor.value(of: run.configuration),
        let common = CommonGround(run.configuration, without: factor)
      else { continue }
      let place = places[common] ?? found.count
      if place == found.count {
        places[common] = place
        found.append((common, [:]))
      }
      let seed = run.configuration.seed
      if found[place].sides[value]?[seed] == nil {
        found[place].sides[value, default: [:]][seed] = run
      }
    }
    return found.map(\.common).gathered.map { place in
      let (common, sides) = found[place]
      return FactorGroup(
        factor: factor, common: common,
        sides: sides.sorted { $0.key < $1.key }.map { value, runs in
          FactorGroup.Side(value: value, runs: runs.sorted { $0.key < $1.key }.map(\.value))
        })
    }
  }
}

extension [CommonGround] {
  /// Their places: those of one page together, in the order in which the pages begin, and on a page by depth, width and
  /// words.
  fileprivate var gathered: [Int] {
    var pages: [CommonGround.Page: Int] = [:]
    let sizes = map { common in
      let page = pages[common.page] ?? pages.count
      pages[common.page] = page
      return (page, common.depth ?? 0, common.width ?? 0)
    }
    return indices.sorted { first, second in
      sizes[first] == sizes[second]
        ? self[first].network < self[second].network : sizes[first] < sizes[second]
    }
  }
}
