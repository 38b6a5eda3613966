/// What a VGG network is made of: a column of table 1 in Simonyan and Zisserman, *Very Deep
/// Convolutional Networks for Large-Scale Image Recognition*, 2015.
public struct VGGArchitecture: Hashable, Sendable {
  /// Weighted layers.
  public let depth: Int
  /// Channels of the images.
  public let inputChannels: Int
  /// Classes to tell apart.
  public let classes: Int

  /// Configurations D and E, by depth: the filters of the 3x3 convolutions of each stage. Max pooling
  /// ends a stage.
  public static let configurations: [Int: [[Int]]] = [
    16: [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]],
    19: [
      [64, 64], [128, 128], [256, 256, 256, 256], [512, 512, 512, 512], [512, 512, 512, 512],
    ],
  ]

  /// Configuration D (16) or E (19).
  ///
  /// - Throws: `ArchitectureError` for another depth, or if the network would be too large.
  public init(
    depth: Int, inputChannels: Int = 3, classes: Int = 1000
  ) throws(ArchitectureError) {
    guard Self.configurations[depth] != nil else { throw .name("vgg\(depth)") }
    (self.depth, self.inputChannels, self.classes) = (depth, inputChannels, classes)
    try Limit.check(depth: depth, inputChannels: inputChannels, classes: classes)
    try groups.check(name)
  }

  /// `VGG-16`.
  public var name: String { "VGG-\(depth)" }

  /// The filters of the 3x3 convolutions of each stage.
  public var stages: [[Int]] { Self.configurations[depth] ?? [] }

  /// The layers under torchvision's names, which count ReLU and dropout as layers.
  var groups: [LayerGroup] {
    var groups: [LayerGroup] = []
    var (channels, index) = (inputChannels, 0)
    for (number, stage) in stages.enumerated() {
      for filters in stage {
        groups.append(
          LayerGroup(
            row: "conv\(number + 1)_x",
            layers: [.conv("features.\(index)", 3, channels, filters, bias: true)]))
        (channels, index) = (filters, index + 2)
      }
      groups.append(
        LayerGroup(
          row: "max pool",
          layers: [
            Layer(name: "features.\(index)", kind: .maxPool(size: 2, stride: 2, padding: 0))
          ]))
      index += 1
    }
    let cells = 7
    groups.append(
      LayerGroup(
        row: "average pool", layers: [Layer(name: "avgpool", kind: .averagePool(cells: cells))]))
    let sizes = [cells * cells * channels, 4096, 4096, classes]
    for number in 0..<3 {
      groups.append(
        LayerGroup(
          row: "fc\(6 + number)",
          layers: [
            Layer(
              name: "classifier.\(3 * number)",
              kind: .linear(from: sizes[number], to: sizes[number + 1]))
          ]))
    }
    return groups
  }
}
