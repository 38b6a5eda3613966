import ExerciseKit
import Exercises
import MiniTensor
import Networks
import RunStore
import Statistics
import Translation

extension Array where Element == Exercise {
  /// The exercises of chapter 9.
  public static var chapter9: [Exercise] {
    [
      firstGoodEpochs, standardErrorsApart, depthsThatDiffer, makeTwin, gradientsAtZero,
      zeroScalesFirstEpoch, plainGivenTime,
    ]
  }
}

/// The answer of exercise 1: a row of depth and epoch.
private typealias Rows = [[Double?]]

private let firstGoodEpochs = Exercise.function(
  1, "firstGoodEpochs", title: "Ask the store how fast networks learn", .medium,
  minutes: 15,
  hints: [
    "Try it on your own store: `swift run metrics sql \"SELECT * FROM learning_curves LIMIT 5\"`.",
    "WHERE keeps the epochs that count, GROUP BY depth puts those of one depth together.",
    "`SELECT depth, min(epoch) AS epoch FROM learning_curves WHERE … GROUP BY depth ORDER BY depth`",
  ],
  adapter: """
    Answer { (depths: [Int], shortcuts: [String], errors: [[Double]]) in \
    try rows(of: firstGoodEpochs(), depths: depths, shortcuts: shortcuts, errors: errors) \
    }
    """,
  labels: ["depths", "shortcuts", "trainingErrors"],
  cases: { generator in
    let fixed: [([Int], [String], [[Double]])] = [
      ([8], ["A"], [[0.2, 0.1, 0.04, 0.01]]),
      ([8, 20], ["none", "A"], [[0.01], [0.2, 0.04]]),
      ([20, 20], ["B", "A"], [[0.01], [0.2, 0.04]]),
      ([8], ["A"], [[0.05, 0.04]]),
      ([8], ["A"], [[0.9, 0.8]]),
      ([20, 8], ["A", "A"], [[0.04, 0.01], [0.3, 0.2, 0.01]]),
      ([8, 8], ["A", "A"], [[0.3, 0.2, 0.04], [0.3, 0.01, 0.06]]),
      ([8, 8], ["A", "A"], [[0.04, 0.03, 0.02], [0.3, 0.01, 0.06]]),
    ]
    let drawn = (0..<2).map { _ -> ([Int], [String], [[Double]]) in
      let depths = (0..<6).map { _ in 8 + 12 * Int.random(in: 0...3, using: &generator) }
      // Only the first of the networks is good in epoch 1, so that there is one that is first of all.
      let shortcuts =
        ["A"]
        + depths.dropFirst().map { _ in
          ["none", "A", "A", "B"].randomElement(using: &generator)!
        }
      let errors = depths.indices.map { index in
        [index == 0 ? 0.02 : 0.2]
          + (0..<5).map { _ in Double(Int.random(in: 0...30, using: &generator)) / 200 + 0.0025 }
      }
      return (depths, shortcuts, errors)
    }
    return fixed + drawn
  },
  expected: { (depths: [Int], shortcuts: [String], errors: [[Double]]) -> Rows in
    goodEpochs(depths, shortcuts, errors).map { [Double($0.depth), Double($0.epochs.min()!)] }
  },
  misconceptions: { depths, shortcuts, errors in
    let good = goodEpochs(depths, shortcuts, errors)
    func rows(_ epoch: ([Int]) -> Int) -> Rows {
      good.map { [Double($0.depth), Double(epoch($0.epochs))] }
    }
    func first(
      _ shortcuts: [String], _ isGood: @escaping (Double) -> Bool = { $0 < 0.05 }
    ) -> Rows {
      goodEpochs(depths, shortcuts, errors, isGood).map {
        [Double($0.depth), Double($0.epochs.min()!)]
      }
    }
    let never = Set(zip(depths, shortcuts).filter { $0.1 == "A" }.map(\.0))
      .subtracting(good.map(\.depth))
    let withNever = rows { $0.min()! } + never.map { [Double($0), nil] }
    let perEpoch: Message =
      "Each epoch under 5 % has a row of its own. A depth shall have one, with the first of them: min(epoch)."
    func everyEpoch(_ order: ([Int]) -> [Int]) -> Rows {
      good.flatMap { depth, epochs in order(epochs).map { [Double(depth), Double($0)] } }
    }
    let ofNetworks = depths.indices.flatMap { index in
      goodEpochs([depths[index]], [shortcuts[index]], [errors[index]])
    }
    let firstOfAll = ofNetworks.min { $0.epochs.min()! < $1.epochs.min()! }
    return [
      Misconception(
        "An error of exactly 5 % was taken for one under 5 %.", first(shortcuts) { $0 <= 0.05 }),
      Misconception(
        "Networks with another shortcut than A were counted too. What isn't `'none'` may be `'B'` or `'C'`.",
        first(shortcuts.map { $0 == "none" ? $0 : "A" })),
      Misconception(
        "Plain networks were counted too. The question is about those with shortcut A.",
        first(shortcuts.map { _ in "A" })),
      Misconception(perEpoch, everyEpoch { $0.sorted() }),
      Misconception(perEpoch, everyEpoch { Set($0).sorted() }),
      Misconception(
        "Each network has a row of its own. A depth shall have one, whichever network was first: group by depth.",
        ofNetworks.map { (Double($0.depth), Double($0.epochs.min()!)) }.sorted(by: <)
          .map { [$0.0, $0.1] }),
      Misconception(
        "There is one row for all depths. Without GROUP BY min(epoch) is the smallest of all.",
        [[firstOfAll.map { Double($0.depth) }, firstOfAll.map { Double($0.epochs.min()!) }]]),
      Misconception(
        "That goes by the mean over the networks of a depth. Asked for is the epoch in which any of them is under 5 %.",
        goodEpochs(ofMeans: depths, shortcuts, errors).map {
          [Double($0.depth), Double($0.epochs.min()!)]
        }),
      Misconception(
        "Epoch 1 came back for every depth that gets good at some time. The condition has to choose epochs (WHERE), not depths (HAVING).",
        rows { _ in 1 }),
      Misconception(
        "5 % is 0.05 in the store, whose errors go from 0 to 1. Every error is under 5.",
        first(shortcuts) { _ in true }),
      Misconception(
        "That is the last epoch under 5 %. Asked for is the first.", rows { $0.max()! }),
      Misconception(
        "That is how many epochs are under 5 %. Asked for is the first of them.", rows(\.count)),
      Misconception(
        "That goes by the test error. The question is about the training error, the column `train_error`.",
        first(shortcuts) { $0 + 0.03 < 0.05 }),
      Misconception(
        "A depth that never comes under 5 % has a row. It shall have none.",
        withNever.sorted { $0[0]! < $1[0]! }),
      Misconception(
        "The rows are in the order of the epochs. They shall be in the order of depth.",
        rows { $0.min()! }.sorted { ($0[1]!, $0[0]!) < ($1[1]!, $1[0]!) }),
    ]
  })

