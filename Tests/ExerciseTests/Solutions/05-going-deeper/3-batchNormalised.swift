import ExerciseKit
import MiniTensor

/// Exercise 3 of chapter 5. Batch normalisation, forward.
///
/// The chapter normalises one channel. Write it for a batch of images: for each channel by itself, take its values at
/// all pixels of all images, $m$ = batch · height · width of them. Subtract their mean, divide by
/// $\sqrt{\mathrm{Var}[x] + \epsilon}$, where the variance is the mean square of what is left (divided by $m$, not by
/// $m - 1$), then multiply by the channel's $\gamma$ and add its $\beta$.
///
/// `input.scalars` has the values in the order of the shape: channels are neighbours, so the values of channel 0 are at
/// the places 0, `channels`, 2 · `channels` …; `Tensor(shape, values)` makes a tensor of such an array.
///
/// For example, two images of one pixel and one channel, 1 and 5, have the mean 3 and the variance 4. With $\epsilon = 0$,
/// $\gamma = 1$ and $\beta = 0$ they become −1 and 1.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - scale: $\gamma$, one number for each channel.
///   - shift: $\beta$, one number for each channel.
///   - epsilon: what is added to the variance.
/// - Returns: a tensor of the same shape.
func batchNormalised(
  _ input: Tensor, scale: [Float], shift: [Float], epsilon: Float
) throws -> Tensor {
  // solution
  let (x, channels) = (input.scalars, input.shape[3])
  let m = Float(x.count / channels)
  var y = x
  for channel in 0..<channels {
    let places = stride(from: channel, to: x.count, by: channels)
    let mean = places.reduce(0) { $0 + x[$1] } / m
    let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / m
    let deviation = (variance + epsilon).squareRoot()
    for place in places {
      y[place] = scale[channel] * (x[place] - mean) / deviation + shift[channel]
    }
  }
  return Tensor(input.shape, y)
  // end of solution
}

// wrong: divided by m − 1
// -  - mean) } / m
// +  - mean) } / (m - 1)

// wrong: outside of the root
// - (variance + epsilon).squareRoot()
// + variance.squareRoot() + epsilon

// wrong: by the variance
// - (variance + epsilon).squareRoot()
// + variance + epsilon

// wrong: never subtracted
// - (x[place] - mean) / deviation
// + x[place] / deviation

// wrong: with one mean
// -     let places = stride(from: channel, to: x.count, by: channels)
// -     let mean = places.reduce(0) { $0 + x[$1] } / m
// -     let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / m
// -     let deviation = (variance + epsilon).squareRoot()
// -     for place in places {
// +     let all = 0..<x.count
// +     let mean = all.reduce(0) { $0 + x[$1] } / Float(x.count)
// +     let variance = all.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Float(x.count)
// +     let deviation = (variance + epsilon).squareRoot()
// +     for place in stride(from: channel, to: x.count, by: channels) {

// wrong: γ and β
// - scale[channel] * (x[place] - mean) / deviation + shift[channel]
// + (x[place] - mean) / deviation
// wrong: number of images only
// - Float(x.count / channels)
// + Float(input.shape[0])
// wrong: about zero
// - $0 + (x[$1] - mean) * (x[$1] - mean) }
// + $0 + x[$1] * x[$1] }
// wrong: β was added before
// - scale[channel] * (x[place] - mean) / deviation + shift[channel]
// + scale[channel] * ((x[place] - mean) / deviation + shift[channel])
// wrong: ε is missing
// - (variance + epsilon).squareRoot()
// + variance.squareRoot()
// wrong: places apart
// - stride(from: channel, to: x.count, by: channels)
// + channel * x.count / channels..<(channel + 1) * x.count / channels
