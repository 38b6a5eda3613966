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
  /// At test time large images go through the network a few at a time, so that a batch of any size takes the memory of
  /// eight images of 224x224.
  public func callAsFunction(_ images: Tensor, _ mode: Mode) -> Tensor {
    inParts(images, pixels: 8 * 224 * 224, mode) { lastLayer(features($0, mode), mode) }
  }

  /// Calls `body` with a few images after the other at test time, when no image depends on the others; with all of them in
  /// training.
  ///
  /// - Parameters:
  ///   - pixels: of the images that are taken at a time; one image at least.
  ///   - body: maps images to as many rows.
  /// - Returns: the rows of all images.
  func inParts(
    _ images: Tensor, pixels: Int, _ mode: Mode, _ body: (Tensor) -> Tensor
  ) -> Tensor {
    let batch = images.shape.first ?? 0
    let few = max(1, pixels / max(images.shape.dropFirst().dropLast().reduce(1, *), 1))
    guard mode == .inference, batch > few else { return body(images) }
    return Tensor(
      rowsOf: stride(from: 0, to: batch, by: few).map {
        body(images.rows($0..<min($0 + few, batch)))
      })
  }
}

/// Some layers with a shortcut around them, or without one.
public protocol Block: Module {
  /// Maps `[batch, height, width, in]` to `[batch, height / stride, width / stride, out]`. At test time the result may take
  /// the input's memory, if nobody else holds it.
  func callAsFunction(_ input: consuming Tensor, _ mode: Mode) -> Tensor
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
