/// Normalisation with given statistics, forward and backward.
///
/// With `slope = scale / √(variance + ε)` the forward pass is `y = slope · (x − mean) + shift`.
struct Normalization {
  let mean: Tensor
  /// What is left of a mean that isn't a number of single precision: beside a small deviation it counts.
  let meanRest: Tensor?
  /// 1 / √(variance + ε).
  let inverseDeviation: [Double]
  let slope: Tensor
  /// Of `slope · (x − mean)`: what was given, without the share of `meanRest`.
  let shift: Tensor

  init(
    mean: Tensor, meanRest: Tensor? = nil, variance: Tensor, scale: Tensor, shift: Tensor,
    epsilon: Float
  ) {
    (self.mean, self.meanRest) = (mean, meanRest)
    inverseDeviation = (0..<mean.count).map {
      1 / (Double(variance.elements[$0]) + Double(epsilon)).squareRoot()
    }
    slope = Tensor(uninitialized: mean.shape)
    self.shift = Tensor(uninitialized: mean.shape)
    for channel in 0..<mean.count {
      let slope = Double(scale.elements[channel]) * inverseDeviation[channel]
      self.slope.freshElements[channel] = Float(slope)
      let rest = Double(meanRest?.elements[channel] ?? 0)
      self.shift.freshElements[channel] = Float(Double(shift.elements[channel]) - slope * rest)
    }
  }

  /// What the forward pass adds to `slope · x`: `shift − slope · mean`.
  var constant: Tensor {
    let result = Tensor(uninitialized: mean.shape)
    for channel in 0..<mean.count {
      result.freshElements[channel] =
        shift.elements[channel] - slope.elements[channel] * mean.elements[channel]
    }
    return result
  }

  private var groups: ChannelGroups { ChannelGroups(channels: mean.count) }

  /// `y = slope · (x − mean) + shift`, plus the shortcut if there is one, then ReLU if asked for.
  func forward(_ input: Tensor, adding shortcut: Tensor?, relu: Bool) -> Tensor {
    let result = Tensor(uninitialized: input.shape)
    inRowChunks(input) { _, rows in
      for group in 0..<groups.count {
        if groups.width(group) == WideVector.scalarCount {
          apply(group, rows, input, shortcut, relu, result, WideVector.self)
        } else {
          apply(group, rows, input, shortcut, relu, result, NarrowVector.self)
        }
      }
    }
    return result
  }

  @inline(__always)
  private func apply<V: KernelVector>(
    _ group: Int, _ rows: Range<Int>, _ input: Tensor, _ shortcut: Tensor?, _ relu: Bool,
    _ result: Tensor, _ type: V.Type
  ) {
    let channels = mean.count
    let columns = groups.channels(group)
    let (source, target) = (input.elements, result.freshElements)
    let extra = shortcut?.elements
    let center = mean.elements.vector(at: columns.lowerBound, as: V.self)
    let slope = slope.elements.vector(at: columns.lowerBound, as: V.self)
    let shift = shift.elements.vector(at: columns.lowerBound, as: V.self)
    for row in rows {
      let index = row &* channels &+ columns.lowerBound
      var value = shift.addingProduct(source.vector(at: index, as: V.self) - center, slope)
      if let extra { value += extra.vector(at: index, as: V.self) }
      if relu { value = value.zeroed(whereNotPositive: value) }
      if columns.count == V.scalarCount {
        target.store(value, at: index)
      } else {
        target.store(value, first: columns.count, at: index)
      }
    }
  }
}

/// The backward pass of a `Normalization`.
///
/// With g the gradient behind the ReLU, n rows and x̂ the normalised input: `∂shift = Σ g`,
/// `∂scale = Σ g·x̂`, and, where the statistics depend on the input,
/// `∂x = slope · (g − Σg / n − x̂ · Σ(g·x̂) / n)`, otherwise `∂x = slope · g`.
///
///     pass 1   gradient, input, (output)  ▸ Σ g, Σ g·(x − mean)   and g, if a shortcut gets it
///     pass 2   g, input                   ▸ ∂x
///
/// These passes move memory and compute little. So pass 1 is done by the convolution that writes the gradient, if
/// one does (`GradientSums`); a result takes the place of what was read for it wherever nobody else needs that;
/// and without a shortcut the forward pass's output isn't read at all: whether the ReLU was active is computed
/// again from the input.
///
/// - SeeAlso: Ioffe and Szegedy 2015, section 3.
struct NormalizationGradient {
  let normalization: Normalization
  let input: Tensor
  /// Whether a ReLU followed.
  let relu: Bool
  /// What the forward pass returned, if a shortcut was added before the ReLU; else nil.
  let output: Tensor?
  /// Whether the gradient of a shortcut is wanted, which is g.
  let needsShortcut: Bool
  /// How many rows the statistics were measured over, this input's among them; nil if they don't depend on it.
  let measuredRows: Int?

