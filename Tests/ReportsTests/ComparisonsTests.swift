import RunStore
import Statistics
import Testing

@testable import Reports

@Suite struct ComparisonsTests {
  let sample: SampleStore

  init() throws { sample = try SampleStore() }

  private let testError = Measure("error", .test)

  private func comparisons(
    by factor: String, against: String? = nil, threshold: Double? = nil
  ) throws -> Comparisons {
    try Comparisons(
      in: sample.store, by: [Factor(factor)], against: against, measures: [testError],
      threshold: threshold
    ).tested
  }

  @Test(
    "Runs are compared that differ in nothing but the factor and the seed",
    arguments: [
      ("shortcut", ["plain", "A"], "depth 20 width 8"), ("depth", ["8", "20"], "ResNet A width 8"),
      ("width", ["8", "16"], "ResNet-20 A"),
      ("dataset", ["digits", "mnist"], "ResNet-20 A width 8"),
      ("learning_rate", ["0.01", "0.1"], "ResNet-20 A width 8"),
      ("LearningRate", ["0.01", "0.1"], "ResNet-20 A width 8"),
      (
        "architecture",
        [
          "ResNet-20 A width 16", "ResNet-20 A width 8", "ResNet-20 A width 8 pre-activation",
          "ResNet-8 A width 8", "plain-20 width 8",
        ], ""
      ),
    ])
  func factors(name: String, values: [String], network: String) throws {
    for seed in 0..<2 {
      try sample.add("ResNet-20 A width 8", seed: seed, errors: [0.2])
      try sample.add("plain-20 width 8", seed: seed, errors: [0.3])
      try sample.add("ResNet-8 A width 8", seed: seed, errors: [0.4])
      try sample.add("ResNet-20 A width 16", seed: seed, errors: [0.1])
      try sample.add("ResNet-20 A width 8 pre-activation", seed: seed, errors: [0.15])
      try sample.add("ResNet-20 A width 8", dataset: "mnist", seed: seed, errors: [0.05])
      try sample.add("ResNet-20 A width 8", seed: seed, rate: 0.01, errors: [0.6])
      try sample.add("ResNet-20 A width 8", experiment: "other", seed: seed, errors: [0.7])
    }
    let groups = try comparisons(by: name).groups
    let group = try #require(groups.first)
    #expect(groups.count == 1)
    #expect(group.sides.map(\.value.text) == values)
    #expect(group.common.network == network)
    #expect(group.pairs.count == values.count * (values.count - 1) / 2)
    #expect(group.sides.allSatisfy { $0.seeds.map(\.seed) == [0, 1] })
  }

  @Test("The newest finished run of a seed counts, and no other")
  func newest() throws {
    try sample.add("plain-8 width 8", errors: [0.9])
    let newest = try sample.add("plain-8 width 8", errors: [0.3])
    let running = try sample.store.begin(newest.configuration, threads: 1)
    try sample.store.record(
      [Metric(step: 1, epoch: 1, split: .test, name: "error", value: 0.8)], in: running.id)
    try sample.add("ResNet-8 A width 8", errors: [0.1])
    let side = try #require(try comparisons(by: "shortcut").groups.first?.sides.first)
    #expect(side.seeds.map(\.run) == [newest.id] && side.spread.mean == 0.3)
  }

  @Test("By shortcut, against plain, tells what the view plain_vs_residual does")
  func view() throws {
    for seed in 0..<3 {
      for depth in [8, 20] {
        let error = 0.1 + Double(depth + seed) / 100
        try sample.add("plain-\(depth) width 8", seed: seed, errors: [error])
        try sample.add("ResNet-\(depth) A width 8", seed: seed, errors: [error / 3])
        try sample.add("ResNet-\(depth) B width 8", seed: seed, errors: [error / 4])
      }
    }
    let viewed = try sample.store.rows(
      sql: """
        SELECT shortcut, count(*), avg(plain_test_error), avg(residual_test_error)
        FROM plain_vs_residual GROUP BY depth, shortcut ORDER BY depth, shortcut
        """
    ).rows
    let groups = try comparisons(by: "shortcut", against: "plain").groups
    let told = groups.flatMap { group in
      group.sides.dropFirst().map { (plain: group.sides[0], residual: $0) }
    }
    #expect(viewed.count == 4 && told.count == 4)
    for (row, sides) in zip(viewed, told) {
      #expect(row[0] == .text(sides.residual.value.text) && row[1] == .integer(3))
      for (value, side) in [(row[2], sides.plain), (row[3], sides.residual)] {
        guard case .real(let mean) = value else {
          Issue.record("\(value)")
          continue
        }
        // Sums of three numbers, whatever their order.
        #expect(abs(side.spread.mean - mean) < 1e-15 && side.spread.count == 3)
      }
    }
  }

