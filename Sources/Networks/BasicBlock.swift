import MiniTensor

/// Two 3x3 convolutions and what goes around them: `relu(F(x) + shortcut(x))`, or without a shortcut
/// `relu(F(x))` (He et al. 2015, figure 2 and equation 1). With pre-activation: `F(x) + shortcut(x)`.
public final class BasicBlock: Block {
  /// The first convolution, which halves the image where the block's stride is 2.
  public let conv1: Conv2d
  /// Behind `conv1`; with pre-activation before it.
  public let bn1: BatchNorm
  /// The second convolution.
  public let conv2: Conv2d
  /// Behind `conv2`, before the shortcut is added; with pre-activation before `conv2`.
  public let bn2: BatchNorm
  /// The shortcut.
  public let connection: Connection
  /// Where normalisation and ReLU stand.
  public let order: BlockOrder

  /// A block from one number of channels to another.
  public init(
    _ inChannels: Int, _ outChannels: Int, stride: Int = 1, shortcut: Shortcut,
    order: BlockOrder = .postActivation
  ) {
    self.order = order
    conv1 = Conv2d(inChannels, outChannels, stride: stride)
    bn1 = BatchNorm(order == .preActivation ? inChannels : outChannels)
    conv2 = Conv2d(outChannels, outChannels)
    bn2 = BatchNorm(outChannels)
    connection = Connection(shortcut, inChannels, outChannels, stride: stride)
  }

  /// Maps `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`.
  public func callAsFunction(_ input: consuming Tensor, _ mode: Mode) -> Tensor {
    switch order {
    case .postActivation:
      let hidden = conv1(input, then: bn1, mode, relu: true)
      return conv2(hidden, then: bn2, mode, adding: connection(consume input, mode), relu: true)
    case .preActivation:
      let hidden = conv1(bn1(input, mode, relu: true), then: bn2, mode, relu: true)
      let residual = conv2(hidden, mode)
      return connection(input, mode).map { add(residual, $0) } ?? residual
    }
  }

  /// The two convolutions with their normalisations, then the projection if there is one.
  public var parts: [(name: String, module: any Module)] {
    switch order {
    case .postActivation:
      [("conv1", conv1), ("bn1", bn1), ("conv2", conv2), ("bn2", bn2)] + connection.parts
    case .preActivation:
      [("bn1", bn1), ("conv1", conv1), ("bn2", bn2), ("conv2", conv2)] + connection.parts
    }
  }
}
