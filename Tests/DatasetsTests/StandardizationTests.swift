import MiniTensor
import Testing

@testable import Datasets

@Suite("Standardisation")
struct StandardizationTests {
  // Channel 0: 1, 3, 5, 7 has mean 4 and variance 5; channel 1 is constant.
  let images = Tensor([2, 1, 2, 2], [1, 6, 3, 6, 5, 6, 7, 6])

  @Test("Mean and deviation are measured for each channel")
  func measured() {
    let standardization = Standardization(of: images)
    #expect(standardization.mean == [4, 6])
    #expect(standardization.deviation == [Float(5).squareRoot(), 1])
  }

  @Test("A constant channel becomes zero, not a division by zero")
  func applied() {
    let root = Float(5).squareRoot()
    #expect(
      Standardization(of: images)(images).scalars
        == [-3 / root, 0, -1 / root, 0, 1 / root, 0, 3 / root, 0])
  }

  @Test("Other images are scaled with the measured values, not their own")
  func otherImages() {
    let other = Tensor([1, 1, 1, 2], [4, 8])
    #expect(Standardization(of: images)(other).scalars == [0, 2])
  }
}
