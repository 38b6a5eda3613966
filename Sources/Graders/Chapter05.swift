import Exercises
import Foundation
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 5.
  public static var chapter5: [Exercise] {
    [
      leakyDeviation, paddedSignal, batchNormalised, batchNormGradients, runningStatistics, folded,
      layerNormalised,
    ]
  }
}

private let leakyDeviation = Exercise.function(
  1, "leakyDeviation", title: "First weights for a leaky ReLU", .easy, minutes: 10,
  hints: [
    "Halves of the mean square: the positive one stays. By what is the negative one multiplied?",
    """
    The values are multiplied by the slope, so their mean square is multiplied by slope²: \
    (1 + slope²) / 2 is left.
    """,
    "Set (1 + slope²) / 2 · fan · variance to 1. The deviation is the root of that variance.",
  ],
  labels: ["fan", "slope"],
  cases: { generator in
    let fixed: [(Int, Double)] = [(2, 0), (8, 0), (1, 1), (4, 1), (2, 0.5), (64, 0.1)]
    let random: [(Int, Double)] = (0..<4).map { _ in
      (1 + generator.whole(below: 500), 0.1 + 0.8 * generator.uniform())
    }
    return fixed + random
  },
  expected: { (fan: Int, slope: Double) -> Double in
    1 / (Double(fan) * (1 + slope * slope) / 2).squareRoot()
  },
  misconceptions: { fan, slope in
    let n = Double(fan)
    let right: Double = 2 / ((1 + slope * slope) * n)
    let linear: Double = 2 / ((1 + slope) * n)
    let he: Double = 2 / n
    let (lost, over): (Double, Double) = (
      2 / ((1 - slope * slope) * n), 2 * (1 + slope * slope) / n
    )
    let (squared, half): (Double, Double) = (
      2 / ((1 + slope) * (1 + slope) * n), 1 / ((0.5 + slope * slope) * n)
    )
    return [
      Misconception(
        """
        The slope doesn't appear: that is He initialisation, under which the negative half is lost. Here \
        slope² = \((slope * slope).shown) of it is left.
        """, he.squareRoot()),
      Misconception(
        """
        A slope of \(slope.shown) multiplies the values; a mean square is multiplied by its square, \
        \((slope * slope).shown).
        """, linear.squareRoot()),
      Misconception(
        "That is the variance of the weights; the standard deviation is its root.",
        right),
      Misconception(
        """
        It counts the mean square of both halves as if each were all of it: before the ReLU, half of it is \
        positive and half negative.
        """, (right / 2).squareRoot()),
      Misconception(
        """
        1 − slope² is what the negative half loses. What is left of both halves is (1 + \
        slope²) / 2.
        """,
        lost.squareRoot()),
      Misconception(
        """
        What is left stands on the other side: the more of the mean square the layer \
        keeps, the smaller the weights have to be.
        """,
        over.squareRoot()),
      Misconception(
        "The halves are added as mean squares, 1 + slope², not as (1 + slope)².",
        squared.squareRoot()),
      Misconception(
        """
        Of the negative half, too, there is only a half: what is left is ½ + ½ slope², \
        not ½ + slope².
        """,
        half.squareRoot()),
    ]
  })

