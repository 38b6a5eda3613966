import Foundation
import MiniTensor
import Networks
import Testing

@Suite("The most likely classes")
struct LikelyClassesTests {
  @Test("They come in the order of their logits, with the softmax as their probability")
  func order() {
    let logits = Tensor([2, 3], [0, log(3), log(2), 5, 1, 5])
    let likely = likelyClasses(logits, count: 2)
    #expect(likely.map { $0.map(\.index) } == [[1, 2], [0, 2]])
    // Single-precision logarithms: their last digit is in the seventh place.
    for (found, expected) in zip(likely[0].map(\.probability), [3.0 / 6, 2.0 / 6]) {
      #expect(abs(found - expected) < 1e-6)
    }
    #expect(likely[1][0].probability == likely[1][1].probability)
  }

  @Test("Logits that would overflow don't, and there are no more classes than there are")
  func extremes() {
    let likely = likelyClasses(Tensor([1, 3], [-2000, 3000, 1000]), count: 5)[0]
    // The other two are so unlikely that both have probability 0: the lower number comes first.
    #expect(likely.map(\.index) == [1, 0, 2])
    #expect(likely.map(\.probability) == [1, 0, 0])
  }
}
