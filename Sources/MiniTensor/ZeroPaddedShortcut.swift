/// The shortcut of option A where the dimensions change: every second pixel along both axes, and
/// zero channels around those that are there.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`.
///   - stride: step in pixels; 2 where the paper halves the feature map.
///   - channels: of the result; half of the new ones (rounded down) go before the old ones.
/// - Returns: `[batch, ⌈height / stride⌉, ⌈width / stride⌉, channels]`.
/// - Precondition: there are at least as many channels as before.
/// - SeeAlso: He et al. 2015, section 3.3, option A: "extra zero entries padded for increasing
///   dimensions".
public func zeroPaddedShortcut(_ input: Tensor, stride: Int, channels: Int) -> Tensor {
  precondition(
    input.shape.count == 4 && stride >= 1 && channels >= input.shape[3],
    "A zero-padded shortcut takes images and at least as many channels as they have, not \(channels) for \(input.shape)."
  )
  let shape = input.shape
  let output = profiled("zero-padded shortcut forward", floats: input.count) {
    zeroPaddingForward(input, stride: stride, channels: channels)
  }
  return output.recorded(from: [input]) { gradient in
    [
      profiled("zero-padded shortcut backward", floats: 2 * gradient.count) {
        zeroPaddingBackward(gradient, shape, stride: stride)
      }
    ]
  }
}