/// The depths at which a network with shortcut A gets good, in their order, with the epochs in which one is.
private func goodEpochs(
  _ depths: [Int], _ shortcuts: [String], _ errors: [[Double]],
  _ isGood: (Double) -> Bool = { $0 < 0.05 }
) -> [(depth: Int, epochs: [Int])] {
  var epochs: [Int: [Int]] = [:]
  for (index, depth) in depths.enumerated() where shortcuts[index] == "A" {
    for (epoch, error) in errors[index].enumerated() where isGood(error) {
      epochs[depth, default: []].append(epoch + 1)
    }
  }
  return epochs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}

/// The same, where the mean over a depth's networks is good.
private func goodEpochs(
  ofMeans depths: [Int], _ shortcuts: [String], _ errors: [[Double]]
) -> [(depth: Int, epochs: [Int])] {
  let own = Set(depths).sorted().map { depth in
    depths.indices.filter { depths[$0] == depth && shortcuts[$0] == "A" }.map { errors[$0] }
  }
  let means = own.map { curves in
    (0..<(curves.map(\.count).max() ?? 0)).map { epoch in
      Spread(curves.filter { epoch < $0.count }.map { $0[epoch] })!.mean
    }
  }
  return goodEpochs(Set(depths).sorted(), means.map { _ in "A" }, means)
}

