import Exercises
import Foundation
import MiniTensor
import Networks

extension Array where Element == Exercise {
  /// The exercises of chapter 7.
  public static var chapter7: [Exercise] {
    [
      residualBlock, residualBlockGradient, gradientThroughResiduals, foldedShortcut,
      oneLayerWorth, nearIdentity, noiseBorne, openAddition, varianceGrowth,
    ]
  }
}

private let uniform = Initialization.uniform(bound: 1)

private var gradientThroughResiduals: Exercise {
  /// The gradients at every place of the chain, added up.
  @Sendable func sum(of gradient: Double, through slopes: [Double]) -> Double {
    var (here, total) = (gradient, gradient)
    for slope in slopes {
      here *= 1 + slope
      total += here
    }
    return total
  }
  return .function(
    3, "gradientThroughResiduals", title: "What a chain of blocks makes of a gradient", .easy,
    minutes: 5,
    hints: [
      "If the input of one block changes by 1, how much does x + f(x) change?",
      "By 1 + f'(x). Each block multiplies the gradient by that.",
      "Begin with `gradient` and multiply it by 1 + slope for every slope; the order doesn't matter.",
    ],
    labels: ["gradient", "slopes"],
    cases: { (generator: inout RandomGenerator) -> [(Double, [Double])] in
      let slopes = (0..<6).map { _ in 2 * generator.uniform() - 1 }
      return [
        (3, []), (1, [0.5]), (2, [0, 0, 0]), (3, [0.5, 1]), (3, [-1, 5]), (3, [-3, 2]), (1, slopes),
      ]
    },
    expected: { (gradient: Double, slopes: [Double]) -> Double in
      slopes.reduce(gradient) { $0 * (1 + $1) }
    },
    misconceptions: { (gradient: Double, slopes: [Double]) -> [Misconception<Double>] in
      let product: Double = slopes.reduce(1) { $0 * $1 }
      let sumOfSlopes: Double = slopes.reduce(0) { $0 + $1 }
      let (plain, around) = (gradient * product, gradient + gradient * product)
      let (added, addedToIt) = (gradient + gradient * sumOfSlopes, gradient + sumOfSlopes)
      return [
        Misconception(
          """
          This is the gradient through layers without the shortcut. A block x + f(x) has the slope \
          1 + f'(x).
          """, plain),
        Misconception(
          """
          The slopes themselves are added up here. Each block multiplies the gradient of the one \
          behind it by 1 + slope.
          """, added),
        Misconception(
          """
          The slope was added to the gradient that arrives. It multiplies it, and the shortcut adds \
          the gradient itself.
          """, addedToIt),
        Misconception(
          "This has one shortcut around the whole chain. Each block has its own.",
          around),
        Misconception(
          "This adds up the gradients behind every block. Of a chain only the first input counts.",
          sum(of: gradient, through: slopes)),
      ]
    })
}

