import Exercises
import Foundation
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 15.
  public static var chapter15: [Exercise] {
    [patches, attentionShares, layerNormGradient, shareThatDiffers]
  }
}

private func draw(
  _ rows: Int, _ columns: Int, _ generator: inout RandomGenerator
) -> [[Double]] {
  (0..<rows).map { _ in (0..<columns).map { _ in generator.normal() } }
}

// MARK: 1

private let patches = Exercise.function(
  1, "patches", title: "Cut an image into patches", .easy, minutes: 10,
  hints: [
    "Four loops: over the rows of patches, the patches of a row, the rows of a patch, the pixels of a row.",
    "The pixel at (row, column) of the patch at (down, across) is the image's at (down · side + row, across · side + column).",
    "Patches go from left to right and then down, and so do the pixels in each.",
  ],
  labels: ["image", "side"],
  cases: { generator in
    let counted = { (rows: Int, columns: Int) in
      (0..<rows).map { row in (0..<columns).map { Double(row * columns + $0) } }
    }
    let whole = [([[7.0]], 1), ([[1, 2], [3, 4]], 2), ([[1, 2, 3, 4], [5, 6, 7, 8]], 2)]
    return whole + [(counted(4, 4), 2), (counted(4, 8), 2), (counted(6, 3), 3)]
      + [(draw(8, 4, &generator), 4), (draw(6, 6, &generator), 2)]
  },
  expected: { (image: [[Double]], side: Int) -> [[Double]] in cut(image, side) },
  misconceptions: { image, side in
    let right = cut(image, side)
    let (down, across) = (image.count / side, image[0].count / side)
    return [
      Misconception(
        "The patches go down first. They go from left to right, and then down.",
        (0..<across).flatMap { column in (0..<down).map { right[$0 * across + column] } }),
      Misconception(
        "Inside a patch the pixels go down first. They go from left to right, and then down.",
        right.map { patch in
          (0..<side * side).map { patch[$0 % side * side + $0 / side] }
        }),
      Misconception(
        "That cuts the pixels of the whole image, read row by row, into pieces of \(side * side). A patch is a square.",
        image.joined().map { $0 }.pieces(of: side * side)),
      Misconception(
        "Those patches overlap: the windows move by one pixel. They lie side by side, so the step is \(side).",
        (0...image.count - side).flatMap { top in
          (0...image[0].count - side).map { left in
            (0..<side * side).map { image[top + $0 / side][left + $0 % side] }
          }
        }),
      Misconception(
        "That takes every other pixel: a patch is made of neighbours, pixels (down · side + row, across · side + column).",
        (0..<down * across).map { patch in
          (0..<side * side).map {
            image[$0 / side * down + patch / across][$0 % side * across + patch % across]
          }
        }),
    ]
  })

private func cut(_ image: [[Double]], _ side: Int) -> [[Double]] {
  let across = image[0].count / side
  return (0..<image.count / side * across).map { patch in
    (0..<side * side).map {
      image[patch / across * side + $0 / side][patch % across * side + $0 % side]
    }
  }
}

extension Array {
  fileprivate func pieces(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min(count, $0 + size)]) }
  }
}

// MARK: 2