private let standardErrorsApart = Exercise.function(
  2, "standardErrorsApart", title: "Two means, in standard errors", .easy,
  minutes: 15,
  hints: [
    "The sample variance divides the sum of the squared deviations from the mean by n − 1.",
    "A mean of n numbers varies n times less than they do: its variance is s² / n. Variances of independent means add up.",
    "Let p be the square of s over n for the plain ones and r for the residual ones: the result is |difference of the means| / √(p + r), and without any difference 0.",
  ],
  labels: ["plain", "residual"],
  cases: { generator in
    let drawn = [(2, 4), (5, 3), (6, 6)].map { counts -> ([Double], [Double]) in
      func draw(_ count: Int, _ centre: Double) -> [Double] {
        (0..<count).map { _ in centre + generator.uniform() }
      }
      return (draw(counts.0, 1), draw(counts.1, 2))
    }
    return [
      ([3, 5], [0, 2]), ([0, 2], [3, 5]), ([0, 2, 4], [5, 9]), ([1, 2, 3, 4], [3, 4, 5, 6]),
      ([1, 1], [0, 0]), ([2, 2], [2, 2, 2]),
    ] + drawn
  },
  expected: { (plain: [Double], residual: [Double]) -> Double in
    let apart = Apart(plain, residual)
    return apart.difference == 0 ? 0 : abs(apart.difference) / apart.squaredError.squareRoot()
  },
  misconceptions: { plain, residual in
    let apart = Apart(plain, residual)
    let (size, error) = (abs(apart.difference), apart.squaredError.squareRoot())
    func by(_ divisor: Double) -> Double { size == 0 ? 0 : size / divisor }
    return [
      Misconception(
        "That measures in standard deviations. The standard error of a mean of n numbers is s / √n.",
        by((apart.plain + apart.residual).squareRoot())),
      Misconception(
        "The variances were divided by n. The sample variance divides by n − 1, because the mean was taken from the same numbers.",
        by(
          (apart.plain * Double(plain.count - 1) / pow2(plain.count)
            + apart.residual * Double(residual.count - 1) / pow2(residual.count)).squareRoot())),
      Misconception(
        "The sign is left. Asked for is how far the means are apart, whichever is larger.",
        apart.difference == 0 ? 0 : apart.difference / error),
      Misconception(
        "Minus the distance, or the other sign: asked for is how far the means are apart, whichever is larger.",
        apart.difference == 0 ? 0 : -apart.difference / error),
      Misconception(
        "The two standard errors were added. Their squares add up, and the root comes last.",
        by(
          (apart.plain / Double(plain.count)).squareRoot()
            + (apart.residual / Double(residual.count)).squareRoot())),
      Misconception(
        "The root is missing: s² / n is the square of a standard error.", by(apart.squaredError)),
      Misconception(
        "0 / 0 isn't a number: where the means agree, the result is 0 whatever the spread.",
        size == 0 ? size / error : by(error)),
      Misconception(
        "Without any spread every difference is certain: it is infinitely many standard errors, not none.",
        error == 0 ? 0 : by(error)),
      Misconception(
        "The root was taken too early: what is divided by n is the variance s², not the deviation s.",
        by(
          (apart.plain.squareRoot() / Double(plain.count)
            + apart.residual.squareRoot() / Double(residual.count)).squareRoot())),
      Misconception(
        "The sum of the variances was divided by all \(plain.count + residual.count) numbers. Each variance belongs to its own sample, and to its own n.",
        by(((apart.plain + apart.residual) / Double(plain.count + residual.count)).squareRoot())),
      Misconception(
        "One variance was estimated for both samples together. Here each has its own: their spreads may differ.",
        by(
          ((apart.plain * Double(plain.count - 1) + apart.residual * Double(residual.count - 1))
            / Double(plain.count + residual.count - 2)
            * (1 / Double(plain.count) + 1 / Double(residual.count))).squareRoot())),
      Misconception(
        "The numbers were compared in pairs. The two samples are independent, and needn't even be equally large.",
        pairedErrorsApart(plain, residual)),
    ]
  })

/// Two samples, compared.
private struct Apart {
  let difference: Double
  /// The sample variances.
  let plain: Double
  let residual: Double
  /// The square of the standard error of the difference.
  let squaredError: Double

