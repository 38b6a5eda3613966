// Rows normalised by their own mean and deviation. A row is in the first cache when it is read again, so its two
// sums are taken one after the other: the variance from the differences to the mean, which loses no digits.

/// The rows of a tensor, its last axis, without their mean and divided by their deviation.
///
/// - Returns: the normalised rows, and 1 / √(variance + epsilon) of each row.
func normalizedRows(
  _ input: Tensor, epsilon: Float
) -> (normalized: Tensor, inverseDeviations: Tensor) {
  let channels = input.shape.last ?? 1
  let normalized = Tensor(uninitialized: input.shape)
  let inverses = Tensor(uninitialized: [input.count / max(channels, 1)])
  let (target, inverse) = (normalized.freshElements, inverses.freshElements)
  inRowChunks(input) { _, rows in
    for row in rows {
      let source = input.elements + row &* channels
      let result = target + row &* channels
      let mean =
        sumOfChannels(channels, { source.vector(at: $0, as: FoldedVector.self) }, { source[$0] })
        / Float(channels)
      let squares = sumOfChannels(
        channels,
        {
          let difference = source.vector(at: $0, as: FoldedVector.self) - mean
          return difference * difference
        },
        { (source[$0] - mean) * (source[$0] - mean) })
      let factor = 1 / (squares / Float(channels) + epsilon).squareRoot()
      inverse[row] = factor
      for channel in 0..<channels { result[channel] = (source[channel] - mean) * factor }
    }
  }
  return (normalized, inverses)
}

/// The gradient of the rows before they were normalised.
///
/// With y = (x − mean) · f, where f = 1 / √(variance + epsilon), and a gradient g of y:
/// f · (g − mean(g) − y · mean(g · y)). The two means are what flows through the row's mean and its deviation.
func normalizedRowsGradient(
  _ gradient: Tensor, _ normalized: Tensor, _ inverseDeviations: Tensor
) -> Tensor {
  let channels = gradient.shape.last ?? 1
  let result = Tensor(uninitialized: gradient.shape)
  let target = result.freshElements
  inRowChunks(gradient) { _, rows in
    for row in rows {
      let g = gradient.elements + row &* channels
      let y = normalized.elements + row &* channels
      let mean =
        sumOfChannels(channels, { g.vector(at: $0, as: FoldedVector.self) }, { g[$0] })
        / Float(channels)
      let slope =
        sumOfChannels(
          channels,
          { g.vector(at: $0, as: FoldedVector.self) * y.vector(at: $0, as: FoldedVector.self) },
          { g[$0] * y[$0] }) / Float(channels)
      let factor = inverseDeviations.elements[row]
      let place = target + row &* channels
      for channel in 0..<channels {
        place[channel] = ((g[channel] - mean) - y[channel] * slope) * factor
      }
    }
  }
  return result
}

/// Every row multiplied by `scale` and added to `shift`, element by element.
func scaledRows(_ rows: Tensor, _ scale: Tensor, _ shift: Tensor?) -> Tensor {
  let channels = rows.shape.last ?? 1
  let result = Tensor(uninitialized: rows.shape)
  let (source, factors, target) = (rows.elements, scale.elements, result.freshElements)
  inRowChunks(rows) { _, chunk in
    for row in chunk {
      let first = row &* channels
      if let shift = shift?.elements {
        for channel in 0..<channels {
          target[first &+ channel] = source[first &+ channel] * factors[channel] + shift[channel]
        }
      } else {
        for channel in 0..<channels {
          target[first &+ channel] = source[first &+ channel] * factors[channel]
        }
      }
    }
  }
  return result
}
