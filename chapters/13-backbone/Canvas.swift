import Datasets
import MiniTensor
import Training

/// Digits at random places on a larger, noisy image.
struct Canvas {
  /// Height and width in pixels.
  let side: Int
  /// The deviation of the noise that is added to every pixel; ink is 1, paper 0.
  let noise: Float

  /// One image of a digit, put somewhere.
  ///
  /// - Parameters:
  ///   - digit: its pixels, row by row.
  ///   - size: its height and width.
  func placed(
    _ digit: ArraySlice<Float>, size: Int, using generator: inout RandomGenerator
  ) -> [Float] {
    var pixels = (0..<side * side).map { _ in noise * Float(generator.normal()) }
    let top = Int.random(in: 0...side - size, using: &generator)
    let left = Int.random(in: 0...side - size, using: &generator)
    for (index, ink) in digit.enumerated() {
      pixels[(top + index / size) * side + left + index % size] += ink
    }
    return pixels
  }

  /// Every digit on some canvases, each with a place and noise of its own.
  ///
  /// - Parameters:
  ///   - digits: images of one channel, from 0 to 1.
  ///   - copies: how many canvases a digit gets; they stand side by side.
  func placed(
    _ digits: Dataset, copies: Int, using generator: inout RandomGenerator
  ) -> Dataset {
    let size = digits.imageShape[0]
    let ink = digits.images.scalars
    var pixels: [Float] = []
    for digit in 0..<digits.count {
      for _ in 0..<copies {
        let start = digit * size * size
        pixels += placed(ink[start..<start + size * size], size: size, using: &generator)
      }
    }
    return Dataset(
      name: "digits-on-canvas",
      images: Tensor([digits.count * copies, side, side, 1], pixels),
      labels: digits.labels.flatMap { Array(repeating: $0, count: copies) },
      classNames: digits.classNames)
  }

  /// The same as a data set that is one for all seeds.
  ///
  /// - Parameter index: tells sets apart that must not share their noise.
  func placed(_ digits: Dataset, copies: Int, index: UInt64) -> Dataset {
    var generator = RandomGenerator(seed: 0, stream: .experiment, index: index)
    return placed(digits, copies: copies, using: &generator)
  }
}

/// Digits of the new classes, of which a few are learnt from.
struct Pool {
  /// As they were collected, without a canvas.
  let digits: Dataset
  let canvas: Canvas
  let standardization: Standardization
  /// Each on a canvas of its own.
  let images: Dataset

  init(_ digits: Dataset, on canvas: Canvas, _ standardization: Standardization, index: UInt64) {
    (self.digits, self.canvas, self.standardization) = (digits, canvas, standardization)
    images = canvas.placed(digits, copies: 1, index: index).standardized(by: standardization)
  }

  /// Some of the digits, each at a new place in new noise.
  func placedAnew(_ indices: [Int], using generator: inout RandomGenerator) -> Dataset {
    canvas.placed(digits.examples(indices), copies: 1, using: &generator)
      .standardized(by: standardization)
  }
}

extension Dataset {
  /// The examples of some classes, which are numbered anew in the given order.
  func classes(_ chosen: [Int]) -> Dataset {
    let kept = examples(labels.indices.filter { chosen.contains(labels[$0]) })
    return Dataset(
      name: name, images: kept.images, labels: kept.labels.map { chosen.firstIndex(of: $0)! },
      classNames: chosen.map { classNames[$0] })
  }
}

/// Where a digit lies on a canvas without noise: the first place at which all pixels agree and all
/// ink is inside; nil if there is none.
func place(of digit: [Float], size: Int, on canvas: [Float], side: Int) -> Int? {
  let ink = { (pixels: [Float]) in pixels.count { $0 != 0 } }
  guard ink(digit) == ink(canvas) else { return nil }
  return (0..<side * side).first { start in
    let (top, left) = (start / side, start % side)
    guard top + size <= side, left + size <= side else { return false }
    return digit.indices.allSatisfy {
      canvas[(top + $0 / size) * side + left + $0 % size] == digit[$0]
    }
  }
}