  private var channels: Int { normalization.mean.count }
  private var groups: ChannelGroups { ChannelGroups(channels: channels) }

  /// The gradients of everything that went into the forward pass.
  ///
  /// - Parameters:
  ///   - gradient: of the output; overwritten where nobody else holds it.
  ///   - measured: what pass 1 found, if it is done.
  func run(
    _ gradient: inout Tensor, measured: ChannelSums?
  ) -> (input: Tensor, scale: Tensor, shift: Tensor, shortcut: Tensor?) {
    let kept = keepsGradient && measured == nil ? gradient.reusedOrNew() : nil
    let sums = measured ?? sums(gradient, keeping: kept)
    let scaleGradient = Tensor(uninitialized: [channels])
    let shiftGradient = Tensor(uninitialized: [channels])
    // ∂x = slope·g + constant + factor·(x − mean)
    let constant = Tensor([channels], repeating: 0)
    let factor = Tensor([channels], repeating: 0)
    // ∂shift of every channel, then ∂scale.
    var parameters = [Double](repeating: 0, count: 2 * channels)
    for channel in 0..<channels {
      let rest = Double(normalization.meanRest?.elements[channel] ?? 0)
      let shift = sums.total(Self.gradients, channel)
      let scale =
        (sums.total(Self.products, channel) - rest * shift)
        * normalization.inverseDeviation[channel]
      shiftGradient.freshElements[channel] = Float(shift)
      scaleGradient.freshElements[channel] = Float(scale)
      (parameters[channel], parameters[channels + channel]) = (shift, scale)
    }
    if let measuredRows {
      // The statistics were those of all shards, so every image of the batch acts on them.
      parameters = Shard.joined(parameters, .sums)
      for channel in 0..<channels {
        let inverse = normalization.inverseDeviation[channel]
        let rest = Double(normalization.meanRest?.elements[channel] ?? 0)
        let (shift, scale) = (parameters[channel], parameters[channels + channel])
        let share = Double(normalization.slope.elements[channel]) / Double(measuredRows)
        constant.freshElements[channel] = Float(share * (scale * inverse * rest - shift))
        factor.freshElements[channel] = Float(-share * scale * inverse)
      }
    }
    let inputGradient = needsShortcut ? Tensor(uninitialized: input.shape) : gradient.reusedOrNew()
    let slopes = kept ?? gradient
    let masks = relu && !keepsGradient
    inRowChunks(input) { _, rows in
      for group in 0..<groups.count {
        if groups.width(group) == WideVector.scalarCount {
          spread(group, rows, slopes, masks, constant, factor, inputGradient, WideVector.self)
        } else {
          spread(group, rows, slopes, masks, constant, factor, inputGradient, NarrowVector.self)
        }
      }
    }
    return (inputGradient, scaleGradient, shiftGradient, needsShortcut ? slopes : nil)
  }

  private static let (gradients, products) = (0, 1)

  /// Whether pass 1 writes g.
  var keepsGradient: Bool { needsShortcut && relu }

  /// How many floats pass 1 reads and writes beside the gradient's own.
  var floatsOfSums: Int { input.count * (1 + (output == nil ? 0 : 1)) }

  /// Pass 1: Σ g and Σ g·(x − mean) of every channel. Writes g to `kept`.
  private func sums(_ gradient: Tensor, keeping kept: Tensor?) -> ChannelSums {
    let sums = newSums(chunks: rowChunks(input).count)
    inRowChunks(input) { measure(gradient, $0, $1, 0..<groups.count, keeping: kept, in: sums) }
    return sums
  }

  /// Room for the sums of so many chunks of rows.
  func newSums(chunks: Int) -> ChannelSums {
    ChannelSums(quantities: 2, chunks: chunks, channels: channels)
  }

  /// Pass 1 for some rows and groups of channels.
  ///
  /// - Parameter kept: where g is written, if it is wanted; may be the gradient.
  func measure(
    _ gradient: Tensor, _ chunk: Int, _ rows: Range<Int>, _ range: Range<Int>,
    keeping kept: Tensor?, in sums: ChannelSums
  ) {
    for group in range {
      if groups.width(group) == WideVector.scalarCount {
        reduce(group, chunk, rows, gradient, kept, sums, WideVector.self)
      } else {
        reduce(group, chunk, rows, gradient, kept, sums, NarrowVector.self)
      }
    }
  }

