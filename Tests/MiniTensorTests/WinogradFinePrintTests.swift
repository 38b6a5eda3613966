import Foundation
import MiniTensor
import Testing

/// What `WinogradTransform.swift` and chapter 2 say about values that Winograd's convolution spreads.
@Suite struct WinogradFinePrintTests {
  private let extent = 16
  private let special = (row: 7, column: 6)

  private func images(_ value: Float) -> Tensor {
    var generator = RandomGenerator(5)
    var images = Tensor.normal([1, extent, extent, 16], using: &generator)
    images[0, special.row, special.column, 3] = value
    return images
  }

  private var filter: Tensor {
    var generator = RandomGenerator(6)
    return .normal([3, 3, 16, 16], using: &generator)
  }

  /// Whether the filter of an output covers the special value, and whether the output is made of it: as part of the
  /// same tile, or next to it.
  private func sees(_ row: Int, _ column: Int) -> (value: Bool, tile: Bool) {
    let isNear = (abs(row - special.row) <= 1, abs(column - special.column) <= 1)
    let isInTile = (row / 4 == special.row / 4, column / 4 == special.column / 4)
    return (
      isNear.0 && isNear.1, (isNear.0 || isInTile.0) && (isNear.1 || isInTile.1)
    )
  }

  @Test(
    "An infinity or a NaN makes the tiles that read it NaN, and changes no bit of others",
    arguments: [Float.infinity, -.infinity, .nan])
  func special(_ value: Float) {
    let clean = conv2d(images(0), filter, padding: 1)
    let output = conv2d(images(value), filter, padding: 1)
    var wrong = 0
    for row in 0..<extent {
      for column in 0..<extent {
        for channel in 0..<16 {
          let (actual, before) = (output[0, row, column, channel], clean[0, row, column, channel])
          let isRight =
            sees(row, column).tile ? !actual.isFinite : actual.bitPattern == before.bitPattern
          if !isRight { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
  }

  /// Measured with filters of deviation 1: up to 2.3e-6 of the outlier, which is 5e-4 of the largest output for
  /// 1e4, and 2.7e-2 for 1e6.
  @Test(
    "A finite outlier disturbs the outputs of its tiles that don't see it by a rounding of its own size",
    arguments: [Float(1e4), 1e6])
  func outlier(_ value: Float) {
    let clean = conv2d(images(0), filter, padding: 1)
    let output = conv2d(images(value), filter, padding: 1)
    var (worst, outside) = (0.0, 0.0)
    for row in 0..<extent {
      for column in 0..<extent where !sees(row, column).value {
        for channel in 0..<16 {
          let difference = abs(
            Double(output[0, row, column, channel]) - Double(clean[0, row, column, channel]))
          worst = max(worst, difference)
          if !sees(row, column).tile { outside = max(outside, difference) }
        }
      }
    }
    #expect(outside == 0)
    #expect(worst > 0 && worst < 4e-6 * Double(value))
  }
}
