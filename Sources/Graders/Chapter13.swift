import ExerciseKit
import Exercises
import Foundation
import MiniTensor
import Networks

extension Array where Element == Exercise {
  /// The exercises of chapter 13.
  public static var chapter13: [Exercise] {
    [
      probeGradient, precision, nearestMean, varianceShare, forwardFrozen, frozenStageOne,
      longerFineTuning,
    ]
  }
}

private let probeGradient = Exercise.function(
  1, "probeGradient", title: "The gradient of a linear probe", .hard, minutes: 30,
  hints: [
    "Chapter 3 has the gradient of softmax cross-entropy: for each row the probabilities, less 1 at the label, divided by the number of rows.",
    "Let that be `delta`, `[rows, classes]`. The weight from feature f to class c got delta's entry c of each row times feature f of that row; the bias got delta's entry c of each row.",
    "The weights' gradient is featuresᵀ · delta + decay · weights, the bias's the sum of delta's rows + decay · bias. Take the largest logit of a row away before exp.",
  ],
  labels: ["features", "labels", "weights", "bias", "decay"],
  cases: { generator in
    let drawn = [(3, 4, 3), (5, 2, 4), (4, 6, 2)].map { rows, width, classes in
      func draw(_ shape: [Int], _ bound: Float) -> Tensor {
        Initialization.uniform(bound: bound).tensor(shape, using: &generator)
      }
      return (
        draw([rows, width], 2),
        (0..<rows).map { _ in Int.random(in: 0..<classes, using: &generator) },
        draw([width, classes], 1), draw([classes], 1), 0.01 as Float
      )
    }
    return [
      (Tensor([1, 1], [2]), [0], Tensor([1, 2], [0, 0]), Tensor([2], [0, 0]), 0),
      (Tensor([2, 1], [2, 4]), [0, 1], Tensor([1, 2], [0, 0]), Tensor([2], [0, 0]), 0),
      (Tensor([1, 1], [2]), [1], Tensor([1, 2], [1, -1]), Tensor([2], [0, 0]), 0.5),
      (Tensor([1, 1], [2]), [1], Tensor([1, 2], [0, 0]), Tensor([2], [1, -1]), 0.5),
      (Tensor([1, 1], [200]), [1], Tensor([1, 2], [1, -1]), Tensor([2], [0, 0]), 0),
    ] + drawn
  },
  expected: {
    (features: Tensor, labels: [Int], weights: Tensor, bias: Tensor, decay: Float) -> [Tensor] in
    let (w, b) = (Parameter(weights), Parameter(bias))
    softmaxCrossEntropy(linear(features, w.tracked, b.tracked), labels: labels).backward()
    return [w.gradient! + decay * weights, b.gradient! + decay * bias]
  },
  misconceptions: { features, labels, weights, bias, decay in
    let (w, b) = (Parameter(weights), Parameter(bias))
    softmaxCrossEntropy(linear(features, w.tracked, b.tracked), labels: labels).backward()
    let (ofWeights, ofBias) = (w.gradient!, b.gradient!)
    let (weightDecay, biasDecay) = (decay * weights, decay * bias)
    let rows = Float(labels.count)
    let classes = bias.count
    let logits = linear(features, weights, bias).scalars
    /// Gradients of the parameters from those of the logits, times the number of rows.
    func gradients(_ delta: (_ scores: ArraySlice<Float>, _ label: Int) -> [Float]) -> [Tensor] {
      let deltas = labels.indices.flatMap { row in
        delta(logits[row * classes..<(row + 1) * classes], labels[row]).map { $0 / rows }
      }
      let (w, b) = (Parameter(weights), Parameter(bias))
      linear(features, w.tracked, b.tracked).backward(Tensor([labels.count, classes], deltas))
      return [w.gradient! + weightDecay, b.gradient! + biasDecay]
    }
    let allPowers = labels.indices.reduce(Float(0)) { sum, row in
      let scores = logits[row * classes..<(row + 1) * classes]
      return sum + scores.reduce(0) { $0 + Foundation.exp($1 - scores.max()!) }
    }
    func softmax(_ scores: [Float]) -> [Float] {
      let powers = scores.map { Foundation.exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    return [
      Misconception(
        "The gradients are sums over the rows. The loss is their mean: divide by \(labels.count).",
        [rows * ofWeights + weightDecay, rows * ofBias + biasDecay]),
      Misconception(
        "The penalty is missing: it adds decay times the parameter.", [ofWeights, ofBias]),
      Misconception(
        "The bias is decayed too, as the optimiser does with every parameter.",
        [ofWeights + weightDecay, ofBias]),
      Misconception(
        "The sign is wrong: it is the probability less 1 at the label, not 1 less the probability.",
        [-1 * ofWeights + weightDecay, -1 * ofBias + biasDecay]),
      Misconception(
        "The label doesn't count: at the label 1 is taken from the probability.",
        gradients { scores, _ in softmax(scores.map { $0 - scores.max()! }) }),
      Misconception(
        "e to a power of hundreds is infinity, and a ratio of infinities isn't a number. Take the largest logit of a row away first: the probabilities stay the same.",
        gradients { scores, label in
          zip(0..., softmax(Array(scores))).map { $1 - ($0 == label ? 1 : 0) }
        }),
      Misconception(
        "The penalty was taken away. It is part of the loss, so its gradient is added.",
        [ofWeights - weightDecay, ofBias - biasDecay]),
      Misconception(
        "The penalty counts twice: the derivative of λ/2 · w² is λ · w.",
        [ofWeights + 2 * weightDecay, ofBias + 2 * biasDecay]),
      Misconception(
        "The penalty counts half: the derivative of λ/2 · w² is λ · w.",
        [ofWeights + 0.5 * weightDecay, ofBias + 0.5 * biasDecay]),
      Misconception(
        "The penalty was divided by the number of rows. Only the cross-entropy is a mean over them.",
        [ofWeights + 1 / rows * weightDecay, ofBias + 1 / rows * biasDecay]),
      Misconception(
        "The logits are features · weights, without the bias. It belongs to them.",
        gradients { scores, label in
          let own = zip(scores, bias.scalars).map { $0 - $1 }
          return zip(0..., softmax(own.map { $0 - own.max()! })).map { $1 - ($0 == label ? 1 : 0) }
        }),
      Misconception(
        "The powers were divided by the sum over all rows. Each row's probabilities have a sum of 1.",
        gradients { scores, label in
          let powers = scores.map { Foundation.exp($0 - scores.max()!) }
          return zip(0..., powers).map { $1 / allPowers - ($0 == label ? 1 : 0) }
        }),
      Misconception(
        "The weights' gradient is `[classes, width]`. It has the shape of the weights, `[width, classes]`.",
        [
          Tensor(
            [classes, weights.shape[0]],
            (0..<classes).flatMap { label in
              (0..<weights.shape[0]).map { (ofWeights + weightDecay)[$0, label] }
            }), ofBias + biasDecay,
        ]),
    ]
  })

private let precision = Exercise.function(
  2, "precision", title: "How good a search by features is", .easy, minutes: 10,
  hints: [
    "Look at the first `count` neighbours of each query only: `prefix(count)`.",
    "A neighbour is a number of a row. `labels[row]` is its class, to be compared with its own query's.",
    "`zip(neighbours, asked)` gives a query's rows with its class. Divide the hits by count · (number of queries).",
  ],
  labels: ["neighbours", "first", "labels", "asked"],
  cases: { generator in
    let drawn = [(3, 4), (5, 6)].map { queries, found in
      let labels = (0..<10).map { _ in Int.random(in: 0..<3, using: &generator) }
      return (
        (0..<queries).map { _ in
          Array((0..<10).shuffled(using: &generator).prefix(found))
        }, found - 2, labels, (0..<queries).map { _ in Int.random(in: 0..<3, using: &generator) }
      )
    }
    return [
      ([[0]], 1, [1], [1]), ([[1, 0]], 1, [0, 1], [1]), ([[2, 1]], 2, [0, 1, 1], [1]),
      ([[0, 2, 1], [2, 3, 0], [1, 0, 4]], 2, [0, 0, 1, 1, 2], [0, 1, 2]),
      ([[0, 1], [1, 0]], 2, [3, 1], [1, 1]), ([[0, 1], [0, 1]], 2, [3, 1], [1, 1]),
    ] + drawn
  },
  expected: { (neighbours: [[Int]], count: Int, labels: [Int], asked: [Int]) -> Double in
    hits(neighbours, labels, asked) { $0.prefix(count) } / Double(count * asked.count)
  },
  misconceptions: { neighbours, count, labels, asked in
    let right = hits(neighbours, labels, asked) { $0.prefix(count) }
    let all = hits(neighbours, labels, asked) { $0[...] }
    let whole = Double(neighbours.joined().count)
    let looked = Double(count * asked.count)
    let voted = zip(neighbours, asked).count { rows, label in
      rows.prefix(count).contains { labels[$0] == label }
    }
    return [
      Misconception(
        "All neighbours were looked at, and only the first \(count) of each query count.",
        all / whole),
      Misconception(
        "That is a number of hits. Asked for is their share of the neighbours looked at.", right),
      Misconception(
        "The hits were divided by the number of queries only: \(count) neighbours are looked at for each.",
        right / Double(asked.count)),
      Misconception(
        "The hits among the first \(count) were divided by the number of all neighbours.",
        right / whole),
      Misconception(
        "That is the share of the queries with at least one hit. Every neighbour counts by itself.",
        Double(voted) / Double(asked.count)),
      Misconception(
        "The number of a row was taken for its class: look up `labels[row]`.",
        hits(neighbours, Array(0..<labels.count), asked) { $0.prefix(count) }
          / Double(count * asked.count)),
      Misconception(
        "The hits were divided by \(count) only. So many neighbours are looked at for each of \(asked.count) queries.",
        right / Double(count)),
      Misconception(
        "Only the nearest neighbour was looked at. The first \(count) count.",
        hits(neighbours, labels, asked) { $0.prefix(1) } / Double(asked.count)),
      Misconception(
        "The last \(count) neighbours were looked at. The nearest come first.",
        hits(neighbours, labels, asked) { $0.suffix(count) } / looked),
      Misconception(
        "The label of the row with the query's number was taken for the query's class. That is in `asked`.",
        hits(neighbours, labels, asked.indices.map { labels[$0 % labels.count] }) {
          $0.prefix(count)
        } / looked),
      Misconception(
        "That is the share of the neighbours of another class.", 1 - right / looked),
      Misconception(
        "That is the share of the queries most of whose neighbours have the right class. Every neighbour counts by itself.",
        Double(
          zip(neighbours, asked).count { rows, label in
            2 * rows.prefix(count).count { labels[$0] == label } > count
          }) / Double(asked.count)),
      Misconception(
        "A division of whole numbers rounds down, and a share is 1 at most. Divide as Double.",
        (right / looked).rounded(.down)),
    ]
  })

/// How many of some neighbours have their query's class.
private func hits(
  _ neighbours: [[Int]], _ labels: [Int], _ asked: [Int], _ some: ([Int]) -> ArraySlice<Int>
) -> Double {
  Double(
    zip(neighbours, asked).reduce(0) { sum, query in
      sum + some(query.0).count { labels[$0] == query.1 }
    })
}

private let nearestMean = Exercise.function(
  3, "nearestMean", title: "Classify by the nearest class mean", .easy, minutes: 15,
  hints: [
    "First the mean of each class: add up its rows and divide by how many it has.",
    "The squared distance is the sum of the squared differences. The class with the smallest one wins.",
    "`means.indices.min { distance(means[$0], query) < distance(means[$1], query) }!` is the first of the nearest.",
  ],
  labels: ["query", "rows", "labels", "classes"],
  cases: { generator in
    let rows: [[Double]] = [[0, 0], [4, 0], [1, 3], [1, 5], [1, 4], [9, 9]]
    let labels = [0, 0, 1, 1, 1, 2]
    let drawn = (0..<12).map { _ in
      (
        (0..<3).map { _ in generator.uniform() },
        (0..<9).map { _ in (0..<3).map { _ in generator.uniform() } },
        (0..<9).map { $0 < 3 ? $0 : Int.random(in: 0..<3, using: &generator) }, 3
      )
    }
    return [
      ([1], [[0], [3]], [0, 1], 2), ([2], [[0], [3]], [0, 1], 2),
      ([1], [[2], [0]], [0, 1], 2), ([4.5], [[0], [6], [5]], [0, 0, 1], 2),
      ([5.8], [[0], [6], [5]], [0, 0, 1], 2), ([0, 0], [[3, 3], [0, 5]], [0, 1], 2),
      ([2, 1], rows, labels, 3), ([1, 2.5], rows, labels, 3), ([1.2, 1.8], rows, labels, 3),
      ([7, 7], rows, labels, 3), ([4, 2.5], rows, labels, 3),
    ] + drawn
  },
  expected: { (query: [Double], rows: [[Double]], labels: [Int], classes: Int) -> Int in
    nearest(query, means(rows, labels, classes))
  },
  misconceptions: { query, rows, labels, classes in
    let centres = means(rows, labels, classes)
    func sums() -> [[Double]] {
      centres.enumerated().map { label, mean in
        mean.map { $0 * Double(labels.count { $0 == label }) }
      }
    }
    func meanDistance(_ label: Int) -> Double {
      let own = zip(rows, labels).filter { $0.1 == label }.map { squared($0.0, query) }
      return own.reduce(0, +) / Double(own.count)
    }
    func apart(_ mean: [Double]) -> Double { abs(zip(mean, query).reduce(0) { $0 + $1.0 - $1.1 }) }
    return [
      Misconception(
        "That is the class of the nearest row. Asked for is the class whose mean is nearest.",
        labels[nearest(query, rows)]),
      Misconception(
        "The rows of a class were added up and not divided by how many there are.",
        nearest(query, sums())),
      Misconception(
        "Every class's sum was divided by the number of all rows. Divide by how many the class has.",
        nearest(query, sums().map { $0.map { $0 / Double(rows.count) } })),
      Misconception(
        "Where two means are equally near, the class with the smaller number is asked for.",
        centres.indices.reversed().min {
          squared(centres[$0], query) < squared(centres[$1], query)
        }!),
      Misconception(
        "That goes by the sum of the absolute differences, and asked for is the squared distance.",
        centres.indices.min { absolute(centres[$0], query) < absolute(centres[$1], query) }!),
      Misconception(
        "That class is the farthest one.",
        centres.indices.max { squared(centres[$0], query) < squared(centres[$1], query) }!),
      Misconception(
        "That goes by the mean of the distances to the rows of a class. Asked for is the distance to the mean of the rows.",
        centres.indices.min { meanDistance($0) < meanDistance($1) }!),
      Misconception(
        "Every class's sum was divided by the number of classes. Divide by how many rows the class has.",
        nearest(query, sums().map { $0.map { $0 / Double(classes) } })),
      Misconception(
        "That goes by the largest product of mean and query, not by the least distance.",
        centres.indices.max { product(centres[$0], query) < product(centres[$1], query) }!),
      Misconception(
        "The differences were added up before they were squared, and cancel each other. Square each one.",
        centres.indices.min { apart(centres[$0]) < apart(centres[$1]) }!),
    ]
  })

private func squared(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
}

private func product(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func absolute(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) }
}

/// The first of the points that are nearest to a query.
private func nearest(_ query: [Double], _ points: [[Double]]) -> Int {
  points.indices.min { squared(points[$0], query) < squared(points[$1], query) }!
}

private func means(_ rows: [[Double]], _ labels: [Int], _ classes: Int) -> [[Double]] {
  (0..<classes).map { label in
    let own = zip(rows, labels).filter { $0.1 == label }.map(\.0)
    return rows[0].indices.map { axis in own.reduce(0) { $0 + $1[axis] } / Double(own.count) }
  }
}

private let varianceShare = Exercise.function(
  4, "varianceShare", title: "The variance along a direction", .medium,
  minutes: 20,
  hints: [
    "Take the mean of the rows away first.",
    "A row lies (row · direction) / |direction| along the direction. Variances are means of squares, and their number of rows cancels.",
    "Let a be the sum of the squares of (row · direction) over the centred rows and s the sum of the squares of all their elements: the share is a / (direction · direction) / s.",
  ],
  labels: ["direction", "rows"],
  cases: { generator in
    let drawn = [(2, 4), (3, 5), (4, 9)].map { width, count in
      func draw() -> [Double] { (0..<width).map { _ in 2 * generator.uniform() - 0.5 } }
      return (draw(), (0..<count).map { _ in draw() })
    }
    return [
      ([1, 0], [[1, 0], [-1, 0]]), ([1, 0], [[1, 2], [-1, -2]]), ([2, 0], [[1, 2], [-1, -2]]),
      ([1, 1], [[1, 2], [-1, -2]]), ([1, 0], [[4, 1], [2, -3]]),
      ([3, 1], [[101, 3], [99, 3], [104, 4], [96, 2]]),
    ] + drawn
  },
  expected: { (direction: [Double], rows: [[Double]]) -> Double in
    share(direction, centred(rows))
  },
  misconceptions: { direction, rows in
    let length = direction.reduce(0) { $0 + $1 * $1 }
    let right = share(direction, centred(rows))
    let alongAxes = direction.indices.map { axis in
      centred(rows).reduce(0) { $0 + $1[axis] * $1[axis] }
    }
    let largest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) }!
    func squareSum(_ rows: [[Double]]) -> Double { rows.joined().reduce(0) { $0 + $1 * $1 } }
    return [
      Misconception(
        "The mean is still in it. A variance is measured from the mean: take it away from every row.",
        share(direction, rows)),
      Misconception(
        "The length of the direction matters, and shouldn't: divide by its square, \(length.shown).",
        right * length),
      Misconception(
        "It was divided by the direction's length, and should be by its square: the projections are squared, too.",
        right * length.squareRoot()),
      Misconception(
        "That is the share of a deviation, the root of the one of a variance.", right.squareRoot()),
      Misconception(
        "That is the variance along the direction, and asked for is its share of the sum over all axes.",
        right * centred(rows).joined().reduce(0) { $0 + $1 * $1 } / Double(rows.count)),
      Misconception(
        "That is the share of the axis along which the direction is longest. The direction may point anywhere between the axes.",
        alongAxes[largest] / alongAxes.reduce(0, +)),
      Misconception(
        "The variances of the axes were added up, weighted. How the axes vary together belongs to it: project every row first.",
        zip(alongAxes, direction).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / length
          / alongAxes.reduce(0, +)),
      Misconception(
        "One variance was divided by n, and the other by n − 1. Either will do, for both.",
        right * Double(rows.count) / Double(rows.count - 1)),
      Misconception(
        "One variance was divided by n − 1, and the other by n. Either will do, for both.",
        right * Double(rows.count - 1) / Double(rows.count)),
      Misconception(
        "That is a share of absolute values. A variance is made of squares.",
        centred(rows).reduce(0) { sum, row in
          sum + abs(zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 }) / length.squareRoot()
        } / centred(rows).joined().reduce(0) { $0 + abs($1) }),
      Misconception(
        "The mean was taken away along the direction, and not from the whole: all variances are measured from it.",
        right * squareSum(centred(rows)) / squareSum(rows)),
      Misconception(
        "The mean was taken away from the whole, and not along the direction: all variances are measured from it.",
        share(direction, rows) * squareSum(rows) / squareSum(centred(rows))),
    ]
  })

