import Exercises
import Foundation
import MiniTensor
import Translation

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
        table(down * across, side * side) { patch, pixel in
          image[pixel / side * down + patch / across][pixel % side * across + patch % across]
        }),
      Misconception(
        "Patches and pixels both go down first. Both go from left to right, and then down.",
        table(down * across, side * side) { patch, pixel in
          right[patch % down * across + patch / down][pixel % side * side + pixel / side]
        }),
      Misconception(
        "The lowest patches come first. Begin at the top, where the first row of pixels is.",
        (0..<down).reversed().flatMap { right[$0 * across..<($0 + 1) * across] }),
      Misconception(
        "Neighbouring patches begin only one pixel apart. The patch at (down, across) begins at the pixel (down · side, across · side).",
        table(down * across, side * side) { patch, pixel in
          image[patch / across + pixel / side][patch % across + pixel % side]
        }),
      Misconception(
        "Those are the patches along the top only. More lie below them.",
        Array(right.prefix(across))),
      Misconception(
        "The last patches are missing. One may still begin \(side) before the end: go through that place, not up to it.",
        (0..<down - 1).flatMap { right[$0 * across..<($0 + 1) * across - 1] }),
      Misconception(
        "The image was taken for a square. As many patches lie side by side as `side` goes into the length of a row, not into the number of rows.",
        table(down * down, side * side) { patch, pixel in
          // Beyond the image it crashes, and nothing is compared.
          let isInside = patch % down < across
          return isInside ? right[patch / down * across + patch % down][pixel] : 0
        }),
      Misconception(
        "That has a row for each row of pixels in a patch. A patch is one row of \(side * side) numbers.",
        right.flatMap { $0.pieces(of: side) }),
      Misconception(
        "Those are pieces of the image's rows. A patch has \(side) rows of pixels, one after the other in one row of \(side * side) numbers.",
        image.flatMap { $0.pieces(of: side) }),
      Misconception(
        "All patches are in one row. Each has a row of its own.", [Array(right.joined())]),
      Misconception(
        "A patch still holds the pixels of those before it. Begin each with an empty row.",
        right.indices.map { Array(right[...$0].joined()) }),
      Misconception(
        "That cuts the image into \(side) by \(side) patches. `side` is how many pixels a patch has along each side.",
        table(side * side, down * across) { patch, pixel in
          image[patch / side * down + pixel / across][patch % side * across + pixel % across]
        }),
      Misconception(
        "That has a row for each place in a patch. Asked for is a row for each patch.",
        table(side * side, right.count) { pixel, patch in right[patch][pixel] }),
    ]
  })

private func cut(_ image: [[Double]], _ side: Int) -> [[Double]] {
  let across = image[0].count / side
  return table(image.count / side * across, side * side) { patch, pixel in
    image[patch / across * side + pixel / side][patch % across * side + pixel % side]
  }
}

