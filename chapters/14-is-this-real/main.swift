//: # 14. Is this difference real?
//:
//: Every chapter that compares networks ends with numbers such as 2.2 ± 0.5 and 1.3 ± 0.4, and a verdict. This
//: chapter is about the way from the numbers to the verdict. It takes runs that you have from chapters 8 and 9, and
//: asks them: is one network better, by how much, and how sure can you be?
//:
//: **What you will learn**
//:
//: - what a standard deviation over seeds says, and what pairs of equal seeds add;
//: - what a p value is, and why few seeds have a floor under it;
//: - what a bootstrap interval is, and how far to trust one from five numbers;
//: - how many seeds a difference needs, and what many claims on one page do to all of this;
//: - the rule by which this book gives its verdicts.
import Charts
import ChapterExperiments
import Datasets
import Foundation
import MiniTensor
import Networks
import Notebook
import RunStore
import Statistics
import Training

let chapter = Chapter(14, .training)
//: ## Before you run
//:
//: A plain network and a residual one are trained with five seeds each, once with 20 layers and once with 56. At
//: 56 layers the plain ones have tens of points more test error, in every seed.
let guess = chapter.predict(
  "Set side by side seed by seed, at which depth is p, two-sided, under 5 %?",
  choices: ["at 20 and at 56 layers", "at 56 layers only", "at neither"])
//: ## The numbers
//:
//: The networks, the digits and the recipe are those of chapter 9. The test errors, in per cent, seed by seed (three
//: seeds with `--quick`):
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let seeds = chapter.options.seeds(otherwise: chapter.options.quick ? 3 : 5)
let recipe = Degradation(quick: chapter.options.quick, seeds: seeds).recipe
let depths = [20, 56]
let kinds: [(name: String, shortcut: Shortcut)] = [("plain", .none), ("ResNet", .A)]
let networks = depths.flatMap { depth in
  kinds.map { (name: "\($0.name)-\(depth)", depth: depth, shortcut: $0.shortcut) }
}
let results = chapter.results(
  of: networks.flatMap { network in
    seeds.map { seed in
      Trial(
        experiment: Degradation.name,
        Degradation.architecture(depth: network.depth, network.shortcut), recipe, seed: seed)
    }
  }, on: digits)
let errors = networks.indices.map { index in
  results[(index * seeds.count)..<((index + 1) * seeds.count)].map { 100 * $0.last.test.error }
}
let (plain20, residual20, plain56, residual56) = (errors[0], errors[1], errors[2], errors[3])
chapter.table(
  Table(
    [Column("network")] + seeds.map { Column("seed \($0)", .right) }
      + [Column("mean ± deviation", .right)],
    rows: zip(networks, errors).map { network, errors in
      [network.name] + errors.map { String(format: "%.2f", $0) } + [spread(errors)]
    }))
//: The number behind ± is the **standard deviation** over the seeds: how far one run is from the mean, typically. It is
//: not how uncertain the mean is; that would be smaller, by the root of the number of seeds.
//:
//: ## One run each
//:
//: Suppose you had trained each network of 20 layers once. Which of the two would have won? You have several runs of each,
//: so you can go through all pairs of one plain and one residual run:
func shareWon(_ first: [Double], against second: [Double]) -> Double {
  var won = 0.0
  for mine in first {
    for theirs in second {
      won += mine < theirs ? 1 : mine == theirs ? 0.5 : 0
    }
  }
  return won / Double(first.count * second.count)
}
chapter.show(
  """
  ResNet-20 has the lower test error in \(Int((100 * shareWon(residual20, against: plain20)).rounded())) % of the pairs,
  ResNet-56 in \(Int((100 * shareWon(residual56, against: plain56)).rounded())) %.
  """)
//: This is the *probability that A beats B*. If it is 50 %, the two are equal; a table that shows one run each
//: shows the toss of such a coin. It says how *often* one is better, not by how much.
//: <!-- plumbing -->
chapter.check(
  "The library finds the same share",
  probability(that: residual20, isLessThan: plain20) == shareWon(residual20, against: plain20),
  "\(residual20.count * plain20.count) pairs")
//: ## Pairs
//:
//: A seed decides the order of the images and the first weights, and both networks of a seed share them. So compare
//: seed by seed: what a seed does to both drops out of the difference.
func differences(_ first: [Double], minus second: [Double]) -> [Double] {
  zip(first, second).map { $0 - $1 }
}
//: <!-- plumbing -->
let at20 = differences(plain20, minus: residual20)
let at56 = differences(plain56, minus: residual56)
chapter.table(
  Table(
    [Column("plain − residual, points")] + seeds.map { Column("seed \($0)", .right) }
      + [Column("mean ± deviation", .right)],
    rows: zip(depths, [at20, at56]).map { depth, differences in
      ["\(depth) layers"] + differences.map { String(format: "%+.2f", $0) } + [spread(differences)]
    }))