private func centred(_ rows: [[Double]]) -> [[Double]] {
  let mean = rows[0].indices.map { axis in
    rows.reduce(0) { $0 + $1[axis] } / Double(rows.count)
  }
  return rows.map { zip($0, mean).map { $0 - $1 } }
}

private func share(_ direction: [Double], _ rows: [[Double]]) -> Double {
  let along = rows.map { zip($0, direction).reduce(0) { $0 + $1.0 * $1.1 } }
  let squares = { (values: [Double]) in values.reduce(0) { $0 + $1 * $1 } }
  return squares(along) / squares(direction) / rows.map(squares).reduce(0, +)
}

private let forwardFrozen = Exercise.function(
  5, "forwardFrozen", title: "A training step with frozen stages", .medium,
  minutes: 25,
  hints: [
    "A layer that is called with `.inference` uses what it knows: no gradient reaches it, and its running statistics stay.",
    "Go through the network by hand. The first convolution is always frozen; the stage at index i of `network.stages` is stage i + 1.",
    "In the loop over `network.stages.enumerated()` use `.inference` where index < stage, `.training` elsewhere, and `.training` for `linear`.",
  ],
  adapter: """
    Answer { (stage: Int, blocks: Int, seed: Int, images: Tensor) in \
    try tracesOf(blocksPerStage: blocks, seed: seed, images: images) { \
    try forwardFrozen($0, $1, through: stage) \
    } \
    }
    """,
  labels: ["throughStage", "blocksPerStage", "seed", "images"],
  cases: { generator in
    [(0, 1), (1, 1), (3, 1), (2, 2), (1, 2)].enumerated().map { index, point in
      let images = Initialization.uniform(bound: 1).tensor([3, 8, 8, 1], using: &generator)
      return (point.0, point.1, index + 1, images)
    }
  },
  expected: { (stage: Int, blocks: Int, seed: Int, images: Tensor) -> [Tensor] in
    try traces(blocks, seed, images, through: stage)
  },
  misconceptions: { stage, blocks, seed, images in
    return [
      Misconception(
        "Nothing is frozen: the first layers ran in training mode.",
        try traces(blocks, seed, images, through: -1)),
      Misconception(
        "Cutting the gradient isn't enough: in training mode the frozen normalisations still take the statistics of this batch, and their running ones move.",
        try traces(blocks, seed, images, through: stage, frozen: .training)),
      Misconception(
        "One stage too many is frozen: index 0 of `network.stages` has stage 1, since stage 0 is the first convolution.",
        try traces(blocks, seed, images, through: min(stage + 1, 3))),
      Misconception(
        "One stage too few is frozen: everything up to stage \(stage) stays, that one included.",
        try traces(blocks, seed, images, through: max(stage - 1, 0))),
      Misconception(
        "The classifier gets no gradient. It is new, and has to learn.",
        try traces(blocks, seed, images, through: stage, classifier: .inference)),
      Misconception(
        "Everything is frozen: the whole network ran in inference mode.",
        try traces(blocks, seed, images, through: 3, classifier: .inference)),
      Misconception(
        "The first convolution and `bn1` ran in training mode. They are stage 0, and always frozen.",
        try traces(blocks, seed, images) { part, index in
          part == .first || part == .block && index.stage > stage || part == .last
        }),
      Misconception(
        "Only stage \(stage) is frozen. All stages up to it are.",
        try traces(blocks, seed, images) { part, index in
          part == .last || (part == .first ? 0 : index.stage) != stage
        }),
      Misconception(
        "Blocks were counted, and stages are meant: a stage has \(blocks) here.",
        try traces(blocks, seed, images) { part, index in
          part == .last || part == .block && index.block >= stage
        }),
      Misconception(
        "It is the other way round: `.inference` freezes, `.training` learns.",
        try traces(blocks, seed, images) { part, index in
          part == .first || part == .block && index.stage <= stage
        }),
      Misconception(
        "The ReLU behind the first normalisation is missing: `relu: true`.",
        try traces(blocks, seed, images, relu: false) { part, index in
          part == .last || part == .block && index.stage > stage
        }),
    ]
  })

