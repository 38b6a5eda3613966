// Batch normalisation sees a batch as a matrix: one row a pixel, one column a channel.
//
//              16 channels   16        8
//     pixel 0  [··········|··········|····]     A group of channels is one vector wide. A thread
//     pixel 1  [··········|··········|····]     takes a chunk of rows and goes down it, group by
//        …                                      group.

/// The mean of every channel over each chunk of rows, and the sum of the squares around it; once all
/// chunks are there, the mean and the variance over the batch.
///
/// Chunks are combined in double precision (Chan, Golub, LeVeque 1983), which loses nothing when
/// the mean is large beside the deviation, and in their order, whichever thread was faster.
struct Moments {
  private let groups: ChannelGroups
  private let counts: Storage
  private let chunks: Int
  /// Of each chunk: the means, then the sums of squares; a vector may write past the last channel.
  private let sums: Storage
  private let stride: Int

  init(chunks: Int, channels: Int) {
    groups = ChannelGroups(channels: channels)
    stride = channels + WideVector.scalarCount
    self.chunks = chunks
    counts = Storage(uninitialized: chunks)
    sums = Storage(uninitialized: chunks * 2 * stride)
  }

  /// Measures some groups of channels in the rows of a chunk.
  func measure(_ values: Tensor, _ chunk: Int, _ rows: Range<Int>, groups range: Range<Int>? = nil)
  {
    counts.pointer[chunk] = Float(rows.count)
    for group in range ?? 0..<groups.count {
      let first = groups.channels(group).lowerBound
      let source = values.elements + rows.lowerBound * groups.channels + first
      let target = sums.pointer + chunk * 2 * stride + first
      if groups.width(group) == WideVector.scalarCount {
        measure(source, rows.count, target, WideVector.self)
      } else {
        measure(source, rows.count, target, NarrowVector.self)
      }
    }
  }

  /// One pass over the rows: the squares are taken around the first value, which is about as far from
  /// the mean as any, so that little cancels when the square of the mean is taken off.
  @inline(__always)
  private func measure<V: KernelVector>(
    _ source: UnsafePointer<Float>, _ rows: Int, _ target: UnsafeMutablePointer<Float>,
    _ type: V.Type
  ) {
    let origin = source.vector(at: 0, as: V.self)
    @inline(__always)
    func add(_ row: Int, _ sum: inout V, _ square: inout V) {
      let difference = source.vector(at: row &* groups.channels, as: V.self) - origin
      sum += difference
      square.addProduct(difference, difference)
    }
    // Two chains of sums, so that one addition needn't wait for the last.
    var sum0 = V(repeating: 0)
    var (sum1, square0, square1) = (sum0, sum0, sum0)
    for row in Swift.stride(from: 0, to: rows - 1, by: 2) {
      add(row, &sum0, &square0)
      add(row &+ 1, &sum1, &square1)
    }
    if rows % 2 == 1 { add(rows - 1, &sum0, &square0) }
    let sum = sum0 + sum1
    let mean = sum / V(repeating: Float(rows))
    target.store(origin + mean, at: 0)
    let squares = (square0 + square1).addingProduct(-sum, mean)
    target.store(squares.zeroed(whereNotPositive: squares), at: stride)
  }

  /// The statistics over all chunks.
  var statistics: BatchStatistics {
    let channels = groups.channels
    let mean = Tensor(uninitialized: [channels])
    let variance = Tensor(uninitialized: [channels])
    var rows = 0.0
    for chunk in 0..<chunks { rows += Double(counts.pointer[chunk]) }
    for channel in 0..<channels {
      var total = 0.0
      for chunk in 0..<chunks {
        total +=
          Double(counts.pointer[chunk]) * Double(sums.pointer[chunk * 2 * stride + channel])
      }
      let average = total / rows
      var squares = 0.0
      for chunk in 0..<chunks {
        let difference = Double(sums.pointer[chunk * 2 * stride + channel]) - average
        squares +=
          Double(sums.pointer[(chunk * 2 + 1) * stride + channel])
          + Double(counts.pointer[chunk]) * difference * difference
      }
      mean.freshElements[channel] = Float(average)
      variance.freshElements[channel] = Float(squares / rows)
    }
    return BatchStatistics(mean: mean, variance: variance, count: Int(rows))
  }
}

/// The mean and variance of every channel.
func batchStatistics(_ input: Tensor) -> BatchStatistics {
  precondition(
    input.count > 0, "There is nothing to normalise in a tensor of shape \(input.shape).")
  let moments = Moments(chunks: rowChunks(input), channels: input.shape.last ?? 1)
  inRowChunks(input) { moments.measure(input, $0, $1) }
  return moments.statistics
}

/// Floats a chunk: 32 KiB.
private let chunkFloats = 8_192

/// Calls `body` on all threads with the number of each chunk and its rows.
@inline(__always)
func inRowChunks(_ tensor: Tensor, _ body: (Int, Range<Int>) -> Void) {
  let channels = max(tensor.shape.last ?? 1, 1)
  let rows = tensor.count / channels
  let chunk = max(1, chunkFloats / channels)
  inChunks(of: chunk, rows) { body($0.lowerBound / chunk, $0) }
}

/// How many chunks `inRowChunks` cuts a tensor into.
func rowChunks(_ tensor: Tensor) -> Int {
  let channels = max(tensor.shape.last ?? 1, 1)
  let chunk = max(1, chunkFloats / channels)
  return (tensor.count / channels + chunk - 1) / chunk
}