  init(_ plain: [Double], _ residual: [Double]) {
    let (p, r) = (Spread(plain)!, Spread(residual)!)
    difference = p.mean - r.mean
    self.plain = p.deviation! * p.deviation!
    self.residual = r.deviation! * r.deviation!
    squaredError = self.plain / Double(p.count) + self.residual / Double(r.count)
  }
}

/// The mean of the differences pair by pair, in its standard errors.
private func pairedErrorsApart(_ plain: [Double], _ residual: [Double]) -> Double {
  let spread = Spread(zip(plain, residual).map { $0 - $1 })!
  let error = spread.deviation! / Double(spread.count).squareRoot()
  return spread.mean == 0 ? 0 : abs(spread.mean) / error
}

private func pow2(_ number: Int) -> Double { Double(number * number) }

private let depthsThatDiffer = Exercise.experiment(
  3, "depthsThatDiffer", title: "The depths at which they differ", .medium,
  minutes: 20,
  hints: [
    "`swift run metrics sql \"SELECT depth, seed, round(100 * plain_train_error, 2) AS plain, round(100 * residual_train_error, 2) AS residual FROM plain_vs_residual WHERE experiment = 'degradation' ORDER BY depth, seed\"` lists what you compare, in per cent.",
    "Give the five errors of each kind, depth by depth, to your `standardErrorsApart`. You can call it in this file, and `print` what comes out.",
    "A small difference can be many standard errors, if the networks of one kind hardly differ among each other. Don't leave out a depth because its difference is small.",
  ],
  runs: RequiredRuns(
    command: "swift run chapter9 --seeds 5",
    query: """
      SELECT count(DISTINCT depth || shortcut || seed) >= 50 FROM runs
      WHERE experiment = 'degradation' AND dataset = 'digits' AND status = 'finished' AND width = 8
        AND network LIKE '% width 8 channels 1' AND shortcut IN ('none', 'A')
        AND depth IN (8, 20, 32, 44, 56) AND seed BETWEEN 0 AND 4
        AND json_extract(hyperparameters, '$.epochs') = 20
      """),
  answer: [20, 32, 44, 56],
  mistakes: [
    (
      [32, 44, 56],
      "Depth 20 is missing. Its difference is small, less than half a point, and still more than two standard errors: small beside other depths isn't small beside chance."
    ),
    (
      [44, 56],
      "Depths 20 and 32 are missing. How large a difference is, and how sure, are two questions: measure each in its own standard errors."
    ),
    (
      [8, 20, 32, 44, 56],
      "At depth 8 every network of either kind ends with a training error of 0: there is no difference at all."
    ),
    ([56], "The deepest is not the only one. Compare the two kinds depth by depth."),
    ([], "At some depth the two kinds are further apart than two standard errors. Look again."),
  ],
  explanation: """
    Five seeds (0 to 4), training errors after 20 epochs. Depth 8: 0 for all networks. Depth 20: plain 0.1 ± 0.1 %, \
    residual 0 %: a small part of a point, and still more than two standard errors. Depth 32: plain 6.4 ± 2.5 %, \
    residual 0 %, between five and six standard errors. Depth 44: plain 43.5 ± 15.0 %, residual 0 %, between six and \
    seven. Depth 56: plain 50.8 ± 3.0 %, residual 0.2 ± 0.2 %, more than thirty. Significant and large are different \
    things: at depth 56 the difference is little larger than at 44, and several times as many standard errors; at \
    depth 20 it is less than a hundredth of either, and above two all the same. (By the test error, depth 20 differs \
    too, by 2.3 standard errors.)
    """)