/// What a forward pass leaves behind that freezes a network through a stage, -1 for nothing.
private func traces(
  _ blocks: Int, _ seed: Int, _ images: Tensor, through stage: Int, frozen: Mode = .inference,
  classifier: Mode = .training
) throws -> [Tensor] {
  try tracesOf(blocksPerStage: blocks, seed: seed, images: images) { network, images in
    let first: Mode = stage < 0 ? .training : frozen
    var maps = network.conv1(images, then: network.bn1, first, relu: true)
    if stage == 0, frozen == .training { maps = maps.detached }
    for (index, blocks) in network.stages.enumerated() {
      for block in blocks { maps = block(maps, index < stage ? frozen : .training) }
      if index + 1 == stage, frozen == .training { maps = maps.detached }
    }
    return network.linear(globalAveragePool(maps), classifier)
  }
}

private enum Part { case first, block, last }

/// What a forward pass leaves behind in which a closure says what learns.
private func traces(
  _ blocks: Int, _ seed: Int, _ images: Tensor, relu hasReLU: Bool = true,
  _ learns: (_ part: Part, _ index: (stage: Int, block: Int)) -> Bool
) throws -> [Tensor] {
  func mode(_ part: Part, _ stage: Int = 0, _ block: Int = 0) -> Mode {
    learns(part, (stage, block)) ? .training : .inference
  }
  return try tracesOf(blocksPerStage: blocks, seed: seed, images: images) { network, images in
    var maps = network.conv1(images, then: network.bn1, mode(.first), relu: hasReLU)
    for (index, block) in network.stages.joined().enumerated() {
      maps = block(maps, mode(.block, index / blocks + 1, index))
    }
    return network.linear(globalAveragePool(maps), mode(.last))
  }
}