private let paddedSignal = Exercise.function(
  2, "paddedSignal", title: "What zero padding takes away", .medium, minutes: 20,
  hints: [
    """
    One layer makes a new map out of an old one. At each pixel, add up the old values of the up to nine pixels \
    around it that exist, itself among them.
    """,
    "Divide by 9 everywhere, at the edges too: what is outside counts as zero.",
    """
    Keep the new values in an array of their own, `next`, until the layer is complete; then \
    `signal = next`.
    """,
  ],
  labels: ["height", "width", "layers"],
  cases: { generator in
    let fixed: [(Int, Int, Int)] = [
      (1, 1, 0), (1, 1, 1), (2, 2, 1), (1, 3, 1), (3, 3, 1), (1, 2, 2), (8, 8, 3),
    ]
    let random: [(Int, Int, Int)] = (0..<3).map { _ in
      (
        2 + generator.whole(below: 5), 2 + generator.whole(below: 5),
        1 + generator.whole(below: 6)
      )
    }
    return fixed + random
  },
  expected: { (height: Int, width: Int, layers: Int) -> [[Double]] in
    // What a layer does to rows and what it does to columns are independent of each other.
    let (rows, columns) = (threes(height, layers), threes(width, layers))
    return rows.map { row in columns.map { row * $0 } }
  },
  misconceptions: { height, width, layers in
    let ones = [[Double]](repeating: [Double](repeating: 1, count: width), count: height)
    func toThePower(_ value: Double) -> Double {
      (0..<layers).reduce(1) { left, _ in left * value }
    }
    let first = mapped(height, width, 1)
    let inTheLongRun = toThePower(longRun(height) * longRun(width))
    return [
      Misconception(
        """
        Nothing is lost at the edges: the mean is one of nine, also where some of the nine are zeros of the \
        padding. Divide by 9 everywhere.
        """, ones),
      Misconception(
        """
        Some pixels saw values that are already behind this layer: they were written into the map that is still \
        being read. A layer reads the old map and writes a new one.
        """, mapped(height, width, layers, inPlace: true)),
      Misconception(
        "The pixel itself is one of its nine: the filter's centre has a weight, too.",
        mapped(height, width, layers, centre: false)),
      Misconception(
        "It went through one layer too many: after 0 layers the map is still 1 everywhere.",
        mapped(height, width, layers + 1)),
      Misconception(
        """
        Each layer multiplies here by what the first one left. But what a pixel loses \
        depends on its neighbours, which differ from the second layer on: make the whole \
        map anew.
        """,
        first.map { $0.map(toThePower) }),
      Misconception(
        "That is behind one layer. There are \(layers).",
        first),
      Misconception(
        """
        The half that the ReLU takes away is in He initialisation already: the mean of \
        the nine is what comes out.
        """,
        mapped(height, width, layers, divisor: 18)),
      Misconception(
        "The nine were added up, not averaged.",
        mapped(height, width, layers, divisor: 1)),
      Misconception(
        "Height and width are exchanged: `height` rows of `width` numbers.",
        mapped(width, height, layers)),
      Misconception(
        """
        The factor of the long run was used. In the first layers the pixels differ: those \
        inside lose nothing yet.
        """,
        ones.map { $0.map { _ in inTheLongRun } }),
    ]
  })

/// What is left along one axis: of ones, after each is replaced by a third of it and its neighbours.
private func threes(_ extent: Int, _ layers: Int) -> [Double] {
  (0..<layers).reduce([Double](repeating: 1, count: extent)) { values, _ in
    let padded: [Double] = [0] + values + [0]
    return (0..<extent).map { place in padded[place..<place + 3].reduce(0, +) / 3 }
  }
}

/// By what a layer multiplies in the long run, along one axis.
private func longRun(_ extent: Int) -> Double { (1 + 2 * cos(.pi / Double(extent + 1))) / 3 }

/// The whole map, with a mistake or without.
private func mapped(
  _ height: Int, _ width: Int, _ layers: Int, inPlace: Bool = false, centre: Bool = true,
  divisor: Double = 9
) -> [[Double]] {
  var map = [[Double]](repeating: [Double](repeating: 1, count: width), count: height)
  for _ in 0..<layers {
    let old = map
    for row in 0..<height {
      for column in 0..<width {
        let read = inPlace ? map : old
        var sum = centre ? 0 : -read[row][column]
        for y in max(row - 1, 0)...min(row + 1, height - 1) {
          sum += read[y][max(column - 1, 0)...min(column + 1, width - 1)].reduce(0, +)
        }
        map[row][column] = sum / divisor
      }
    }
  }
  return map
}

