import MiniTensor

/// What is taken away from pixels, and what they are divided by, before a network sees them.
///
/// It is measured on the training set and applied to the test set as well: a network may not know
/// the test set's statistics any more than its labels.
public struct Standardization: Equatable, Sendable {
  /// What is taken away: a number for each channel, or one for each channel of each pixel.
  public let mean: [Float]
  /// What the difference is divided by, for the same places as `mean`.
  public let deviation: [Float]

  /// Given numbers, such as those that a network from elsewhere was trained with.
  ///
  /// - Precondition: there are as many deviations as means, at least one, and none is zero.
  public init(mean: [Float], deviation: [Float]) {
    precondition(
      mean.count == deviation.count && !mean.isEmpty && !deviation.contains(0),
      "\(mean.count) means and \(deviation.count) deviations, none of them zero, were expected.")
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// The mean and deviation (divided by the count) of each channel over all pixels of all images; 1
  /// is the deviation of a channel that is constant.
  ///
  /// - Parameter images: `[count, height, width, channels]`, not empty.
  public init(of images: Tensor) {
    let channels = images.shape[3]
    let perChannel = Double(images.count / channels)
    let pixels = images.scalars
    // Sums in double precision: a million pixels would lose digits in single.
    var sums = [Double](repeating: 0, count: channels)
    for (index, pixel) in pixels.enumerated() { sums[index % channels] += Double(pixel) }
    let means = sums.map { $0 / perChannel }
    var squares = [Double](repeating: 0, count: channels)
    for (index, pixel) in pixels.enumerated() {
      let difference = Double(pixel) - means[index % channels]
      squares[index % channels] += difference * difference
    }
    mean = means.map { Float($0) }
    deviation = squares.map { $0 > 0 ? Float(($0 / perChannel).squareRoot()) : 1 }
  }

  /// Of ImageNet's training images, as torchvision's networks were trained with.
  public static let imageNet = Standardization(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// Of CIFAR-10's training images, as most implementations use it.
  public static let cifar10 = Standardization(
    mean: [0.4914, 0.4822, 0.4465], deviation: [0.2470, 0.2435, 0.2616])

  /// The images with the mean taken away, divided by the deviation.
  ///
  /// - Parameter images: `[count, height, width, channels]`.
  /// - Precondition: they have the channels, or the pixels, that were measured.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    precondition(
      fits(images.shape),
      "Images of shape \(images.shape) don't have the \(mean.count) channels or pixels that were measured."
    )
    let standardized = images.scalars.enumerated().map { index, pixel in
      (pixel - mean[index % mean.count]) / deviation[index % mean.count]
    }
    return Tensor(images.shape, standardized)
  }

  /// Whether there is a mean for each channel, or for each number, of images of this shape.
  func fits(_ shape: [Int]) -> Bool {
    mean.count == shape[3] || mean.count == shape[1] * shape[2] * shape[3]
  }
}
