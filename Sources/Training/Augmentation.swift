import Datasets
import MiniTensor

/// Shifts images by up to four pixels and flips half of them: the paper's augmentation for CIFAR-10.
///
/// "4 pixels are padded on each side, and a 32x32 crop is randomly sampled from the padded image or
/// its horizontal flip." Each image's draw depends on the seed, the epoch and the image alone, so it
/// is the same whatever the batch, the number of threads, and where a training run was resumed.
///
/// - SeeAlso: He et al. 2015, section 4.2.
public struct Augmentation: Hashable, Sendable {
  /// The seed of the run.
  public let seed: Int
  /// Zeros on each side, in pixels. The images are already standardised: a zero is the mean.
  public let padding: Int

  /// An augmentation.
  ///
  /// - Precondition: the padding isn't negative.
  public init(seed: Int, padding: Int = 4) {
    precondition(padding >= 0, "A padding of \(padding) pixels.")
    (self.seed, self.padding) = (seed, padding)
  }

  /// What is done to one image in one epoch.
  public struct Draw: Hashable, Sendable {
    /// Where the crop begins in the padded image, in pixels from the top: 0 … 2 · padding.
    public let top: Int
    /// The same from the left.
    public let left: Int
    /// Whether left and right are exchanged.
    public let isFlipped: Bool
  }

  /// The draw of an image.
  ///
  /// - Parameters:
  ///   - image: its place in the data set.
  ///   - epoch: counted from 1.
  ///   - count: the size of the data set.
  public func draw(image: Int, epoch: Int, count: Int) -> Draw {
    var generator = RandomGenerator(
      seed: UInt64(bitPattern: Int64(seed)), stream: .augmentation,
      index: UInt64(epoch) &* UInt64(count) &+ UInt64(image))
    return Draw(
      top: generator.number(below: 2 * padding + 1),
      left: generator.number(below: 2 * padding + 1), isFlipped: generator.number(below: 2) == 1)
  }

  /// Augments a batch.
  ///
  /// - Parameters:
  ///   - images: `[batch, height, width, channels]`, standardised.
  ///   - indices: the place of each of them in the data set.
  ///   - epoch: counted from 1.
  ///   - count: the size of the data set.
  public func callAsFunction(
    _ images: Tensor, of indices: some Collection<Int>, epoch: Int, count: Int
  ) -> Tensor {
    let (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3])
    let pixels = images.scalars
    var result = [Float](repeating: 0, count: pixels.count)
    for (position, image) in indices.enumerated() {
      let draw = draw(image: image, epoch: epoch, count: count)
      let start = position * height * width * channels
      for row in 0..<height {
        let source = row + draw.top - padding
        guard 0..<height ~= source else { continue }
        for column in 0..<width {
          let mirrored = draw.isFlipped ? width - 1 - column : column
          let from = mirrored + draw.left - padding
          guard 0..<width ~= from else { continue }
          for channel in 0..<channels {
            result[start + (row * width + column) * channels + channel] =
              pixels[start + (source * width + from) * channels + channel]
          }
        }
      }
    }
    return Tensor(images.shape, result)
  }
}
