/// The mean over a grid of windows, whatever the size of the image: cell i of n covers the pixels from
/// ⌊i · extent / n⌋ up to ⌈(i + 1) · extent / n⌉ along each axis, as in PyTorch.
///
/// VGG puts a grid of 7x7 before its fully connected layers, which need a fixed number of inputs. For
/// images of 224x224 the grid is the feature map itself.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - size: cells along each axis; more than pixels is allowed, then cells share pixels.
/// - Returns: `[batch, size, size, channels]`.
public func adaptiveAveragePool(_ input: Tensor, size: Int) -> Tensor {
  precondition(
    input.shape.count == 4 && size >= 1 && input.shape[1] > 0 && input.shape[2] > 0,
    "adaptiveAveragePool takes images and at least 1 cell, not \(input.shape) and \(size).")
  let shape = input.shape
  if shape[1] == size && shape[2] == size { return input }
  return adaptiveAveragePoolForward(input, size).recorded(from: [input]) {
    [adaptiveAveragePoolBackward($0, shape)]
  }
}
