/// What the paper says of a network's size and of its error, as it is printed there.
public struct PaperFigures: Hashable, Sendable {
  /// Parameters, in millions: table 6.
  public let millionParameters: Double?
  /// Multiply-adds for one image, in billions, which the paper calls FLOPs: table 1, and section 3.3 for
  /// VGG.
  public let billionMultiplyAdds: Double?
  /// The error on CIFAR-10's test set, in per cent: table 6. For 110 layers the best of five runs.
  public let cifar10TestError: Double?

  private static let millionParametersOfCifar = [
    20: 0.27, 32: 0.46, 44: 0.66, 56: 0.85, 110: 1.7, 1202: 19.4,
  ]
  private static let cifar10TestErrors = [
    20: 8.75, 32: 7.51, 44: 7.17, 56: 6.97, 110: 6.43, 1202: 7.93,
  ]
  private static let billionMultiplyAddsOfTable1 = [
    18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3,
  ]
  private static let billionMultiplyAddsOfVGG = [16: 15.3, 19: 19.6]

  /// The figures for a network of this depth and family with the paper's widths.
  ///
  /// - Returns: nil if there are none.
  public init?(_ architecture: Architecture) {
    switch architecture {
    case .cifar(let architecture):
      guard let millions = Self.millionParametersOfCifar[architecture.depth],
        architecture.shortcut == .A, architecture.width == 16, architecture.order == .postActivation
      else { return nil }
      (millionParameters, billionMultiplyAdds) = (millions, nil)
      cifar10TestError = Self.cifar10TestErrors[architecture.depth]
    case .imageNet(let architecture):
      guard let billions = Self.billionMultiplyAddsOfTable1[architecture.depth],
        architecture.isOfTable1, architecture.width == 64
      else { return nil }
      (millionParameters, billionMultiplyAdds, cifar10TestError) = (nil, billions, nil)
    case .vgg(let architecture):
      guard let billions = Self.billionMultiplyAddsOfVGG[architecture.depth] else { return nil }
      (millionParameters, billionMultiplyAdds, cifar10TestError) = (nil, billions, nil)
    case .vit: return nil
    }
  }
}
