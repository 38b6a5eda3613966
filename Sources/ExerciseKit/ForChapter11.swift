import Networks

/// A bottleneck with made-up values and the shortcut of option B.
///
/// - Parameters:
///   - inChannels: channels that come in.
///   - middle: channels of its 3x3 convolution; four times as many come out.
///   - stride: 1 or 2, on the 3x3 convolution.
///   - seed: decides the values.
public func madeUpBottleneck(
  inChannels: Int, middle: Int, stride: Int, seed: Int
) -> BottleneckBlock {
  let block = BottleneckBlock(inChannels, middle: middle, stride: stride, shortcut: .B)
  block.makeUp(seed: seed)
  return block
}
