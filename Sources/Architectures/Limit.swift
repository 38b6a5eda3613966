/// The largest counts that a network may have.
///
/// They are far above every network that was ever published, and so low that no number made of them
/// (parameters, multiply-adds, bytes) is too large for an integer.
enum Limit {
  /// Weighted layers.
  static let depth = 10_000
  /// Channels of the first stage.
  static let width = 4_096
  /// Stages of an ImageNet network; each doubles the channels.
  static let stages = 8
  /// Channels of the images.
  static let inputChannels = 4_096
  /// Classes to tell apart.
  static let classes = 1_000_000
  /// How many times as wide as a token the hidden layer of a Transformer's MLP is.
  static let mlpRatio = 64
  /// Numbers that a network learns: 8 GB of them in single precision.
  static let parameters = Int(Int32.max)
  /// Pixels along one side of an image.
  static let imageSide = 16_384

  /// Checks the counts that every network has.
  static func check(
    depth: Int, width: Int = 1, inputChannels: Int, classes: Int
  ) throws(ArchitectureError) {
    guard 1...Limit.depth ~= depth else { throw .depth(depth) }
    guard 1...Limit.width ~= width else { throw .width(width) }
    guard 1...Limit.inputChannels ~= inputChannels else { throw .inputChannels(inputChannels) }
    guard 2...Limit.classes ~= classes else { throw .classes(classes) }
  }
}
