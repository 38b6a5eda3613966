import ExerciseKit
import MiniTensor

/// Exercise 7 of chapter 5. Normalise each image by itself.
///
/// A batch of one leaves batch normalisation nothing. *Layer normalisation* doesn't look at the batch: it subtracts from
/// each image the mean of all its values, over height, width and channels, and divides by their deviation,
/// $\sqrt{\mathrm{Var}[x] + \epsilon}$, with the variance divided by the number of values. Without scale and shift.
///
/// For example, an image of one pixel with the two channels 1 and 5 has the mean 3 and the variance 4; with
/// $\epsilon = 0$ it becomes −1 and 1, whatever else is in its batch.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - epsilon: what is added to the variance.
/// - Returns: a tensor of the same shape.
func layerNormalised(_ input: Tensor, epsilon: Float) throws -> Tensor {
  // solution
  let size = input.count / input.shape[0]
  let x = input.scalars
  let result = (0..<input.shape[0]).flatMap { index in
    let image = x[index * size..<(index + 1) * size]
    let mean = image.reduce(0, +) / Float(size)
    let variance = image.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(size)
    return image.map { ($0 - mean) / (variance + epsilon).squareRoot() }
  }
  return Tensor(input.shape, result)
  // end of solution
}

// wrong: whole batch
// -   let size = input.count / input.shape[0]
// -   let x = input.scalars
// -   let result = (0..<input.shape[0]).flatMap { index in
// +   let size = input.count
// +   let x = input.scalars
// +   let result = (0..<1).flatMap { index in

// wrong: each pixel
// -   let size = input.count / input.shape[0]
// -   let x = input.scalars
// -   let result = (0..<input.shape[0]).flatMap { index in
// +   let size = input.shape[3]
// +   let x = input.scalars
// +   let result = (0..<input.count / size).flatMap { index in

// wrong: batch normalisation
// -   let size = input.count / input.shape[0]
// -   let x = input.scalars
// -   let result = (0..<input.shape[0]).flatMap { index in
// -     let image = x[index * size..<(index + 1) * size]
// -     let mean = image.reduce(0, +) / Float(size)
// -     let variance = image.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(size)
// -     return image.map { ($0 - mean) / (variance + epsilon).squareRoot() }
// +   let (x, channels) = (input.scalars, input.shape[3])
// +   let size = input.count / channels
// +   var result = x
// +   for channel in 0..<channels {
// +     let image = stride(from: channel, to: x.count, by: channels).map { x[$0] }
// +     let mean = image.reduce(0, +) / Float(size)
// +     let variance = image.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(size)
// +     for (index, value) in image.enumerated() {
// +       result[index * channels + channel] = (value - mean) / (variance + epsilon).squareRoot()
// +     }

// wrong: by the variance
// - (variance + epsilon).squareRoot()
// + (variance + epsilon)

// wrong: m − 1
// -  - mean) } / Float(size)
// +  - mean) } / Float(size - 1)
// wrong: ε is missing
// - (variance + epsilon).squareRoot()
// + variance.squareRoot()
// wrong: outside of the root
// - (variance + epsilon).squareRoot()
// + (variance.squareRoot() + epsilon)
// wrong: neither subtracted
// - let mean = image.reduce(0, +) / Float(size)
// + let mean: Float = 0
// wrong: Only the mean
// - ($0 - mean) / (variance + epsilon).squareRoot()
// + ($0 - mean) / (variance * 0 + 1)