private let batchNormalised = Exercise.function(
  3, "batchNormalised", title: "Batch normalisation, forward", .medium, minutes: 20,
  hints: [
    """
    `stride(from: channel, to: x.count, by: channels)` runs over the places of a channel's values, through all \
    pixels of all images.
    """,
    """
    For each channel: the mean, then the mean of the squared differences from it, then \
    `(variance + epsilon).squareRoot()`.
    """,
    """
    With these, for each place of the channel: `scale[channel] * (x[place] - mean) / deviation + \
    shift[channel]`.
    """,
  ],
  labels: ["input", "scale", "shift", "epsilon"], tolerance: 1e-4,
  cases: { generator in
    let two = Tensor([2, 1, 1, 1], [1, 5])
    let fixed: [(Tensor, [Float], [Float], Float)] = [
      (two, [1], [0], 0), (two, [1], [0], 5), (two, [3], [1], 0),
      (Tensor([1, 1, 2, 1], [1, 5]), [1], [0], 0),
      (Tensor([2, 1, 1, 2], [1, 10, 5, 30]), [1, 1], [0, 0], 0),
      (Tensor([3, 1, 1, 1], repeating: 4), [2], [1], 1),
    ]
    let random: [(Tensor, [Float], [Float], Float)] = [(4, 2, 3, 2), (2, 3, 3, 5)].map {
      batch, height, width, channels in
      let input = Initialization.uniform(bound: 2).tensor(
        [batch, height, width, channels], using: &generator)
      func numbers() -> [Float] { (0..<channels).map { _ in Float(generator.normal()) } }
      return (input, numbers(), numbers(), Float(0.1 + generator.uniform()))
    }
    return fixed + random
  },
  expected: { (input: Tensor, scale: [Float], shift: [Float], epsilon: Float) -> Tensor in
    let channels = [input.shape[3]]
    return batchNorm(
      input, scale: Tensor(channels, scale), shift: Tensor(channels, shift), epsilon: epsilon
    ).output
  },
  misconceptions: { input, scale, shift, epsilon in
    let channels = input.shape[3]
    let m = input.count / channels
    let size = input.count / input.shape[0]
    func result(
      unbiased: Bool = false, by group: ((Int) -> Int)? = nil, channel: ((Int) -> Int)? = nil,
      divisor count: Double? = nil,
      aboutZero: Bool = false, centred: Bool = true, shiftsFirst: Bool = false,
      _ divisor: (Double) -> Double
    ) -> Tensor {
      let groups = normalisation(
        input, unbiased: unbiased, divisor: count, aboutZero: aboutZero,
        by: group ?? { $0 % channels })
      return Tensor(
        input.shape,
        input.scalars.enumerated().map { place, x in
          let (mean, variance) = groups[place]
          let value = (Double(x) - (centred ? mean : 0)) / divisor(variance)
          let channel = channel?(place) ?? place % channels
          let (gamma, beta) = (scale[channel], shift[channel])
          return shiftsFirst ? gamma * (Float(value) + beta) : gamma * Float(value) + beta
        })
    }
    func deviation(_ variance: Double) -> Double { (variance + Double(epsilon)).squareRoot() }
    let plain = batchNorm(
      input, scale: Tensor([channels], repeating: 1), shift: Tensor([channels]), epsilon: epsilon)
    return [
      Misconception(
        "The variance is divided by m − 1 = \(m - 1). Here it is the mean of \(m) squares.",
        result(unbiased: true, deviation)),
      Misconception(
        "ε is added outside of the root: it belongs to the variance, √(variance + ε).",
        result { $0.squareRoot() + Double(epsilon) }),
      Misconception(
        "It divides by the variance and not by the deviation, which is its root.",
        result { $0 + Double(epsilon) }),
      Misconception(
        "The mean is never subtracted from the values.", result(centred: false, deviation)),
      Misconception(
        """
        All channels were normalised together, with one mean and one deviation. Each has its own, over its \(m) \
        values.
        """, result(by: { _ in 0 }, deviation)),
      Misconception(
        "γ and β are missing: the normalised values are multiplied by the one and shifted by the other.",
        plain.output),
      Misconception(
        """
        Each image was normalised by itself. The \(m) values of a channel are those of \
        all images.
        """,
        result(by: { $0 / size * channels + $0 % channels }, deviation)),
      Misconception(
        """
        The values were taken as if those of one channel lie side by side. In memory \
        channels alternate: the values of a channel are \(channels) places apart.
        """,
        result(by: { $0 / m }, channel: { $0 / m }, deviation)),
      Misconception(
        """
        The sums were divided by the number of images only. A channel has \(m) values: \
        batch · height · width.
        """,
        result(divisor: Double(input.shape[0]), deviation)),
      Misconception(
        """
        The variance is that about zero, the mean of the squares. It is the mean of the \
        squared differences from the mean.
        """,
        result(aboutZero: true, deviation)),
      Misconception(
        "β was added before the multiplication by γ. It comes last: γ · x̂ + β.",
        result(shiftsFirst: true, deviation)),
      Misconception(
        "ε is missing: it is added to the variance before the root is taken.",
        result { $0.squareRoot() }),
    ]
  })

