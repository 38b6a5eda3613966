import ExerciseKit
import Exercises
import MiniTensor
import Networks

extension Array where Element == Exercise {
  /// The exercises of chapter 10.
  public static var chapter10: [Exercise] {
    [
      silence, logitsWithout, shareOfPaths, afterManyDeletions, filterNormalised,
      verdictsWithMoreSeeds,
    ]
  }
}

private let silence = Exercise.function(
  1, "silence", title: "Make a block pass on its input", .easy, minutes: 10,
  hints: [
    "Which layer has the last word before the shortcut is added?",
    "In inference mode `bn2` computes γ · (x − mean) / √(variance + ε) + β. Which two values make that 0 for every x?",
    "`block.bn2.scale.value = Tensor(block.bn2.scale.shape)` makes γ zero. Do the same with the shift, β.",
  ],
  adapter: """
    Answer { (input: Tensor, seed: Int) in try output(of: input, seed: seed, after: silence) }
    """,
  labels: ["input", "seed"],
  cases: { generator in
    let drawn = [([2, 2, 2, 3], 2), ([1, 3, 3, 4], 3)].map { shape, seed in
      (relu(Initialization.uniform(bound: 1).tensor(shape, using: &generator)), seed)
    }
    return [(Tensor([1, 1, 1, 1], [1]), 1), (Tensor([1, 1, 2, 2], [1, 0, 2, 3]), 2)] + drawn
  },
  expected: { (input: Tensor, seed: Int) -> Tensor in input },
  misconceptions: { input, seed in
    func after(_ zeroed: @escaping (BasicBlock) -> [Parameter]) throws -> Tensor {
      try output(of: input, seed: seed) { block in
        for parameter in zeroed(block) { parameter.value = Tensor(parameter.shape) }
      }
    }
    return [
      Misconception(
        "The scale γ alone isn't enough: the shift β of `bn2` is added to the input of every pixel.",
        try after { [$0.bn2.scale] }),
      Misconception(
        "The shift β alone isn't enough: γ still multiplies what the convolutions make.",
        try after { [$0.bn2.shift] }),
      Misconception(
        "Zeros come into `bn2`, and it makes something of them: its mean isn't 0, and it adds its shift. The last normalisation has the last word.",
        try after { [$0.conv2.weight] }),
      Misconception(
        "With β = 0 and zeros from `conv2` the running mean is left: `bn2` takes it away and multiplies by γ. What makes that 0?",
        try after { [$0.conv2.weight, $0.bn2.shift] }),
      Misconception(
        "γ = 1 and β = 0 is how a normalisation begins: it passes on what it normalised. Nothing comes out of it with γ = 0.",
        try output(of: input, seed: seed) { block in
          block.bn2.scale.value = Tensor(block.bn2.scale.shape, repeating: 1)
          block.bn2.shift.value = Tensor(block.bn2.shift.shape)
        }),
      Misconception(
        "With β = 1 every pixel gets 1 more than came in. The shift has to be 0, too.",
        try output(of: input, seed: seed) { block in
          block.bn2.scale.value = Tensor(block.bn2.scale.shape)
          block.bn2.shift.value = Tensor(block.bn2.shift.shape, repeating: 1)
        }),
      Misconception(
        "Zeros from `conv1` come to nothing: three layers follow, and the normalisations make something of them. Look at the last one.",
        try after { [$0.conv1.weight] }),
      Misconception(
        "`bn1` doesn't have the last word: its shift goes through `conv2` and `bn2`, and comes out as something.",
        try after { [$0.bn1.scale] }),
      Misconception("The block is as it was.", try after { _ in [] }),
    ]
  })