private var residualBlock: Exercise {
  /// The two layers, up to the second convolution.
  @Sendable func parts(
    _ x: Tensor, _ filters: [Tensor], _ scales: [Tensor], _ shifts: [Tensor],
    rectifies: Bool = true
  ) -> (hidden: Tensor, second: Tensor) {
    let hidden = batchNorm(
      conv2d(x, filters[0], padding: 1), scale: scales[0], shift: shifts[0], relu: rectifies
    ).output
    return (hidden, conv2d(hidden, filters[1], padding: 1))
  }
  return .function(
    1, "residualBlock", title: "The block of figure 2, forward", .easy, minutes: 15,
    hints: [
      "Follow the drawing at the beginning of the chapter, one line of code for each box.",
      "The addition comes behind the second normalisation, and the last ReLU behind the addition.",
      """
      hidden = relu(batchNorm(conv2d(x, filters[0], padding: 1), scale: scales[0], shift: shifts[0])\
      .output); residual = the same with hidden and index 1, without relu; then relu(residual + x).
      """,
    ],
    labels: ["x", "filters", "scales", "shifts"], tolerance: 1e-4,
    cases: { (generator: inout RandomGenerator) -> [(Tensor, [Tensor], [Tensor], [Tensor])] in
      var centre = Tensor([3, 3, 1, 1], repeating: 0)
      centre[1, 1, 0, 0] = 1
      let (one, zero) = (Tensor([1], repeating: 1), Tensor([1], repeating: 0))
      var cases: [(Tensor, [Tensor], [Tensor], [Tensor])] = [
        (Tensor([2, 1, 1, 1], [-3, 2]), [centre, centre], [one, one], [zero, zero])
      ]
      for shape in [[1, 2, 2, 1], [2, 3, 4, 3]] {
        func drawn(_ shape: [Int]) -> [Tensor] {
          (0..<2).map { _ in uniform.tensor(shape, using: &generator) }
        }
        let channels = shape[3]
        cases.append(
          (
            uniform.tensor(shape, using: &generator), drawn([3, 3, channels, channels]),
            drawn([channels]), drawn([channels])
          ))
      }
      return cases
    },
    expected: { (x: Tensor, filters: [Tensor], scales: [Tensor], shifts: [Tensor]) -> Tensor in
      let channels = x.shape[3]
      let block = BasicBlock(channels, channels, shortcut: .A)
      for (layer, (conv, bn)) in [(block.conv1, block.bn1), (block.conv2, block.bn2)].enumerated() {
        conv.weight.value = filters[layer]
        bn.scale.value = scales[layer]
        bn.shift.value = shifts[layer]
      }
      return block(x, .training).detached
    },
    misconceptions: {
      (x: Tensor, filters: [Tensor], scales: [Tensor], shifts: [Tensor]) -> [Misconception<Tensor>]
      in
      let (hidden, second) = parts(x, filters, scales, shifts)
      func normalised(_ tensor: Tensor) -> Tensor {
        batchNorm(tensor, scale: scales[1], shift: shifts[1]).output
      }
      let residual = normalised(second)
      let open = parts(x, filters, scales, shifts, rectifies: false).second
      let (early, another): (Tensor, Tensor) = (relu(residual) + x, relu(relu(residual) + x))
      let (wrongInput, inside): (Tensor, Tensor) = (
        relu(residual + hidden), relu(normalised(second + x))
      )
      let (unrectified, linear): (Tensor, Tensor) = (residual + x, relu(normalised(open) + x))
      func ended(filter: Int, scale: Int, shift: Int) -> Tensor {
        let layer = conv2d(hidden, filters[filter], padding: 1)
        let residual = batchNorm(layer, scale: scales[scale], shift: shifts[shift]).output
        return relu(residual + x)
      }
      return [
        Misconception(
          "This is a plain block: the shortcut is missing. Add x behind the second normalisation.",
          relu(residual)),
        Misconception(
          "The ReLU stands before the addition. In figure 2 it comes behind: the sum is what it gets.",
          early),
        Misconception("There is no ReLU behind the addition.", unrectified),
        Misconception(
          """
          There is another ReLU behind the second normalisation, so F(x) can add to x but never take \
          anything away. F ends with its normalisation.
          """, another),
        Misconception("There is no ReLU between the two layers.", linear),
        Misconception(
          "You added what comes out of the first layer. The shortcut begins at x, before both layers.",
          wrongInput),
        Misconception(
          """
          You added x before the second normalisation, which then changes x too. The shortcut goes \
          around both normalisations.
          """, inside),
        Misconception(
          """
          The second normalisation has the scale and shift of the first. It has its own, with index 1.
          """, ended(filter: 1, scale: 0, shift: 0)),
        Misconception(
          "The second convolution has the filters of the first. It has its own, with index 1.",
          ended(filter: 0, scale: 1, shift: 1)),
        Misconception(
          "The second layer is the first one again. It has its own filters, scale and shift, with index 1.",
          ended(filter: 0, scale: 0, shift: 0)),
      ]
    })
}