/// Mean and variance of the values that belong together, for each place.
private func normalisation(
  _ input: Tensor, unbiased: Bool = false, divisor: Double? = nil, aboutZero: Bool = false,
  by group: (_ place: Int) -> Int
) -> [(mean: Double, variance: Double)] {
  let values = input.scalars.map(Double.init)
  let members = Dictionary(grouping: values.indices, by: group)
  let statistics = members.mapValues { places in
    let m = divisor ?? Double(places.count)
    let mean = places.reduce(0) { $0 + values[$1] } / m
    let centre = aboutZero ? 0 : mean
    let squares = places.reduce(0) { $0 + (values[$1] - centre) * (values[$1] - centre) }
    return (mean: mean, variance: squares / (unbiased ? m - 1 : m))
  }
  return values.indices.map { statistics[group($0)]! }
}

private let batchNormGradients = Exercise.function(
  4, "batchNormGradients", title: "Batch normalisation, backward", .hard, minutes: 30,
  hints: [
    """
    Begin with β: its gradient is the sum of the channel's δ. That of γ is the sum of δ · x̂, with x̂ from \
    `standardised`.
    """,
    """
    `standardised` returns the normalised values in the order in which \
    `stride(from: channel, to: delta.count, by: channels)` runs over their places.
    """,
    """
    With g = γ · δ, the two means are γ times the gradients of β and γ, divided by m. Each dx is \
    (g − mean of g − x̂ · mean of g·x̂) / σ.
    """,
  ],
  labels: ["delta", "input", "scale", "epsilon"], tolerance: 1e-3,
  cases: { generator in
    let (delta, input) = (
      Tensor([4, 1, 1, 1], [4, 0, 0, 0]), Tensor([4, 1, 1, 1], [0, 0, 2, 2])
    )
    let fixed: [(Tensor, Tensor, [Float], Float)] = [
      (delta, input, [1], 0), (delta, input, [3], 0), (delta, input, [1], 3),
      (Tensor([4, 1, 1, 1], repeating: 1), input, [1], 3),
    ]
    let random: [(Tensor, Tensor, [Float], Float)] = [(4, 2, 3, 2), (3, 2, 2, 4)].map {
      batch, height, width, channels in
      func draw() -> Tensor {
        Initialization.uniform(bound: 2).tensor(
          [batch, height, width, channels], using: &generator)
      }
      let scale: [Float] = (0..<channels).map { _ in Float(generator.normal()) }
      return (draw(), draw(), scale, Float(0.1 + generator.uniform()))
    }
    return fixed + random
  },
  expected: { (delta: Tensor, input: Tensor, scale: [Float], epsilon: Float) -> [Tensor] in
    let channels = [input.shape[3]]
    let learnt = [input, Tensor(channels, scale), Tensor(channels)].map { Parameter($0) }
    let tracked = learnt.map(\.tracked)
    batchNorm(tracked[0], scale: tracked[1], shift: tracked[2], epsilon: epsilon).output
      .backward(delta)
    return learnt.map { $0.gradient! }
  },
  misconceptions: { delta, input, scale, epsilon in
    let channels = input.shape[3]
    let m = input.count / channels
    let groups = normalisation(input) { $0 % channels }
    let d = delta.scalars.map(Double.init)
    let deviations = groups.map { ($0.variance + Double(epsilon)).squareRoot() }
    let normalised = zip(input.scalars, zip(groups, deviations)).map { x, group in
      (Double(x) - group.0.mean) / group.1
    }
    var (ofScale, ofShift) = (
      [Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels)
    )
    for place in d.indices {
      ofScale[place % channels] += d[place] * normalised[place]
      ofShift[place % channels] += d[place]
    }
    func result(
      mean: Double = 1, deviation: Double = 1, scaled: Bool = true, divided: Bool = true,
      sums: Double = 1
    ) -> [Tensor] {
      let dx = d.indices.map { place in
        let channel = place % channels
        let rest =
          d[place] - mean * ofShift[channel] / Double(m)
          - deviation * normalised[place] * ofScale[channel] / Double(m)
        return Float(rest) * (scaled ? scale[channel] : 1)
          / (divided ? Float(deviations[place]) : 1)
      }
      return [Tensor(input.shape, dx)]
        + [ofScale, ofShift].map { Tensor([channels], $0.map { Float(sums * $0) }) }
    }
    let (right, perChannel) = (result(), Tensor([channels], scale))
    var withInput = [Double](repeating: 0, count: channels)
    for place in d.indices {
      withInput[place % channels] += d[place] * Double(input.scalars[place])
    }
    return [
      Misconception(
        """
        The way through the mean is missing: each input moves the mean by 1/\(m), and with it every normalised \
        value. Take mean(g) away.
        """, result(mean: 0)),
      Misconception(
        """
        The way through the deviation is missing: an input that moves away from the mean makes all normalised values \
        smaller. Take x̂ · mean(g x̂) away.
        """, result(deviation: 0)),
      Misconception(
        """
        Mean and deviation are treated as if they were constants. They depend on every input, so that two terms are \
        missing.
        """, result(mean: 0, deviation: 0)),
      Misconception(
        "The gradient of the input is that without γ: what arrives at x̂ is g = γ · δ.",
        result(scaled: false)),
      Misconception(
        "The gradient of the input is never divided by the deviation σ.", result(divided: false)),
      Misconception(
        """
        The gradients of γ and β are means, and should each be a sum: γ and β are used at each of the \(m) values of \
        their channel.
        """, result(sums: 1 / Double(m))),
      Misconception(
        """
        The gradients of γ and β have γ in them. γ · δ is what arrives at x̂; at γ and β \
        arrives δ itself.
        """,
        [right[0], right[1] * perChannel, right[2] * perChannel]),
      Misconception(
        "The gradients of γ and β are exchanged: first that of γ.",
        [right[0], right[2], right[1]]),
      Misconception(
        """
        In the gradient of the input there are sums where means belong: divide by m = \
        \(m).
        """,
        result(mean: Double(m), deviation: Double(m))),
      Misconception(
        """
        The gradient of γ was made with the input x. γ multiplies x̂, so it is the sum of \
        δ · x̂.
        """,
        [right[0], Tensor([channels], withInput.map { Float($0) }), right[2]]),
    ]
  })

