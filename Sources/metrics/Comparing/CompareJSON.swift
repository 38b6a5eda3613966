import Commands
import Reports
import RunStore
import Statistics

/// Plain against residual networks by depth, for JSON: what was trained alike, and has one kind of shortcut.
struct DepthTable {
  private let common: CommonGround
  private let shortcut: FactorValue?
  private let groups: [FactorGroup]
  private let values: [Metric.Split: [Run.ID: Double]]

  /// All of them, those begun last first.
  static func all(in store: RunStore, matching filter: RunFilter) throws -> [DepthTable] {
    var values: [Metric.Split: [Run.ID: Double]] = [:]
    for split in [Metric.Split.train, .test] {
      values[split] = try store.latestValues(of: "error", split: split)
    }
    var rest = try store.groups(by: .shortcut, matching: filter)[...]
    var tables: [DepthTable] = []
    while let first = rest.first {
      let groups = rest.filter { $0.common.differsInDepthOnly(from: first.common) }
      rest = rest.filter { !$0.common.differsInDepthOnly(from: first.common) }
      let shortcuts = Set(groups.flatMap { $0.sides.map(\.value) }).filter { $0.text != "plain" }
      tables += (shortcuts.isEmpty ? [nil] : shortcuts.sorted().map(Optional.some)).map {
        shortcut in
        DepthTable(
          common: first.common, shortcut: shortcut,
          groups: groups.filter { group in
            group.sides.contains { $0.value.text == "plain" || $0.value == shortcut }
          }, values: values)
      }
    }
    return tables
  }

  /// - Parameter threshold: how large a difference has to be, as a fraction.
  func json(threshold: Double?) -> JSON {
    [
      "experiment": .text(common.experiment), "dataset": JSON(common.dataset),
      "kind": JSON(common.kind), "width": JSON(common.width), "shortcut": JSON(shortcut?.text),
      "hyperparameters": JSON(common.hyperparameters),
      "depths": .array(groups.map { row($0, threshold) }),
    ]
  }

  private func row(_ group: FactorGroup, _ threshold: Double?) -> JSON {
    func result(_ value: String?, _ split: Metric.Split) -> SideResult? {
      group.sides.first { $0.value.text == value }
        .flatMap { SideResult($0, values[split] ?? [:]) }
    }
    func errors(_ result: SideResult?) -> JSON {
      guard let spread = result?.spread else { return .null }
      return [
        "mean": .number(spread.mean), "sd": JSON(spread.deviation), "seeds": JSON(spread.count),
      ]
    }
    func difference(_ split: Metric.Split) -> JSON {
      guard let plain = result("plain", split), let residual = result(shortcut?.text, split) else {
        return .null
      }
      return .object(PairComparison(plain, residual, threshold: threshold).tested.facts)
    }
    return [
      "depth": JSON(group.common.depth),
      "plain_train_error": errors(result("plain", .train)),
      "residual_train_error": errors(result(shortcut?.text, .train)),
      "plain_test_error": errors(result("plain", .test)),
      "residual_test_error": errors(result(shortcut?.text, .test)),
      "train_error_difference": difference(.train),
      "test_error_difference": difference(.test),
    ]
  }
}

extension JSON {
  /// Runs that differ in nothing but a factor, with all that is known of their differences.
  init(_ group: Comparisons.Group) {
    self = [
      "experiment": .text(group.common.experiment), "dataset": JSON(group.common.dataset),
      "networks": .text(group.common.network),
      "hyperparameters": JSON(group.common.hyperparameters),
      "factor": .text(group.factor.name), "metric": .text(group.measure.name),
      "split": .text(group.measure.split.rawValue),
      "values": .array(
        group.sides.map { side in
          [
            "value": .text(side.value.text), "mean": .number(side.spread.mean),
            "sd": JSON(side.spread.deviation), "seeds": JSON(side.spread.count),
            "runs": .array(
              side.seeds.map {
                ["seed": JSON($0.seed), "run": .text($0.run), "value": .number($0.value)]
              }),
          ]
        }),
      "comparisons": .array(
        group.pairs.map { pair in
          .object(
            [("from", .text(pair.first.text)), ("to", .text(pair.second.text))] + pair.facts)
        }),
    ]
  }
}

extension PairComparison {
  /// Everything about the difference, in the metric's own unit.
  fileprivate var facts: [(name: String, value: JSON)] {
    [
      ("paired", .flag(contrast.differences != nil)), ("seeds", JSON(seedCount)),
      ("difference", JSON(contrast.difference)),
      (
        "interval",
        interval.map { [.number($0.lower), .number($0.upper)] }.map(JSON.array) ?? .null
      ),
      ("p", JSON(p?.twoSided)), ("p_floor", JSON(p?.twoSidedFloor)),
      ("p_holm", JSON(corrected)), ("probability_lower", JSON(contrast.probabilityOfLess)),
      ("agreeing", JSON(agreeing)), ("threshold", JSON(threshold)),
      ("verdict", .text(verdictInWords)), ("seeds_needed", JSON(contrast.seedsNeeded)),
    ].map { (name: $0.0, value: $0.1) }
  }
}
