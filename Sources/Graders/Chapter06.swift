import ExerciseKit
import Exercises
import MiniTensor
import Networks
import Translation

extension Array where Element == Exercise {
  /// The exercises of chapter 6.
  public static var chapter6: [Exercise] {
    [
      diagnose, steepestStep, shiftRight, identityTwin, insertedNumbers, firstStep, longerTraining,
    ]
  }
}

private var shiftRight: Exercise {
  /// Filters with a 1 at one place, from every channel that `connects` to the channel.
  @Sendable func filters(
    _ channels: Int, _ row: Int, _ column: Int,
    connects: (_ from: Int, _ to: Int) -> Bool = { $0 == $1 }
  ) -> Tensor {
    var filter = Tensor([3, 3, channels, channels], repeating: 0)
    for from in 0..<channels {
      for to in 0..<channels where connects(from, to) { filter[row, column, from, to] = 1 }
    }
    return filter
  }
  return .function(
    3, "shiftRight", title: "Filters that move an image", .easy, minutes: 10,
    hints: [
      "Which pixel of the input is to become the pixel in row i and column j of the output?",
      """
      It is the one to the left, in row i and column j - 1. The tap at [u, v] of a 3x3 filter with \
      padding 1 reads row i + u - 1 and column j + v - 1.
      """,
      "u is 1 and v is 0. Set that tap to 1 from each channel to itself.",
    ],
    labels: ["channels"],
    cases: { generator in [1, 2, 3] + [Int.random(in: 4...8, using: &generator)] },
    expected: { (channels: Int) -> Tensor in filters(channels, 1, 0) },
    misconceptions: { channels in
      [
        Misconception(
          """
          This moves the image to the left: the output takes its right neighbour. Filters aren't \
          flipped here, so the tap on the left reads the pixel on the left.
          """,
          filters(channels, 1, 2)),
        Misconception(
          "This leaves the image where it is: the centre tap reads the pixel itself.",
          filters(channels, 1, 1)),
        Misconception(
          "This moves the image down: the first index of a filter is its row, the second its column.",
          filters(channels, 0, 1)),
        Misconception(
          "This moves the image up: the first index of a filter is its row, the second its column.",
          filters(channels, 2, 1)),
        Misconception(
          """
          Each output channel adds all channels of the input. It should take its own only: input \
          and output channel are equal where the filter is 1.
          """,
          filters(channels, 1, 0) { _, _ in true }),
      ]
    })
}