private let runningStatistics = Exercise.function(
  5, "runningStatistics", title: "Running statistics", .easy, minutes: 15,
  hints: [
    "Keep two arrays, of zeros and of ones, and go through the batches in their order.",
    "For each channel: `means[channel] = 0.9 * means[channel] + 0.1 * mean`; likewise the variance.",
    "The sum of squares about the batch's mean is divided by m − 1, where m = batch · height · width.",
  ],
  labels: ["batches", "channels"], tolerance: 1e-4,
  cases: { generator in
    let (one, other) = (Tensor([2, 1, 1, 1], [0, 2]), Tensor([2, 1, 1, 1], [10, 10]))
    let fixed: [([Tensor], Int)] = [
      ([], 1), ([one], 1), ([one, other], 1), ([Tensor([2, 1, 1, 2], [0, 4, 2, 10])], 2),
    ]
    let random: [([Tensor], Int)] = [(3, 4, 2, 2), (5, 2, 3, 3)].map {
      count, batch, side, channels in
      let batches: [Tensor] = (0..<count).map { _ in
        let noise = Initialization.uniform(bound: 2).tensor(
          [batch, side, side, channels], using: &generator)
        return noise + Tensor(noise.shape, repeating: Float(generator.normal()))
      }
      return (batches, channels)
    }
    return fixed + random
  },
  expected: { (batches: [Tensor], channels: Int) -> [[Float]] in
    let statistics = RunningStatistics(channels: channels)
    for batch in batches {
      statistics.update(
        with: batchNorm(
          batch, scale: Tensor([channels], repeating: 1), shift: Tensor([channels])
        ).statistics)
    }
    return [statistics.mean.scalars, statistics.variance.scalars]
  },
  misconceptions: { batches, channels in
    func result(
      newest: Double = 0.1, kept: Double? = nil, first: Double = 1, unbiased: Bool = true,
      sideBySide: Bool = false, aboutRunningMean: Bool = false, ofDeviation: Bool = false
    ) -> [[Float]] {
      var running = [(mean: Double, variance: Double)](repeating: (0, first), count: channels)
      for batch in batches {
        let (m, kept) = (batch.count / channels, kept ?? 1 - newest)
        let own = normalisation(batch, unbiased: unbiased) {
          sideBySide ? $0 / m : $0 % channels
        }
        for channel in 0..<channels {
          var (mean, variance) = own[sideBySide ? channel * m : channel]
          mean = kept * running[channel].mean + newest * mean
          if aboutRunningMean {
            let off = own[channel].mean - mean
            variance += Double(m) * off * off / Double(m - 1)
          }
          if ofDeviation { variance = variance.squareRoot() }
          running[channel] = (mean, kept * running[channel].variance + newest * variance)
        }
      }
      return [running.map { Float($0.mean) }, running.map { Float($0.variance) }]
    }
    let ofEach = batches.map { normalisation($0, unbiased: true) { $0 % channels } }
    let count = Double(batches.count)
    let average =
      batches.isEmpty
      ? []
      : [
        (0..<channels).map { channel in Float(ofEach.reduce(0) { $0 + $1[channel].mean } / count) },
        (0..<channels).map { channel in
          Float(ofEach.reduce(0) { $0 + $1[channel].variance } / count)
        },
      ]
    return [
      Misconception(
        """
        The variance of a batch is divided by m. What is remembered is the unbiased one, divided by m − 1.
        """, result(unbiased: false)),
      Misconception(
        """
        Each batch moves the values nine tenths of the way: the weights are exchanged. Of the remembered value 0.9 \
        stays, of the batch's comes 0.1.
        """, result(newest: 0.9)),
      Misconception(
        "The last batch alone is remembered: each moves the values only a tenth of the way.",
        result(newest: 1)),
      Misconception(
        "The running variance begins with 1, not with 0.", result(first: 0)),
      Misconception(
        """
        A tenth of each batch is added, but nothing of the remembered value goes: nine \
        tenths of it stay.
        """,
        result(kept: 1)),
      Misconception(
        "What is remembered is the variance, not its root.",
        result(ofDeviation: true)),
      Misconception(
        """
        The squares are those about the running mean. The variance of a batch is about \
        the batch's own mean.
        """,
        result(aboutRunningMean: true)),
      Misconception(
        """
        The values were taken as if those of one channel lie side by side. In memory \
        channels alternate: the values of a channel are \(channels) places apart.
        """,
        result(sideBySide: true)),
      Misconception(
        "The two arrays are exchanged: first the means, then the variances.",
        result().reversed()),
      Misconception(
        """
        That is the mean over all batches. Here each batch moves what is remembered a \
        tenth of the way, so that the newest count most.
        """,
        average.isEmpty ? result() : average),
    ]
  })