private let makeTwin = Exercise.function(
  4, "makeTwin", title: "A deep twin of a shallow network", .medium,
  minutes: 20,
  hints: [
    "The chapter's `deepTwin` does it for shallow networks with one block in each stage. Which line says so?",
    "A stage's first blocks are those of the shallow stage; the others have to pass on their input.",
    "`zip(deepStage, shallowStage)` pairs the blocks to copy, `deepStage.dropFirst(shallowStage.count)` are the others: set `bn2.scale.value` of these to zeros.",
  ],
  adapter: """
    Answer { (shallow: Int, deep: Int, seed: Int, images: Tensor) in \
    try logitsOfResidualTwin( \
    shallow: shallow, deep: deep, seed: seed, images: images) { try makeTwin($0, of: $1) } \
    }
    """,
  labels: ["shallowBlocksPerStage", "deepBlocksPerStage", "seed", "images"],
  cases: { generator in
    [(1, 1, 1, 1), (1, 2, 1, 1), (2, 3, 1, 1), (1, 4, 2, 2), (3, 4, 2, 3)].map {
      shallow, deep, batch, seed in
      let images = Initialization.uniform(bound: 1).tensor([batch, 4, 4, 1], using: &generator)
      return (shallow, deep, seed, images)
    }
  },
  expected: { (shallow: Int, deep: Int, seed: Int, images: Tensor) -> Tensor in
    try madeUpNetwork(blocksPerStage: shallow, seed: seed)(images, .inference)
  },
  misconceptions: { shallow, deep, seed, images in
    func twin(_ fault: TwinFault) throws -> Tensor {
      try logitsOfResidualTwin(shallow: shallow, deep: deep, seed: seed, images: images) {
        makeTwin($0, of: $1, with: fault)
      }
    }
    return [
      Misconception(
        "The new blocks still compute something. Their F has to be 0, so that only the shortcut is left.",
        try twin(.scalesLeft)),
      Misconception(
        "Only the first block of each stage was copied, as in the chapter, where the shallow network has no more. This one has \(shallow).",
        try twin(.firstOnly)),
      Misconception(
        "The blocks that were copied lost their scale too. Only the new ones become the identity.",
        try twin(.allZero)),
      Misconception(
        "The classifier, `linear`, is still the deep network's own.", try twin(.ownClassifier)),
      Misconception(
        "The normalisation behind the first convolution, `bn1`, is still the deep network's own.",
        try twin(.ownFirstNorm)),
      Misconception(
        "The parameters are right, and the running statistics of the normalisations aren't: they belong to what a network computes. `copy(from:)` takes both.",
        try twin(.ownStatistics)),
      Misconception(
        "Of the blocks only the convolutions were copied. A block's normalisations belong to what it computes: copy the block.",
        try twin(.ownBlockNorms)),
      Misconception(
        "Nothing of the shallow network is in the deep one. `copy(from:)` changes the layer that it is called on, and that has to be the deep one's.",
        try twin(.nothingCopied)),
    ]
  })

private enum TwinFault {
  case scalesLeft, firstOnly, allZero, ownClassifier, ownFirstNorm, ownStatistics, ownBlockNorms,
    nothingCopied
}

private func makeTwin(
  _ deep: CifarNetwork, of shallow: CifarNetwork, with fault: TwinFault
) {
  if fault == .nothingCopied {
    for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
      for block in deepStage.dropFirst(shallowStage.count) {
        block.bn2.scale.value = Tensor(block.bn2.scale.shape)
      }
    }
    return
  }
  deep.conv1.copy(from: shallow.conv1)
  if fault != .ownFirstNorm { deep.bn1.copy(from: shallow.bn1) }
  if fault != .ownClassifier { deep.linear.copy(from: shallow.linear) }
  for (deepStage, shallowStage) in zip(deep.stages, shallow.stages) {
    let copied = fault == .firstOnly ? 1 : shallowStage.count
    for (block, original) in zip(deepStage, shallowStage.prefix(copied)) {
      if fault == .ownBlockNorms {
        block.conv1.copy(from: original.conv1)
        block.conv2.copy(from: original.conv2)
      } else {
        block.copy(from: original)
      }
    }
    for (index, block) in deepStage.enumerated() {
      if fault == .allZero || (index >= copied && fault != .scalesLeft) {
        block.bn2.scale.value = Tensor(block.bn2.scale.shape)
      }
    }
  }
  guard fault == .ownStatistics else { return }
  for (_, running) in deep.statistics {
    running.mean = Tensor(running.mean.shape)
    running.variance = Tensor(running.variance.shape, repeating: 1)
  }
}

