import MiniTensor
import Testing

/// The sums of batch normalisation's backward pass: taken by the convolution that writes the gradient, or in a pass
/// of their own, which a multiplication by 1 between the two makes necessary.
@Suite struct GradientSumsTests {
  /// Height and width, channels, filters, stride of the convolution behind the normalisation.
  static let cases: [(Int, Int, Int, Int)] = [
    (8, 16, 16, 1), (9, 16, 32, 1), (8, 8, 8, 1), (7, 5, 6, 1), (8, 16, 32, 2), (5, 20, 7, 2),
  ]

  @Test(
    "Gradients are the same, wherever the sums are taken", arguments: cases,
    [(false, false), (false, true), (true, false), (true, true)])
  func sums(_ shape: (Int, Int, Int, Int), _ options: (adds: Bool, relu: Bool)) {
    let (size, channels, filters, stride) = shape
    func gradients(_ apart: Bool, usedTwice: Bool) -> [Tensor] {
      var generator = RandomGenerator(size + channels)
      let images = Parameter(Tensor.normal([3, size, size, channels], using: &generator))
      let shortcut = Parameter(Tensor.normal([3, size, size, channels], using: &generator))
      let scale = Parameter(Tensor.normal([channels], using: &generator))
      let shift = Parameter(Tensor.normal([channels], using: &generator))
      let filter = Parameter(Tensor.normal([3, 3, channels, filters], using: &generator))
      let (normalised, _) = batchNorm(
        images.tracked, scale: scale.tracked, shift: shift.tracked,
        adding: options.adds ? shortcut.tracked : nil, relu: options.relu)
      let input = apart ? 1 * normalised : normalised
      let output = conv2d(input, filter.tracked, stride: stride, padding: 1)
      var loss = sum(output * Tensor.normal(output.shape, using: &generator))
      if usedTwice {
        loss = loss + sum(input * Tensor.normal(input.shape, using: &generator))
      }
      loss.backward()
      return [images, scale, shift, filter].map { $0.gradient! }
        + (options.adds ? [shortcut.gradient!] : [])
    }
    for usedTwice in [false, true] {
      let together = gradients(false, usedTwice: usedTwice)
      for (one, other) in zip(together, gradients(true, usedTwice: usedTwice)) {
        let largest = other.scalars.map(abs).max()!
        let difference = zip(one.scalars, other.scalars).map { abs($0 - $1) }.max()!
        #expect(difference <= 2e-6 * max(largest, 1), "\(one.shape), used twice: \(usedTwice)")
      }
    }
  }
}
