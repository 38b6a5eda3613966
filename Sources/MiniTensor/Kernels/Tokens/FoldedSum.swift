/// The vector in which a row's terms are added up: of one width on every processor, which decides the order.
typealias FoldedVector = SIMD16<Float>

extension FoldedVector {
  /// The sum of all lanes, the upper half added to the lower one again and again: one order on every processor.
  @inline(__always)
  var foldedSum: Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}

/// The sum of `term` over the channels of a row: sixteen chains, folded, then what is left over one by one.
@inline(__always)
func sumOfChannels(
  _ channels: Int, _ vectorTerm: (Int) -> FoldedVector, _ term: (Int) -> Float
) -> Float {
  let whole = channels &- channels % FoldedVector.scalarCount
  var sums = FoldedVector(repeating: 0)
  var channel = 0
  while channel < whole {
    sums += vectorTerm(channel)
    channel &+= FoldedVector.scalarCount
  }
  var sum = sums.foldedSum
  while channel < channels {
    sum += term(channel)
    channel &+= 1
  }
  return sum
}
