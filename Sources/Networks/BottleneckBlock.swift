import MiniTensor

/// A 1x1 convolution that reduces the channels, a 3x3, a 1x1 that restores them, and a shortcut
/// (He et al. 2015, figure 5, right).
public final class BottleneckBlock: Block {
  /// Reduces the channels.
  public let conv1: Conv2d
  /// Behind `conv1`.
  public let bn1: BatchNorm
  /// Works on the reduced channels.
  public let conv2: Conv2d
  /// Behind `conv2`.
  public let bn2: BatchNorm
  /// Restores the channels.
  public let conv3: Conv2d
  /// Behind `conv3`, before the shortcut is added.
  public let bn3: BatchNorm
  /// The shortcut.
  public let connection: Connection

  /// A block whose 3x3 convolution has so many channels; four times as many come out.
  public init(
    _ inChannels: Int, middle: Int, stride: Int = 1, shortcut: Shortcut,
    strideOn: BottleneckStride = .middle3x3
  ) {
    let outChannels = ImageNetArchitecture.Block.bottleneck.expansion * middle
    conv1 = Conv2d(
      inChannels, middle, kernel: 1, stride: strideOn == .first1x1 ? stride : 1)
    bn1 = BatchNorm(middle)
    conv2 = Conv2d(middle, middle, stride: strideOn == .middle3x3 ? stride : 1)
    bn2 = BatchNorm(middle)
    conv3 = Conv2d(middle, outChannels, kernel: 1)
    bn3 = BatchNorm(outChannels)
    connection = Connection(shortcut, inChannels, outChannels, stride: stride)
  }

  /// Maps `[batch, height, width, in]` to `[batch, height / stride, width / stride, 4 · middle]`.
  public func callAsFunction(_ input: consuming Tensor, _ mode: Mode) -> Tensor {
    var hidden = conv1(input, then: bn1, mode, relu: true)
    hidden = conv2(hidden, then: bn2, mode, relu: true)
    return conv3(hidden, then: bn3, mode, adding: connection(consume input, mode), relu: true)
  }

  /// The three convolutions with their normalisations, then the projection if there is one.
  public var parts: [(name: String, module: any Module)] {
    [
      ("conv1", conv1), ("bn1", bn1), ("conv2", conv2), ("bn2", bn2), ("conv3", conv3),
      ("bn3", bn3),
    ] + connection.parts
  }
}
