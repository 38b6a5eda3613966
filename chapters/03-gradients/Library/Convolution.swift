/// The extents of a convolution: shapes of images, filters and result.
public struct Convolution: Sendable {
  /// The shape of the images, `[batch, height, width, in]`.
  public let input: [Int]
  /// The shape of the filters, `[kernelHeight, kernelWidth, in, out]`.
  public let filters: [Int]
  /// The shape of the result, `[batch, outHeight, outWidth, out]`.
  public let output: [Int]
  /// Pixels per step.
  public let stride: Int
  /// Zeros on each side.
  public let padding: Int

  /// The extents of the convolution of images with filters.
  ///
  /// - Parameters:
  ///   - input: the shape of the images.
  ///   - filters: the shape of the filters.
  ///   - stride: pixels per step.
  ///   - padding: zeros on each side.
  public init(_ input: [Int], _ filters: [Int], stride: Int, padding: Int) {
    (self.input, self.filters, self.stride, self.padding) = (input, filters, stride, padding)
    func size(_ axis: Int) -> Int { (input[1 + axis] + 2 * padding - filters[axis]) / stride + 1 }
    output = [input[0], size(0), size(1), filters[3]]
  }
}
