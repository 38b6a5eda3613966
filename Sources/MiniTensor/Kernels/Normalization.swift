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
}
