import ElementaryFunctions

/// The softmax of each row, the last axis. The largest element is subtracted first, so nothing overflows.
func softmaxRows(_ input: Tensor) -> Tensor {
  let columns = input.shape.last ?? 1
  let result = Tensor(uninitialized: input.shape)
  inRowChunks(input) { _, rows in
    let first = rows.lowerBound * columns
    let (source, output) = (input.elements + first, result.freshElements + first)
    for row in 0..<rows.count {
      let row = row &* columns..<(row &+ 1) &* columns
      var largest = -Float.infinity
      for index in row { largest = max(largest, source[index]) }
      for index in row { output[index] = source[index] - largest }
    }
    // All of them in one loop, which the compiler makes one of vectors.
    for index in 0..<rows.count * columns { output[index] = .exp(output[index]) }
    for row in 0..<rows.count {
      let row = row &* columns..<(row &+ 1) &* columns
      var sum = 0.0
      for index in row { sum += Double(output[index]) }
      let share = 1 / sum
      for index in row { output[index] = Float(Double(output[index]) * share) }
    }
  }
  return result
}

/// The gradient of what softmax was taken of: p · (g − Σ g · p), row by row.
func softmaxRowsGradient(_ gradient: Tensor, _ probabilities: Tensor) -> Tensor {
  let columns = gradient.shape.last ?? 1
  let result = Tensor(uninitialized: gradient.shape)
  inRowChunks(gradient) { _, rows in
    for row in rows {
      let g = gradient.elements + row &* columns
      let p = probabilities.elements + row &* columns
      let target = result.freshElements + row &* columns
      let mean = sumOfChannels(
        columns,
        { g.vector(at: $0, as: FoldedVector.self) * p.vector(at: $0, as: FoldedVector.self) },
        { g[$0] * p[$0] })
      for column in 0..<columns { target[column] = p[column] * (g[column] - mean) }
    }
  }
  return result
}
