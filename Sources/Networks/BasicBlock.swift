import MiniTensor

/// How the input of a block reaches its output (He et al. 2015, sections 3.2, 3.3 and 4.1).
public enum Shortcut: String, CaseIterable, Sendable {
  /// No shortcut: a plain network.
  case none
  /// Identity; where dimensions change, zero channels. No parameters.
  case A
  /// Identity; where dimensions change, a 1x1 convolution (equation 2).
  case B
  /// A 1x1 convolution everywhere.
  case C
}

/// Two 3x3 convolutions and what goes around them: `relu(F(x) + shortcut(x))`, or without a shortcut
/// `relu(F(x))` (He et al. 2015, figure 2 and equation 1).
public final class BasicBlock: Module {
  /// The way around the convolutions, decided once the dimensions are known.
  public enum Connection {
    /// A plain block.
    case none
    /// The input as it is.
    case identity
    /// Every second pixel, and zero channels.
    case pad(stride: Int, channels: Int)
    /// A 1x1 convolution and its normalisation.
    case projection(Conv2d, BatchNorm)
  }

  /// The first convolution, which halves the image where the block's stride is 2.
  public let conv1: Conv2d
  /// Behind `conv1`.
  public let bn1: BatchNorm
  /// The second convolution.
  public let conv2: Conv2d
  /// Behind `conv2`, before the shortcut is added.
  public let bn2: BatchNorm
  /// The way around.
  public let connection: Connection

  /// A block from one number of channels to another.
  public init(_ inChannels: Int, _ outChannels: Int, stride: Int = 1, shortcut: Shortcut) {
    conv1 = Conv2d(inChannels, outChannels, stride: stride)
    bn1 = BatchNorm(outChannels)
    conv2 = Conv2d(outChannels, outChannels)
    bn2 = BatchNorm(outChannels)
    let changes = stride != 1 || inChannels != outChannels
    switch (shortcut, changes) {
    case (.none, _): connection = .none
    case (.A, false), (.B, false): connection = .identity
    case (.A, true): connection = .pad(stride: stride, channels: outChannels)
    case (.B, true), (.C, _):
      connection = .projection(
        Conv2d(inChannels, outChannels, kernel: 1, stride: stride), BatchNorm(outChannels))
    }
  }

  /// Maps `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor {
    let hidden = bn1(conv1(input, mode), mode, relu: true)
    return bn2(conv2(hidden, mode), mode, adding: shortcut(input, mode), relu: true)
  }

  private func shortcut(_ input: Tensor, _ mode: Mode) -> Tensor? {
    switch connection {
    case .none: nil
    case .identity: input
    case .pad(let stride, let channels): pad(input, stride: stride, channels: channels)
    case .projection(let conv, let bn): bn(conv(input, mode), mode)
    }
  }

  /// The two convolutions with their normalisations, then the projection if there is one.
  public var parts: [(name: String, module: any Module)] {
    var parts: [(name: String, module: any Module)] = [
      ("conv1", conv1), ("bn1", bn1), ("conv2", conv2), ("bn2", bn2),
    ]
    if case .projection(let conv, let bn) = connection {
      parts += [("downsample.0", conv), ("downsample.1", bn)]
    }
    return parts
  }

  /// The lines of the convolutions, and of the projection.
  public func describe(
    _ input: [Int], name: String, into layers: inout [LayerSummary]
  ) -> [Int] {
    var output = input
    for (part, module) in parts {
      let from = part == "downsample.0" ? input : output
      output = module.describe(from, name: "\(name).\(part)", into: &layers)
    }
    return output
  }
}
