// Many small products of matrices, such as the scores of all heads of a batch. A matrix of 16x16 is too small to be
// shared by threads: a chunk is some whole matrices.
//
//     right, packed                 a row of the left one gives a row of the result:
//     row 0 [16 columns|16|8]       one broadcast and one fused multiply-add for each vector of columns.
//     row 1 [16 columns|16|8]       Four rows at a time keep four sums going.
//        …
//
// A sum goes through the inner index in its order, whatever the vectors: all processors compute the same bits.

/// Batches of matrices, as they lie in memory or transposed.
struct Matrices {
  let elements: UnsafePointer<Float>
  let rows: Int
  let columns: Int
  /// Steps in memory from a row to the next, and from a column to the next.
  let rowStep: Int
  let columnStep: Int

  /// The last two axes of a tensor.
  init(_ tensor: Tensor, transposed: Bool = false) {
    let shape = tensor.shape.suffix(2)
    elements = tensor.elements
    if transposed {
      (rows, columns, rowStep, columnStep) = (shape.last!, shape.first!, 1, shape.last!)
    } else {
      (rows, columns, rowStep, columnStep) = (shape.first!, shape.last!, shape.last!, 1)
    }
  }

  var count: Int { rows * columns }
}

/// Multiply-adds a chunk.
private let chunkProducts = 32_768

/// The product of each matrix on the left with the one on the right.
///
/// - Parameter shape: of the result, `[…, left.rows, right.columns]`.
func matrixProducts(_ left: Matrices, _ right: Matrices, _ shape: [Int]) -> Tensor {
  let result = Tensor(uninitialized: shape)
  let batch = shape.dropLast(2).reduce(1, *)
  let (rows, inner, columns) = (left.rows, left.columns, right.columns)
  let groups = ChannelGroups(channels: columns)
  let packedColumns = groups.count * WideVector.scalarCount
  let packed = Storage(uninitialized: batch * inner * packedColumns)
  let size = max(1, chunkProducts / max(1, rows * inner * columns))
  inChunks(of: size, batch) { matrices in
    for matrix in matrices {
      let panel = packed.pointer + matrix * inner * packedColumns
      let source = right.elements + matrix * right.count
      for row in 0..<inner {
        let line = panel + row * packedColumns
        for column in 0..<columns {
          line[column] = source[row &* right.rowStep &+ column &* right.columnStep]
        }
        for column in columns..<packedColumns { line[column] = 0 }
      }
      let target = result.freshElements + matrix * rows * columns
      let factors = left.elements + matrix * left.count
      for group in 0..<groups.count {
        let place = groups.channels(group)
        func multiply<V: KernelVector>(_ type: V.Type) {
          multiplyRows(
            rows, inner, factors, left, UnsafePointer(panel + place.lowerBound), packedColumns,
            target + place.lowerBound, columns, place.count, V.self)
        }
        if groups.width(group) == WideVector.scalarCount {
          multiply(WideVector.self)
        } else {
          multiply(NarrowVector.self)
        }
      }
    }
  }
  return result
}

/// All rows of a product, for the columns of one vector.
@inline(__always)
private func multiplyRows<V: KernelVector>(
  _ rows: Int, _ inner: Int, _ factors: UnsafePointer<Float>, _ left: Matrices,
  _ panel: UnsafePointer<Float>, _ panelStep: Int, _ target: UnsafeMutablePointer<Float>,
  _ targetStep: Int, _ columns: Int, _ type: V.Type
) {
  let zero = V(repeating: 0)
  let (rowStep, columnStep) = (left.rowStep, left.columnStep)
  var row = 0
  while row < rows {
    if row &+ 4 <= rows {
      var (sum0, sum1, sum2, sum3) = (zero, zero, zero, zero)
      var place = factors + row &* rowStep
      for index in 0..<inner {
        let weights = panel.vector(at: index &* panelStep, as: V.self)
        sum0.addProduct(V(repeating: place[0]), weights)
        sum1.addProduct(V(repeating: place[rowStep]), weights)
        sum2.addProduct(V(repeating: place[2 &* rowStep]), weights)
        sum3.addProduct(V(repeating: place[3 &* rowStep]), weights)
        place += columnStep
      }
      target.store(sum0, first: columns, at: row &* targetStep)
      target.store(sum1, first: columns, at: (row &+ 1) &* targetStep)
      target.store(sum2, first: columns, at: (row &+ 2) &* targetStep)
      target.store(sum3, first: columns, at: (row &+ 3) &* targetStep)
      row &+= 4
    } else {
      var sum = zero
      for index in 0..<inner {
        sum.addProduct(
          V(repeating: factors[row &* rowStep &+ index &* columnStep]),
          panel.vector(at: index &* panelStep, as: V.self))
      }
      target.store(sum, first: columns, at: row &* targetStep)
      row &+= 1
    }
  }
}
