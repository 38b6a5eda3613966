/// The mean of every channel over each chunk of rows, and the sum of the squares around it; once all
/// chunks are there, the mean and the variance over the batch.
///
/// A chunk is read twice. The first time gives its mean, nearly. The second time gives the squares around
/// that, and what the mean is missing (the corrected two-pass algorithm), so neither outliers nor a mean
/// that is large beside the deviation cost more than the last bits of the variance. Chunks are combined in
/// double precision, in their order.
///
/// - SeeAlso: Chan, Golub and LeVeque 1983, equations 1.7 and 2.1.
struct Moments {
  private let groups: ChannelGroups
  /// The rows of each chunk.
  private let counts: [Int]
  private let sums: ChannelSums

  /// What is kept of a chunk: its mean in two parts, and the squares around the sum of both.
  private static let (mean, rest, squares) = (0, 1, 2)

  /// - Parameter counts: the rows of each chunk.
  init(counts: [Int], channels: Int) {
    groups = ChannelGroups(channels: channels)
    self.counts = counts
    sums = ChannelSums(quantities: 3, chunks: counts.count, channels: channels)
  }

  /// Measures some groups of channels in the rows of a chunk.
  func measure(_ values: Tensor, _ chunk: Int, _ rows: Range<Int>, groups range: Range<Int>? = nil)
  {
    for group in range ?? 0..<groups.count {
      let first = groups.channels(group).lowerBound
      let source = values.elements + rows.lowerBound * groups.channels + first
      if groups.width(group) == WideVector.scalarCount {
        measure(source, chunk, group, WideVector.self)
      } else {
        measure(source, chunk, group, NarrowVector.self)
      }
    }
  }

  @inline(__always)
  private func measure<V: KernelVector>(
    _ source: UnsafePointer<Float>, _ chunk: Int, _ group: Int, _ type: V.Type
  ) {
    let (channels, lanes) = (groups.channels, groups.channels(group).count)
    // Asked once, not for each row.
    if lanes == V.scalarCount {
      measure(chunk, group) { source.vector(at: $0 &* channels, as: V.self) }
    } else {
      measure(chunk, group) { source.vector(at: $0 &* channels, first: lanes, as: V.self) }
    }
  }

  /// - Parameter value: the values of a row of the chunk.
  @inline(__always)
  private func measure<V: KernelVector>(_ chunk: Int, _ group: Int, _ value: (Int) -> V) {
    let first = groups.channels(group).lowerBound
    let count = V(repeating: Float(counts[chunk]))
    // Around the first value, so that the sum doesn't swallow the deviations from a large mean.
    let origin = value(0)
    let offset = sumRows(counts[chunk], V.self) { row, sum, _ in sum += value(row) - origin }
      .first.rounded
    let mean = origin + offset / count
    let (distances, squares) = sumRows(counts[chunk], V.self) { row, distances, squares in
      let distance = value(row) - mean
      distances += distance
      squares.addProduct(distance, distance)
    }
    let rest = distances.rounded / count
    let around = squares.rounded.addingProduct(-distances.rounded, rest)
    sums.store(mean, Self.mean, chunk, first)
    sums.store(rest, Self.rest, chunk, first)
    sums.store(around.zeroed(whereNotPositive: around), Self.squares, chunk, first)
  }

  /// The statistics over all chunks, and over all shards of the batch if there are several.
  var statistics: BatchStatistics {
    let channels = groups.channels
    let (means, rest) = (Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels]))
    let variance = Tensor(uninitialized: [channels])
    let moments = Shard.joined(combined, .moments)
    for channel in 0..<channels {
      let average = moments[1 + channel]
      means.freshElements[channel] = Float(average)
      rest.freshElements[channel] = Float(average - Double(Float(average)))
      variance.freshElements[channel] = Float(moments[1 + channels + channel] / moments[0])
    }
    return BatchStatistics(
      mean: means, meanRest: rest, variance: variance, count: Int(moments[0]))
  }

  /// The count of rows, the mean of each channel, and the squares around it (`Shard.Joining.moments`).
  private var combined: [Double] {
    let channels = groups.channels
    let rows = Double(counts.reduce(0, +))
    var moments = [Double](repeating: rows, count: 1 + 2 * channels)
    for channel in 0..<channels {
      func mean(_ chunk: Int) -> Double {
        sums.value(Self.mean, chunk, channel) + sums.value(Self.rest, chunk, channel)
      }
      // Around the first chunk's, which keeps the digits of the differences.
      let origin = mean(0)
      var total = 0.0
      for (chunk, count) in counts.enumerated() { total += Double(count) * (mean(chunk) - origin) }
      let offset = total / rows
      var squares = sums.total(Self.squares, channel)
      for (chunk, count) in counts.enumerated() {
        let difference = (mean(chunk) - origin) - offset
        squares += Double(count) * difference * difference
      }
      moments[1 + channel] = origin + offset
      moments[1 + channels + channel] = squares
    }
    return moments
  }
}

/// The mean and variance of every channel.
func batchStatistics(_ input: Tensor) -> BatchStatistics {
  let channels = input.shape.last ?? 1
  checkStatistics(of: input.shape)
  let moments = Moments(counts: rowChunks(input).map { $0.count }, channels: channels)
  inRowChunks(input) { moments.measure(input, $0, $1) }
  return moments.statistics
}

/// - Precondition: every channel has at least two values: one has no deviation, and PyTorch refuses it too.
func checkStatistics(of shape: [Int]) {
  let values = shape.dropLast().reduce(1, *)
  precondition(
    values > 1 && shape.last ?? 0 > 0,
    "Batch normalisation in training needs more than one value per channel, and \(shape) has \(values)."
  )
}