private let gradientsAtZero = Exercise.function(
  5, "gradientsAtZero", title: "How an idle block begins to learn", .medium,
  minutes: 20,
  hints: [
    "ReLU lets a gradient pass where its input is positive. With γ = β = 0 its input is x.",
    "γ multiplies the normalised values of a channel at every pixel of every image: add up what passes times the normalised value. β is only added.",
    "What reaches the normalised values is γ times what passes, and γ is 0. What reaches x is what passes.",
  ],
  labels: ["delta", "x", "normalised"],
  cases: { generator in
    let drawn = [[2, 2, 2, 3], [3, 1, 2, 1]].map { shape in
      func draw() -> Tensor { Initialization.uniform(bound: 1).tensor(shape, using: &generator) }
      return (draw(), relu(draw()), draw())
    }
    return [
      (Tensor([1, 1, 1, 1], [2]), Tensor([1, 1, 1, 1], [1]), Tensor([1, 1, 1, 1], [3])),
      (
        Tensor([1, 1, 2, 1], [2, 5]), Tensor([1, 1, 2, 1], [1, 0]), Tensor([1, 1, 2, 1], [3, -1])
      ),
      (
        Tensor([1, 1, 2, 1], [1, 2]), Tensor([1, 1, 2, 1], [1, 4]), Tensor([1, 1, 2, 1], [3, -1])
      ),
      (
        Tensor([1, 1, 2, 2], [1, 2, 3, 4]), Tensor([1, 1, 2, 2], [1, 1, 1, 1]),
        Tensor([1, 1, 2, 2], [1, 0, -2, 5])
      ),
    ] + drawn
  },
  expected: { (delta: Tensor, x: Tensor, normalised: Tensor) -> [Tensor] in
    let channels = [delta.shape[3]]
    let (scale, shift) = (Parameter(Tensor(channels)), Parameter(Tensor(channels)))
    let (input, residual) = (Parameter(x), Parameter(normalised))
    batchNorm(
      residual.tracked, scale: scale.tracked, shift: shift.tracked, mean: Tensor(channels),
      variance: Tensor(channels, repeating: 1), epsilon: 0, adding: input.tracked, relu: true
    ).backward(delta)
    return [scale, shift, residual, input].map { $0.gradient! }
  },
  misconceptions: { delta, x, normalised in
    /// The gradient behind ReLU, if that were its input.
    func passing(_ sum: Tensor) -> Tensor {
      Tensor(x.shape, zip(delta.scalars, sum.scalars).map { $1 > 0 ? $0 : 0 })
    }
    let passed = passing(x)
    func perChannel(_ values: Tensor, mean: Bool = false) -> Tensor {
      let channels = values.shape[3]
      var sums = [Float](repeating: 0, count: channels)
      for (index, value) in values.scalars.enumerated() { sums[index % channels] += value }
      return Tensor([channels], sums.map { mean ? $0 * Float(channels) / Float(values.count) : $0 })
    }
    let nothing = Tensor(x.shape)
    let scale = perChannel(passed * normalised)
    func gradients(_ passed: Tensor) -> [Tensor] {
      [perChannel(passed * normalised), perChannel(passed), nothing, passed]
    }
    return [
      Misconception(
        "ReLU was left out. Where x is 0 the sum is 0, and ReLU passes no gradient on.",
        [perChannel(delta * normalised), perChannel(delta), nothing, delta]),
      Misconception(
        "A scale of 0 got a gradient of 0. The gradient of γ is made of the values that γ multiplies; only what lies behind γ gets nothing.",
        [Tensor(scale.shape), perChannel(passed), nothing, passed]),
      Misconception(
        "The normalised values got a gradient. It is γ times what passes, and γ is 0: the convolutions learn nothing in the first step.",
        [scale, perChannel(passed), passed, passed]),
      Misconception(
        "The gradients of γ and β are means over the pixels. One number that works at many places gets the sum.",
        [
          perChannel(passed * normalised, mean: true), perChannel(passed, mean: true), nothing,
          passed,
        ]),
      Misconception(
        "The gradient of γ doesn't have the normalised values in it.",
        [perChannel(passed), perChannel(passed), nothing, passed]),
      Misconception(
        "ReLU went by x + r̂. Its input is x + γ·r̂ + β, and γ and β are 0.",
        gradients(passing(x + normalised))),
      Misconception(
        "ReLU went by r̂. It stands behind the addition: its input is the sum, which is x.",
        gradients(passing(normalised))),
      Misconception(
        "All channels were added up. Each has its own γ and β, and so its own sums.",
        [
          Tensor(scale.shape, repeating: scale.scalars.reduce(0, +)),
          Tensor(scale.shape, repeating: passed.scalars.reduce(0, +)), nothing, passed,
        ]),
      Misconception(
        "The gradients of γ and β have changed places: that of γ comes first.",
        [perChannel(passed), scale, nothing, passed]),
      Misconception(
        "γ multiplies r̂ and not x, so its gradient is made of r̂.",
        [perChannel(passed * x), perChannel(passed), nothing, passed]),
    ]
  })

