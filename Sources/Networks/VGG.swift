import MiniTensor

/// The paper's baseline: stages of 3x3 convolutions without batch normalisation, then three fully
/// connected layers, which hold nine tenths of the parameters.
///
/// The dropout between the fully connected layers, which only matters in training, is left out.
public final class VGG: Network {
  /// What it is made of.
  public let architecture: VGGArchitecture
  /// The convolutions of each stage.
  public let stages: [[Conv2d]]
  /// Ends each stage.
  public let maxpool = MaxPool(2, stride: 2)
  /// A grid of 7x7, which is what an image of 224x224 leaves anyway.
  public let avgpool = AveragePool(cells: 7)
  /// The fully connected layers.
  public let classifier: [Linear]

  /// A network without values; `initialize(using:)` draws them.
  public init(_ architecture: VGGArchitecture) {
    self.architecture = architecture
    var channels = architecture.inputChannels
    stages = architecture.stages.map { stage in
      stage.map { filters in
        defer { channels = filters }
        return Conv2d(channels, filters, bias: true)
      }
    }
    classifier = [
      Linear(7 * 7 * channels, 4096, pixels: 7 * 7), Linear(4096, 4096),
      Linear(4096, architecture.classes),
    ]
  }

  /// Maps images `[batch, height, width, inputChannels]` to `[batch, 4096]`.
  public func features(_ images: Tensor, _ mode: Mode) -> Tensor {
    var features = images
    for stage in stages {
      for conv in stage { features = relu(conv(features, mode)) }
      features = maxpool(features)
    }
    features = avgpool(features)
    for layer in classifier.dropLast() { features = relu(layer(features, mode)) }
    return features
  }

  /// The classifier.
  public var lastLayer: Linear { classifier[2] }

  /// Everything, under torchvision's names, which count ReLU and dropout as layers.
  public var parts: [(name: String, module: any Module)] {
    var parts: [(name: String, module: any Module)] = []
    var index = 0
    for stage in stages {
      for conv in stage {
        parts.append(("features.\(index)", conv))
        index += 2
      }
      parts.append(("features.\(index)", maxpool))
      index += 1
    }
    parts.append(("avgpool", avgpool))
    return parts + zip([0, 3, 6], classifier).map { ("classifier.\($0)", $1) }
  }
}
