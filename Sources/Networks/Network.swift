// Whoever builds networks names them: their descriptions come along.
@_exported import Architectures
import MiniTensor

/// A network that tells images apart: all layers but the last make features of them, the last one
/// makes a score for each class of the features.
public protocol Network: Module {
  /// Maps images `[batch, height, width, channels]` to what the last layer sees,
  /// `[batch, features]`.
  func features(_ images: Tensor, _ mode: Mode) -> Tensor

  /// The last layer.
  var lastLayer: Linear { get }
}

extension Network {
  /// Maps images `[batch, height, width, channels]` to logits `[batch, classes]`.
  public func callAsFunction(_ images: Tensor, _ mode: Mode) -> Tensor {
    lastLayer(features(images, mode), mode)
  }
}

/// Some layers with a shortcut around them, or without one.
public protocol Block: Module {
  /// Maps `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor
}

extension Architecture {
  /// The network, without values.
  public func network() -> any Network {
    switch self {
    case .cifar(let architecture): CifarNetwork(architecture)
    case .imageNet(let architecture): ImageNetNetwork(architecture)
    case .vgg(let architecture): VGG(architecture)
    case .vit(let architecture): ViT(architecture)
    }
  }
}
