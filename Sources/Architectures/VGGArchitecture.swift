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
  /// - Returns: nil for another depth.
  public init?(depth: Int, inputChannels: Int = 3, classes: Int = 1000) {
    guard Self.configurations[depth] != nil else { return nil }
    (self.depth, self.inputChannels, self.classes) = (depth, inputChannels, classes)
  }

  /// `VGG-16`.
  public var name: String { "VGG-\(depth)" }
}
