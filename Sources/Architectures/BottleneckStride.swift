/// Where a bottleneck that halves the image does so.
public enum BottleneckStride: String, CaseIterable, Sendable {
  /// On its first 1x1 convolution, as in the paper.
  case first1x1
  /// On its 3x3 convolution, as in torchvision, whose weights need it.
  case middle3x3
}