private func table(
  _ rows: Int, _ columns: Int, _ number: (_ row: Int, _ column: Int) -> Double
) -> [[Double]] {
  (0..<rows).map { row in (0..<columns).map { number(row, $0) } }
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
    // Scores in the hundreds: one; those of both signs; alike ones; none above 0; of a row far below another.
    let large: [([[Double]], [[Double]])] = [
      ([[900]], [[1], [0]]), ([[900]], [[1], [0], [-1]]), ([[900]], [[1], [1.001]]),
      ([[900]], [[-1], [-1.001]]), ([[900], [1]], [[1], [0]]),
      ([[900, 900, 0, 0]], [[1, 1, 0, 0], [0, 0, 0, 0]]),
    ]
    return small + drawn + large
  },
  expected: { (queries: [[Double]], keys: [[Double]]) -> [[Double]] in
    scores(queries, keys, Double(queries[0].count).squareRoot()).map { softmax($0) }
  },
  misconceptions: { queries, keys in
    let size = Double(queries[0].count)
    let root = size.squareRoot()
    let plain = scores(queries, keys, root)
    let products = scores(queries, keys, 1)
    let highest = plain.joined().max()!
    /// With and without the largest score taken away: who has forgotten that has often made another mistake too.
    func both(
      _ sentence: Message, _ shares: (_ largest: ([Double]) -> Double) -> [[Double]]
    ) -> [Misconception<[[Double]]>] {
      [Misconception(sentence, shares { $0.max()! }), Misconception(sentence, shares { _ in 0 })]
    }
    func divided(
      by divisor: Double, _ sentence: Message
    ) -> [Misconception<[[Double]]>] {
      both(sentence) { largest in
        scores(queries, keys, divisor).map { softmax($0, less: largest($0)) }
      }
    }
    func lost(
      _ sentence: Message, less taken: ([Double]) -> Double
    ) -> Misconception<[[Double]]> {
      Misconception(sentence, plain.map { softmax($0, less: taken($0)) })
    }
    let overflow: Message =
      "e to a power of hundreds is infinity, and a ratio of infinities isn't a number. Take the largest score of a row away first: the shares stay the same."
    let below: Message =
      "The largest score of all rows was taken away. A row that lies hundreds below it has only powers that are 0: take each row's own largest away."
    let away: [Misconception<[[Double]]>] = [
      lost(overflow) { _ in 0 },
      lost(overflow) { $0.min()! },
      lost(below) { _ in highest },
      lost(
        "The mean of the row was taken away. The largest score may lie hundreds above it: take that away."
      ) { $0.reduce(0, +) / Double($0.count) },
      lost(
        "Where all scores are negative, more than the largest was taken away, and all powers are 0. Begin with the first score, not with 0, and don't take sizes."
      ) { $0.reduce(0, max) },
      lost(
        "Where all scores are negative, more than the largest was taken away, and all powers are 0. Begin with the first score, not with 0, and don't take sizes."
      ) { $0.map(abs).max()! },
      Misconception(
        "The largest product was taken away, but from scores that had been divided by the root. Divide first, then take the largest away.",
        zip(plain, products).map { softmax($0, less: $1.max()!) }),
      Misconception(
        "Scores were cut off at a limit, so large ones became equal. Take the largest score of a row away: the shares stay the same.",
        plain.map { row in softmax(row.map { min($0, 700) }, less: 0) }),
    ]
    let divisors =
      divided(
        by: 1,
        "The root is missing: the products are divided by √\(queries[0].count), the root of the length of a query, before softmax."
      )
      + divided(
        by: size,
        "The products were divided by \(queries[0].count), the length of a query. It is the root of it."
      )
      + divided(
        by: 1 / root, "The products were multiplied by the root. They are divided by it.")
      + divided(
        by: Double(keys.count).squareRoot(),
        "The products were divided by the root of the number of keys. It is that of the length of a query."
      )
      + divided(
        by: Double(queries.count).squareRoot(),
        "The products were divided by the root of the number of queries. It is that of the length of a query."
      )
      + both("The root divides the shares. It divides the products, before softmax.") { largest in
        products.map { row in softmax(row, less: largest(row)).map { $0 / root } }
      }
    let sums =
      both(
        "The columns have the sum 1. Each query shares out what it takes: its row has the sum 1."
      ) {
        largest in
        let columns = keys.indices.map { key in plain.map { $0[key] } }
          .map { softmax($0, less: largest($0)) }
        return queries.indices.map { query in columns.map { $0[query] } }
      }
      + both(
        "All numbers together have the sum 1. Each row has: softmax is taken of every row by itself."
      ) { largest in
        softmax(Array(plain.joined()), less: largest(Array(plain.joined()))).pieces(of: keys.count)
      }
      + both(
        "That has a row for each key. Asked for is a row for each query, with a share for every key."
      ) { largest in
        let right = plain.map { softmax($0, less: largest($0)) }
        return keys.indices.map { key in right.map { $0[key] } }
      }
      + both(
        "Keys and queries have changed places: each key shares itself out. Asked for is a row for each query, with a share for every key."
      ) { largest in
        scores(keys, queries, root).map { softmax($0, less: largest($0)) }
      }
      + both("Those are powers of e, which aren't divided by the sum of their row.") { largest in
        plain.map { row in row.map { exp($0 - largest(row)) } }
      }
      + both(
        "The powers were divided by how many they are. Shares are powers divided by their sum."
      ) { largest in
        plain.map { row in row.map { exp($0 - largest(row)) / Double(row.count) } }
      }
      + both("A query takes from all tokens, not only from those up to its own place.") { largest in
        plain.enumerated().map { query, row in
          let seen = Array(row.prefix(query + 1))
          return softmax(seen, less: largest(seen))
            + [Double](repeating: 0, count: row.count - seen.count)
        }
      }
    let negative: Message =
      "The largest score got the smallest share: the scores went into `exp` with the wrong sign."
    return away + divisors + sums + [
      Misconception(negative, plain.map { row in softmax(row.map { -$0 }, less: 0) }),
      Misconception(negative, plain.map { row in softmax(row.map { -$0 }, less: -row.max()!) }),
      Misconception(negative, plain.map { row in softmax(row.map { -$0 }, less: -row.min()!) }),
      Misconception(
        "The scores were divided by the largest. It is taken away from them.",
        plain.map { row in softmax(row.map { $0 / row.max()! }, less: 0) }),
      Misconception(
        "The products were divided by the sizes of query and key. They are divided by √\(queries[0].count), the root of the length of a query, and by nothing else.",
        zip(queries, products).map { query, row in
          softmax(
            zip(keys, row).map { $1 / (squares([query]) * squares([$0])).squareRoot() }, less: 0)
        }),
      Misconception("Those are the scores. Softmax makes shares of them.", plain),
      Misconception(
        "The scores were divided by their sum. Softmax takes e to the power of each first.",
        plain.map { row in row.map { $0 / row.reduce(0, +) } }),
      Misconception(
        "After the largest was taken away, the scores were divided by their sum. Softmax takes e to the power of each first.",
        plain.map { row in
          let left = row.map { $0 - row.max()! }
          return left.map { $0 / left.reduce(0, +) }
        }),
    ]
  })