private var residualBlockGradient: Exercise {
  @Sendable func transposed(_ matrix: Tensor) -> Tensor {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    return Tensor([columns, rows], (0..<matrix.count).map { matrix[$0 % rows, $0 / rows] })
  }
  @Sendable func passed(_ gradient: Tensor, _ output: Tensor) -> Tensor {
    Tensor(output.shape, zip(gradient.scalars, output.scalars).map { $1 > 0 ? $0 : 0 })
  }
  /// The two layers and the sum, before the last ReLU.
  @Sendable func forward(_ x: Tensor, _ first: Tensor, _ second: Tensor) -> (Tensor, Tensor) {
    let hidden = relu(linear(x, first))
    return (hidden, linear(hidden, second) + x)
  }
  return .function(
    2, "residualBlockGradient", title: "A residual block, backward", .medium, minutes: 30,
    hints: [
      """
      Compute what the forward pass computes first: hidden = relu(x W1) and y. Then go back from y, \
      one operation at a time, and write down the gradient at every place.
      """,
      """
      Behind the last ReLU is delta; at the sum it is passed(delta, where: y). From there two copies \
      go on: one along the shortcut to x, one back through W2, the ReLU and W1.
      """,
      """
      atSum = passed(delta, where: y); atHidden = passed(linear(atSum, transposed(second)), where: \
      hidden); then x gets linear(atHidden, transposed(first)) + atSum, first gets \
      linear(transposed(x), atHidden), second gets linear(transposed(hidden), atSum).
      """,
    ],
    labels: ["delta", "x", "first", "second"],
    cases: { (generator: inout RandomGenerator) -> [(Tensor, Tensor, Tensor, Tensor)] in
      func number(_ value: Float) -> Tensor { Tensor([1, 1], [value]) }
      var cases = [
        (number(1), number(1), number(2), number(3)), (number(1), number(1), number(2), number(-3)),
        (number(1), number(1), number(-2), number(3)),
        (
          Tensor([1, 2], [1, 2]), Tensor([1, 2], [3, 1]), Tensor([2, 2], [1, 2, -1, 1]),
          Tensor([2, 2], [1, 0, 2, 1])
        ),
      ]
      for (batch, size) in [(2, 3), (5, 4)] {
        func drawn(_ rows: Int) -> Tensor { uniform.tensor([rows, size], using: &generator) }
        cases.append((drawn(batch), drawn(batch), drawn(size), drawn(size)))
      }
      return cases
    },
    expected: { (delta: Tensor, x: Tensor, first: Tensor, second: Tensor) -> [Tensor] in
      let parameters = [x, first, second].map { Parameter($0) }
      let hidden = relu(linear(parameters[0].tracked, parameters[1].tracked))
      relu(linear(hidden, parameters[2].tracked) + parameters[0].tracked).backward(delta)
      return parameters.map { $0.gradient! }
    },
    misconceptions: {
      (delta: Tensor, x: Tensor, first: Tensor, second: Tensor) -> [Misconception<[Tensor]>] in
      let (hidden, sum) = forward(x, first, second)
      /// The three gradients from that at the sum and that behind the first layer.
      func gradients(
        _ atSum: Tensor, _ atHidden: Tensor, around: (Tensor) -> Tensor? = { $0 },
        second input: Tensor? = nil
      ) -> [Tensor] {
        let through = linear(atHidden, transposed(first))
        return [
          around(atSum).map { through + $0 } ?? through, linear(transposed(x), atHidden),
          linear(transposed(input ?? hidden), atSum),
        ]
      }
      let atSum = passed(delta, relu(sum))
      let atHidden = passed(linear(atSum, transposed(second)), hidden)
      let atBranch = passed(delta, linear(hidden, second))
      let swapped = passed(linear(atSum, second), hidden)
      let transposedNothing: [Tensor] = [
        linear(swapped, first) + atSum, linear(transposed(x), swapped),
        linear(transposed(hidden), atSum),
      ]
      let unrectified: [Tensor] = gradients(
        delta, passed(linear(delta, transposed(second)), hidden))
      let multiplied: [Tensor] = gradients(atSum, atHidden, around: { $0 * x })
      return [
        Misconception(
          "The way through the shortcut is missing from the gradient of x: add what arrives at the sum.",
          gradients(atSum, atHidden, around: { _ in nil })),
        Misconception(
          """
          What goes along the shortcut is delta itself, past the last ReLU. That ReLU stands behind the \
          addition, so on the way back it comes first: take what arrives at the sum.
          """,
          gradients(atSum, atHidden, around: { _ in delta })),
        Misconception(
          "The last ReLU is missing: where y is 0, no gradient arrives at the sum.",
          unrectified),
        Misconception(
          """
          The last ReLU looked at what the two layers make, without x. Its output is y, so the gradient \
          passes where the sum with x is larger than 0.
          """, gradients(atBranch, passed(linear(atBranch, transposed(second)), hidden))),
        Misconception(
          "The ReLU between the layers is missing: where `hidden` is 0, the gradient behind it is 0.",
          gradients(atSum, linear(atSum, transposed(second)))),
        Misconception(
          """
          The gradient of the shortcut was multiplied by x. The derivative of x with respect to x is \
          1: the gradient goes along the shortcut as it is.
          """,
          multiplied),
        Misconception(
          """
          You multiplied by the weights without transposing them. Backward, each number goes back to \
          where it came from: rows and columns change places.
          """,
          transposedNothing),
        Misconception(
          "The gradient of W2 was made with the block's input. The second layer's input is `hidden`.",
          gradients(atSum, atHidden, second: x)),
      ]
    })
}