private let attentionShares = Exercise.function(
  2, "attentionShares", title: "Who takes how much from whom", .medium, minutes: 20,
  hints: [
    "The score of a query and a key is the sum of the products of their numbers, divided by the root of how many these are.",
    "Each query has a row of scores, one for every key. Softmax is taken of the row.",
    "Take the largest score of a row away from all of it before `exp`: the shares stay the same, and nothing overflows.",
  ],
  labels: ["queries", "keys"],
  cases: { generator in
    let drawn = [(2, 3, 2), (4, 4, 5), (3, 5, 8)].map { queries, keys, size in
      (draw(queries, size, &generator), draw(keys, size, &generator))
    }
    let small: [([[Double]], [[Double]])] = [
      ([[1]], [[2]]), ([[1]], [[0], [1]]), ([[1, 0], [0, 2]], [[1, 0], [0, 1]]),
      ([[1, 1, 1, 1], [0, 0, 0, 0]], [[1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]]),
    ]
    return small + drawn + [([[900]], [[1], [0]])]
  },
  expected: { (queries: [[Double]], keys: [[Double]]) -> [[Double]] in
    shares(queries, keys, Double(queries[0].count).squareRoot())
  },
  misconceptions: { queries, keys in
    let size = Double(queries[0].count)
    let root = size.squareRoot()
    let all = scores(queries, keys, root).map { $0.map { exp($0) } }
    let total = all.joined().reduce(0, +)
    let columns = keys.indices.map { key in all.reduce(0) { $0 + $1[key] } }
    let plain = scores(queries, keys, root)
    return [
      Misconception(
        "The root is missing: the products are divided by √\(queries[0].count), the length of a query, before softmax.",
        shares(queries, keys, 1)),
      Misconception(
        "The products were divided by \(queries[0].count), the length of a query. It is the root of it.",
        shares(queries, keys, size)),
      Misconception(
        "The products were divided by the root of the number of keys. It is that of the length of a query.",
        shares(queries, keys, Double(keys.count).squareRoot())),
      Misconception(
        "The columns have the sum 1. Each query shares out what it takes: its row has the sum 1.",
        all.map { row in zip(row, columns).map { $0 / $1 } }),
      Misconception(
        "All numbers together have the sum 1. Each row has: softmax is taken of every row by itself.",
        all.map { $0.map { $0 / total } }),
      Misconception(
        "That has a row for each key. Asked for is a row for each query, with a share for every key.",
        keys.indices.map { key in
          queries.indices.map { shares(queries, keys, root)[$0][key] }
        }),
      Misconception(
        "Those are the scores. Softmax makes shares of them.", plain),
      Misconception(
        "Those are powers of e, which aren't divided by the sum of their row.", all),
      Misconception(
        "e to a power of hundreds is infinity, and a ratio of infinities isn't a number. Take the largest score of a row away first: the shares stay the same.",
        all.map { row in row.map { $0 / row.reduce(0, +) } }),
      Misconception(
        "The scores were divided by their sum. Softmax takes e to the power of each first.",
        plain.map { row in row.map { $0 / row.reduce(0, +) } }),
    ]
  })

private func scores(_ queries: [[Double]], _ keys: [[Double]], _ divisor: Double) -> [[Double]] {
  queries.map { query in
    keys.map { key in zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / divisor }
  }
}

private func shares(_ queries: [[Double]], _ keys: [[Double]], _ divisor: Double) -> [[Double]] {
  scores(queries, keys, divisor).map { row in
    let powers = row.map { exp($0 - row.max()!) }
    return powers.map { $0 / powers.reduce(0, +) }
  }
}

// MARK: 3

private let layerNormGradient = Exercise.function(
  3, "layerNormGradient", title: "The gradient of layer normalisation", .hard, minutes: 30,
  hints: [
    "The output is y = (x − mean) / deviation. A change of one x also moves the mean and the deviation, and through them all y of its row.",
    "What flows through the mean takes the mean of the gradient away from it; what flows through the deviation takes y · mean(gradient · y) away.",
    "The gradient is (g − mean(g) − y · mean(g · y)) / deviation, with the means over the row.",
  ],
  labels: ["x", "gradient"], tolerance: 1e-4,
  cases: { generator in
    let drawn = [(1, 3), (2, 4), (3, 5), (4, 2)].map { rows, columns in
      (draw(rows, columns, &generator), draw(rows, columns, &generator))
    }
    let small: [([[Double]], [[Double]])] = [
      ([[0, 2, 4]], [[1, 0, 0]]), ([[0, 20, 40]], [[1, 2, 4]]),
      ([[0, 2, 4], [5, 1, 3]], [[1, 0, 2], [0, 3, 1]]),
    ]
    return small + drawn
  },
  expected: { (x: [[Double]], gradient: [[Double]]) -> [[Double]] in
    zip(x, gradient).map { gradientOfRow($0, $1) }
  },
  misconceptions: { x, gradient in
    func each(_ change: ([Double], [Double]) -> [Double]) -> [[Double]] {
      zip(x, gradient).map(change)
    }
    func transposed(_ rows: [[Double]]) -> [[Double]] {
      rows[0].indices.map { column in rows.map { $0[column] } }
    }
    let over = zip(transposed(x), transposed(gradient)).map { gradientOfRow($0, $1) }
    return [
      Misconception(
        "What flows through the deviation is missing: y · mean(gradient · y) is taken away too.",
        each { gradientOfRow($0, $1, throughDeviation: 0) }),
      Misconception(
        "What flows through the mean is missing: the mean of the gradient is taken away too.",
        each { gradientOfRow($0, $1, throughMean: 0) }),
      Misconception(
        "Mean and deviation were taken for constants. They depend on every number of the row.",
        each { gradientOfRow($0, $1, throughMean: 0, throughDeviation: 0) }),
      Misconception(
        "The division by the deviation is missing.",
        each { x, g in gradientOfRow(x, g).map { $0 * deviation(x) } }),
      Misconception(
        "That was divided by the variance. It is the deviation, its root.",
        each { x, g in gradientOfRow(x, g).map { $0 / deviation(x) } }),
      Misconception(
        "Sums were taken where means are asked for: divide them by the length of a row.",
        each { x, g in
          gradientOfRow(x, g, throughMean: Double(x.count), throughDeviation: Double(x.count))
        }),
      Misconception(
        "What flows through the deviation has the wrong sign: it is taken away.",
        each { gradientOfRow($0, $1, throughDeviation: -1) }),
      Misconception(
        "That normalises over the columns, as batch normalisation does. Here every row is normalised by itself.",
        transposed(over)),
    ]
  })