private let frozenStageOne = Exercise.experiment(
  6, "frozenStageOne", title: "Fine-tuning with the first stage frozen", .easy, minutes: 20,
  hints: [
    "Compare the row \"ResNet-20, fine-tuned\" of the table under \"Fine-tuning\" in both runs, column by column.",
    "Look at the means first. Is there any number of labels for which the frozen one is better?",
  ],
  runs: RequiredRuns(
    command: "swift run chapter13 --freeze-through 1",
    query: """
      SELECT count(DISTINCT seed || ' ' || json_extract(hyperparameters, '$.labels_per_class')) >= 25
      FROM runs
      WHERE experiment = 'few-labels-fine-tuned' AND shortcut = 'A' AND status = 'finished'
        AND json_extract(hyperparameters, '$.frozen_through') = 1
        AND json_extract(hyperparameters, '$.fine_tuning_steps') = 240
        AND json_extract(hyperparameters, '$.canvases') = 'one a digit'
      """),
  answer: "worse with all",
  mistakes: [
    (
      "better with one",
      "That was a fair guess: fewer parameters, less to overfit with. But with one label per class the frozen one makes more errors too, on average."
    ),
    (
      "worse with 50 only",
      "Look at the columns for few labels again: the frozen one's mean is higher there too."
    ),
    (
      "better with all",
      "The other way round. Which of the two tables is that of the run with `--freeze-through 1`?"
    ),
  ],
  explanation: """
    Five seeds, mean test errors of ResNet-20 on the odd digits. With 1, 2, 5, 10 and 50 labels per class, all layers \
    learning: 66.1, 53.6, 40.9, 28.1, 10.2 %. With the first convolution and stage 1 frozen: 68.5, 56.8, 48.1, 39.1, \
    17.1 %. By means the frozen ones are worse for every number of labels: by 2 to 3 points with 1 and 2, which is no more than the \
    deviation between seeds, and by 7 to 11 with 5, 10 and 50. So having less to overfit with doesn't help here. What is frozen includes the statistics of the even digits' \
    normalisations; this run doesn't tell how much of the loss is due to these and how much to the filters.
    """)

