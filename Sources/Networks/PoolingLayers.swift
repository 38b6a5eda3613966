import MiniTensor

/// The largest value in each window.
public final class MaxPool: Module {
  /// Height and width of the window, in pixels.
  public let size: Int
  /// Step in pixels.
  public let stride: Int
  /// Pixels that count as −∞ on each side.
  public let padding: Int

  /// A square window.
  public init(_ size: Int, stride: Int, padding: Int = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// Maps `[batch, height, width, channels]` to `[batch, outHeight, outWidth, channels]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    maxPool(input, size: size, stride: stride, padding: padding)
  }
}

/// The mean over a fixed grid of windows, or over all pixels of each channel.
public final class AveragePool: Module {
  /// Cells along each axis; 1 for the whole image.
  public let cells: Int

  /// The mean over all pixels, or over a grid.
  public init(cells: Int = 1) { self.cells = cells }

  /// Maps `[batch, height, width, channels]` to `[batch, cells · cells · channels]`.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    cells == 1 ? globalAveragePool(input) : flatten(adaptiveAveragePool(input, size: cells))
  }
}
