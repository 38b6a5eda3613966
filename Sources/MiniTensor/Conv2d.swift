/// Convolves a batch of images with a bank of filters (cross-correlation, as in every deep-learning
/// library).
///
/// - Parameters:
///   - input: images, `[batch, height, width, in]`.
///   - filter: filters, `[kernelHeight, kernelWidth, in, out]`.
///   - bias: added to each output channel, `[out]`, or nil for none.
///   - stride: step in pixels along both axes; at least 1.
///   - padding: zeros added on each side, in pixels; at least 0.
/// - Returns: `[batch, outHeight, outWidth, out]` with
///   `outHeight = (height + 2·padding − kernelHeight) / stride + 1`, rounded down.
/// - Precondition: the channel counts of `input`, `filter` and `bias` agree, and the filter fits into
///   the padded image.
/// - Complexity: batch · outHeight · outWidth · kernelHeight · kernelWidth · in · out multiply-adds; a
///   quarter of them for a 3x3 filter with stride 1 and padding 1, a multiple of 16 channels and images from 7x7 on,
///   whose outputs then have about three times the rounding error, and in which a value that is infinite,
///   NaN, or far larger than its neighbours, disturbs outputs that don't see it (`WinogradTransform.swift`).
/// - SeeAlso: He et al. 2015, section 3.3.
public func conv2d(
  _ input: Tensor, _ filter: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
) -> Tensor {
  let shape = ConvolutionShape(input.shape, filter.shape, stride: stride, padding: padding)
  if let bias {
    precondition(
      bias.shape == [shape.outChannels], "A bias of \(bias.shape) for filters \(filter.shape).")
  }
  let output = Tensor(
    uninitialized: [shape.batch, shape.outHeight, shape.outWidth, shape.outChannels])
  shape.profiled("forward") {
    shape.convolve(
      input.detached, shape.filters(filter.detached), to: output, .init(bias: bias?.detached))
  }
  return shape.recorded(output, input, filter, bias)
}

/// The extents of one convolution, checked.
struct ConvolutionShape: Hashable {
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

  /// Runs the forward pass or a gradient, which take the same work and traffic, in the profile.
  ///
  /// - Parameter others: floats that are read or written beside the images, the output and the filters.
  func profiled<Result>(_ pass: String, others: Int = 0, _ operation: () -> Result) -> Result {
    let outputs = batch * outHeight * outWidth * outChannels
    let weights = kernelHeight * kernelWidth * inChannels
    return MiniTensor.profiled(
      "conv \(kernelHeight)x\(kernelWidth) \(pass)",
      multiplyAdds: outputs * weights,
      floats: batch * height * width * inChannels + outputs + weights * outChannels + others,
      operation)
  }

  /// A result of this convolution, recorded with its backward pass: the gradients of its input, its filter and
  /// its bias.
  func recorded(
    _ output: Tensor, _ input: Tensor, _ filter: Tensor, _ bias: Tensor? = nil
  ) -> Tensor {
    let (x, w) = (input.node?.remake == nil ? input.detached : nil, filter.detached)
    let needs = (input: input.isTracked, filter: filter.isTracked, bias: bias?.isTracked ?? false)
    return output.recorded(from: [input, filter] + (bias.map { [$0] } ?? [])) { gradient, node in
      let sums = node.sums(ofInput: 0)
      let others = (node.inputs[0]?.gradient?.count ?? 0) + (sums?.pass.floatsOfSums ?? 0)
      return [
        needs.input
          ? profiled("input gradient", others: others) {
            inputGradient(gradient, w, adding: node.waiting(0), measuring: sums)
          } : nil,
        needs.filter
          ? profiled("filter gradient") {
            filterGradient(gradient, x ?? node.inputs[0]!.remake!())
          } : nil,
        needs.bias ? gradient.sumOfRows() : nil,
      ]
    }
  }