private let folded = Exercise.function(
  6, "folded", title: "Fold batch normalisation", .easy, minutes: 10,
  hints: [
    "Multiply out: what stands before x is the factor, and what is left is the offset.",
    "The factor is γ / √(variance + ε). For x = mean, the result has to be β.",
  ],
  labels: ["scale", "shift", "mean", "variance", "epsilon"], tolerance: 1e-4,
  cases: { generator in
    let fixed: [(Float, Float, Float, Float, Float)] = [
      (1, 0, 0, 1, 0), (1, 0, 3, 1, 0), (2, 0, 3, 1, 0), (2, 1, 3, 3, 1), (1, 1, 0, 3, 1),
    ]
    let random: [(Float, Float, Float, Float, Float)] = (0..<5).map { _ in
      let (scale, shift) = (Float(0.5 + generator.uniform()), Float(generator.normal()))
      let (mean, variance) = (Float(0.5 + generator.uniform()), Float(0.5 + generator.uniform()))
      return (scale, shift, mean, variance, Float(0.1 + generator.uniform()))
    }
    return fixed + random
  },
  expected: {
    (scale: Float, shift: Float, mean: Float, variance: Float, epsilon: Float) -> [Float] in
    // What the library makes of 0 is the offset; what 1 adds to it is the factor.
    let results = batchNorm(
      Tensor([2, 1], [0, 1]), scale: Tensor([1], [scale]), shift: Tensor([1], [shift]),
      mean: Tensor([1], [mean]), variance: Tensor([1], [variance]), epsilon: epsilon
    ).scalars
    return [results[1] - results[0], results[0]]
  },
  misconceptions: { scale, shift, mean, variance, epsilon in
    let factor = scale / (variance + epsilon).squareRoot()
    let (byVariance, without) = (scale / (variance + epsilon), scale / variance.squareRoot())
    let outside = scale / (variance.squareRoot() + epsilon)
    let squared = scale / (variance * variance + epsilon).squareRoot()
    return [
      Misconception(
        """
        The mean isn't scaled: the factor multiplies x − mean, so the offset has \(factor.shown) · mean, and not the \
        mean.
        """, [factor, shift - mean]),
      Misconception(
        "The mean is added: it is subtracted before the multiplication, and stays negative.",
        [factor, shift + factor * mean]),
      Misconception(
        "The offset forgets the mean: for x = mean the result has to be β = \(shift.shown).",
        [factor, shift]),
      Misconception(
        "It divides by the variance and not by the deviation, which is its root.",
        [byVariance, shift - byVariance * mean]),
      Misconception(
        "The deviation is that without ε: it is √(variance + ε).",
        [without, shift - without * mean]),
      Misconception(
        "β was multiplied by the factor, too. It is added last, as it is.",
        [factor, factor * (shift - mean)]),
      Misconception(
        "The mean is multiplied by γ only. The factor divides by the deviation as well.",
        [factor, shift - scale * mean]),
      Misconception(
        "ε is added outside of the root: it belongs to the variance, √(variance + ε).",
        [outside, shift - outside * mean]),
      Misconception(
        "The two numbers are exchanged: first the factor, then the offset.",
        [shift - factor * mean, factor]),
      Misconception(
        "The variance was squared. It is a square already, and the deviation is its root.",
        [squared, shift - squared * mean]),
    ]
  })