private var foldedShortcut: Exercise {
  /// The filters after something was done to those from each channel to each.
  @Sendable func changed(
    _ filters: Tensor, taps: [(Int, Int)] = [(1, 1)], everyPair: Bool = false,
    _ change: (Float) -> Float
  ) -> Tensor {
    var result = filters
    for from in 0..<filters.shape[2] {
      for to in 0..<filters.shape[3] where everyPair || from == to {
        for (row, column) in taps {
          result[row, column, from, to] = change(result[row, column, from, to])
        }
      }
    }
    return result
  }
  let all = (0..<9).map { ($0 / 3, $0 % 3) }
  return .function(
    4, "foldedShortcut", title: "A shortcut around one layer", .easy, minutes: 10,
    hints: [
      "Which filters pass an image on as it is? The chapter has them, and calls them the centre tap.",
      "A convolution with the sum of two filters gives the sum of their two outputs.",
      "Add 1 to filters[1, 1, channel, channel] for every channel.",
    ],
    labels: ["filters"],
    cases: { (generator: inout RandomGenerator) -> [Tensor] in
      let counting = Tensor([3, 3, 1, 1], (0..<9).map { Float($0) })
      let drawn = [1, 2, 4].map { uniform.tensor([3, 3, $0, $0], using: &generator) }
      return [counting, Tensor([3, 3, 2, 2], repeating: 0)] + drawn
    },
    expected: { (filters: Tensor) -> Tensor in changed(filters) { $0 + 1 } },
    misconceptions: { (filters: Tensor) -> [Misconception<Tensor>] in
      [
        Misconception(
          "You replaced the number in the centre. What it did before is still wanted: add 1 to it.",
          changed(filters) { _ in 1 }),
        Misconception(
          "You added 1 in a corner, which moves the image. The centre of a 3x3 filter is [1, 1].",
          changed(filters, taps: [(0, 0)]) { $0 + 1 }),
        Misconception(
          "You added 1 from every channel to every other. The shortcut takes each channel to itself.",
          changed(filters, everyPair: true) { $0 + 1 }),
        Misconception(
          """
          You added 1 to all nine taps, which adds the sum of the neighbourhood. The shortcut adds the \
          pixel itself.
          """, changed(filters, taps: all) { $0 + 1 }),
        Misconception(
          """
          You added 1 to every number, which adds up the neighbourhood in all channels. The shortcut \
          adds the pixel itself, from each channel to itself.
          """, changed(filters, taps: all, everyPair: true) { $0 + 1 }),
        Misconception(
          "This takes the input away instead of adding it.", changed(filters) { $0 - 1 }),
        Misconception(
          "This multiplies by two what comes from the centre. The shortcut adds x, whatever w is.",
          changed(filters) { 2 * $0 }),
      ]
    })
}

