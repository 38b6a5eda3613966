/// Layer normalisation: every row along the last axis without its mean and divided by its own deviation,
/// `scale · (x − mean) / √(variance + epsilon) + shift`.
///
/// Unlike `batchNorm` it looks at one row (a token, an image) at a time: no batch, no running statistics, the same in
/// training and at test time.
///
/// - Parameters:
///   - input: `[…, channels]`.
///   - scale: γ, `[channels]`.
///   - shift: β, `[channels]`.
///   - epsilon: keeps the root away from 0.
/// - Returns: the same shape.
/// - Precondition: the channel counts agree, and there is at least one channel.
/// - SeeAlso: Ba, Kiros and Hinton, *Layer Normalization*, 2016, equations 3 and 4.
public func layerNorm(
  _ input: Tensor, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5
) -> Tensor {
  let channels = input.shape.last ?? 0
  precondition(
    channels > 0 && scale.shape == [channels] && shift.shape == [channels],
    "layerNorm takes […, channels] with a scale and a shift of [channels], not \(input.shape), \(scale.shape) and \(shift.shape)."
  )
  let factors = scale.detached
  let (output, normalized, inverses) = profiled("layer norm forward", floats: 3 * input.count) {
    let (normalized, inverses) = normalizedRows(input.detached, epsilon: epsilon)
    return (scaledRows(normalized, factors, shift.detached), normalized, inverses)
  }
  let needsInput = input.isTracked
  return output.recorded(from: [input, scale, shift]) { gradient in
    profiled("layer norm backward", floats: 5 * gradient.count) {
      [
        needsInput
          ? normalizedRowsGradient(scaledRows(gradient, factors, nil), normalized, inverses) : nil,
        (gradient.detached.combined(with: normalized) { $0 * $1 }).sumOfRows(),
        gradient.sumOfRows(),
      ]
    }
  }
}
