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
  ///
  /// At test time, when no image depends on the others, large ones go through the network four at a time, so that a batch
  /// of any size takes the memory of four.
  public func callAsFunction(_ images: Tensor, _ mode: Mode) -> Tensor {
    let batch = images.shape.first ?? 0
    let few = max(1, pixelsAtATime / max(images.shape.dropFirst().dropLast().reduce(1, *), 1))
    guard mode == .inference, batch > few else { return lastLayer(features(images, mode), mode) }
    let logits = stride(from: 0, to: batch, by: few).flatMap { first in
      self(images.rows(first..<min(first + few, batch)), mode).scalars
    }
    return Tensor([batch, logits.count / batch], logits)
  }
}

/// Pixels of the images that go through a network at a time at test time: four images of 224x224.
private let pixelsAtATime = 4 * 224 * 224

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