//: ## What chance can do
//:
//: Now suppose the shortcut did nothing. Then "plain" and "residual" would be arbitrary labels, and dealing them out
//: to the same runs in any other way would be as good. Count the ways in which the difference of the means is at
//: least as large as the one you saw. Their share is the **p value**.
func choices(of size: Int, from values: [Double]) -> [[Double]] {
  guard size > 0 else { return [[]] }
  return values.indices.flatMap { index in
    let others = choices(of: size - 1, from: Array(values[(index + 1)...]))
    return others.map { [values[index]] + $0 }
  }
}
func dealtOut(
  _ first: [Double], against second: [Double]
) -> (asLarge: Int, ways: Int) {
  let all = first + second
  let total = all.reduce(0, +)
  func difference(_ chosen: [Double]) -> Double {
    let sum = chosen.reduce(0, +)
    return sum / Double(first.count) - (total - sum) / Double(second.count)
  }
  let ways = choices(of: first.count, from: all)
  let seen = difference(first)
  return (ways.count { difference($0) >= seen - 1e-9 }, ways.count)
}
let dealt20 = dealtOut(plain20, against: residual20)
let dealt56 = dealtOut(plain56, against: residual56)
chapter.show(
  """
  20 layers: \(dealt20.asLarge) of \(dealt20.ways) ways give plain networks at least that much more error.
  56 layers: \(dealt56.asLarge) of \(dealt56.ways) ways.
  """)
//: With pairs there are fewer ways: if the shortcut did nothing, each difference could as well have the other
//: sign. That is the *sign-flip test* of chapter 8; the one above is the *permutation test*.
//: <!-- plumbing -->
let byGroups = [PValue(plain20, against: residual20)!, PValue(plain56, against: residual56)!]
let byPairs = [PValue(ofDifferences: at20)!, PValue(ofDifferences: at56)!]
chapter.check(
  "The library counts the same ways",
  zip(byGroups, [dealt20, dealt56]).allSatisfy {
    $0.ways == $1.ways && Int(($0.greater * Double($0.ways)).rounded()) == $1.asLarge
  }, "\(byGroups[0].ways) ways")
chapter.table(
  Table(
    [
      Column("test error, plain − residual"), Column("permutation p", .right),
      Column("sign-flip p", .right),
    ],
    rows: zip(depths, zip(byGroups, byPairs)).map { depth, p in
      [
        "\(depth) layers", String(format: "%.4f", p.0.twoSided),
        String(format: "%.4f", p.1.twoSided),
      ]
    }))
//: Both are *two-sided*: they count differences as large in either direction, since you didn't say beforehand which
//: network should win. If you had, the p values would be half of these.
//:
//: ## The floor
//:
//: The way that was measured is always among the ways. So p can't be smaller than 1 in so many, or 2 if both
//: directions count, however large the difference is:
//: <!-- plumbing -->
func floor(ofGroups size: Int) -> Double {
  PValue(
    (0..<size).map { Double($0 + size) }, against: (0..<size).map { Double($0) })!.twoSided
}
func floor(ofPairs count: Int) -> Double {
  PValue(ofDifferences: (1...count).map(Double.init))!.twoSided
}
chapter.table(
  Table(
    [
      Column("seeds of each", .right), Column("smallest permutation p", .right),
      Column("smallest sign-flip p", .right),
    ],
    rows: [2, 3, 4, 5, 6, 8].map {
      [
        "\($0)", String(format: "%.4f", floor(ofGroups: $0)),
        String(format: "%.4f", floor(ofPairs: $0)),
      ]
    }))
chapter.reveal(
  guess,
  answer: guess.choices[byPairs[1].twoSided >= 0.05 ? 2 : byPairs[0].twoSided < 0.05 ? 0 : 1])
chapter.check(
  "At 56 layers every seed has the same sign, so the sign-flip p is at its floor",
  byPairs[1].twoSided == floor(ofPairs: seeds.count),
  "p \(byPairs[1].twoSided) with \(seeds.count) pairs")