private var identityTwin: Exercise {
  /// A wrong twin: all that is copied or set, but for one thing.
  struct Way {
    var copiesFirst = true
    var copiesLinear = true
    var copied = Int.max
    var copiesStatistics = true
    var addsChannels = false
    var setsMeans = true
    var setsVariances = true
    var setsScales = true
    var setsShifts = true
    var centres = true

    func callAsFunction(_ deep: CifarNetwork, _ shallow: CifarNetwork) {
      if copiesFirst {
        deep.conv1.copy(from: shallow.conv1)
        deep.bn1.copy(from: shallow.bn1)
      }
      if copiesLinear { deep.linear.copy(from: shallow.linear) }
      for (stage, originals) in zip(deep.stages, shallow.stages) {
        let count = min(originals.count, copied)
        for (block, original) in zip(stage.prefix(count), originals) { copy(original, to: block) }
        for block in stage.dropFirst(count) {
          for (conv, bn) in [(block.conv1, block.bn1), (block.conv2, block.bn2)] {
            makeIdentity(conv, bn)
          }
        }
      }
    }

    private func copy(_ original: BasicBlock, to block: BasicBlock) {
      guard !copiesStatistics else { return block.copy(from: original) }
      for (mine, other) in zip(block.parameters, original.parameters) {
        mine.parameter.value = other.parameter.value
      }
    }

    private func makeIdentity(_ conv: Conv2d, _ bn: BatchNorm) {
      var filter = Tensor(conv.weight.shape, repeating: 0)
      let channels = filter.shape[2]
      for from in 0..<channels {
        for to in 0..<channels where addsChannels || from == to {
          filter[centres ? 1 : 0, centres ? 1 : 0, from, to] = 1
        }
      }
      conv.weight.value = filter
      if setsMeans { bn.running.mean = Tensor([channels], repeating: 0) }
      if setsVariances {
        bn.running.variance = Tensor([channels], repeating: 1 - bn.epsilon)
      }
      if setsScales { bn.scale.value = Tensor([channels], repeating: 1) }
      if setsShifts { bn.shift.value = Tensor([channels], repeating: 0) }
    }
  }
  let wrongWays: [(Message, Way)] = [
    (
      """
      The blocks that are copied got only the parameters. In inference a normalisation uses the \
      mean and variance that it remembers: copy these too, as `copy(from:)` does.
      """,
      Way(copiesStatistics: false)
    ),
    (
      """
      You copied only the first block of each stage. The shallow network may have more: copy as \
      many as it has, and only the others become identities.
      """, Way(copied: 1)
    ),
    (
      "An inserted filter adds up all channels. It should be 1 only from each channel to itself.",
      Way(addsChannels: true)
    ),
    (
      """
      The mean and variance that the normalisations of the inserted blocks remember are still those \
      that they had. They are subtracted and divided by, so set them to 0 and 1, or undo them.
      """,
      Way(setsMeans: false, setsVariances: false)
    ),
    (
      """
      The inserted normalisations still subtract the mean that they remember from before. Set \
      running.mean to 0, too.
      """, Way(setsMeans: false)
    ),
    (
      """
      The inserted normalisations still divide by the root of the variance that they remember from \
      before. Set running.variance to 1, too.
      """, Way(setsVariances: false)
    ),
    (
      """
      The scale and shift of the inserted normalisations are still those that they had. Each \
      channel is multiplied by one and moved by the other: set them to 1 and 0.
      """,
      Way(setsScales: false, setsShifts: false)
    ),
    (
      """
      The inserted normalisations still multiply each channel by the scale that they had. Set it to \
      1, too.
      """, Way(setsScales: false)
    ),
    (
      """
      The inserted normalisations still add the shift that they had to each channel. Set it to 0, too.
      """, Way(setsShifts: false)
    ),
    (
      """
      The normalisations of the inserted blocks still do what they did: neither what they remember \
      nor their scales and shifts were set.
      """,
      Way(setsMeans: false, setsVariances: false, setsScales: false, setsShifts: false)
    ),
    (
      """
      This does what the chapter's function does, which gets a shallow network of one block per stage \
      and a fresh deep one. Here the shallow one may have more blocks: copy all that it has. And \
      whatever the deep one's normalisations hold is meaningless: set mean, scale and shift, too.
      """,
      Way(copied: 1, setsMeans: false, setsScales: false, setsShifts: false)
    ),
    (
      """
      The first convolution and its normalisation, before all stages, are still the deep network's \
      own. Copy them too.
      """, Way(copiesFirst: false)
    ),
    (
      """
      The layer behind all stages is still the deep network's own. Copy `linear` too.
      """, Way(copiesLinear: false)
    ),
    (
      """
      The inserted filters are 1 in a corner, so every layer moves the image. The centre of a 3x3 \
      filter is [1, 1].
      """, Way(centres: false)
    ),
  ]
  return .function(
    4, "identityTwin", title: "A deep network that computes what a shallow one does", .medium,
    minutes: 25,
    hints: [
      """
      Three kinds of parts: those around the stages (conv1, bn1, linear), the blocks that both \
      networks have, and the blocks that only the deep one has.
      """,
      """
      An inserted layer is a convolution that is 1 in its centre from each channel to itself, and a \
      normalisation that changes nothing: mean 0, variance 1, scale 1, shift 0.
      """,
      """
      Copy conv1, bn1 and linear. In each stage copy zip(deepStage, shallowStage) block by block, \
      then go through deepStage.dropFirst(shallowStage.count) and set filter, scale, shift, mean \
      and variance of both layers.
      """,
    ],
    // One line, as each exercise has one in the program that calls it.
    adapter: """
      Answer { (shallow: Int, deep: Int, seed: Int, images: Tensor) in try logitsOfTwin(shallow: \
      shallow, deep: deep, seed: seed, images: images) { try identityTwin($0, of: $1) } }
      """,
    labels: ["shallowDepth", "deepDepth", "seed", "images"],
    tolerance: 1e-3,
    cases: { generator in
      let depths = [(8, 8), (8, 14), (8, 20), (14, 20)]
      return depths.map { shallow, deep in
        let images = Initialization.uniform(bound: 1).tensor([1, 4, 4, 1], using: &generator)
        return (shallow, deep, Int.random(in: 1...1_000_000, using: &generator), images)
      }
    },
    expected: { (shallow: Int, _: Int, seed: Int, images: Tensor) -> Tensor in
      try plainNetworkForTwin(depth: shallow, seed: seed)(images, .inference)
    },
    misconceptions: { shallow, deep, seed, images in
      try wrongWays.map { sentence, way in
        Misconception(
          sentence,
          try logitsOfTwin(
            shallow: shallow, deep: deep, seed: seed, images: images, way.callAsFunction))
      }
    })
}

