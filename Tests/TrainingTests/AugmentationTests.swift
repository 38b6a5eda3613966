import MiniTensor
import Testing

@testable import Training

@Suite("Augmentation")
struct AugmentationTests {
  /// Images whose every number tells its image, row, column and channel; none is 0.
  private func images(_ indices: [Int], height: Int = 5, width: Int = 6) -> Tensor {
    let size = height * width * 2
    var values: [Float] = []
    for image in indices {
      for place in 0..<size { values.append(Float(1 + 100 * image + place)) }
    }
    return Tensor([indices.count, height, width, 2], values)
  }

  @Test("Every image is the crop of its padded self, or of its mirror image, that its draw says")
  func crops() {
    let augmentation = Augmentation(seed: 3, padding: 2)
    let indices = Array(0..<40)
    let original = images(indices)
    let result = augmentation(original, of: indices, epoch: 7, count: 40)
    #expect(result.shape == original.shape)
    for image in indices {
      let draw = augmentation.draw(image: image, epoch: 7, count: 40)
      for row in 0..<5 {
        for column in 0..<6 {
          let y = row + draw.top - 2
          let x = (draw.isFlipped ? 5 - column : column) + draw.left - 2
          let inside = (0..<5).contains(y) && (0..<6).contains(x)
          for channel in 0..<2 {
            let expected = inside ? original[image, y, x, channel] : 0
            #expect(result[image, row, column, channel] == expected)
          }
        }
      }
    }
  }

  @Test("An image's draw depends neither on its batch nor on its neighbours")
  func independent() {
    let augmentation = Augmentation(seed: 3)
    let together = augmentation(images([4, 8, 15]), of: [4, 8, 15], epoch: 2, count: 20)
    let alone = augmentation(images([8]), of: [8], epoch: 2, count: 20)
    #expect(alone.scalars == together.rows([1]).scalars)
  }

  @Test("Every epoch, every seed and every image has a draw of its own")
  func varied() {
    let draws = (0..<200).map { Augmentation(seed: 1).draw(image: $0, epoch: 1, count: 200) }
    #expect(draws != (0..<200).map { Augmentation(seed: 1).draw(image: $0, epoch: 2, count: 200) })
    #expect(draws != (0..<200).map { Augmentation(seed: 2).draw(image: $0, epoch: 1, count: 200) })
    #expect(Set(draws).count > 60)
  }

  @Test("All 9 x 9 places and both directions come up about equally often")
  func uniform() {
    let count = 16_200
    let draws = (0..<count).map { Augmentation(seed: 5).draw(image: $0, epoch: 1, count: count) }
    let places = Dictionary(grouping: draws) { [$0.top, $0.left] }.mapValues(\.count)
    #expect(places.count == 81)
    // 200 are expected for each place, with a deviation of 14; half of the images are flipped, ± 64.
    #expect(places.values.allSatisfy { abs($0 - 200) < 70 })
    #expect(abs(draws.count(where: \.isFlipped) - count / 2) < 320)
  }
}
