/// Normalisation with given statistics, forward and backward.
///
/// With `slope = scale / √(variance + ε)` the forward pass is `y = slope · (x − mean) + shift`.
struct Normalization {
  let mean: Tensor
  /// 1 / √(variance + ε).
  let inverseDeviation: Tensor
  let slope: Tensor
  let shift: Tensor

  init(mean: Tensor, variance: Tensor, scale: Tensor, shift: Tensor, epsilon: Float) {
    self.mean = mean
    self.shift = shift.detached
    inverseDeviation = Tensor(uninitialized: mean.shape)
    slope = Tensor(uninitialized: mean.shape)
    for channel in 0..<mean.count {
      let inverse = 1 / (Double(variance.elements[channel]) + Double(epsilon)).squareRoot()
      inverseDeviation.freshElements[channel] = Float(inverse)
      slope.freshElements[channel] = Float(Double(scale.elements[channel]) * inverse)
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
/// These passes move memory and compute little. So a result takes the place of what was read for it
/// wherever nobody else needs that, and without a shortcut the forward pass's output isn't read at all:
/// whether the ReLU was active is computed again from the input.
///
/// - SeeAlso: Ioffe and Szegedy 2015, section 3.
struct NormalizationGradient {
  let normalization: Normalization
  let input: Tensor
  /// Whether a ReLU followed.
  let relu: Bool
  /// What the forward pass returned, if a shortcut was added before the ReLU; else nil.
  let output: Tensor?

  private var channels: Int { normalization.mean.count }
  private var groups: ChannelGroups { ChannelGroups(channels: channels) }

  /// The gradients of everything that went into the forward pass.
  ///
  /// - Parameters:
  ///   - gradient: of the output; overwritten where nobody else holds it.
  ///   - needsShortcut: whether to return the gradient of the shortcut, which is g.
  ///   - statisticsDependOnInput: whether they were those of this very batch.
  func run(
    _ gradient: inout Tensor, needsShortcut: Bool, statisticsDependOnInput: Bool
  ) -> (input: Tensor, scale: Tensor, shift: Tensor, shortcut: Tensor?) {
    let kept = needsShortcut && relu ? gradient.reusedOrNew() : nil
    let (shiftGradient, products) = sums(gradient, keeping: kept)
    let scaleGradient = Tensor(uninitialized: [channels])
    // ∂x = slope·g + constant + factor·(x − mean)
    let constant = Tensor([channels], repeating: 0)
    let factor = Tensor([channels], repeating: 0)
    let rows = Float(input.count / channels)
    for channel in 0..<channels {
      let inverse = normalization.inverseDeviation.elements[channel]
      let scale = products.elements[channel] * inverse
      scaleGradient.freshElements[channel] = scale
      guard statisticsDependOnInput else { continue }
      let share = normalization.slope.elements[channel] / rows
      constant.freshElements[channel] = -share * shiftGradient.elements[channel]
      factor.freshElements[channel] = -share * scale * inverse
    }
    let inputGradient = needsShortcut ? Tensor(uninitialized: input.shape) : gradient.reusedOrNew()
    let slopes = kept ?? gradient
    let masks = relu && kept == nil
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

  /// Σ g and Σ g·(x − mean) of every channel. Writes g to `kept`.
  private func sums(
    _ gradient: Tensor, keeping kept: Tensor?
  ) -> (gradients: Tensor, products: Tensor) {
    let stride = channels + WideVector.scalarCount
    let chunks = rowChunks(input)
    let partial = Storage(uninitialized: chunks * 2 * stride)
    inRowChunks(input) { chunk, rows in
      for group in 0..<groups.count {
        let target = partial.pointer + chunk * 2 * stride + groups.channels(group).lowerBound
        if groups.width(group) == WideVector.scalarCount {
          reduce(group, rows, gradient, kept, target, target + stride, WideVector.self)
        } else {
          reduce(group, rows, gradient, kept, target, target + stride, NarrowVector.self)
        }
      }
    }
    func total(_ offset: Int) -> Tensor {
      let result = Tensor(uninitialized: [channels])
      for channel in 0..<channels {
        var sum = 0.0
        for chunk in 0..<chunks {
          sum += Double(partial.pointer[chunk * 2 * stride + offset + channel])
        }
        result.freshElements[channel] = Float(sum)
      }
      return result
    }
    return (total(0), total(stride))
  }

  @inline(__always)
  private func reduce<V: KernelVector>(
    _ group: Int, _ rows: Range<Int>, _ gradient: Tensor, _ kept: Tensor?,
    _ gradients: UnsafeMutablePointer<Float>, _ products: UnsafeMutablePointer<Float>,
    _ type: V.Type
  ) {
    let columns = groups.channels(group)
    let mask = Mask<V>(self, columns.lowerBound, masks: relu)
    let (slopes, values, kept) = (gradient.elements, input.elements, kept?.freshElements)
    @inline(__always)
    func add(_ row: Int, _ gradients: inout V, _ products: inout V) {
      let index = row &* channels &+ columns.lowerBound
      let distance = values.vector(at: index, as: V.self) - mask.center
      let slope = mask(slopes.vector(at: index, as: V.self), distance, index)
      kept?.store(slope, first: columns.count, at: index)
      gradients += slope
      products.addProduct(distance, slope)
    }
    // Two chains of sums, so that one addition needn't wait for the last.
    var gradients0 = V(repeating: 0)
    var (gradients1, products0, products1) = (gradients0, gradients0, gradients0)
    for row in stride(from: rows.lowerBound, to: rows.upperBound - 1, by: 2) {
      add(row, &gradients0, &products0)
      add(row &+ 1, &gradients1, &products1)
    }
    if rows.count % 2 == 1 { add(rows.upperBound - 1, &gradients0, &products0) }
    gradients.store(gradients0 + gradients1, at: 0)
    products.store(products0 + products1, at: 0)
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
    for row in rows {
      let index = row &* channels &+ columns.lowerBound
      let distance = values.vector(at: index, as: V.self) - mask.center
      let behind = mask(slopes.vector(at: index, as: V.self), distance, index)
      let value = constant.addingProduct(distance, factor).addingProduct(behind, mask.slope)
      target.store(value, first: columns.count, at: index)
    }
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
