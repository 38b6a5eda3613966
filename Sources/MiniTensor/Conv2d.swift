/// Convolves a batch of images with a bank of filters (cross-correlation, as in every deep-learning
/// library).
///
/// - Parameters:
///   - input: images, `[batch, height, width, in]`.
///   - filter: filters, `[kernelHeight, kernelWidth, in, out]`.
///   - stride: step in pixels along both axes; at least 1.
///   - padding: zeros added on each side, in pixels; at least 0.
/// - Returns: `[batch, outHeight, outWidth, out]` with
///   `outHeight = (height + 2·padding − kernelHeight) / stride + 1`, rounded down.
/// - Precondition: the channel counts of `input` and `filter` agree, and the filter fits into the
///   padded image.
/// - Complexity: batch · outHeight · outWidth · kernelHeight · kernelWidth · in · out multiply-adds.
/// - SeeAlso: He et al. 2015, section 3.3.
public func conv2d(_ input: Tensor, _ filter: Tensor, stride: Int = 1, padding: Int = 0) -> Tensor {
  let shape = ConvolutionShape(input.shape, filter.shape, stride: stride, padding: padding)
  let (x, w) = (input.detached, filter.detached)
  let needs = (input: input.isTracked, filter: filter.isTracked)
  return shape.output(x, w).recorded(from: [input, filter]) { gradient in
    [
      needs.input ? shape.inputGradient(gradient, w) : nil,
      needs.filter ? shape.filterGradient(gradient, x) : nil,
    ]
  }
}

/// The extents of one convolution, checked.
struct ConvolutionShape {
  let batch: Int
  let height: Int
  let width: Int
  let inChannels: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let outChannels: Int
  let stride: Int
  let padding: Int
  let outHeight: Int
  let outWidth: Int

  init(_ input: [Int], _ filter: [Int], stride: Int, padding: Int) {
    precondition(
      input.count == 4, "conv2d takes images [batch, height, width, channels], not \(input).")
    precondition(
      filter.count == 4, "conv2d takes filters [height, width, in, out], not \(filter).")
    precondition(
      input[3] == filter[2],
      "Images \(input) have \(input[3]) channels, filters \(filter) take \(filter[2]).")
    precondition(
      stride >= 1 && padding >= 0, "Stride \(stride) or padding \(padding) is too small.")
    precondition(
      input[1] + 2 * padding >= filter[0] && input[2] + 2 * padding >= filter[1],
      "Filters \(filter) don't fit into images \(input) with padding \(padding).")
    (batch, height, width, inChannels) = (input[0], input[1], input[2], input[3])
    (kernelHeight, kernelWidth, outChannels) = (filter[0], filter[1], filter[3])
    (self.stride, self.padding) = (stride, padding)
    outHeight = (height + 2 * padding - kernelHeight) / stride + 1
    outWidth = (width + 2 * padding - kernelWidth) / stride + 1
  }

  func output(_ input: Tensor, _ filter: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [batch, outHeight, outWidth, outChannels])
    let panels = Panels(rows: kernelHeight * kernelWidth * inChannels, columns: outChannels)
    ConvolutionKernel.run(windows, input, panels, panels.packed(filter), result: result)
    return result
  }

  /// Each input pixel collects from the outputs that saw it: a convolution of the gradient, its
  /// pixels `stride` apart, with the taps in reverse order.
  func inputGradient(_ gradient: Tensor, _ filter: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [batch, height, width, inChannels])
    let windows = Windows(
      batch: batch, height: outHeight, width: outWidth, channels: outChannels,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: 1, outHeight: height,
      outWidth: width, top: kernelHeight - 1 - padding, left: kernelWidth - 1 - padding,
      spacing: stride, outChannels: inChannels
    ).simplified
    let panels = Panels(rows: kernelHeight * kernelWidth * outChannels, columns: inChannels)
    let packed = panels.packedReversed(filter, taps: kernelHeight * kernelWidth)
    ConvolutionKernel.run(windows, gradient, panels, packed, result: result)
    return result
  }

  func filterGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [kernelHeight, kernelWidth, inChannels, outChannels])
    let panels = Panels(rows: kernelHeight * kernelWidth * inChannels, columns: outChannels)
    FilterGradientKernel.run(windows, input, panels, gradient, result: result)
    return result
  }

  private var windows: Windows {
    Windows(
      batch: batch, height: height, width: width, channels: inChannels,
      kernelHeight: kernelHeight, kernelWidth: kernelWidth, stride: stride, outHeight: outHeight,
      outWidth: outWidth, top: padding, left: padding, spacing: 1, outChannels: outChannels
    ).simplified
  }
}