//: A difference of tens of points in each of five pairs has p = 0.0625, and so has one of a hundredth of a point
//: in each. p says nothing about size. With few seeds it hardly says anything: look at the differences.
//:
//: ## Does p keep its word?
//:
//: It promises one thing: where there is nothing, p is under 5 % in at most one case of twenty. Make up groups of
//: numbers that differ by chance only, and count:
var generator = RandomGenerator(
  seed: UInt64(chapter.options.seed), stream: .experiment)
func madeUp(_ count: Int, using generator: inout RandomGenerator) -> [Double] {
  (0..<count).map { _ in generator.normal() }
}
func falseAlarms(
  groupsOf size: Int, cases: Int, using generator: inout RandomGenerator
) -> Double {
  let alarms = (0..<cases).count { _ in
    let first = madeUp(size, using: &generator)
    let second = madeUp(size, using: &generator)
    return PValue(first, against: second)!.twoSided < 0.05
  }
  return 100 * Double(alarms) / Double(cases)
}
let alarmsOfFive = falseAlarms(groupsOf: 5, cases: 2000, using: &generator)
let alarmsOfThree = falseAlarms(groupsOf: 3, cases: 2000, using: &generator)
chapter.check(
  "Five against five that differ by chance only: an alarm in 3 to 6.5 % of the cases",
  (3...6.5).contains(alarmsOfFive), String(format: "%.1f %% of 2000", alarmsOfFive))
chapter.check(
  "Three against three: never, and never where there is something either", alarmsOfThree == 0,
  String(format: "%.1f %% of 2000", alarmsOfThree))
//: ## Between which numbers?
//:
//: How large is the difference? Its mean is one number, and other seeds would give another. You can't train more
//: seeds for free, but you can draw from the ones you have: take as many differences as there are, each drawn from all of
//: them with replacement, and note their mean. Do that many times. The middle 95 % of the means are a
//: **bootstrap interval**.
func resampledMeans(
  _ values: [Double], times: Int, using generator: inout RandomGenerator
) -> [Double] {
  let means = (0..<times).map { _ in
    let drawn = values.map { _ in values.randomElement(using: &generator)! }
    return drawn.reduce(0, +) / Double(values.count)
  }
  return means.sorted()
}
func interval(
  _ values: [Double], times: Int, using generator: inout RandomGenerator
) -> (lower: Double, upper: Double) {
  let means = resampledMeans(values, times: times, using: &generator)
  return (means[times / 40], means[times - 1 - times / 40])
}
//: <!-- plumbing -->
let intervals = [
  interval(at20, times: 9_999, using: &generator), interval(at56, times: 9_999, using: &generator),
]
chapter.table(
  Table(
    [Column("plain − residual, points"), Column("mean", .right), Column("95 % interval", .right)],
    rows: zip(depths, zip([at20, at56], intervals)).map { depth, found in
      [
        "\(depth) layers", String(format: "%.2f", Spread(found.0)!.mean),
        String(format: "%.2f to %.2f", found.1.lower, found.1.upper),
      ]
    }))
let library = Interval(ofMean: at56)!
chapter.check(
  "The library's interval is the same, within a tenth of its width",
  max(abs(library.lower - intervals[1].lower), abs(library.upper - intervals[1].upper))
    <= 0.1 * (library.upper - library.lower),
  String(format: "%.2f to %.2f points at 56 layers", library.lower, library.upper))
//: Can you trust such an interval? Make up numbers whose true mean is 0 and look how often the interval
//: contains it. It should in 95 % of the cases.
//: <!-- plumbing -->
let sizes = [3, 5, 10, 20, 40]
let coverage = sizes.map { size in
  let covered = (0..<1000).count { _ in
    let found = interval(madeUp(size, using: &generator), times: 999, using: &generator)
    return found.lower <= 0 && 0 <= found.upper
  }
  return 100 * Double(covered) / 1000
}
chapter.plot(
  LineChart(
    "How often a 95 % bootstrap interval contains the true mean",
    x: Axis("numbers that it is made of"), y: Axis("% of 1000 cases"),
    series: [
      Series(
        "promised", [Point(Double(sizes.first!), 95), Point(Double(sizes.last!), 95)],
        color: .hue(.gray), stroke: .dashed),
      Series(
        "found", zip(sizes, coverage).map { Point(Double($0), $1) }, color: .hue(.blue),
        markers: true),
    ]), "coverage")
chapter.check(
  "From five numbers it contains the true mean in less than 90 % of the cases, from forty in more than 92 %",
  coverage[1] < 90 && coverage[4] > 92,
  zip(sizes, coverage).map { String(format: "%d: %.1f %%", $0, $1) }.joined(separator: ", "))
