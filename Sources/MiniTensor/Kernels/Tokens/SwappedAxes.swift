/// The same elements with two axes, the first before the second, in each other's place. No gradient.
func swappedAxes(_ input: Tensor, _ first: Int, _ second: Int) -> Tensor {
  var shape = input.shape
  shape.swapAt(first, second)
  let result = Tensor(uninitialized: shape)
  let (rows, columns) = (input.shape[first], input.shape[second])
  let between = input.shape[first + 1..<second].reduce(1, *)
  let inner = input.shape[(second + 1)...].reduce(1, *)
  let block = rows * between * columns * inner
  let (source, target) = (input.elements, result.freshElements)
  inChunks(of: max(1, 8_192 / max(block, 1)), input.count / max(block, 1)) { blocks in
    for block in blocks.lazy.map({ $0 * block }) {
      for row in 0..<rows {
        for middle in 0..<between {
          for column in 0..<columns {
            let from = block &+ ((row &* between &+ middle) &* columns &+ column) &* inner
            let to = block &+ ((column &* between &+ middle) &* rows &+ row) &* inner
            for index in 0..<inner { target[to &+ index] = source[from &+ index] }
          }
        }
      }
    }
  }
  return result
}