private let zeroScalesFirstEpoch = Exercise.experiment(
  6, "zeroScalesFirstEpoch", title: "A fresh ResNet-56 that begins with γ = 0", .easy, minutes: 15,
  hints: [
    "The table has one row for each epoch: the mean over the five seeds, ± their deviation.",
    "In the row of epoch 1 subtract the mean for γ = 0 from that for γ = 1, and compare the difference with 5 points.",
  ],
  runs: RequiredRuns(
    command: "swift run chapter9 --seeds 5 --zero-scales",
    query: """
      SELECT count(DISTINCT seed) >= 5 FROM runs
      WHERE experiment = 'zero-scales' AND depth = 56 AND status = 'finished'
        AND json_extract(hyperparameters, '$.epochs') = 20
      """),
  answer: "better",
  mistakes: [
    (
      "worse",
      "A block that does nothing loses nothing: the image passes along the shortcuts, and exercise 5 shows that γ learns from the first step on."
    ),
    (
      "the same", "Look at the row of epoch 1. The difference is larger than the spread of either."
    ),
    ("faster", "\"faster\" isn't one of the answers; the text of the exercise lists them."),
  ],
  explanation: """
    Five seeds. After the first epoch the training error is 62.7 ± 5.3 % with γ = 0 and 86.3 ± 9.1 % with γ = 1, \
    hardly better than guessing. So the network that begins with two layers' worth of computing is ahead, and its mean \
    stays ahead in every epoch. In the second and third epoch both vary from seed to seed by 15 to 24 points, so don't \
    take the mean for what each seed did. After 20 epochs the training error is 0.0 ± 0.0 % with γ = 0 and \
    0.2 ± 0.2 % with γ = 1.
    """)

private let plainGivenTime = Exercise.experiment(
  7, "plainGivenTime", title: "Plain-32, given three times as long", .easy, minutes: 15,
  hints: [
    "`swift run metrics sql \"SELECT seed, epoch, train_error FROM learning_curves WHERE network LIKE 'plain-32 %' ORDER BY run, epoch\"` shows how the error fell.",
    "Look at the training errors after epochs 20, 30, 31 and 60.",
  ],
  runs: RequiredRuns(
    command:
      "swift run resnet sweep --depths 32 --shortcuts none --total 60 --drops 30,45 --seeds '0..<3'",
    query: """
      SELECT count(DISTINCT seed) >= 3 FROM runs
      WHERE network = 'plain-32 width 8 channels 1' AND dataset = 'digits' AND status = 'finished'
        AND json_extract(hyperparameters, '$.epochs') = 60
        AND json_extract(hyperparameters, '$.learning_rate_drops') = '30,45'
      """),
  answer: "under 1 %",
  mistakes: [
    (
      "1 to 5 %",
      "Look at the last of the 60 epochs, behind both drops of the learning rate."
    ),
    (
      "5 to 20 %",
      "That was, on average, after the 20 epochs of the chapter. Look at the last of the 60."
    ),
    (
      "over 20 %",
      "What was too short was the training: after 60 epochs hardly an error is left."
    ),
  ],
  explanation: """
    Seeds 0, 1 and 2: after 60 epochs plain-32 has a training error of 0.0, 0.4 and 0.0 %; after the chapter's 20 it \
    had 6.4 ± 2.5 % (five seeds). ResNet-32 has none after 20. When did it happen? After 30 epochs at the full learning \
    rate plain-32 still had 14.3, 3.8 and 3.3 %; one epoch at a tenth of it, and 1.9, 2.2 and 1.3 % were left. So \
    plain-32 can be trained. It is slower, and needs more time before the rate drops. "Can't be trained" is short for "isn't, \
    within this budget".
    """)