private var insertedNumbers: Exercise {
  @Sendable func counts(
    _ inserted: Int, _ width: Int, widths: [Int] = [1, 2, 4],
    _ block: (_ channels: Int) -> [Int] = { [18 * $0 * $0 + 4 * $0, 4 * $0, 2 * $0] }
  ) -> [Int] {
    widths.map { block($0 * width) }.reduce([0, 0, 0]) { sums, block in
      zip(sums, block).map { $0 + inserted * $1 }
    }
  }
  return .function(
    5, "insertedNumbers", title: "How many numbers an identity takes", .easy, minutes: 15,
    hints: [
      "Count one inserted block of c channels first, then add up the three stages.",
      """
      Its two convolutions have 9 · c · c weights each, its two normalisations 2 · c numbers each. \
      Not zero are the centre of each filter for its own channel, and every scale.
      """,
      """
      For c channels: 18 · c · c + 4 · c numbers, 4 · c of them not 0; and 2 · c that would have to \
      be 0. Add these up for c = width, 2 · width and 4 · width, times `inserted`.
      """,
    ],
    labels: ["inserted", "width"],
    cases: { generator in
      [(0, 1), (1, 1), (1, 2), (2, 3), (8, 8)]
        + [(Int.random(in: 1...20, using: &generator), Int.random(in: 4...64, using: &generator))]
    },
    expected: { (inserted: Int, width: Int) -> [Int] in
      func parameters(_ blocks: Int) throws -> Int {
        CifarNetwork(try CifarArchitecture(depth: 6 * blocks + 2, width: width, shortcut: .none))
          .parameterCount
      }
      let right = counts(inserted, width)
      return [try parameters(1 + inserted) - parameters(1), right[1], right[2]]
    },
    misconceptions: { inserted, width in
      [
        Misconception(
          """
          The first number leaves out the normalisations: each has a scale and a shift per channel, \
          and they are learnt.
          """,
          counts(inserted, width) { [18 * $0 * $0, 4 * $0, 2 * $0] }),
        Misconception(
          "The first number has one convolution per block and its normalisation. A block has two of each.",
          counts(inserted, width) { [9 * $0 * $0 + 2 * $0, 4 * $0, 2 * $0] }),
        Misconception(
          """
          You gave every stage the channels of the first. The second has twice as many, the third \
          four times.
          """, counts(inserted, width, widths: [1, 1, 1])),
        Misconception(
          "The second number counts the shifts, too. They are 0: an identity moves nothing.",
          counts(inserted, width) { [18 * $0 * $0 + 4 * $0, 6 * $0, 2 * $0] }),
        Misconception(
          """
          The second number has a 1 for each pair of channels. A filter is 1 only for its own channel, \
          and 0 for all others.
          """,
          counts(inserted, width) { [18 * $0 * $0 + 4 * $0, 2 * $0 * $0 + 2 * $0, 2 * $0] }),
        Misconception(
          """
          The third number counts only one of the scale and the shift. The scale has to be 0 so that \
          nothing of the layers is left, and the shift so that nothing else is added.
          """,
          counts(inserted, width) { [18 * $0 * $0 + 4 * $0, 4 * $0, $0] }),
        Misconception(
          "The second number counts the filters only: each scale is 1 too.",
          counts(inserted, width) { [18 * $0 * $0 + 4 * $0, 2 * $0, 2 * $0] }),
        Misconception(
          """
          The third number counts both normalisations of a block. The scale and shift of the last \
          normalisation only have to be 0: they decide what is added, whatever comes before.
          """,
          counts(inserted, width) { [18 * $0 * $0 + 4 * $0, 4 * $0, 4 * $0] }),
        Misconception(
          """
          The first number counts what normalisations remember, too. A running mean and a running \
          variance are measured, not learnt.
          """,
          counts(inserted, width) { [18 * $0 * $0 + 8 * $0, 4 * $0, 2 * $0] }),
      ]
    })
}