  /// The forward pass.
  ///
  /// - Parameters:
  ///   - filters: as made by `filters` or `packed`.
  ///   - result: overwritten.
  ///   - epilogue: what is done to each sum before it is stored.
  func convolve(
    _ input: Tensor, _ filters: Filters, to result: Tensor, _ epilogue: ConvolutionKernel.Epilogue
  ) {
    convolve(input, filters, panels, to: result, epilogue)
  }

  /// Filters as the forward pass reads them: those of a matrix product, or Winograd's banks.
  enum Filters {
    case matrix(ConvolutionKernel.Filters)
    case banks(WinogradBanks)
  }

  /// Filters for one forward pass.
  func filters(_ filter: Tensor) -> Filters {
    filters(panels.isOnePanel ? .packed(panels.packed(filter)) : .plain(filter), panels)
  }

  /// Filters for many forward passes.
  ///
  /// - Parameter factors: what each filter is multiplied by; nil for 1.
  func packed(_ filter: Tensor, times factors: Tensor?) -> Filters {
    filters(.packed(panels.packed(filter, times: factors)), panels)
  }

  private func filters(_ filters: ConvolutionKernel.Filters, _ panels: FilterPanels) -> Filters {
    usesBanks
      ? .banks(WinogradBanks(WinogradTapPanels(panels: panels, filters: filters)))
      : .matrix(filters)
  }

  /// The forward pass, and the statistics of its output, measured while that is in the cache.
  func outputAndStatistics(
    _ input: Tensor, _ filter: Tensor
  ) -> (output: Tensor, statistics: BatchStatistics) {
    let result = Tensor(uninitialized: [batch, outHeight, outWidth, outChannels])
    checkStatistics(of: result.shape)
    let chunks = suitsWinograd ? tiles.pixelsOfChunks : windows.pixelsOfChunks
    let moments = Moments(counts: chunks.map { $0.count }, channels: outChannels)
    convolve(input, filters(filter), panels, to: result) {
      moments.measure(result, $0, $1, groups: $2)
    }
    return (result, moments.statistics)
  }

  /// The gradient of the input.
  ///
  /// - Parameters:
  ///   - waiting: what is added to it, such as the gradient that came along a shortcut; it becomes the result if
  ///     nobody else holds it.
  ///   - sums: what is measured of the result while it is in the cache.
  func inputGradient(
    _ gradient: Tensor, _ filter: Tensor, adding waiting: consuming Tensor?,
    measuring sums: GradientSums?
  ) -> Tensor {
    let result =
      waiting?.reusedOrNew() ?? Tensor(uninitialized: [batch, height, width, inChannels])
    let panels = FilterPanels(rows: kernelHeight * kernelWidth * outChannels, columns: inChannels)
    let taps = suitsWinograd ? (0..<9).reversed() : gradientWindows.taps
    sums?.begin(chunks: suitsWinograd ? tiles.chunks : gradientWindows.chunks)
    convolve(
      gradient, filters(.transposed(filter, taps: taps), panels), panels, to: result,
      .init(shortcut: waiting), isGradient: true,
      finish: sums.map { sums in { sums.measure(result, $0, $1, $2) } })
    return result
  }

  /// Runs the kernel that suits this convolution, for the forward pass or for the gradient of the input.
  private func convolve(
    _ images: Tensor, _ filters: Filters, _ panels: FilterPanels, to result: Tensor,
    _ epilogue: ConvolutionKernel.Epilogue = .init(), isGradient: Bool = false,
    finish: ((Int, Range<Int>, Range<Int>) -> Void)? = nil
  ) {
    func winograd(_ filters: WinogradKernel.Filters) {
      WinogradKernel(
        tiles: tiles, images: images, filters: filters, result: result, epilogue: epilogue
      ).run(finish: finish)
    }
    switch filters {
    case .banks(let banks): winograd(.banks(banks))
    case .matrix(let filters) where suitsWinograd:
      winograd(.taps(WinogradTapPanels(panels: panels, filters: filters)))
    case .matrix(let filters):
      ConvolutionKernel(
        windows: windows(isGradient: isGradient, fillsBlocks: finish == nil), panels: panels,
        images: images, filters: filters, result: result, epilogue: epilogue
      ).run(finish: finish)
    }
  }

