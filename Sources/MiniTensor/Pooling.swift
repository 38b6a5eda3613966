/// The largest value in each window. Padding counts as −∞.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - size: height and width of the window, in pixels.
///   - stride: step in pixels; the window's size if not given.
///   - padding: pixels added on each side; less than the window's size.
/// - Returns: `[batch, outHeight, outWidth, channels]`, extents as for `conv2d`.
/// - Precondition: the window fits into the padded image and always covers a pixel of it.
public func maxPool(_ input: Tensor, size: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
  let shape = PoolingShape(input.shape, size: size, stride: stride ?? size, padding: padding)
  let (output, winners) = profiled("max pool forward", floats: input.count) {
    maxPoolForward(input, shape)
  }
  return output.recorded(from: [input]) { gradient in
    [
      profiled("max pool backward", floats: input.count) {
        maxPoolBackward(gradient, winners, shape)
      }
    ]
  }
}

/// The mean of each window. Padding counts as zeros, as PyTorch counts it.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - size: height and width of the window, in pixels.
///   - stride: step in pixels; the window's size if not given.
///   - padding: zeros added on each side, in pixels; less than the window's size.
/// - Returns: `[batch, outHeight, outWidth, channels]`, extents as for `conv2d`.
/// - Precondition: the window fits into the padded image and always covers a pixel of it.
public func averagePool(_ input: Tensor, size: Int, stride: Int? = nil, padding: Int = 0) -> Tensor
{
  let shape = PoolingShape(input.shape, size: size, stride: stride ?? size, padding: padding)
  return averagePoolForward(input, shape).recorded(from: [input]) {
    [averagePoolBackward($0, shape)]
  }
}

/// The mean over all pixels of each channel.
///
/// - Parameter input: `[batch, height, width, channels]`.
/// - Returns: `[batch, channels]`.
/// - SeeAlso: He et al. 2015, sections 3.3 and 4.2: the step before the last layer.
public func globalAveragePool(_ input: Tensor) -> Tensor {
  precondition(input.shape.count == 4, "globalAveragePool takes images, not \(input.shape).")
  let shape = input.shape
  let means = profiled("global average pool", floats: input.count) { meanOverPixels(input) }
  return means.recorded(from: [input]) { [spreadOverPixels($0, shape)] }
}

/// The extents of one pooling operation, checked.
struct PoolingShape {
  let input: [Int]
  let height: Int
  let width: Int
  let channels: Int
  let size: Int
  let stride: Int
  let padding: Int
  let outHeight: Int
  let outWidth: Int

  init(_ input: [Int], size: Int, stride: Int, padding: Int) {
    precondition(
      input.count == 4, "Pooling takes images [batch, height, width, channels], not \(input).")
    precondition(
      size >= 1 && stride >= 1 && padding >= 0 && padding < size,
      "Pooling with size \(size), stride \(stride), padding \(padding): size and stride are at least 1, padding is less than the size."
    )
    precondition(
      input[1] + 2 * padding >= size && input[2] + 2 * padding >= size,
      "A window of \(size) doesn't fit into images \(input) with padding \(padding).")
    (self.input, self.size, self.stride, self.padding) = (input, size, stride, padding)
    (height, width, channels) = (input[1], input[2], input[3])
    outHeight = (input[1] + 2 * padding - size) / stride + 1
    outWidth = (input[2] + 2 * padding - size) / stride + 1
  }

  var output: [Int] { [input[0], outHeight, outWidth, input[3]] }
}
