import MiniTensor

/// The two directions along which features vary most: their first principal components.
struct Projection {
  /// What is taken away from a row first.
  let mean: [Double]
  /// Two directions of length 1 at right angles, the one of larger variance first.
  let directions: [[Double]]
  /// The share of the whole variance that lies along each of them.
  let shares: [Double]

  /// Finds them by power iteration: a vector that is multiplied by the covariance matrix again and
  /// again turns towards the direction of the largest variance.
  init(of features: Features, iterations: Int = 300) {
    let (width, count) = (features.width, features.labels.count)
    let scalars = features.rows.scalars.map(Double.init)
    var mean = [Double](repeating: 0, count: width)
    for (index, value) in scalars.enumerated() { mean[index % width] += value / Double(count) }
    let centred = scalars.enumerated().map { $1 - mean[$0 % width] }
    let total = centred.reduce(0) { $0 + $1 * $1 } / Double(count)

    var directions: [[Double]] = []
    var shares: [Double] = []
    for _ in 0..<2 {
      var direction = (0..<width).map { 1 + Double($0 * 7 % 5) }
      var variance = 0.0
      for _ in 0..<iterations {
        // The covariance matrix times the direction, without the matrix: Xᵀ(X v) / count.
        var next = [Double](repeating: 0, count: width)
        for row in 0..<count {
          var along = 0.0
          for column in 0..<width { along += centred[row * width + column] * direction[column] }
          for column in 0..<width {
            next[column] += along * centred[row * width + column] / Double(count)
          }
        }
        // The first direction is taken out, or the second would turn towards it too.
        for found in directions {
          let along = zip(next, found).reduce(0) { $0 + $1.0 * $1.1 }
          for column in 0..<width { next[column] -= along * found[column] }
        }
        variance = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
        direction = next.map { $0 / variance }
      }
      directions.append(direction)
      shares.append(variance / total)
    }
    (self.mean, self.directions, self.shares) = (mean, directions, shares)
  }

  /// Where a row lies along both directions.
  func callAsFunction(_ row: [Float]) -> [Double] {
    directions.map { direction in
      row.indices.reduce(0) { $0 + (Double(row[$1]) - mean[$1]) * direction[$1] }
    }
  }
}