private let logitsWithout = Exercise.function(
  2, "logitsWithout", title: "A network without some of its blocks", .medium, minutes: 20,
  hints: [
    "Walk through the network: `conv1` with `bn1` and ReLU, every block, `globalAveragePool`, `linear`.",
    "`network.stages.joined().enumerated()` counts the blocks through all stages. Ask for each whether it is left out, rather than taking blocks out of an array, where the others would move up.",
    "A block is left out if `positions.contains(index)` and `block.conv1.weight.shape` has as many channels in as out, `shape[2] == shape[3]`. The first lines are those of the chapter's `error(of:blocks:on:)`.",
  ],
  adapter: """
    Answer { (positions: [Int], blocks: Int, seed: Int, images: Tensor) in \
    try logitsWithout( \
    positions, of: madeUpNetwork(blocksPerStage: blocks, seed: seed), on: images \
    ).detached \
    }
    """,
  labels: ["positions", "blocksPerStage", "seed", "images"],
  cases: { generator in
    let fixed = [([0], 1), ([], 1), ([3], 2), ([0, 1], 2), ([1, 2], 2), ([0, 3, 5], 2)]
    let drawn = (0..<3).map { _ in
      (Array((0..<9).shuffled(using: &generator).prefix(4)), 3)
    }
    return (fixed + drawn).enumerated().map { index, point in
      // Two images, so that the last stage has more than one pixel to normalise in training mode.
      let images = Initialization.uniform(bound: 1).tensor([2, 4, 4, 1], using: &generator)
      return (point.0, point.1, index + 1, images)
    }
  },
  expected: { (positions: [Int], blocks: Int, seed: Int, images: Tensor) -> Tensor in
    try logits(without: positions, blocks, seed, images)
  },
  misconceptions: { positions, blocks, seed, images in
    func without(_ left: [Int], _ fault: WalkFault? = nil) throws -> Tensor {
      try logits(without: left, blocks, seed, images, fault)
    }
    var moved = Array(0..<3 * blocks)
    for position in positions where moved.indices.contains(position) {
      if !isTransition(moved[position], blocks) { moved.remove(at: position) }
    }
    return [
      Misconception(
        "The blocks were taken out one after the other. When one is gone, those behind it move up, and the next position means another block.",
        try without((0..<3 * blocks).filter { !moved.contains($0) })),
      Misconception("No block was left out.", try without([])),
      Misconception(
        "Positions are counted through all stages, not anew in each.",
        try without((0..<3 * blocks).filter { positions.contains($0 % blocks) })),
      Misconception(
        "Positions are counted from 0.", try without(positions.map { $0 - 1 })),
      Misconception(
        "Only the blocks that should be left out were kept.",
        try without((0..<3 * blocks).filter { !positions.contains($0) })),
      Misconception(
        "The first block of the first stage keeps the channels, and can be left out. Only those of the second and third stage stay.",
        try without(positions.filter { $0 > 0 })),
      Misconception(
        "Only the first of the positions was left out. All of them are.",
        try without(Array(positions.prefix(1)))),
      Misconception(
        "Of a block that is left out the shortcut is left: what comes in goes on. Here F goes on, without the shortcut.",
        try without(positions, .noShortcut)),
      Misconception(
        "The ReLU behind the first normalisation is missing: `relu: true`.",
        try without(positions, .noReLU)),
      Misconception(
        "The first convolution has a normalisation behind it, `bn1`, which is missing.",
        try without(positions, .noNorm)),
      Misconception(
        "That is what the blocks compute in training mode, with the statistics of these images. Asked for is the inference mode.",
        try without(positions, .training)),
    ]
  })

/// Whether the block at a position doubles the channels and halves the image.
private func isTransition(_ position: Int, _ blocksPerStage: Int) -> Bool {
  position == blocksPerStage || position == 2 * blocksPerStage
}

private enum WalkFault { case noShortcut, noReLU, noNorm, training }

private func logits(
  without positions: [Int], _ blocksPerStage: Int, _ seed: Int, _ images: Tensor,
  _ fault: WalkFault? = nil
) throws -> Tensor {
  let network = try madeUpNetwork(blocksPerStage: blocksPerStage, seed: seed)
  let mode: Mode = fault == .training ? .training : .inference
  var features =
    fault == .noNorm
    ? relu(network.conv1(images, mode))
    : network.conv1(images, then: network.bn1, mode, relu: fault != .noReLU)
  for (index, block) in network.stages.joined().enumerated() {
    guard positions.contains(index), !isTransition(index, blocksPerStage) else {
      features = block(features, mode)
      continue
    }
    guard fault == .noShortcut else { continue }
    let hidden = block.bn1(block.conv1(features, mode), mode, relu: true)
    features = relu(block.bn2(block.conv2(hidden, mode), mode))
  }
  return network.linear(globalAveragePool(features), mode).detached
}

