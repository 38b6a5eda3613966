import RunStore

extension Comparisons {
  /// A row for every comparison: what the differences on the page are.
  var differencesTable: CSV {
    var table = CSV([
      "experiment", "dataset", "networks", "recipe", "factor", "from", "to", "metric", "split",
      "paired", "seeds", "difference", "lower", "upper", "p", "p_floor", "p_holm",
      "probability_lower", "agreeing", "effects", "verdict", "seeds_needed",
    ])
    for group in groups {
      for pair in group.pairs {
        table.add(
          group.facts + [
            .text(group.factor.name), .text(pair.first.text), .text(pair.second.text),
            .text(group.measure.name), .text(group.measure.split.rawValue),
            .text(pair.contrast.differences == nil ? "no" : "yes"), .count(pair.seedCount),
            .number(pair.contrast.difference), .number(pair.interval?.lower),
            .number(pair.interval?.upper), .number(pair.p?.twoSided),
            .number(pair.p?.twoSidedFloor), .number(pair.corrected),
            .number(pair.contrast.probabilityOfLess), .count(pair.agreeing),
            .count(pair.effects.count), .text(pair.verdictInWords),
            .count(pair.contrast.seedsNeeded),
          ])
      }
    }
    return table
  }

  /// A row for every run that is compared: what the dots on the page are.
  var seedsTable: CSV {
    var table = CSV([
      "experiment", "dataset", "networks", "recipe", "factor", "value", "metric", "split", "seed",
      "run", "result",
    ])
    for group in groups {
      for side in group.sides {
        for seed in side.seeds {
          table.add(
            group.facts + [
              .text(group.factor.name), .text(side.value.text), .text(group.measure.name),
              .text(group.measure.split.rawValue), .count(seed.seed), .text(seed.run),
              .number(seed.value),
            ])
        }
      }
    }
    return table
  }
}

extension Comparisons.Group {
  fileprivate var facts: [CSV.Cell] {
    [
      .text(common.experiment), .text(common.dataset ?? ""), .text(common.network),
      .text(common.recipe),
    ]
  }
}
