import MiniTensor
import Notebook
import Testing

@testable import chapter5

@Suite("Exercises of chapter 5")
struct Chapter5Exercises {
  @Test("1: a leaky ReLU keeps (1 + slope²) / 2 of the mean square; He's rule alone is too large")
  func leaky() throws {
    #expect(try leakyDeviationHolds { (2 / ((1 + $1 * $1) * Double($0))).squareRoot() })
    #expect(try !leakyDeviationHolds { fan, _ in (2 / Double(fan)).squareRoot() })
    #expect(throws: Unsolved(1)) { try leakyDeviationHolds(leakyDeviation) }
  }

  @Test("2: the folded offset takes the scaled mean away; one that forgets to scale it is wrong")
  func folding() throws {
    func affine(_ scale: Float, _ shift: Float, _ mean: Float, _ variance: Float, _ epsilon: Float)
      -> Affine
    {
      let factor = scale / (variance + epsilon).squareRoot()
      return Affine(factor: factor, offset: shift - factor * mean)
    }
    #expect(try foldedHolds(affine))
    #expect(
      try !foldedHolds { scale, shift, mean, variance, epsilon in
        Affine(factor: scale / (variance + epsilon).squareRoot(), offset: shift - mean)
      })
    #expect(throws: Unsolved(2)) { try foldedHolds(folded) }
  }

  @Test("3: an image normalised by itself is alone or in company the same; by its batch it isn't")
  func layerNormalisation() throws {
    #expect(try layerNormHolds(imageByImage))
    #expect(
      try !layerNormHolds { images in
        let ones = Tensor([images.shape[3]], repeating: 1)
        return batchNorm(images, scale: ones, shift: Tensor([images.shape[3]])).output
      })
    #expect(throws: Unsolved(3)) { try layerNormHolds(layerNorm) }
  }

  private func imageByImage(_ images: Tensor) -> Tensor {
    let size = images.count / images.shape[0]
    let values = images.scalars
    let normalised = (0..<images.shape[0]).flatMap { index -> [Float] in
      let image = values[index * size..<(index + 1) * size]
      let mean = image.reduce(0, +) / Float(size)
      let variance = image.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(size)
      return image.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
    }
    return Tensor(images.shape, normalised)
  }
}