private var diagnose: Exercise {
  /// The final errors of two networks.
  struct Errors {
    let (shallowTraining, shallowTest, deepTraining, deepTest, noise):
      (
        Double, Double, Double, Double, Double
      )
    var fitsWorse: Bool { deepTraining > shallowTraining + noise }
    var testsWorse: Bool { deepTest > shallowTest + noise }

    init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ noise: Double) {
      (shallowTraining, shallowTest, deepTraining, deepTest, self.noise) = (a, b, c, d, noise)
    }
  }
  @Sendable func word(degraded: Bool, overfitted: Bool) -> String {
    degraded ? "degradation" : overfitted ? "overfitting" : "healthy"
  }
  let wrong: [(sentence: Message, word: @Sendable (Errors) -> String)] = [
    (
      """
      You want both errors to be higher before you call it degradation. It is degradation as soon as \
      the training error is, whatever the test error does.
      """,
      { word(degraded: $0.fitsWorse && $0.testsWorse, overfitted: $0.testsWorse) }
    ),
    (
      """
      You looked at the test error before the training error. Where both are higher the network \
      doesn't fit what it was shown, so it can't be overfitting: ask for degradation first.
      """,
      { word(degraded: $0.fitsWorse && !$0.testsWorse, overfitted: $0.testsWorse) }
    ),
    (
      """
      You judged only by the test error. A network that overfits does well on what it was shown; \
      one whose *training* error is higher has a different illness.
      """,
      { word(degraded: false, overfitted: $0.testsWorse) }
    ),
    (
      """
      You took the gap between test and training error of the deep network for overfitting. Nearly \
      every network has such a gap: compare its test error with the shallow network's.
      """,
      { word(degraded: $0.fitsWorse, overfitted: $0.deepTest > $0.deepTraining + $0.noise) }
    ),
    (
      """
      You took the gap between test and training error of the deep network for overfitting. Nearly \
      every network has such a gap: ask first whether its training error is higher than the shallow \
      network's, then whether its test error is.
      """,
      {
        let hasGap = $0.deepTest > $0.deepTraining + $0.noise
        return word(degraded: $0.fitsWorse && !hasGap, overfitted: hasGap)
      }
    ),
    (
      "A difference that is exactly the noise doesn't count: it has to be larger.",
      {
        word(
          degraded: $0.deepTraining >= $0.shallowTraining + $0.noise,
          overfitted: $0.deepTest >= $0.shallowTest + $0.noise)
      }
    ),
    (
      "You counted differences that are within the noise. Only those that are larger say something.",
      {
        word(
          degraded: $0.deepTraining > $0.shallowTraining, overfitted: $0.deepTest > $0.shallowTest)
      }
    ),
  ]
  return .function(
    1, "diagnose", title: "Tell degradation from overfitting", .easy, minutes: 10,
    hints: [
      "What does a network that overfits do on its training set?",
      """
      Ask two questions in the right order: does the deep network fit the training set worse? If \
      not, is it worse on the test set?
      """,
      """
      deepTraining > shallowTraining + noise is degradation; else deepTest > shallowTest + noise is \
      overfitting; else it is healthy.
      """,
    ],
    labels: ["shallowTraining", "shallowTest", "deepTraining", "deepTest", "noise"],
    cases: { generator in
      [
        (0.05, 0.1, 0.4, 0.45, 0.01), (0.05, 0.1, 0.4, 0.1, 0.01), (0.05, 0.1, 0, 0.2, 0.01),
        (0.05, 0.1, 0.01, 0.08, 0.01), (0.05, 0.1, 0.055, 0.105, 0.01),
        (0.25, 0.5, 0.375, 0.5, 0.125), (0.25, 0.5, 0.25, 0.625, 0.125),
      ]
        + (0..<20).map { _ in
          (
            generator.uniform() / 4, generator.uniform() / 2, generator.uniform() / 4,
            generator.uniform() / 2, 0.05
          )
        }
    },
    expected: { (a: Double, b: Double, c: Double, d: Double, noise: Double) -> String in
      let errors = Errors(a, b, c, d, noise)
      return word(degraded: errors.fitsWorse, overfitted: errors.testsWorse)
    },
    misconceptions: { a, b, c, d, noise in
      wrong.map { Misconception($0.sentence, $0.word(Errors(a, b, c, d, noise))) }
    })
}