private func scores(_ queries: [[Double]], _ keys: [[Double]], _ divisor: Double) -> [[Double]] {
  queries.map { query in
    keys.map { key in zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / divisor }
  }
}

private func softmax(_ row: [Double]) -> [Double] { softmax(row, less: row.max()!) }

private func softmax(_ row: [Double], less taken: Double) -> [Double] {
  let powers = row.map { exp($0 - taken) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
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
      ([[0, 0.01, 0.02]], [[0.01, 0, 0]]),
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
    let whole = gradientOfRow(Array(x.joined()), Array(gradient.joined()))
    let missing: Message =
      "What flows through the deviation is missing: y · mean(gradient · y) is taken away too."
    let notDivided: Message =
      "Only a part was divided by the deviation. All three terms are: put parentheses around them."
    let raw: Message =
      "x stands where y is asked for: take the mean of x away, and divide by the deviation."
    let power: Message =
      "x − mean has to be divided by the deviation, once, wherever y stands in y · mean(gradient · y)."
    return [
      Misconception(missing, each { gradientOfRow($0, $1, throughDeviation: 0) }),
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
        "That was multiplied by the deviation. Divide by it.",
        each { x, g in gradientOfRow(x, g).map { $0 * deviation(x) * deviation(x) } }),
      Misconception(
        "Sums were taken where means are asked for: divide them by the length of a row.",
        each { x, g in
          gradientOfRow(x, g, throughMean: Double(x.count), throughDeviation: Double(x.count))
        }),
      Misconception(
        "The sum of gradient · y was taken where its mean is asked for: divide it by the length of a row.",
        each { x, g in gradientOfRow(x, g, throughDeviation: Double(x.count)) }),
      Misconception(
        "The sum of the gradient was taken where its mean is asked for: divide it by the length of a row.",
        each { x, g in gradientOfRow(x, g, throughMean: Double(x.count)) }),
      Misconception(
        "What flows through the deviation has the wrong sign: it is taken away.",
        each { gradientOfRow($0, $1, throughDeviation: -1) }),
      Misconception(
        "What flows through the mean has the wrong sign: the mean of the gradient is taken away.",
        each { gradientOfRow($0, $1, throughMean: -1) }),
      Misconception(
        "All signs are wrong.", each { gradientOfRow($0, $1).map { -$0 } }),
      Misconception(
        "What flows through the deviation is twice what it should be: the 2 of the square and the ½ of the root cancel.",
        each { gradientOfRow($0, $1, throughDeviation: 2) }),
      Misconception(
        "What flows through the deviation is half of what it should be: the 2 of the square and the ½ of the root cancel.",
        each { gradientOfRow($0, $1, throughDeviation: 0.5) }),
      Misconception(
        "That normalises over the columns, as batch normalisation does. Here every row is normalised by itself.",
        transposed(over)),
      Misconception(
        "Mean and deviation are those of all numbers. Every row has its own.",
        whole.pieces(of: x[0].count)),
      Misconception(
        "The sums were divided by the number of rows. Divide them by the number of columns.",
        each { gradientOfRow($0, $1, count: Double(x.count)) }),
      Misconception(
        "The variance was divided by one less than the number of columns. Here it is divided by that number.",
        each { x, g in
          gradientOfRow(x, g, size: deviation(x, count: Double(x.count - 1)))
        }),
      Misconception(
        "The variance is a mean: divide the sum of the squares by the number of columns.",
        each { gradientOfRow($0, $1, size: deviation($0, count: 1)) }),
      Misconception(
        "The variance was made of x itself. Take the mean away before you square.",
        each { x, g in gradientOfRow(x, g, size: deviation(x, around: 0)) }),
      Misconception(
        "The 10⁻⁵ is missing under the root, and these numbers lie close together.",
        each { gradientOfRow($0, $1, size: deviation($0, epsilon: 0)) }),
      Misconception(
        "The 10⁻⁵ was added to the root. It is added to the variance, under the root.",
        each { gradientOfRow($0, $1, size: deviation($0, epsilon: 0) + 1e-5) }),
      Misconception(
        power, each { x, g in gradientOfRow(x, g, throughDeviation: deviation(x)) }),
      Misconception(
        power,
        each { x, g in gradientOfRow(x, g, throughDeviation: deviation(x) * deviation(x)) }),
      Misconception(
        power, each { x, g in gradientOfRow(x, g, throughDeviation: 1 / deviation(x)) }),
      Misconception(
        power,
        each { x, g in gradientOfRow(x, g, throughDeviation: 1 / deviation(x) / deviation(x)) }),
      Misconception(raw, each { x, g in gradientOfRow(x, g, slope: x) }),
      Misconception(raw, each { x, g in gradientOfRow(x, g, factor: x) }),
      Misconception(raw, each { x, g in gradientOfRow(x, g, slope: x, factor: x) }),
      Misconception(
        "y is made without taking the mean of x away.",
        each { x, g in
          let y = x.map { $0 / deviation(x) }
          return gradientOfRow(x, g, slope: y, factor: y)
        }),
      Misconception(
        "mean(gradient · y) was taken away from every number alike. Multiply it by the number's y first.",
        each { x, g in gradientOfRow(x, g, factor: x.map { _ in 1 }) }),
      Misconception(
        "The mean of x was taken away. It is that of the gradient which flows through the mean.",
        each { x, g in
          gradientOfRow(x, g, throughMean: 0).map { $0 - mean(x) / deviation(x) }
        }),
      Misconception(
        notDivided,
        each { x, g in
          let y = normalised(x)
          return gradientOfRow(x, g, size: 1, slope: y, factor: y.map { $0 / deviation(x) })
        }),
      Misconception(
        notDivided,
        each { x, g in
          let y = normalised(x)
          return zip(g, gradientOfRow(x, g, size: 1, slope: y, factor: y)).map {
            $0 / deviation(x) + $1 - $0
          }
        }),
      Misconception(
        "Those are y, the way forward. Asked for is the gradient of x.",
        x.map { normalised($0) }),
    ]
  })

