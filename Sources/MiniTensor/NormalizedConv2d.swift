/// A convolution and the batch normalisation behind it, as in training: `batchNorm(conv2d(…), …)`, whose
/// statistics are measured while the convolution's output is still in the cache.
///
/// - Parameters:
///   - input: images, `[batch, height, width, in]`.
///   - filter: filters, `[kernelHeight, kernelWidth, in, out]`.
///   - stride: step in pixels along both axes.
///   - padding: zeros added on each side, in pixels.
///   - scale: γ, `[out]`.
///   - shift: β, `[out]`.
///   - epsilon: keeps the root of the variance away from 0.
///   - shortcut: added to the result, of its shape.
///   - relu: whether negative results become 0.
/// - Returns: the result, shaped like that of `conv2d`, and the statistics it was normalised with.
/// - Precondition: as for `conv2d` and `batchNorm`: the output has at least two pixels, counted through
///   the batch.
/// - SeeAlso: He et al. 2015, section 3.4: normalisation "right after each convolution and before
///   activation".
public func normalizedConv2d(
  _ input: Tensor, _ filter: Tensor, stride: Int = 1, padding: Int = 0, scale: Tensor,
  shift: Tensor, epsilon: Float = 1e-5, adding shortcut: Tensor? = nil, relu: Bool = false
) -> (output: Tensor, statistics: BatchStatistics) {
  let shape = ConvolutionShape(input.shape, filter.shape, stride: stride, padding: padding)
  let (output, statistics) = shape.profiled("forward") {
    shape.outputAndStatistics(input.detached, filter.detached)
  }
  let result = normalized(
    shape.recorded(output, input, filter), scale, shift, statistics, epsilon, shortcut, relu)
  return (result, statistics)
}

/// A convolution and the batch normalisation behind it, as at test time: one convolution, whose filters
/// are multiplied by `scale / √(variance + epsilon)`, and which starts its sums at what is left of the
/// shift. The shortcut and the ReLU are applied before the sums leave the registers.
///
/// - Parameters:
///   - input: images, `[batch, height, width, in]`.
///   - filter: filters, `[kernelHeight, kernelWidth, in, out]`.
///   - stride: step in pixels along both axes.
///   - padding: zeros added on each side, in pixels.
///   - scale: γ, `[out]`.
///   - shift: β, `[out]`.
///   - mean: `[out]`.
///   - variance: `[out]`.
///   - epsilon: keeps the root of the variance away from 0.
///   - shortcut: added to the result, of its shape.
///   - relu: whether negative results become 0.
/// - Returns: the result, shaped like that of `conv2d`, without a history.
/// - Precondition: as for `conv2d` and `batchNorm`.
public func normalizedConv2d(
  _ input: Tensor, _ filter: Tensor, stride: Int = 1, padding: Int = 0, scale: Tensor,
  shift: Tensor, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5,
  adding shortcut: Tensor? = nil, relu: Bool = false
) -> Tensor {
  FoldedConv2d(
    filter, stride: stride, padding: padding, scale: scale, shift: shift, mean: mean,
    variance: variance, epsilon: epsilon)(input, adding: shortcut, relu: relu)
}

/// `normalizedConv2d` at test time for more than one input: the filters are multiplied and put into the order in
/// which the kernels read them only once.
///
///     let folded = FoldedConv2d(filter, padding: 1, scale: γ, shift: β, mean: m, variance: v)
///     folded(images, relu: true)
///
/// It takes as much memory as the filters, four times as much for the small ones of Winograd's convolution.
public final class FoldedConv2d {
  private let filterShape: [Int]
  private var filter: Tensor?
  private let stride: Int
  private let padding: Int
  /// What each filter is multiplied by; nil for 1.
  private let factors: Tensor?
  private let bias: Tensor?
  /// The filters in panels, or Winograd's banks of them: by the size of the images.
  private var matrix: ConvolutionShape.Filters?
  private var banks: ConvolutionShape.Filters?

  /// The parameters are those of `normalizedConv2d`.
  public init(
    _ filter: Tensor, stride: Int = 1, padding: Int = 0, scale: Tensor, shift: Tensor,
    mean: Tensor, variance: Tensor, epsilon: Float = 1e-5
  ) {
    for tensor in [scale, shift, mean, variance] {
      precondition(
        tensor.shape == [filter.shape.last ?? 0],
        "A normalisation of \(tensor.shape) for filters \(filter.shape).")
    }
    let normalization = Normalization(
      mean: mean, variance: variance, scale: scale, shift: shift, epsilon: epsilon)
    (self.filter, filterShape) = (filter.detached, filter.shape)
    (self.stride, self.padding) = (stride, padding)
    (factors, bias) = (normalization.slope, normalization.constant)
  }

  /// Filters without a normalisation behind them, and a bias if there is one.
  public init(_ filter: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0) {
    (self.filter, filterShape) = (filter.detached, filter.shape)
    (self.stride, self.padding) = (stride, padding)
    (factors, self.bias) = (nil, bias?.detached)
  }

  /// Maps `[batch, height, width, in]` to `[batch, outHeight, outWidth, out]`, without a history.
  ///
  /// - Parameter shortcut: what is added. If nobody else holds it, it becomes the result.
  /// - Precondition: the channels agree, and a shortcut has the result's shape.
  public func callAsFunction(
    _ input: Tensor, adding shortcut: consuming Tensor? = nil, relu: Bool = false
  ) -> Tensor {
    let shape = ConvolutionShape(input.shape, filterShape, stride: stride, padding: padding)
    let extents = [shape.batch, shape.outHeight, shape.outWidth, shape.outChannels]
    if let added = shortcut?.shape {
      precondition(added == extents, "A shortcut of \(added) for \(extents).")
    }
    let result = shortcut?.reusedOrNew() ?? Tensor(uninitialized: extents)
    let epilogue = ConvolutionKernel.Epilogue(
      bias: bias, shortcut: shortcut?.detached, relu: relu)
    shape.profiled("forward") {
      shape.convolve(input.detached, filters(shape), to: result, epilogue)
    }
    return result
  }

  /// Lets go of the filters as they were given. From then on images have to be of a kind that it has met: from 7x7 on, or
  /// smaller.
  public func keepOnlyFolded() {
    if matrix != nil || banks != nil { filter = nil }
  }

  private func filters(_ shape: ConvolutionShape) -> ConvolutionShape.Filters {
    if let packed = shape.usesBanks ? banks : matrix { return packed }
    guard let filter else {
      preconditionFailure(
        "The filters \(filterShape) were let go of when they had been folded for images of another size than \(shape.height)x\(shape.width)."
      )
    }
    let packed = shape.packed(filter, times: factors)
    if shape.usesBanks { banks = packed } else { matrix = packed }
    return packed
  }
}
