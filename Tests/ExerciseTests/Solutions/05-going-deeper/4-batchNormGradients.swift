import ExerciseKit
import MiniTensor

/// Exercise 4 of chapter 5. Batch normalisation, backward.
///
/// Given the gradient $\delta$ that arrives at the output $y = \gamma \hat x + \beta$, return those of the input, of
/// $\gamma$ and of $\beta$, for each channel by itself. At $\hat x$ arrives $g = \gamma \delta$, and the chapter's formula
/// leads from there to $x$:
///
/// $$\frac{\partial L}{\partial x_i} = \frac1\sigma \left( g_i - \text{mean}(g) - \hat x_i \cdot
/// \text{mean}(g \hat x) \right)$$
///
/// where the means are over the $m$ = batch · height · width values of the channel and $\sigma$ is
/// $\sqrt{\mathrm{Var}[x] + \epsilon}$. A channel's $\gamma$ and $\beta$ are used at each of its $m$ values, so their
/// gradients are sums.
///
/// `standardised` below gives you $\hat x$ and $\sigma$ of a channel. In `scalars`, the values of a channel are
/// `channels` places apart.
///
/// For example, four images of one pixel and one channel with the values 0, 0, 2, 2 have $\hat x$ = −1, −1, 1, 1 for
/// $\epsilon = 0$. If 4, 0, 0, 0 arrives and $\gamma = 1$, the gradient of the input is 2, −2, 0, 0, that of $\gamma$ is
/// −4, and that of $\beta$ is 4.
///
/// - Parameters:
///   - delta: the gradient of the output, `[batch, height, width, channels]`.
///   - input: of the same shape.
///   - scale: $\gamma$, one number for each channel.
///   - epsilon: what is added to the variance.
/// - Returns: three tensors: the gradients of the input, of $\gamma$, `[channels]`, and of $\beta$, `[channels]`.
func batchNormGradients(
  _ delta: Tensor, _ input: Tensor, scale: [Float], epsilon: Float
) throws -> [Tensor] {
  // solution
  let (d, channels) = (delta.scalars, input.shape[3])
  var dx = d
  var (dScale, dShift) = (scale, scale)
  for channel in 0..<channels {
    let (normalised, deviation) = standardised(input, channel, epsilon)
    let places = Array(stride(from: channel, to: d.count, by: channels))
    let m = Float(places.count)
    dShift[channel] = places.reduce(0) { $0 + d[$1] }
    dScale[channel] = zip(places, normalised).reduce(0) { $0 + d[$1.0] * $1.1 }
    let meanOfG = scale[channel] * dShift[channel] / m
    let meanOfProduct = scale[channel] * dScale[channel] / m
    for (place, value) in zip(places, normalised) {
      let g = scale[channel] * d[place]
      dx[place] = (g - meanOfG - value * meanOfProduct) / deviation
    }
  }
  return [Tensor(input.shape, dx), Tensor([channels], dScale), Tensor([channels], dShift)]
  // end of solution
}

/// The values of a channel without their mean, divided by their deviation, and that deviation.
private func standardised(
  _ input: Tensor, _ channel: Int, _ epsilon: Float
) -> (normalised: [Float], deviation: Float) {
  let x = input.scalars
  let values = stride(from: channel, to: x.count, by: input.shape[3]).map { x[$0] }
  let mean = values.reduce(0, +) / Float(values.count)
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
  let deviation = (variance + epsilon).squareRoot()
  return (values.map { ($0 - mean) / deviation }, deviation)
}

// wrong: way through the mean
// - g - meanOfG - value
// + g - value

// wrong: way through the deviation
// - g - meanOfG - value * meanOfProduct
// + g - meanOfG

// wrong: as if they were constants
// - g - meanOfG - value * meanOfProduct
// + g

// wrong: without γ
// -     let meanOfG = scale[channel] * dShift[channel] / m
// -     let meanOfProduct = scale[channel] * dScale[channel] / m
// -     for (place, value) in zip(places, normalised) {
// -       let g = scale[channel] * d[place]
// +     let meanOfG = dShift[channel] / m
// +     let meanOfProduct = dScale[channel] / m
// +     for (place, value) in zip(places, normalised) {
// +       let g = d[place]

// wrong: never divided
// - (g - meanOfG - value * meanOfProduct) / deviation
// + g - meanOfG - value * meanOfProduct

// wrong: a sum
// - Tensor([channels], dScale), Tensor([channels], dShift)
// + Tensor([channels], dScale.map { $0 * Float(channels) / Float(d.count) }),
// + Tensor([channels], dShift.map { $0 * Float(channels) / Float(d.count) })
// wrong: have γ in them
// -   return [Tensor(input.shape, dx)
// +   for channel in 0..<channels {
// +     dScale[channel] *= scale[channel]
// +     dShift[channel] *= scale[channel]
// +   }
// +   return [Tensor(input.shape, dx)
// wrong: exchanged
// - Tensor([channels], dScale), Tensor([channels], dShift)]
// + Tensor([channels], dShift), Tensor([channels], dScale)]
// wrong: sums where means belong
// -     let meanOfG = scale[channel] * dShift[channel] / m
// -     let meanOfProduct = scale[channel] * dScale[channel] / m
// +     let meanOfG = scale[channel] * dShift[channel] * (m / m)
// +     let meanOfProduct = scale[channel] * dScale[channel]
// wrong: with the input x
// -   return [Tensor(input.shape, dx)
// +   dScale = (0..<channels).map { channel in
// +     stride(from: channel, to: d.count, by: channels).reduce(0) {
// +       $0 + d[$1] * input.scalars[$1]
// +     }
// +   }
// +   return [Tensor(input.shape, dx)