private var varianceGrowth: Exercise {
  .function(
    9, "varianceGrowth", title: "How fast features grow through a stack", .easy, minutes: 10,
    hints: [
      "What is the variance behind one block, if that of its input is 1?",
      "It is 1 + share. The next block gets that, and adds a share of that.",
      "Multiply 1 by 1 + share, once for each block.",
    ],
    labels: ["blocks", "share"],
    cases: { (generator: inout RandomGenerator) -> [(Int, Double)] in
      let drawn = (Int.random(in: 3...30, using: &generator), generator.uniform())
      return [
        (0, 0.5), (1, 0.5), (2, 0.5), (8, 1), (6, 0), (100, 0.01), (16, 1.0 / 256), drawn,
      ]
    },
    expected: { (blocks: Int, share: Double) -> Double in pow(1 + share, Double(blocks)) },
    misconceptions: { (blocks: Int, share: Double) -> [Misconception<Double>] in
      let growth: Double = pow(1 + share, Double(blocks))
      let sum: Double = 1 + share * Double(blocks)
      let residual: Double = pow(share, Double(blocks))
      let (more, less): (Double, Double) = (growth * (1 + share), growth / (1 + share))
      return [
        Misconception(
          """
          Here every block adds the same. Its residual is a share of its own input, which has grown \
          already: variances multiply.
          """, sum),
        Misconception(
          """
          This takes only the residual's share from block to block. The shortcut adds the input's own \
          variance, which is 1 of it.
          """, residual),
        Misconception(
          "This is the growth of the deviation, the root of what is asked for.",
          growth.squareRoot()),
        Misconception(
          """
          The deviations were added here, the roots of the variances. Where two things aren't \
          correlated, their variances add up.
          """, pow(1 + share.squareRoot(), 2 * Double(blocks))),
        Misconception(
          "This counts one block too many: without blocks nothing grows, and the result is 1.",
          more),
        Misconception("This counts one block too few.", less),
      ]
    })
}

/// Runs of chapter 7 with something changed.
private func tried(_ change: String) -> RequiredRuns {
  RequiredRuns(
    command: "swift run chapter7 --try \(change)",
    query: """
      SELECT count(*) FROM runs
      WHERE experiment = 'one-block-\(change)' AND status = 'finished'
        AND json_extract(hyperparameters, '$.steps') = 1000
      """)
}

private var oneLayerWorth: Exercise {
  .experiment(
    5, "oneLayerWorth", title: "What a shortcut around one layer is worth", .easy, minutes: 10,
    hints: [
      "Compare the rows \"residual\" and \"plain, begun at W + I\".",
      "Then compare \"residual\" with \"plain\", for both targets, and with other seeds: --seed 1, --seed 2.",
    ],
    runs: tried("one-layer"), answer: "another start",
    mistakes: [
      (
        "more functions",
        """
        In exercise 4 you found the filters with which a layer without the shortcut computes the same. \
        The two can compute exactly the same functions.
        """
      ),
      (
        "faster learning",
        """
        A plain layer that begins at W + I needs exactly as many steps as the residual one, so it isn't \
        the shortcut that is fast. And for the permutation, other seeds show the plain layer ahead.
        """
      ),
      (
        "a better solution",
        """
        All of them get under 1 %. With one linear layer the loss has one valley, and every start ends \
        in it.
        """
      ),
    ],
    explanation: """
      With seeds 0, 1 and 2 the residual layer needed 75, 76 and 79 steps to the identity, and so did a \
      plain layer begun at W + I: 75, 76, 79. Begun at W it needed 83, 84, 84. For the permutation the \
      residual layer and the one begun at W + I needed 83, 86, 88 steps, the plain one 83, 84, 81. The \
      gradient of W is the same with the shortcut and without, so from the same function both take the \
      same steps: y = Wx + x is a linear layer that begins elsewhere. (Weight decay, which isn't used here, \
      would pull it to the identity instead of to 0.) That fits the paper's remark that it has seen no \
      advantage in a single layer (section 3.2). With a ReLU between two layers it is another matter.
      """)
}

