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

/// The error on `test` of the rule that gives each the label of its nearest neighbour in `train`.
func nearestNeighbourError(_ train: Features, _ test: Features) -> Double {
  error(nearest(1, of: test, in: train).map { train.labels[$0[0]] }, test.labels)
}