private var firstStep: Exercise {
  @Sendable func squares(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }
  @Sendable func ratios(
    _ filters: [Tensor], _ gradients: [Tensor],
    _ step: (_ filter: Float, _ gradient: Float) -> Float,
    _ ratio: (_ step: [Float], _ filter: [Float]) -> Double = {
      (squares($0) / squares($1)).squareRoot()
    }
  ) -> [Double] {
    zip(filters, gradients).map { filter, gradient in
      ratio(zip(filter.scalars, gradient.scalars).map(step), filter.scalars)
    }
  }
  return .function(
    6, "firstStep", title: "How far the first step goes, layer by layer", .easy, minutes: 15,
    hints: [
      """
      Write a small function for the length of a tensor first: its `scalars`, squared, added up, \
      and the root of that.
      """,
      "The step is -learningRate · (gradient + weightDecay · filter); its sign doesn't change its length.",
      """
      For each pair: length(learningRate * (gradient + weightDecay * filter)) / length(filter), with \
      length(t) = the root of t.scalars.reduce(0) { $0 + Double($1) * Double($1) }.
      """,
    ],
    labels: ["filters", "gradients", "learningRate", "weightDecay"],
    cases: { generator in
      var cases: [([Tensor], [Tensor], Float, Float)] = [
        ([Tensor([1, 1, 1, 2], [3, 4])], [Tensor([1, 1, 1, 2], [6, 8])], 0.1, 0),
        ([Tensor([1, 1, 1, 1], [2])], [Tensor([1, 1, 1, 1], [1])], 0.5, 0.5),
        ([Tensor([1, 1, 1, 1], [2])], [Tensor([1, 1, 1, 1], [-2])], 0.25, 0.5), ([], [], 0.1, 0),
      ]
      let uniform = Initialization.uniform(bound: 1)
      let shapes = [[3, 3, 1, 2], [3, 3, 2, 2], [1, 1, 2, 4]]
      let filters = shapes.map { uniform.tensor($0, using: &generator) }
      let gradients = shapes.map { uniform.tensor($0, using: &generator) }
      cases.append((filters, gradients, 0.1, 0.01))
      return cases
    },
    expected: {
      (filters: [Tensor], gradients: [Tensor], rate: Float, decay: Float) -> [Double] in
      ratios(filters, gradients) { rate * ($1 + decay * $0) }
    },
    misconceptions: { filters, gradients, rate, decay in
      [
        Misconception(
          "This is the length of the step, not compared with the length of the filters: divide by it.",
          ratios(filters, gradients, { rate * ($1 + decay * $0) }) { step, _ in
            squares(step).squareRoot()
          }),
        Misconception(
          "This is the ratio of the squares. A length is the root of the sum of the squares.",
          ratios(filters, gradients, { rate * ($1 + decay * $0) }) { squares($0) / squares($1) }),
        Misconception(
          """
          This adds the lengths of gradient and weight decay. They can point against each other: add \
          the tensors first, then take the length of the sum.
          """,
          ratios(filters, gradients, { rate * $1 }) { step, filter in
            (squares(step) / squares(filter)).squareRoot() + Double(rate * decay)
          }),
        Misconception(
          "This leaves out the weight decay, which belongs to the step as much as the gradient does.",
          ratios(filters, gradients) { rate * $1 }),
        Misconception(
          "This decays the filters too late: the learning rate multiplies the weight decay too.",
          ratios(filters, gradients) { rate * $1 + decay * $0 }),
        Misconception(
          """
          This pulls the filters away from 0: weight decay adds λ · w to the gradient, and the step \
          is taken against the sum.
          """,
          ratios(filters, gradients) { rate * ($1 - decay * $0) }),
        Misconception(
          "This is the mean of the elements' ratios. The length belongs to all filters of a layer together.",
          ratios(filters, gradients, { rate * ($1 + decay * $0) }) { step, filter in
            zip(step, filter).reduce(0) { $0 + Double(abs($1.0 / $1.1)) } / Double(step.count)
          }),
      ]
    })
}