private func mean(_ row: [Double]) -> Double { row.reduce(0, +) / Double(row.count) }

private func deviation(
  _ x: [Double], around middle: Double? = nil, count: Double? = nil, epsilon: Double = 1e-5
) -> Double {
  let middle = middle ?? mean(x)
  let squares = x.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
  return (squares / (count ?? Double(x.count)) + epsilon).squareRoot()
}

private func normalised(_ x: [Double]) -> [Double] { x.map { ($0 - mean(x)) / deviation(x) } }

/// The gradient of a row, with what flows through mean and deviation weighted.
///
/// - Parameters:
///   - count: by which sums are divided; nil for the length of the row.
///   - size: what stands in the place of the deviation.
///   - slope: what stands in the place of y in mean(gradient · y).
///   - factor: what that is multiplied by in the place of y.
private func gradientOfRow(
  _ x: [Double], _ g: [Double], throughMean: Double = 1, throughDeviation: Double = 1,
  count: Double? = nil, size: Double? = nil, slope: [Double]? = nil, factor: [Double]? = nil
) -> [Double] {
  let count = count ?? Double(x.count)
  let middle = x.reduce(0, +) / count
  let size = size ?? deviation(x, around: middle, count: count)
  let y = x.map { ($0 - middle) / size }
  let first = g.reduce(0, +) / count
  let second = zip(g, slope ?? y).reduce(0) { $0 + $1.0 * $1.1 } / count
  return zip(g, factor ?? y).map {
    ($0 - throughMean * first - throughDeviation * $1 * second) / size
  }
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
      [[3, 1e-8], [3, 0]],
    ]
    return small + [draw(4, 3, &generator), draw(3, 6, &generator)]
      + [draw(5, 2, &generator).map { $0.map { $0 + 3 } }]
  },
  expected: { (tokens: [[Double]]) -> Double in
    (squares(centred(tokens)) / squares(tokens)).squareRoot()
  },
  misconceptions: { tokens in
    let count = Double(tokens.count)
    let (left, all) = (squares(centred(tokens)), squares(tokens))
    let middle = zip(tokens[0], centred(tokens)[0]).map { $0 - $1 }
    let common = count * squares([middle])
    func share(less taken: [Double]) -> Double {
      (squares(tokens.map { zip($0, taken).map { $0 - $1 } }) / all).squareRoot()
    }
    let columns = tokens[0].indices.map { column in tokens.map { [$0[column]] } }
    let sizes = { (rows: [[Double]]) in rows.reduce(0) { $0 + squares([$1]).squareRoot() } }
    let sum = { (rows: [[Double]], change: (Double) -> Double) in
      rows.joined().reduce(0) { $0 + change($1) }
    }
    let roots: Message = "Size is the root of a sum of squares, below the line as well as above it."
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
        "That is the mean token's size. Asked for is what is left of the tokens without it.",
        (squares([middle]) / all).squareRoot()),
      Misconception(
        "That is 1 minus the share that differs.",
        1 - (left / all).squareRoot()),
      Misconception(
        "That is 1 minus the share of what the tokens have in common. The squares of the two add up, the shares don't: take the mean token away from every token, and measure what is left.",
        1 - (common / all).squareRoot()),
      Misconception(
        "The square of the mean token was taken from the squares of all. Take the mean token away from every token before you square.",
        ((all - squares([middle])) / all).squareRoot()),
      Misconception(
        "Two almost equal sums were taken from each other, and these tokens are almost the same: nothing is left. Take the mean token away from every token before you square.",
        (max(0, all - common) / all).squareRoot()),
      Misconception(
        "That is the mean of the tokens' shares. Asked for is one share: all squares over all squares.",
        ratios.reduce(0, +) / Double(ratios.count)),
      Misconception(
        "That is the mean of the columns' shares. Asked for is one share: all squares over all squares.",
        mean(columns.map { (squares(centred($0)) / squares($0)).squareRoot() })),
      Misconception(
        "The sizes of the tokens were added up. Add up the squares of all numbers, and take the root of that.",
        sizes(centred(tokens)) / sizes(tokens)),
      Misconception(
        "The sum of the tokens was taken away. The mean token is that, divided by how many they are.",
        share(less: middle.map { $0 * count })),
      Misconception(
        "The sum of the tokens was divided by how many numbers each has. Divide it by how many tokens there are.",
        share(less: middle.map { $0 * count / Double(tokens[0].count) })),
      Misconception(
        "The first token was taken away from every token. It is the mean of all.",
        share(less: tokens[0])),
      Misconception(
        "The mean token was added to every token. It is taken away.",
        share(less: middle.map { -$0 })),
      Misconception("Nothing was taken away from the tokens.", 1),
      Misconception(
        "The numbers were added up without their signs. Size is made of their squares.",
        sum(centred(tokens), abs) / sum(tokens, abs)),
      Misconception(
        "The numbers were added up as they are. Size is made of their squares.",
        sum(centred(tokens)) { $0 } / sum(tokens) { $0 }),
      Misconception(
        "The share is upside down. Divide what is left by all.", (all / left).squareRoot()),
      Misconception(
        "The squares above the line were divided by how many tokens there are, those below weren't. Both are sums.",
        (left / count / all).squareRoot()),
      Misconception(
        "The squares above the line were divided by one less than there are tokens, those below by how many there are. Both are sums.",
        (left / (count - 1) / (all / count)).squareRoot()),
      Misconception(roots, left.squareRoot() / all),
      Misconception(roots, left / all.squareRoot()),
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