  @inline(__always)
  private func reduce<V: KernelVector>(
    _ group: Int, _ chunk: Int, _ rows: Range<Int>, _ gradient: Tensor, _ kept: Tensor?,
    _ sums: ChannelSums, _ type: V.Type
  ) {
    let columns = groups.channels(group)
    let mask = Mask<V>(self, columns.lowerBound, masks: relu)
    let (slopes, values, kept) = (gradient.elements, input.elements, kept?.freshElements)
    let start = rows.lowerBound &* channels &+ columns.lowerBound
    @inline(__always)
    func reduce(_ lanes: Int) {
      let (gradients, products) = sumRows(rows.count, V.self) { row, gradients, products in
        let index = start &+ row &* channels
        let distance = values.vector(at: index, as: V.self) - mask.center
        let slope = mask(slopes.vector(at: index, first: lanes, as: V.self), distance, index)
        kept?.store(slope, first: lanes, at: index)
        gradients += slope
        products.addProduct(distance, slope)
      }
      sums.store(gradients.rounded, Self.gradients, chunk, columns.lowerBound)
      sums.store(products.rounded, Self.products, chunk, columns.lowerBound)
    }
    // Asked once, not for each row.
    if columns.count == V.scalarCount { reduce(V.scalarCount) } else { reduce(columns.count) }
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ group: Int, _ rows: Range<Int>, _ gradient: Tensor, _ masks: Bool, _ constant: Tensor,
    _ factor: Tensor, _ result: Tensor, _ type: V.Type
  ) {
    let columns = groups.channels(group)
    let mask = Mask<V>(self, columns.lowerBound, masks: masks)
    let constant = constant.elements.vector(at: columns.lowerBound, as: V.self)
    let factor = factor.elements.vector(at: columns.lowerBound, as: V.self)
    let (slopes, values, target) = (gradient.elements, input.elements, result.freshElements)
    @inline(__always)
    func spread(_ lanes: Int) {
      for row in rows {
        let index = row &* channels &+ columns.lowerBound
        let distance = values.vector(at: index, as: V.self) - mask.center
        let behind = mask(slopes.vector(at: index, first: lanes, as: V.self), distance, index)
        let value = constant.addingProduct(distance, factor).addingProduct(behind, mask.slope)
        target.store(value, first: lanes, at: index)
      }
    }
    if columns.count == V.scalarCount { spread(V.scalarCount) } else { spread(columns.count) }
  }

  /// What the ReLU let through, of one group of channels.
  private struct Mask<V: KernelVector> {
    let center: V
    let slope: V
    private let shift: V
    private let output: UnsafePointer<Float>?
    private let masks: Bool

    @inline(__always)
    init(_ gradient: NormalizationGradient, _ first: Int, masks: Bool) {
      center = gradient.normalization.mean.elements.vector(at: first, as: V.self)
      slope = gradient.normalization.slope.elements.vector(at: first, as: V.self)
      shift = gradient.normalization.shift.elements.vector(at: first, as: V.self)
      output = gradient.output?.elements
      self.masks = masks
    }

    /// The gradient where the ReLU was active, 0 elsewhere. What the ReLU saw is computed exactly as
    /// in the forward pass.
    @inline(__always)
    func callAsFunction(_ gradient: V, _ distance: V, _ index: Int) -> V {
      guard masks else { return gradient }
      if let output {
        return gradient.zeroed(whereNotPositive: output.vector(at: index, as: V.self))
      }
      return gradient.zeroed(whereNotPositive: shift.addingProduct(distance, slope))
    }
  }
}

/// Pass 1 of a normalisation's backward pass, done by the convolution that writes the last part of the gradient,
/// while that is in the cache.
final class GradientSums {
  let pass: NormalizationGradient
  /// What was measured, if it was.
  private(set) var sums: ChannelSums?

  init(_ pass: NormalizationGradient) { self.pass = pass }

  /// Called once, before any chunk is measured.
  func begin(chunks: Int) { sums = pass.newSums(chunks: chunks) }

  /// Measures some channels of some pixels, which are complete. Where a shortcut wants g, it is written over them.
  func measure(_ gradient: Tensor, _ chunk: Int, _ pixels: Range<Int>, _ groups: Range<Int>) {
    pass.measure(
      gradient, chunk, pixels, groups, keeping: pass.keepsGradient ? gradient : nil, in: sums!)
  }
}