private func deviation(_ x: [Double]) -> Double {
  let mean = x.reduce(0, +) / Double(x.count)
  return (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count) + 1e-5).squareRoot()
}

/// The gradient of a row, with what flows through mean and deviation weighted.
private func gradientOfRow(
  _ x: [Double], _ g: [Double], throughMean: Double = 1, throughDeviation: Double = 1
) -> [Double] {
  let mean = x.reduce(0, +) / Double(x.count)
  let size = deviation(x)
  let y = x.map { ($0 - mean) / size }
  let first = g.reduce(0, +) / Double(g.count)
  let second = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(g.count)
  return zip(g, y).map { ($0 - throughMean * first - throughDeviation * $1 * second) / size }
}

// MARK: 4

private let shareThatDiffers = Exercise.function(
  4, "shareThatDiffers", title: "How much differs between tokens", .medium, minutes: 15,
  hints: [
    "First the mean token: the mean of each column.",
    "Take it away from every token, and add up the squares of what is left.",
    "Divide by the sum of the squares of all tokens, and take the root.",
  ],
  labels: ["tokens"],
  cases: { generator in
    let small: [[[Double]]] = [
      [[1, 0], [0, 1]], [[3, 4]], [[1, 2], [1, 2]], [[2, 0], [0, 0]], [[5, 1], [5, 3], [5, 2]],
    ]
    return small + [draw(4, 3, &generator), draw(3, 6, &generator)]
      + [draw(5, 2, &generator).map { $0.map { $0 + 3 } }]
  },
  expected: { (tokens: [[Double]]) -> Double in
    (squares(centred(tokens)) / squares(tokens)).squareRoot()
  },
  misconceptions: { tokens in
    let (left, all) = (squares(centred(tokens)), squares(tokens))
    let numbers = tokens.flatMap { $0 }
    let grand = numbers.reduce(0, +) / Double(numbers.count)
    let own = tokens.map { row in row.map { $0 - row.reduce(0, +) / Double(row.count) } }
    let ratios = zip(centred(tokens), tokens).map {
      (squares([$0]) / squares([$1])).squareRoot()
    }
    return [
      Misconception("The root is missing: that is the share of the squares.", left / all),
      Misconception(
        "One number was taken away from all. The mean token has a number for every column.",
        (squares(tokens.map { $0.map { $0 - grand } }) / all).squareRoot()),
      Misconception(
        "The mean of each token's own numbers was taken away. The mean token is the mean of the columns.",
        (squares(own) / all).squareRoot()),
      Misconception(
        "That is the share that all tokens have in common. Asked for is what differs.",
        (max(0, all - left) / all).squareRoot()),
      Misconception(
        "That is the mean of the tokens' shares. Asked for is one share: all squares over all squares.",
        ratios.reduce(0, +) / Double(ratios.count)),
      Misconception(
        "That is the size of what differs. Divide by the size of all.", left.squareRoot()),
      Misconception(
        "That divides by what the tokens have in common. Divide by the size of all.",
        (left / (all - left)).squareRoot()),
    ]
  })

private func squares(_ rows: [[Double]]) -> Double {
  rows.joined().reduce(0) { $0 + $1 * $1 }
}

private func centred(_ rows: [[Double]]) -> [[Double]] {
  let mean = rows[0].indices.map { column in
    rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
  }
  return rows.map { row in zip(row, mean).map { $0 - $1 } }
}