private var steepestStep: Exercise {
  .experiment(
    2, "steepestStep", title: "Where the training error jumps", .easy, minutes: 10,
    hints: [
      "Look at the table under \"What happens\": the first column of errors is the training error.",
      "Subtract each mean from the one below it.",
    ],
    runs: RequiredRuns(
      command: "swift run chapter6 --seeds 3",
      query: """
        SELECT count(*) >= 15 FROM (
          SELECT DISTINCT depth, seed FROM runs
          WHERE experiment = 'degradation' AND dataset = 'digits' AND status = 'finished'
            AND shortcut = 'none' AND width = 8 AND depth IN (8, 20, 32, 44, 56)
            AND seed IN (0, 1, 2) AND json_extract(hyperparameters, '$.epochs') = 20
            AND json_extract(hyperparameters, '$.learning_rate') = 0.1)
        """),
    answer: [32, 44],
    mistakes: [
      (
        [44, 56],
        """
        From 44 to 56 layers the mean changes by less than from 32 to 44, and by an amount that differs \
        much from seed to seed.
        """
      ),
      ([20, 32], "From 20 to 32 layers the mean rises by a few points. There is a larger step."),
      ([8, 20], "From 8 to 20 layers it hardly rises."),
      ([44, 32], "It is that step. Give the smaller depth first."),
    ],
    explanation: """
      With the five seeds of chapter 9, which include these three, the training errors were 0.0 % with 8 \
      layers, 0.1 ± 0.1 % with 20, 6.4 ± 2.5 % with 32, 43.5 ± 15.0 % with 44 and 50.8 ± 3.0 % with 56. \
      From 32 to 44 layers the mean rises by about 37 points, from 44 to 56 by about 7, which is less than \
      the deviation at 44. Seed 0 alone has the last two in the other order, 68.2 % with 44 layers and \
      50.5 % with 56: one seed says little about which of them is worse.
      """)
}

private var longerTraining: Exercise {
  .experiment(
    7, "longerTraining", title: "Degradation after three times as many epochs", .easy, minutes: 10,
    hints: [
      """
      `swift run metrics list` shows the two runs. Compare their training errors with each other, and \
      with those after 20 epochs.
      """,
      "Compare the test errors, too: is plain-32 as good as plain-20 there?",
    ],
    runs: RequiredRuns(
      command: """
        for arch in plain20 plain32; do swift run resnet train --dataset digits --arch $arch \
        --unit epochs --total 60 --drops 30,45; done
        """,
      query: """
        SELECT count(*) >= 2 FROM (
          SELECT DISTINCT depth FROM runs
          WHERE dataset = 'digits' AND status = 'finished' AND shortcut = 'none' AND width = 8
            AND depth IN (20, 32) AND json_extract(hyperparameters, '$.epochs') = 60
            AND json_extract(hyperparameters, '$.learning_rate_drops') = '30,45')
        """),
    answer: "gone in training",
    mistakes: [
      (
        "as before",
        "After 20 epochs plain-32 had a training error of several percent. Look at what it is now."
      ),
      (
        "gone",
        """
        The training error says so, but look at the test errors: plain-32 still misreads more digits \
        than plain-20.
        """
      ),
      (
        "worse",
        "Longer training made the training error of plain-32 lower, not higher. Look at the last epoch."
      ),
    ],
    explanation: """
      With seeds 0, 1 and 2 the training errors after 60 epochs were 0.0, 0.4, 0.0 % (plain-32) and 0.0, \
      0.0, 0.0 % (plain-20), the test errors 3.3, 5.0, 2.2 % and 1.9, 1.7, 1.9 %. After 20 epochs \
      plain-32 had a training error of 6.4 ± 2.5 % (chapter 9, five seeds). So these 32 layers can fit the \
      training set and only take longer, and what they found is still worse on new digits. "Can't be \
      trained" would have been too strong.
      """)
}