  @Test("Pairs are made by seed, and Holm's correction is over the page")
  func statistics() throws {
    let errors = [0.5, 0.4, 0.6, 0.55, 0.45, 0.5]
    for (seed, error) in errors.enumerated() {
      try sample.add("plain-8 width 8", seed: seed, errors: [error])
      try sample.add("ResNet-8 A width 8", seed: seed, errors: [error - 0.1 - Double(seed) / 100])
      try sample.add("ResNet-8 B width 8", seed: seed, errors: [error + (seed == 0 ? -0.1 : 0.1)])
    }
    let pairs = try #require(
      try comparisons(by: "shortcut", against: "plain", threshold: 0.12).groups.first?.pairs)
    let expected = Contrast(
      Dictionary(uniqueKeysWithValues: errors.enumerated().map { ($0.offset, $0.element) }),
      Dictionary(
        uniqueKeysWithValues: errors.enumerated().map {
          ($0.offset, $0.element - 0.1 - Double($0.offset) / 100)
        }))
    #expect(pairs.map(\.second.text) == ["A", "B"])
    #expect(pairs[0].contrast == expected && pairs[0].interval == expected.interval)
    #expect(pairs[0].p?.twoSided == 2 / 64.0)
    #expect(pairs.map(\.corrected) == holm(pairs.compactMap { $0.p?.twoSided }))
    // For seed 0 it is 0.1 lower, which isn't beyond the threshold.
    #expect(pairs[0].verdict == .belowThreshold && pairs[0].shortVerdict == "too small 6/6")
    #expect(pairs[1].verdict == .undecided(seeds: 6) && pairs[1].shortVerdict == "undecided 5/6")
    let lower = try #require(try comparisons(by: "shortcut").groups.first?.pairs.first)
    #expect(lower.shortVerdict == "lower 6/6" && lower.verdictInWords == "lower in every seed")
  }

  @Test("Without shared seeds every run is compared with every other, and one run decides nothing")
  func unpaired() throws {
    for seed in 0..<2 {
      try sample.add("plain-8 width 8", seed: seed, errors: [0.5])
      try sample.add("ResNet-8 A width 8", seed: 10 + seed, errors: [0.1])
    }
    try sample.add("ResNet-8 B width 8", seed: 20, errors: [0.1])
    let pairs = try #require(
      try comparisons(by: "shortcut", against: "plain").groups.first?.pairs)
    #expect(pairs[0].contrast.differences == nil && pairs[0].shortVerdict == "lower 4/4")
    #expect(pairs[1].verdict == .undecided(seeds: 1) && pairs[1].interval == nil)
  }

  @Test(
    "A factor that no run has is refused with those that there are; a hyper-parameter may be missing in some"
  )
  func unknownFactor() throws {
    let run = try sample.add("plain-8 width 8", errors: [0.5])
    #expect(throws: UnknownFactor.self) { try Factor("warmup").check(in: sample.store) }
    var configuration = run.configuration
    configuration.hyperparameters["warmup"] = 5
    let other = try sample.store.begin(configuration, threads: 1)
    try sample.store.record(
      [Metric(step: 1, epoch: 1, split: .test, name: "error", value: 0.4)], in: other.id)
    try sample.store.end(other.id, as: .finished)
    try Factor("warmup").check(in: sample.store)
    let group = try #require(try comparisons(by: "warmup").groups.first)
    #expect(group.sides.map(\.value.text) == ["not set", "5"])
  }

  @Test("Numbers that aren't finite are shown, and decide nothing")
  func notFinite() throws {
    for seed in 0..<2 {
      try sample.add("plain-8 width 8", seed: seed, errors: [.nan])
      try sample.add("ResNet-8 A width 8", seed: seed, errors: [0.1])
    }
    let pair = try #require(try comparisons(by: "shortcut").groups.first?.pairs.first)
    #expect(pair.verdict == .undecided(seeds: 2) && pair.corrected == nil && pair.pText == "–")
    #expect(testError.text(.nan) == "nan" && testError.text(-.infinity) == "−inf")
  }
}
