import MiniTensor
import Networks

/// The positions of the blocks that keep the shape of their input, counted through all stages: without
/// them the network still computes something.
func removable(_ network: CifarNetwork) -> [Int] {
  let blocks = network.stages.joined().map { $0 }
  return blocks.indices.filter { index in
    let shape = blocks[index].conv1.weight.shape
    return blocks[index].conv1.stride == 1 && shape[2] == shape[3]
  }
}

/// The positions of the blocks that can change places with the next one.
func exchangeable(_ network: CifarNetwork) -> [Int] {
  let positions = removable(network)
  return positions.filter { positions.contains($0 + 1) }
}

extension [BasicBlock] {
  /// All blocks but one.
  func removing(_ index: Int) -> [BasicBlock] {
    var blocks = self
    blocks.remove(at: index)
    return blocks
  }

  /// The same blocks, two of them in each other's place.
  func exchanging(_ first: Int, _ second: Int) -> [BasicBlock] {
    var blocks = self
    blocks.swapAt(first, second)
    return blocks
  }
}

/// The middle one of an odd number of values, the upper middle one of an even number.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// The norm of each filter, or of each column of a matrix.
func filterNorms(_ weights: Tensor) -> [Float] {
  let filters = weights.shape.last!
  let values = weights.scalars
  return (0..<filters).map { filter in
    stride(from: filter, to: values.count, by: filters)
      .reduce(0) { $0 + values[$1] * values[$1] }.squareRoot()
  }
}