  func filterGradient(_ gradient: Tensor, _ input: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [kernelHeight, kernelWidth, inChannels, outChannels])
    if suitsWinograd {
      WinogradFilterGradient(
        tiles: tiles(for: usesBanks ? .smallFilters : .gradientOfLargeFilters),
        panels: FilterPanels(rows: inChannels, columns: outChannels), images: input,
        gradient: gradient
      ).run(result: result, filtersAreLarge: !usesBanks)
    } else {
      FilterGradientKernel(windows: windows, panels: panels, images: input, gradient: gradient)
        .run(result: result)
    }
    return result
  }

  /// Whether Winograd's convolution is used: its channels fill vectors of sixteen, and its tiles are more than half full
  /// from images of 7x7 on. The chapters' networks for digits, with 8 channels or smaller images, keep to the
  /// plain order of additions.
  var suitsWinograd: Bool {
    kernelHeight == 3 && kernelWidth == 3 && stride == 1 && padding == 1
      && height >= 7 && width >= 7 && inChannels >= 16 && outChannels >= 16
      && inChannels % 16 == 0 && outChannels % 16 == 0
  }

  /// Whether Winograd's convolution turns all filters into banks at once; it does unless they are large.
  var usesBanks: Bool { suitsWinograd && inChannels * outChannels < Self.largeFilters }

  /// Pairs of channels from which on filters are large: their banks, 36 floats for each pair, are far larger than
  /// second-level caches.
  private static let largeFilters = 65_536

  private var tiles: WinogradTiles { tiles(for: usesBanks ? .smallFilters : .largeFilters) }

  private func tiles(for use: WinogradTiles.Use) -> WinogradTiles {
    WinogradTiles(
      batch: batch, height: height, width: width, channels: inChannels + outChannels, for: use)
  }

  private var panels: FilterPanels {
    FilterPanels(rows: kernelHeight * kernelWidth * inChannels, columns: outChannels)
  }

  /// What each output pixel sees of the input.
  private var windows: Windows { windows(isGradient: false) }

  /// What each input pixel sees of the output's gradient.
  private var gradientWindows: Windows { windows(isGradient: true) }

  private func windows(isGradient: Bool, fillsBlocks: Bool = false) -> Windows {
    let key = WindowsKey(shape: self, isGradient: isGradient, fillsBlocks: fillsBlocks)
    return Device.current.windows.find(key) {
      let shape = simplified
      func axis(_ input: Int, _ output: Int, _ kernel: Int) -> TapAxis {
        isGradient
          ? TapAxis(
            gradientOfInput: input, output: output, kernel: kernel, stride: stride,
            padding: padding)
          : TapAxis(input: input, output: output, kernel: kernel, stride: stride, padding: padding)
      }
      return Windows(
        batch: shape.batch, rows: axis(shape.height, shape.outHeight, kernelHeight),
        columns: axis(shape.width, shape.outWidth, kernelWidth),
        height: isGradient ? shape.outHeight : shape.height,
        width: isGradient ? shape.outWidth : shape.width,
        channels: isGradient ? outChannels : inChannels,
        outChannels: isGradient ? inChannels : outChannels, fillsBlocks: fillsBlocks)
    }
  }

  /// Where each window is one pixel and each pixel has a window, the images don't matter: every pixel
  /// is an image of its own, as the rows of a linear layer are.
  private var simplified: ConvolutionShape {
    guard kernelHeight == 1, kernelWidth == 1, stride == 1, padding == 0 else { return self }
    return ConvolutionShape(
      [batch * height * width, 1, 1, inChannels], [1, 1, inChannels, outChannels], stride: 1,
      padding: 0)
  }
}
