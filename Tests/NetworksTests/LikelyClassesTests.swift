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
    #expect(likely.map(\.index) == [1, 2, 0])
    #expect(likely.map(\.probability) == [1, 0, 0])
  }

  @Test("They agree with the predicted class, for infinities and NaN too")
  func agreement() {
    let values: [Float] = [.nan, .infinity, -.infinity, 0, 1, 1e-30, -1]
    var generator = RandomGenerator(seed: 5, stream: .experiment)
    let logits = Tensor([300, 3], (0..<900).map { _ in values.randomElement(using: &generator)! })
    let likely = likelyClasses(logits, count: 3)
    #expect(likely.map(\.first?.index) == predictedClasses(logits))
    for row in likely where !row.isEmpty {
      #expect(abs(row.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
    }
  }
}