private let longerFineTuning = Exercise.experiment(
  7, "longerFineTuning", title: "Three times the steps for new networks", .easy, minutes: 20,
  hints: [
    "The row \"ResNet-20, from scratch\" of the table \"10 labels per class\" has both numbers. The other table's are yours to compare with.",
    "Compare them with those of 240 steps, in the chapter's own run. Is either difference larger than its ±?",
  ],
  runs: RequiredRuns(
    command: "swift run chapter13 --quick --seeds 5 --fine-tuning-steps 720",
    query: """
      SELECT count(DISTINCT seed || json_extract(hyperparameters, '$.canvases')) >= 10 FROM runs
      WHERE experiment = 'few-labels-from-scratch' AND status = 'finished'
        AND json_extract(hyperparameters, '$.labels_per_class') = 10
        AND json_extract(hyperparameters, '$.fine_tuning_steps') = 720
      """),
  answer: "new canvases",
  mistakes: [
    (
      "both",
      "On the same canvases the mean error is what it was, to a point: more steps on the same 50 add nothing."
    ),
    (
      "same canvases",
      "Look at the two columns again: on the same canvases the mean error is what it was."
    ),
    (
      "neither",
      "Compare the column for new canvases with the chapter's: 240 steps weren't enough to see what can be seen there."
    ),
  ],
  explanation: """
    Five seeds, mean test errors of a new ResNet-20 with 10 labels per class. On the same canvases: 68.0 % after 240 \
    steps, 67.1 % after 720. On new canvases: 22.8 % after 240, 8.2 % after 720. More steps on the same fifty \
    canvases change nothing here; new canvases go on teaching that place and noise don't matter. Fine-tuned networks \
    came to 8.0 % with new canvases and 720 steps, though from the poorer backbones of `--quick`: given time and augmentation, most \
    of the lead of these backbones is gone.
    """)
