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

  private var groups: Panels { Panels(rows: 0, columns: mean.count) }

  /// `y = slope · (x − mean) + shift`, plus the shortcut if there is one, then ReLU if asked for.
  func forward(_ input: Tensor, adding shortcut: Tensor?, relu: Bool) -> Tensor {
    let result = Tensor(uninitialized: input.shape)
    inRowChunks(input) { _, rows in
      for group in 0..<groups.count {
        if groups.width(group) == Panels.wide {
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
    let columns = groups.columns(group)
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

  /// The gradients of everything that went into `forward`.
  ///
  /// With g the gradient behind the ReLU, n rows and x̂ the normalised input:
  /// `∂shift = Σ g`, `∂scale = Σ g·x̂`, and, where the statistics depend on the input,
  /// `∂x = slope · (g − Σg / n − x̂ · Σ(g·x̂) / n)`, otherwise `∂x = slope · g`.
  ///
  /// - Parameters:
  ///   - output: what `forward` returned, to know where the ReLU was active; nil without ReLU.
  ///   - needsShortcut: whether to return the gradient of the shortcut, which is g.
  /// - SeeAlso: Ioffe and Szegedy 2015, section 3.
  func backward(
    _ gradient: Tensor, input: Tensor, output: Tensor?, needsShortcut: Bool,
    statisticsDependOnInput: Bool
  ) -> (input: Tensor, scale: Tensor, shift: Tensor, shortcut: Tensor?) {
    let channels = mean.count
    let rows = input.count / max(channels, 1)
    let (shiftGradient, products) = sums(gradient, input, output)
    let scaleGradient = products * inverseDeviation
    // ∂x = slope·g + constant + factor·(x − mean)
    let constant = Tensor([channels], repeating: 0)
    let factor = Tensor([channels], repeating: 0)
    if statisticsDependOnInput {
      for channel in 0..<channels {
        let share = slope.elements[channel] / Float(rows)
        constant.freshElements[channel] = -share * shiftGradient.elements[channel]
        factor.freshElements[channel] =
          -share * scaleGradient.elements[channel] * inverseDeviation.elements[channel]
      }
    }
    let inputGradient = Tensor(uninitialized: input.shape)
    let kept = needsShortcut && output != nil ? Tensor(uninitialized: input.shape) : nil
    inRowChunks(input) { _, rows in
      for group in 0..<groups.count {
        if groups.width(group) == Panels.wide {
          spread(
            group, rows, gradient, input, output, constant, factor, inputGradient, kept,
            WideVector.self)
        } else {
          spread(
            group, rows, gradient, input, output, constant, factor, inputGradient, kept,
            NarrowVector.self)
        }
      }
    }
    let shortcutGradient = needsShortcut ? kept ?? gradient : nil
    return (inputGradient, scaleGradient, shiftGradient, shortcutGradient)
  }

  /// Σ g and Σ g·(x − mean) of every channel.
  private func sums(
    _ gradient: Tensor, _ input: Tensor, _ output: Tensor?
  ) -> (gradients: Tensor, products: Tensor) {
    let channels = mean.count
    let stride = channels + Panels.wide
    let chunks = rowChunks(input)
    let partial = Storage(uninitialized: chunks * 2 * stride)
    inRowChunks(input) { chunk, rows in
      for group in 0..<groups.count {
        let target = partial.pointer + chunk * 2 * stride + groups.columns(group).lowerBound
        if groups.width(group) == Panels.wide {
          reduce(
            group, rows, gradient, input, output, target, target + stride, WideVector.self)
        } else {
          reduce(
            group, rows, gradient, input, output, target, target + stride, NarrowVector.self)
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
    _ group: Int, _ rows: Range<Int>, _ gradient: Tensor, _ input: Tensor, _ output: Tensor?,
    _ gradients: UnsafeMutablePointer<Float>, _ products: UnsafeMutablePointer<Float>,
    _ type: V.Type
  ) {
    let first = groups.columns(group).lowerBound
    let channels = mean.count
    let center = mean.elements.vector(at: first, as: V.self)
    let (slopes, values, outputs) = (gradient.elements, input.elements, output?.elements)
    // Two chains of sums, so that one addition needn't wait for the last.
    var gradients0 = V(repeating: 0)
    var (gradients1, products0, products1) = (gradients0, gradients0, gradients0)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let index = row &* channels &+ first
      let slope = behindReLU(slopes, outputs, index, V.self)
      gradients0 += slope
      products0.addProduct(values.vector(at: index, as: V.self) - center, slope)
      row &+= 1
      if row == rows.upperBound { break }
      let next = index &+ channels
      let nextSlope = behindReLU(slopes, outputs, next, V.self)
      gradients1 += nextSlope
      products1.addProduct(values.vector(at: next, as: V.self) - center, nextSlope)
      row &+= 1
    }
    gradients.store(gradients0 + gradients1, at: 0)
    products.store(products0 + products1, at: 0)
  }

  /// The gradient where the output is positive, 0 elsewhere; all of it without an output.
  @inline(__always)
  private func behindReLU<V: KernelVector>(
    _ gradient: UnsafePointer<Float>, _ output: UnsafePointer<Float>?, _ index: Int, _ type: V.Type
  ) -> V {
    let slope = gradient.vector(at: index, as: V.self)
    guard let output else { return slope }
    return slope.zeroed(whereNotPositive: output.vector(at: index, as: V.self))
  }

  @inline(__always)
  private func spread<V: KernelVector>(
    _ group: Int, _ rows: Range<Int>, _ gradient: Tensor, _ input: Tensor, _ output: Tensor?,
    _ constant: Tensor, _ factor: Tensor, _ result: Tensor, _ kept: Tensor?, _ type: V.Type
  ) {
    let columns = groups.columns(group)
    let center = mean.elements.vector(at: columns.lowerBound, as: V.self)
    let slope = slope.elements.vector(at: columns.lowerBound, as: V.self)
    let constant = constant.elements.vector(at: columns.lowerBound, as: V.self)
    let factor = factor.elements.vector(at: columns.lowerBound, as: V.self)
    let (target, shortcut) = (result.freshElements, kept?.freshElements)
    let (slopes, values, outputs) = (gradient.elements, input.elements, output?.elements)
    let channels = mean.count
    for row in rows {
      let index = row &* channels &+ columns.lowerBound
      let behind = behindReLU(slopes, outputs, index, V.self)
      let distance = values.vector(at: index, as: V.self) - center
      let value = constant.addingProduct(distance, factor).addingProduct(behind, slope)
      if columns.count == V.scalarCount {
        target.store(value, at: index)
        shortcut?.store(behind, at: index)
      } else {
        target.store(value, first: columns.count, at: index)
        shortcut?.store(behind, first: columns.count, at: index)
      }
    }
  }
}