private let shareOfPaths = Exercise.function(
  3, "shareOfPaths", title: "How long a residual network's paths are", .easy, minutes: 15,
  hints: [
    "At each block a path has two ways. How many paths are there in all, and how many of them take the way through exactly `length` blocks?",
    "n choose k is the product of (n − i) / (i + 1) for i from 0 to k − 1. Work with Double: 30! is no Int.",
    "Begin with 0.5 to the power of `blocks` and multiply it by Double(blocks − i) / Double(i + 1) for each i in 0 ..< length.",
  ],
  labels: ["blocks", "length"],
  cases: { generator in
    [(1, 0), (1, 1), (2, 1), (3, 1), (3, 3), (6, 2), (30, 15), (30, 28)]
      + (0..<4).map { _ in
        let blocks = Int.random(in: 4...30, using: &generator)
        return (blocks, Int.random(in: 0...blocks, using: &generator))
      }
  },
  expected: { (blocks: Int, length: Int) -> Double in
    // Pascal's triangle, halved in each row.
    var shares = [1.0]
    for _ in 0..<blocks {
      shares = zip([0] + shares, shares + [0]).map { ($0 + $1) / 2 }
    }
    return shares[length]
  },
  misconceptions: { blocks, length in
    let choices = (0..<length).reduce(1.0) { $0 * Double(blocks - $1) / Double($1 + 1) }
    let paths = (0..<blocks).reduce(1.0) { product, _ in 2 * product }
    let orders = (0..<length).reduce(1.0) { $0 * Double(blocks - $1) }
    return [
      Misconception(
        "The lengths 0 … \(blocks) aren't equally frequent: there are many ways to choose some of the blocks, and only one to choose none or all.",
        1 / Double(blocks + 1)),
      Misconception(
        "That is how many paths there are. Asked for is their share of all 2^\(blocks) paths.",
        choices),
      Misconception(
        "That is the share of one path. \(blocks) choose \(length) paths have this length.",
        1 / paths),
      Misconception(
        "The order counts here, and shouldn't: a path is a set of blocks. Divide by length!.",
        orders / paths),
      Misconception(
        "A path without any block is a path too: there are 2^\(blocks) in all, not one less.",
        choices / (paths - 1)),
      Misconception(
        "That is the share of the paths of length \(length) or less. Asked for is exactly \(length).",
        (0...length).reduce(0.0) { sum, shorter in
          sum + (0..<shorter).reduce(1.0) { $0 * Double(blocks - $1) / Double($1 + 1) }
        } / paths),
      Misconception(
        "Halved once for each block on the path. At those that it goes around it had a choice, too: \(blocks) in all.",
        choices / (0..<length).reduce(1.0) { product, _ in 2 * product }),
      Misconception(
        "Each block doubles the number of paths, so there are 2^\(blocks), not \(blocks)².",
        choices / Double(blocks * blocks)),
      Misconception(
        "A division of whole numbers rounds down, and a share is less than 1. Divide as Double.",
        (choices / paths).rounded(.down)),
      Misconception(
        "Each quotient was rounded down to a whole number. Make Double of both numbers before you divide.",
        (0..<length).reduce(1.0) { $0 * Double((blocks - $1) / ($1 + 1)) } / paths),
    ]
  })

