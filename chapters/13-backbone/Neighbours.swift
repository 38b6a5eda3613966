import MiniTensor

/// The nearest rows of `train` for every row of `queries`, nearest first, by squared distance.
func nearest(_ count: Int, of queries: Features, in train: Features) -> [[Int]] {
  let (width, known, asked) = (train.width, train.rows.scalars, queries.rows.scalars)
  return queries.labels.indices.map { query in
    let distances = train.labels.indices.map { row in
      var sum: Float = 0
      for index in 0..<width {
        let difference = asked[query * width + index] - known[row * width + index]
        sum += difference * difference
      }
      return sum
    }
    return Array(distances.indices.sorted { distances[$0] < distances[$1] }.prefix(count))
  }
}

/// The error of the rule that gives each query the label of its nearest neighbour.
func nearestNeighbourError(_ queries: Features, in train: Features) -> Double {
  error(nearest(1, of: queries, in: train).map { train.labels[$0[0]] }, queries.labels)
}
