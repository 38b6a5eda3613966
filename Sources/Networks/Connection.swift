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
    let changes = stride != 1 || inChannels != outChannels
    switch (shortcut, changes) {
    case (.none, _): self = .none
    case (.A, false), (.B, false): self = .identity
    case (.A, true): self = .zeroPadding(stride: stride, channels: outChannels)
    case (.B, true), (.C, _):
      self = .projection(
        Conv2d(inChannels, outChannels, kernel: 1, stride: stride), BatchNorm(outChannels))
    }
  }

  /// What is added to the result of the convolutions; nil for nothing.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor? {
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

extension Module {
  /// Describes a block: its convolutions one after the other, and its projection from the input.
  func describeBranches(
    _ input: [Int], name: String, into layers: inout [LayerSummary]
  ) -> [Int] {
    var output = input
    var projected = input
    for (part, module) in parts {
      if part.hasPrefix("downsample") {
        projected = module.describe(projected, name: "\(name).\(part)", into: &layers)
      } else {
        output = module.describe(output, name: "\(name).\(part)", into: &layers)
      }
    }
    return output
  }
}