private let afterManyDeletions = Exercise.experiment(
  4, "afterManyDeletions", title: "More and more blocks deleted", .easy, minutes: 15,
  hints: [
    "The table has one row for each number of deleted blocks. Subtract each row's mean from that of the row below it.",
    "By how many points does each further block raise the mean error, at the beginning, in the middle and at the end?",
  ],
  runs: RequiredRuns(
    command: "swift run chapter10 --deletions",
    query: """
      SELECT count(DISTINCT seed) >= 3 FROM runs
      WHERE experiment = 'deletions' AND depth = 56 AND status = 'finished'
        AND json_extract(hyperparameters, '$.epochs') = 20
      """),
  answer: "gradually",
  mistakes: [
    (
      "suddenly",
      "Look at the steps between the rows: no row is 30 points above the one before it, up to guessing."
    ),
    (
      "not at all",
      "With 21 of its 27 blocks deleted the network is close to guessing, which is wrong in 90 % of the cases."
    ),
    (
      "to guessing at once",
      "That is plain-20, in the chapter. ResNet-56 mostly survives the loss of one block."
    ),
  ],
  explanation: """
    Mean test errors of ResNet-56 over the seeds 0 to 4 and 20 draws each: 6 % with 1 block deleted, \
    6 (2), 15 (3), 26 (5), 50 (8), 61 (10), 74 (13), 83 (17), 86 (21) and 89 (25, which is guessing). The error grows \
    by 7 points per block on average between 2 and 10, and flattens out near 90 %. Veit et al. found the same gradual \
    growth with ResNet-110 on CIFAR-10. These are means: a single draw can jump. And networks differ: with 8 and 10 \
    blocks deleted by 13 and 15 points from seed to seed.
    """)

private let filterNormalised = Exercise.function(
  5, "filterNormalised", title: "A direction with the filters' norms", .medium,
  minutes: 20,
  hints: [
    "The output channel is the last axis: filter f has the elements f, f + count, f + 2 · count … of `scalars`, where count is the number of filters.",
    "A filter of the direction is multiplied by (norm of the network's filter) / (norm of the drawn one).",
    "Go through `stride(from: filter, to: values.count, by: filters)` twice: once to add up the squares of both, once to multiply by √(wanted / drawn). Return zeros for fewer than two axes, and where `drawn` is 0.",
  ],
  labels: ["drawn", "weights"],
  cases: { generator in
    let drawn = [[3, 3, 2, 4], [5, 3], [1, 1, 3, 2]].map { shape in
      func draw() -> Tensor { Initialization.uniform(bound: 2).tensor(shape, using: &generator) }
      return (draw(), draw())
    }
    return [
      (Tensor([2, 1], [3, 4]), Tensor([2, 1], [0, 10])),
      (Tensor([1, 1, 1, 2], [1, 2]), Tensor([1, 1, 1, 2], [3, -4])),
      (Tensor([2, 2], [1, 0, 0, 1]), Tensor([2, 2], [3, 1, 4, 1])),
      (Tensor([2], [1, 2]), Tensor([2], [3, 4])),
      (Tensor([1, 1, 1, 2], [0, 2]), Tensor([1, 1, 1, 2], [3, 4])),
    ] + drawn
  },
  expected: { (drawn: Tensor, weights: Tensor) -> Tensor in
    guard drawn.shape.count > 1 else { return Tensor(drawn.shape) }
    return scaled(drawn, like: weights) { $0 % drawn.shape.last! }
  },
  misconceptions: { drawn, weights in
    let isVector = drawn.shape.count == 1
    let filters = drawn.shape.last!
    func right(_ direction: Tensor) -> Tensor { isVector ? Tensor(drawn.shape) : direction }
    let factors = scaled(drawn, like: weights) { $0 % filters }
    return [
      Misconception(
        "Scales, shifts and biases stay: a tensor with one axis has a direction of zeros.",
        scaled(drawn, like: weights) { isVector ? 0 : $0 % filters }),
      Misconception(
        "A tensor with one axis stays: its direction is all zeros.",
        isVector ? drawn : factors),
      Misconception(
        "The whole tensor got one factor. Each of its \(filters) filters has a norm of its own.",
        right(scaled(drawn, like: weights) { _ in 0 })),
      Misconception(
        "That goes by runs of neighbouring elements. Filter f has the elements f, f + \(filters), f + 2 · \(filters) …: the output channel is the last axis.",
        right(scaled(drawn, like: weights) { $0 / (drawn.count / filters) })),
      Misconception(
        "The root is missing: sums of squares were divided, which is the square of the ratio of the norms.",
        right(scaled(drawn, like: weights, by: { $1 / $0 }) { $0 % filters })),
      Misconception(
        "Every filter has length 1. It should have the length of the network's filter.",
        right(scaled(drawn, like: nil) { $0 % filters })),
      Misconception(
        "A filter that was drawn as zeros became 0 / 0. It has no direction, and stays zero.",
        right(scaled(drawn, like: weights, guarded: false) { $0 % filters })),
      Misconception(
        "A tensor with one axis has no filters: it gets zeros, whatever its numbers are.",
        scaled(drawn, like: weights) { $0 % filters }),
      Misconception(
        "The ratio is upside down: the norm that is wanted, by the norm that was drawn.",
        right(scaled(drawn, like: weights, by: { ($0 / $1).squareRoot() }) { $0 % filters })),
      Misconception(
        "The drawn filter has a norm of its own. Divide by it before you multiply by the one that is wanted.",
        right(scaled(drawn, like: weights, by: { $1.squareRoot() }) { $0 % filters })),
      Misconception(
        "The weights were scaled to the norms of the drawn tensor. It is the other way round: the direction is the drawn one.",
        right(scaled(weights, like: drawn) { $0 % filters })),
      Misconception(
        "That goes by the sum of the absolute values. The norm is the root of the sum of squares.",
        right(scaled(drawn, like: weights, power: 1, by: { $1 / $0 }) { $0 % filters })),
    ]
  })

