// Sums down the rows of a matrix, one row per pixel, one column per channel:
//
//              16 channels   16        8
//     pixel 0  [··········|··········|····]     A group of channels is one vector wide. A thread
//     pixel 1  [··········|··········|····]     takes a chunk of rows and goes down it, group by
//        …                                      group.
//
// Adding up n numbers one after the other in single precision loses up to n · 2⁻²⁵ of the sum, and
// does so where all are alike, since they are then rounded in the same direction. Here a sum is taken
// over 32 rows at a time, what rounding takes from the sum of these sums is kept beside it, and chunks
// are added up in double precision, in their order, whichever thread was faster.

/// A sum and what rounding took from it (Knuth, *The Art of Computer Programming*, volume 2, section 4.2.2,
/// theorem B).
struct CompensatedSum<V: KernelVector> {
  private(set) var sum = V(repeating: 0)
  private(set) var rest = V(repeating: 0)

  @inline(__always)
  mutating func add(_ term: V) {
    let total = sum + term
    let added = total - sum
    rest += (sum - (total - added)) + (term - added)
    sum = total
  }

  /// The sum, rounded once.
  @inline(__always)
  var rounded: V { sum + rest }
}

/// Two sums over rows.
///
/// - Parameter add: adds a row's terms to two sums of a few rows.
@inline(__always)
func sumRows<V: KernelVector>(
  _ rows: Int, _ type: V.Type, _ add: (_ row: Int, _ first: inout V, _ second: inout V) -> Void
) -> (first: CompensatedSum<V>, second: CompensatedSum<V>) {
  var (first, second) = (CompensatedSum<V>(), CompensatedSum<V>())
  var row = 0
  while row < rows {
    let end = min(row &+ 32, rows)
    // Two chains of sums, so that one addition needn't wait for the last.
    var first0 = V(repeating: 0)
    var (first1, second0, second1) = (first0, first0, first0)
    while row < end &- 1 {
      add(row, &first0, &second0)
      add(row &+ 1, &first1, &second1)
      row &+= 2
    }
    if row < end {
      add(row, &first0, &second0)
      row &+= 1
    }
    first.add(first0 + first1)
    second.add(second0 + second1)
  }
  return (first, second)
}

/// Sums of every channel over each chunk of rows, and over all of them.
struct ChannelSums {
  private let channels: Int
  private let chunks: Int
  /// Of each chunk, quantity after quantity; a vector may write past the last channel.
  private let floats: Storage
  private let stride: Int
  private let quantities: Int

  init(quantities: Int, chunks: Int, channels: Int) {
    (self.quantities, self.chunks, self.channels) = (quantities, chunks, channels)
    stride = channels + WideVector.scalarCount
    floats = Storage(uninitialized: chunks * quantities * stride)
  }

  /// Keeps a quantity of a chunk, for the channels from `first` on.
  @inline(__always)
  func store<V: KernelVector>(_ value: V, _ quantity: Int, _ chunk: Int, _ first: Int) {
    floats.pointer.store(value, at: (chunk &* quantities &+ quantity) &* stride &+ first)
  }

  func value(_ quantity: Int, _ chunk: Int, _ channel: Int) -> Double {
    Double(floats.pointer[(chunk * quantities + quantity) * stride + channel])
  }

  /// A channel's sum over all chunks.
  func total(_ quantity: Int, _ channel: Int) -> Double {
    var sum = 0.0
    for chunk in 0..<chunks { sum += value(quantity, chunk, channel) }
    return sum
  }
}

extension Tensor {
  /// The sum over all rows of each channel, which is the last axis.
  func sumOfRows() -> Tensor {
    let channels = shape.last ?? 1
    let groups = ChannelGroups(channels: channels)
    let sums = ChannelSums(quantities: 1, chunks: rowChunks(self).count, channels: channels)
    inRowChunks(self) { chunk, rows in
      @inline(__always)
      func add<V: KernelVector>(_ first: Int, _ type: V.Type) {
        let source = elements + (rows.lowerBound * channels + first)
        let sum = sumRows(rows.count, V.self) { row, sum, _ in
          sum += source.vector(at: row &* channels, as: V.self)
        }.first
        sums.store(sum.rounded, 0, chunk, first)
      }
      for group in 0..<groups.count {
        let first = groups.channels(group).lowerBound
        if groups.width(group) == WideVector.scalarCount {
          add(first, WideVector.self)
        } else {
          add(first, NarrowVector.self)
        }
      }
    }
    return Tensor([channels], (0..<channels).map { Float(sums.total(0, $0)) })
  }
}

/// Floats a chunk: 32 KiB.
private let chunkFloats = 8_192

/// The chunks that the rows of a tensor are cut into; its last axis are the channels.
func rowChunks(_ tensor: Tensor) -> [Range<Int>] {
  let channels = max(tensor.shape.last ?? 1, 1)
  let rows = tensor.count / channels
  let size = max(1, chunkFloats / channels)
  return stride(from: 0, to: rows, by: size).map { $0..<min(rows, $0 + size) }
}

/// Calls `body` on all threads with the number of each chunk and its rows.
@inline(__always)
func inRowChunks(_ tensor: Tensor, _ body: (Int, Range<Int>) -> Void) {
  let chunks = rowChunks(tensor)
  Device.current.workers.forEach(chunks.count) { body($0, chunks[$0]) }
}