//: From few numbers the interval is too narrow: what is drawn can't be more different than what is there. With three
//: seeds it is little more than the range of the three. Read an interval of five seeds as one that is wrong in one case of
//: six, not of twenty.
//:
//: ## How many seeds would be needed?
//:
//: Take the mean and the deviation of the differences for the truth. How many pairs would then give p under 5 % in four
//: cases of five? By the normal distribution that is $\left(\frac{(1.96 + 0.84) \cdot \text{deviation}}{\text{mean}}\right)^2$,
//: and at least 6, because of the floor:
//: <!-- plumbing -->
chapter.table(
  Table(
    [Column("plain − residual"), Column("seeds needed", .right)],
    rows: zip(depths, [at20, at56]).map { depth, differences in
      ["\(depth) layers", seedsNeeded(toSee: Spread(differences)).map { "\($0)" } ?? "–"]
    }))
//: The mean and the deviation come from a few runs themselves, so this is a rough number: good enough to see
//: whether ten seeds could settle a question, or a thousand.
//:
//: ## Many claims
//:
//: Chapter 10 makes twelve claims on one page. Twelve times one chance in twenty is much more than one in twenty. Make up
//: pages of twelve claims, ten pairs each, with nothing behind any of them. On how many pages is at least one p under 5 %?
//:
//: **Holm's correction** mends that: the smallest p is multiplied by twelve, the next by eleven, and so on, and none
//: may come out smaller than the one before.
//: <!-- plumbing -->
let pages = (0..<500).map { _ in
  (0..<12).map { _ in Claim("", unit: "", threshold: 0, madeUp(10, using: &generator)) }
}
func shareOfPages(_ hasFinding: ([Claim]) -> Bool) -> Double {
  100 * Double(pages.count(where: hasFinding)) / Double(pages.count)
}
let (uncorrected, corrected) = (
  shareOfPages { $0.contains { $0.p!.twoSided < 0.05 } },
  shareOfPages { $0.correctedPValues.contains { $0! < 0.05 } }
)
chapter.check(
  "Of pages with twelve empty claims, more than 30 % have a p under 5 %", uncorrected > 30,
  String(format: "%.1f %% of %d", uncorrected, pages.count))
chapter.check(
  "After Holm's correction at most 7 % have", corrected <= 7,
  String(format: "%.1f %% of %d", corrected, pages.count))
//: Correction has its price: with five pairs the smallest p is 1/16, and of twelve claims the smallest corrected one
//: is 12/16. More claims need more seeds.
//:
//: ## The rule of this book
//:
//: 1. **A threshold stands before the measurement**: how large an effect has to be to matter. It is a decision about
//:    the question, and no statistics can make it for you.
//: 2. **The effect is above it in every seed**: then the claim is supported. If it is below minus the threshold in
//:    every seed, the claim is contradicted. If all seeds have the same sign only, something is there, and less than was
//:    asked for.
//: 3. **Otherwise it can't be decided with so many seeds.** That is an answer. It isn't "there is no difference".
//: 4. **p, its floor and Holm stand beside the verdict**, never alone. With five seeds they can't decide; they tell
//:    you how little five seeds exclude chance.
//:
//: For the two questions of this chapter the thresholds are 1 point at 20 layers, and 10 points at 56:
//: <!-- plumbing -->
chapter.table(
  verdictTable([
    Claim("ResNet-20 has a lower test error than plain-20", unit: "points", threshold: 1, at20),
    Claim("ResNet-56 has a lower test error than plain-56", unit: "points", threshold: 10, at56),
  ]))
//: Five seeds cost five times one. Chapter 9 takes three and a half minutes with them on two cores, and that is what this
//: book can afford on every page. For a claim that hangs on a small difference it isn't enough.
//:
//: ## What this shows, and what it does not
//:
//: - Seeds are not all that varies. All runs share the same 1,437 training and 360 test digits; another split would
//:   move all of them. An interval over seeds says what other *seeds* would give.
//: - A verdict by "every seed" gets stricter with more seeds, and p gets finer. They are different questions, and
//:   the number of seeds has to be chosen before you look.
//: - If you look at the runs, then choose the metric, the threshold or the number of seeds, none of these numbers means
//:   what it says.
//:
//: The same numbers for your own runs: `swift run metrics compare`.
//:
//: ## In the paper
//:
//: Section 4.2 trains ResNet-110 five times and reports "best (mean ± std)", 6.43 (6.61 ± 0.16) % in table 6. All other
//: numbers of the paper are from one run each.
chapter.finish()