private let layerNormalised = Exercise.function(
  7, "layerNormalised", title: "Normalise each image by itself", .medium, minutes: 15,
  hints: [
    "In `scalars`, the images lie one behind the other, each height · width · channels values long.",
    """
    For each image, take its slice `x[index * size..<(index + 1) * size]`: mean, variance, and the values \
    normalised.
    """,
  ],
  labels: ["input", "epsilon"], tolerance: 1e-4,
  cases: { generator in
    let fixed: [(Tensor, Float)] = [
      (Tensor([1, 1, 1, 2], [1, 5]), 0), (Tensor([1, 1, 1, 2], [1, 5]), 5),
      (Tensor([2, 1, 1, 2], [1, 5, 10, 30]), 0), (Tensor([1, 2, 1, 2], [1, 5, 4, 2]), 1),
    ]
    let random: [(Tensor, Float)] = [(3, 2, 3, 2), (2, 3, 2, 4)].map {
      batch, height, width, channels in
      let noise = Initialization.uniform(bound: 2).tensor(
        [batch, height, width, channels], using: &generator)
      return (noise, Float(0.1 + generator.uniform()))
    }
    return fixed + random
  },
  expected: { (input: Tensor, epsilon: Float) -> Tensor in
    // Each image as a channel of a batch of its values.
    let (images, size) = (input.shape[0], input.count / input.shape[0])
    let x = input.scalars
    let turned = (0..<size).flatMap { value in (0..<images).map { x[$0 * size + value] } }
    let result = batchNorm(
      Tensor([size, images], turned), scale: Tensor([images], repeating: 1),
      shift: Tensor([images]), epsilon: epsilon
    ).output.scalars
    return Tensor(
      input.shape, (0..<images).flatMap { i in (0..<size).map { result[$0 * images + i] } })
  },
  misconceptions: { input, epsilon in
    let (channels, size) = (input.shape[3], input.count / input.shape[0])
    func result(
      unbiased: Bool = false, root: Bool = true, aboutZero: Bool = false,
      divisor: ((Double) -> Double)? = nil, by group: (Int) -> Int
    ) -> Tensor {
      let groups = normalisation(input, unbiased: unbiased, aboutZero: aboutZero, by: group)
      return Tensor(
        input.shape,
        zip(input.scalars, groups).map { x, group in
          let spread = group.variance + Double(epsilon)
          let by = divisor?(group.variance) ?? (root ? spread.squareRoot() : spread)
          return Float((Double(x) - (aboutZero ? 0 : group.mean)) / by)
        })
    }
    return [
      Misconception(
        """
        Mean and deviation are those of the whole batch: an image's result then depends on the others. Each image has \
        its own, over \(size) values.
        """, result { _ in 0 }),
      Misconception(
        """
        It normalises each pixel over its \(channels) channels. Mean and deviation of an image are over all its \
        \(size) values: height, width and channels.
        """, result { $0 / channels }),
      Misconception(
        """
        That is batch normalisation: a mean for each channel, over all images. Here each image has one mean, over \
        all its channels.
        """, result { $0 % channels }),
      Misconception(
        "It divides by the variance and not by the deviation, which is its root.",
        result(root: false) { $0 / size }),
      Misconception(
        "The variance is divided by m − 1 = \(size - 1). Here it is the mean of \(size) squares.",
        result(unbiased: true) { $0 / size }),
      Misconception(
        """
        Each channel of an image was normalised by itself. An image has one mean and one \
        deviation, over all its \(size) values.
        """,
        result { $0 / size * channels + $0 % channels }),
      Misconception(
        "ε is missing: it is added to the variance before the root is taken.",
        result(divisor: { $0.squareRoot() }) { $0 / size }),
      Misconception(
        "ε is added outside of the root: it belongs to the variance, √(variance + ε).",
        result(divisor: { $0.squareRoot() + Double(epsilon) }) { $0 / size }),
      Misconception(
        "The mean was neither subtracted from the values nor from those that are squared.",
        result(aboutZero: true) { $0 / size }),
      Misconception(
        "Only the mean was subtracted. The values are divided by their deviation, too.",
        result(divisor: { _ in 1 }) { $0 / size }),
    ]
  })

extension RandomGenerator {
  /// A whole number from 0 to below a bound.
  fileprivate mutating func whole(below bound: Int) -> Int { Int(uniform() * Double(bound)) }
}
