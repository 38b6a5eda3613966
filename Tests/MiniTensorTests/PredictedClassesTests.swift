import MiniTensor
import Testing

@Suite("What counts as a right answer")
struct PredictedClassesTests {
  @Test("The predicted class has the largest logit; the first of equals")
  func predictions() {
    let logits = Tensor([4, 3], [1, 2, 3, 3, 2, 1, 0, 5, 5, -1, -1, -1])
    #expect(predictedClasses(logits) == [2, 0, 1, 0])
  }

  @Test("A class comes after those with larger logits, and of equal ones after the first")
  func order() {
    let logits = Tensor([5, 5], (0..<5).flatMap { _ in [0, 3, 1, 3, -Float.infinity] })
    #expect(ranks(of: [0, 1, 2, 3, 4], in: logits) == [3, 0, 2, 1, 4])
  }

  @Test("A row with a NaN has no answer, wherever it is and whatever the label", arguments: 0..<3)
  func notANumber(_ position: Int) {
    var row: [Float] = [5, 1, -.infinity]
    row[position] = .nan
    let logits = Tensor([3, 3], (0..<3).flatMap { _ in row })
    #expect(predictedClasses(logits) == [nil, nil, nil])
    #expect(ranks(of: [0, 1, 2], in: logits) == [nil, nil, nil])
  }

  @Test("Infinities are the largest and the smallest of numbers, and tie with themselves")
  func infinities() {
    let (top, bottom) = (Float.infinity, -Float.infinity)
    let logits = Tensor([4, 2], [1, top, top, top, bottom, bottom, bottom, 1])
    #expect(predictedClasses(logits) == [1, 0, 0, 1])
    #expect(ranks(of: [0, 1, 1, 0], in: logits) == [1, 1, 1, 1])
  }

  @Test("No rows have no answers")
  func empty() {
    #expect(predictedClasses(Tensor([0, 3])) == [])
    #expect(ranks(of: [], in: Tensor([0, 3])) == [])
  }

  @Test("The predicted class is the one of rank 0, whatever the logits")
  func agreement() {
    let values: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, 1, 1]
    var generator = RandomGenerator(seed: 3, stream: .experiment)
    let logits = Tensor([500, 4], (0..<2000).map { _ in values.randomElement(using: &generator)! })
    let predicted = predictedClasses(logits)
    for label in 0..<4 {
      let ranks = ranks(of: [Int](repeating: label, count: 500), in: logits)
      #expect(zip(predicted, ranks).allSatisfy { ($0 == label) == ($1 == 0) })
    }
  }
}