private var nearIdentity: Exercise {
  .experiment(
    6, "nearIdentity", title: "A target near the identity", .medium, minutes: 15,
    hints: [
      "Look at the row with the factor 0.1. The last column says what would be left if the block returned x.",
      "Compare it with what is left of the residual block's error, to the digits that are shown.",
    ],
    runs: tried("near-identity"), answer: "only the identity",
    mistakes: [
      (
        "both parts",
        "Then little would be left. At the factor 0.1 more is left than at 0.01 and at 0.03."
      ),
      (
        "only the permutation",
        "Then most of the target would be left, since x is ten times as large as 0.1 · permutation."
      ),
      (
        "neither part",
        "Then all of the target would be left, 100 %. Compare with what x alone would leave."
      ),
    ],
    explanation: """
      With seeds 0, 1 and 2 the residual block left 9.4 % of x + 0.1 · permutation, which is what x alone \
      leaves: its layers became silent. The plain block left 53.0, 49.1 and 23.9 %. At 0.3 the residual \
      block left 13.5, 14.6 and 13.6 %, less than x alone (24.7 % with seed 0), so there it did learn \
      something of the permutation; the plain one left 43.8, 35.7 and 19.1 %. At 1 the plain block was ahead \
      with two seeds of three (residual 15.5, 22.6, 10.9 %, plain 26.4, 15.8, 7.2 %). So near the identity \
      the shortcut wins because it gives the identity away, and far from it there is nothing left to win.
      """)
}

private var noiseBorne: Exercise {
  .experiment(
    7, "noiseBorne", title: "A plain block that begins near the identity", .easy, minutes: 10,
    hints: [
      "The table has one row for each amount of noise. In which rows does the block get under 1 %?",
      "Return the largest factor in front of He for which the last column counts steps.",
    ],
    runs: tried("noisy-start"), answer: 0.3, tolerance: 1e-6,
    mistakes: [
      (1.0, "Begun at I + 1 · He, the block has a large part of its error left after 1000 steps."),
      (0.2, "It gets there with more noise than that."),
      (0.1, "It gets there with more noise than that."),
      (0.03, "It gets there with more noise than that."),
      (0.01, "It gets there with more noise than that."),
    ],
    explanation: """
      Begun at the identity plus 0.01, 0.03, 0.1, 0.2 and 0.3 times a He initialisation, the plain block was \
      under 1 % after 2, 21, 55, 67 and 123 steps with seed 0, after 2, 21, 51, 63 and 71 with seed 1, and \
      after 2, 20, 50, 64 and 73 with seed 2. At 1 it had 66.4, 34.3 and 43.4 % left. So a plain block can \
      find the identity from nearby; from where layers usually begin it doesn't. The shortcut puts every \
      block nearby.
      """)
}

private var openAddition: Exercise {
  .experiment(
    8, "openAddition", title: "No ReLU behind the addition", .easy, minutes: 10,
    hints: [
      "Predict first: what can a block compute without the last ReLU that it couldn't with it?",
      "Look at the two rows \"without\". Which blocks get under 1 %?",
    ],
    runs: tried("open-addition"), answer: "only the residual one",
    mistakes: [
      ("both", "Look at the plain block without the last ReLU: its error is still far above 1 %."),
      ("only the plain one", "You may have mixed up the rows: look at the column \"block\"."),
      ("neither", "Look at the residual block without the last ReLU: it takes a few steps."),
    ],
    explanation: """
      Without the ReLU the residual block was under 1 % after 3, 2 and 2 steps (seeds 0, 1, 2), with it after \
      6, 6 and 8. The plain block had 36.8, 34.2 and 28.8 % left without it, 52.3, 43.7 and 22.1 % with it: \
      better with two seeds, worse with one, and far from the identity in all. So it isn't the last ReLU \
      that keeps the plain block from the identity. What both keep is the ReLU between the layers.
      """)
}
