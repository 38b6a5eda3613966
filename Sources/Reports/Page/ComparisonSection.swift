import RunStore
import Statistics

extension Report {
  /// What differs by the factor, how sure that is, and every seed.
  var comparisonSection: [HTML] {
    let threshold = question.threshold.map { value in
      let measure = question.measures[0]
      return Labels.fill(labels.beyond, measure.text(value) + measure.unit)
    }
    var parts: [HTML] = [
      paragraph(Labels.fill(labels.comparisonsNote, "\(comparisons.count)", threshold ?? ""))
    ]
    for factor in question.factors {
      let groups = comparisons.groups.filter { $0.factor == factor }
      if groups.isEmpty { parts.append(paragraph(Labels.fill(labels.noComparisons, factor.name))) }
      for page in groups.map(\.common.page).unique {
        parts += self.page(groups.filter { $0.common.page == page }, factor)
      }
    }
    if !comparisons.groups.isEmpty {
      parts += [save("comparisons.csv"), save("seeds.csv")]
      for measure in comparisons.groups.map(\.measure).unique {
        parts.append(sql(queries.values(measure), about: measure.words, then: labels.sqlThen))
      }
    }
    return parts
  }

  private func page(_ groups: [Comparisons.Group], _ factor: Factor) -> [HTML] {
    let common = groups[0].common
    let kinds = Set(groups.map(\.common.kind))
    let kind = kinds.count == 1 ? common.kind ?? "" : ""
    let title = common.title + (kind.isEmpty ? "" : ", \(kind)")
    return [
      .element("h3", [:], [.text(Labels.fill(labels.by, title, factor.name))]),
      paragraph(common.recipe, "recipe"),
    ]
      + groups.map(\.measure).unique.flatMap { measure in
        let groups = groups.filter { $0.measure == measure }
        let name = "\(measure.words)\(measure.unitWords)"
        return [
          values(groups, "\(name): \(title)", kind).html(labels),
          differences(groups, "\(name), \(labels.change): \(title)", kind).html(labels),
        ]
      }
  }

  private func values(
    _ groups: [Comparisons.Group], _ caption: String, _ kind: String
  ) -> DataTable {
    let measure = groups[0].measure
    let span = Span(groups.flatMap { $0.sides.flatMap { $0.seeds.map(\.value) } }, hasZero: false)
    let values = groups.flatMap { $0.sides.map(\.value) }.unique.sorted()
    return DataTable(
      caption: caption,
      columns: [
        .init(name: labels.networks), .init(name: groups[0].factor.name),
        .init(name: labels.meanAndDeviation, kind: .number),
        .init(name: labels.seeds, kind: .number),
        .init(name: Labels.fill(labels.everySeed, axis(span, measure)), kind: .drawing),
      ],
      rows: groups.flatMap { group in
        group.sides.map { side in
          let strip = Strip(
            dots: side.seeds.map { seed in
              Strip.Dot(
                seed: seed.seed, value: seed.value,
                words: Labels.fill(
                  labels.seedValue, "\(seed.seed)", CSV.words(.number(seed.value))))
            }, mean: side.spread.mean, interval: nil, span: span, hasZero: false,
            description: dots(side.seeds.map(\.value), measure),
            series: values.firstIndex(of: side.value) ?? 0)
          return [
            DataTable.Cell(group.common.networkBeside(kind)), DataTable.Cell(side.value.text),
            DataTable.Cell(
              .text(measure.text(side.spread)), value: CSV.words(.number(side.spread.mean))),
            DataTable.Cell("\(side.spread.count)"), DataTable.Cell(strip.html),
          ]
        }
      })
  }

  private func differences(
    _ groups: [Comparisons.Group], _ caption: String, _ kind: String
  ) -> DataTable {
    let measure = groups[0].measure
    let pairs = groups.flatMap(\.pairs)
    let span = Span(
      pairs.flatMap { $0.effects + [$0.interval?.lower, $0.interval?.upper].compactMap(\.self) },
      hasZero: true)
    return DataTable(
      caption: caption,
      columns: [
        .init(name: labels.networks), .init(name: labels.fromTo),
        .init(name: labels.change, kind: .number),
        .init(name: Labels.fill(labels.everySeed, axis(span, measure)), kind: .drawing),
        .init(name: labels.interval, kind: .number), .init(name: labels.verdict, kind: .verdict),
        .init(name: labels.p, kind: .number), .init(name: labels.holm, kind: .number),
        .init(name: labels.probability, kind: .number), .init(name: labels.needs, kind: .number),
      ],
      rows: groups.flatMap { group in
        group.pairs.map { pair in
          func number(_ value: Double?, _ text: String?) -> DataTable.Cell {
            DataTable.Cell(.text(text ?? labels.nothing), value: CSV.words(.number(value)))
          }
          let difference = pair.contrast.difference
          return [
            DataTable.Cell(group.common.networkBeside(kind)),
            DataTable.Cell("\(pair.first.text) → \(pair.second.text)"),
            number(difference, difference.map(measure.difference)),
            DataTable.Cell(strip(pair, span, measure).html),
            DataTable.Cell(pair.interval.map(measure.text) ?? labels.nothing),
            DataTable.Cell(verdict(pair)), number(pair.p?.twoSided, pair.pText),
            number(pair.corrected, pair.corrected.map(PairComparison.short)),
            number(
              pair.contrast.probabilityOfLess,
              pair.contrast.probabilityOfLess.map(PairComparison.short)),
            DataTable.Cell(
              pair.contrast.seedsNeeded.map { Labels.fill(labels.about, "\($0)") }
                ?? labels.nothing),
          ]
        }
      })
  }

  private func strip(_ pair: PairComparison, _ span: Span, _ measure: Measure) -> Strip {
    let seeds = pair.contrast.seeds
    return Strip(
      dots: pair.effects.enumerated().map { index, value in
        let words =
          seeds.map { Labels.fill(labels.seedValue, "\($0[index])", CSV.words(.number(value))) }
          ?? Labels.fill(
            labels.pairValue, pair.second.text, pair.first.text, CSV.words(.number(value)))
        return Strip.Dot(seed: seeds?[index], value: value, words: words)
      }, mean: pair.contrast.difference, interval: pair.interval.map { ($0.lower, $0.upper) },
      span: span, hasZero: true, description: dots(pair.effects, measure), series: 6)
  }

  private func verdict(_ pair: PairComparison) -> String {
    switch pair.verdict {
    case .supported: pair.threshold == nil ? labels.higher : labels.higherBeyond
    case .contradicted: pair.threshold == nil ? labels.lower : labels.lowerBeyond
    case .belowThreshold: labels.tooSmall
    case .undecided(1): labels.undecidedWithOne
    case .undecided(let seeds): Labels.fill(labels.undecided, "\(seeds)")
    }
  }

  private func axis(_ span: Span, _ measure: Measure) -> String {
    Labels.fill(labels.axis, measure.text(span.lower), measure.text(span.upper)) + measure.unit
  }

  private func dots(_ values: [Double], _ measure: Measure) -> String {
    guard let mean = Spread(values)?.mean, let least = values.min(), let most = values.max() else {
      return labels.nothing
    }
    return Labels.fill(
      labels.dots, "\(values.count)", measure.text(least) + measure.unit,
      measure.text(most) + measure.unit, measure.text(mean) + measure.unit)
  }
}

extension Array where Element: Hashable {
  /// Without repetitions, in the order of the first ones.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