/// A direction whose groups of elements have the norms that they have in other weights, or 1.
///
/// - Parameters:
///   - direction: the direction.
///   - weights: the other weights; nil for norms of 1.
///   - guarded: whether a group of zeros stays.
///   - power: of which the elements are added up.
///   - factor: what a group is multiplied by, from its own sum and the wanted one.
///   - group: the group of an element.
private func scaled(
  _ direction: Tensor, like weights: Tensor?, guarded: Bool = true, power: Int = 2,
  by factor: (_ own: Float, _ wanted: Float) -> Float = { ($1 / $0).squareRoot() },
  _ group: (Int) -> Int
) -> Tensor {
  let drawn = direction.scalars
  var (own, wanted) = ([Int: Float](), [Int: Float]())
  func term(_ value: Float) -> Float { power == 1 ? abs(value) : value * value }
  for index in drawn.indices { own[group(index), default: 0] += term(drawn[index]) }
  for (index, weight) in (weights?.scalars ?? []).enumerated() {
    wanted[group(index), default: 0] += term(weight)
  }
  return Tensor(
    direction.shape,
    drawn.enumerated().map { index, value in
      let norm = own[group(index)]!
      if guarded, norm == 0 { return 0 }
      return value * factor(norm, weights == nil ? 1 : wanted[group(index)]!)
    })
}

private let verdictsWithMoreSeeds = Exercise.experiment(
  6, "verdictsWithMoreSeeds", title: "What two more seeds do to the verdicts", .medium, minutes: 30,
  hints: [
    "Three of the five seeds are the same in both runs.",
    "Read again how a verdict is found: each says something about all seeds. Which of the four can become which, if the effects of two more seeds are added?",
  ],
  runs: RequiredRuns(
    command: "swift run chapter10",
    query: """
      SELECT count(DISTINCT network || ' ' || seed) >= 25 FROM runs
      WHERE experiment = 'degradation' AND dataset = 'digits' AND status = 'finished' AND width = 8
        AND depth IN (20, 56) AND shortcut IN ('none', 'A') AND seed BETWEEN 0 AND 4
        AND json_extract(hyperparameters, '$.epochs') = 20
      """),
  answer: "only weaker",
  mistakes: [
    (
      "only stronger",
      "More seeds make a verdict worth more, not stronger: it has to hold for all of them, so every seed is a chance to lose it."
    ),
    (
      "either",
      "Show one that became stronger. The old seeds are still among the new ones: what failed for one of them still fails."
    ),
    (
      "none changes",
      "By the rule one can change: it takes only a seed whose effect is on the other side."
    ),
  ],
  explanation: """
    Where this was written, all twelve verdicts were the same with the seeds 0 to 2 as with 0 to 4; three of them \
    can't be decided with either. On another day one may change, and then it becomes weaker: a verdict says something \
    about all seeds, so a new one can only take something from it. What more seeds do is make a verdict that stays \
    worth more. That's why the number of seeds has to be chosen before one looks.
    """)
