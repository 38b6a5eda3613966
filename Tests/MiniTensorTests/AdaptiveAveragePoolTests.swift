import MiniTensor
import Testing

/// Agreement with PyTorch is tested with VGG's end, in `NetworksTests`.
@Suite("Adaptive average pooling")
struct AdaptiveAveragePoolTests {
  @Test("Cells cover the pixels that PyTorch's formula says")
  func cells() {
    let row = Tensor([1, 1, 5, 1], [1, 2, 3, 4, 5])
    // Along the width the pixels 0–1, 1–3, 3–4; along the height the only row, three times.
    let means: [Float] = [1.5, 3, 4.5]
    #expect(adaptiveAveragePool(row, size: 3).scalars == means + means + means)
  }

  @Test("A grid as fine as the image is the image")
  func identity() {
    let image = Tensor([1, 2, 2, 3], (0..<12).map(Float.init))
    #expect(adaptiveAveragePool(image, size: 2).scalars == image.scalars)
  }

  @Test("Each pixel gets its share of the gradients of the cells that cover it")
  func gradient() {
    let row = Parameter(Tensor([1, 5, 1, 1], [1, 2, 3, 4, 5]))
    adaptiveAveragePool(row.tracked, size: 3).backward(
      Tensor([1, 3, 3, 1], [6, 0, 0, 0, 12, 0, 0, 0, 2]))
    // Cells of 2, 3 and 2 rows get 6, 12 and 2.
    #expect(row.gradient?.scalars == [3, 7, 4, 5, 1])
  }
}
