import MiniTensor

/// The mean and deviation of each channel over a set of images, and the change of scale that makes
/// them 0 and 1.
///
/// It is measured on the training set and applied to the test set as well: a network may not know
/// the test set's statistics any more than its labels.
public struct Standardization: Equatable, Sendable {
  /// The mean of each channel over all pixels of all images.
  public let mean: [Float]
  /// The standard deviation of each channel (divided by the count), 1 for a channel that is
  /// constant.
  public let deviation: [Float]

  /// Measures images.
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

  /// The images with the mean taken away, divided by the deviation.
  ///
  /// - Parameter images: `[count, height, width, channels]`.
  /// - Precondition: they have as many channels as those that were measured.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    precondition(
      images.shape[3] == mean.count,
      "Images of shape \(images.shape) don't have the \(mean.count) channels that were measured.")
    let standardized = images.scalars.enumerated().map { index, pixel in
      (pixel - mean[index % mean.count]) / deviation[index % mean.count]
    }
    return Tensor(images.shape, standardized)
  }
}
