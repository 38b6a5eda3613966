import MiniTensor

/// The shortcut of one block, around its convolutions: a `Shortcut` option once the dimensions are known.
public enum Connection {
  /// A plain block.
  case none
  /// The input as it is.
  case identity
  /// Every second pixel, and zero channels.
  case zeroPadding(stride: Int, channels: Int)
  /// A 1x1 convolution and its normalisation.
  case projection(Conv2d, BatchNorm)

  /// The connection that an option makes between these dimensions.
  public init(_ shortcut: Shortcut, _ inChannels: Int, _ outChannels: Int, stride: Int) {
    if shortcut.projects(inChannels, outChannels, stride: stride) {
      self = .projection(
        Conv2d(inChannels, outChannels, kernel: 1, stride: stride), BatchNorm(outChannels))
    } else if shortcut == .none {
      self = .none
    } else if stride == 1, inChannels == outChannels {
      self = .identity
    } else {
      self = .zeroPadding(stride: stride, channels: outChannels)
    }
  }

  /// What is added to the result of the convolutions; nil for nothing.
  public func callAsFunction(_ input: consuming Tensor, _ mode: Mode) -> Tensor? {
    switch self {
    case .none: return nil
    case .identity: return input
    case .zeroPadding(let stride, let channels):
      return zeroPaddedShortcut(input, stride: stride, channels: channels)
    case .projection(let conv, let bn): return conv(input, then: bn, mode)
    }
  }

  /// The projection, under torchvision's name.
  var parts: [(name: String, module: any Module)] {
    guard case .projection(let conv, let bn) = self else { return [] }
    return [("downsample.0", conv), ("downsample.1", bn)]
  }
}
