import MiniTensor
import Testing

@testable import Datasets

@Suite("Batches")
struct BatchesTests {
  /// Ten examples whose pixels tell which one they are; the label is the number of the example.
  let numbered = Dataset(
    name: "numbered",
    images: Tensor([10, 1, 2, 1], (0..<10).flatMap { [Float($0), Float(-$0)] }),
    labels: Array(0..<10), classNames: (0..<10).map(String.init))

  @Test("An epoch holds every example once, whatever the batch size", arguments: 1...12)
  func eachOnce(size: Int) {
    var generator = RandomGenerator(seed: 7, stream: .shuffling)
    var seen: [Int] = []
    let batches = numbered.batches(of: size, shuffledBy: &generator)
    let expectedCount = batches.count
    var count = 0
    for (images, labels) in batches {
      #expect(images.shape == [labels.count, 1, 2, 1])
      #expect(images.scalars == labels.flatMap { [Float($0), Float(-$0)] })
      seen += labels
      count += 1
      #expect(labels.count == size || seen.count == 10, "Only the last batch has another size.")
      #expect(labels.count > 1 || size == 1, "No example is alone.")
    }
    #expect(seen.sorted() == Array(0..<10))
    #expect(count == expectedCount)
  }

  @Test("Without a generator the examples come in their own order")
  func inOrder() {
    let labels = numbered.batches(of: 4).map(\.labels)
    #expect(labels == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
  }

  @Test("The same seed gives the same epochs, and every epoch has an order of its own")
  func order() {
    func epochs(seed: UInt64) -> [[Int]] {
      var generator = RandomGenerator(seed: seed, stream: .shuffling)
      return (0..<3).map { _ in
        numbered.batches(of: 3, shuffledBy: &generator).flatMap(\.labels)
      }
    }
    #expect(epochs(seed: 1) == epochs(seed: 1))
    #expect(epochs(seed: 1) != epochs(seed: 2))
    #expect(Set(epochs(seed: 1)).count == 3)
  }

  @Test("An example that is left over alone joins the batch before")
  func leftOver() {
    func sizes(_ examples: Int, _ size: Int) -> [Int] {
      let ranges = BatchRanges(of: examples, size: size)
      return (0..<ranges.count).map { ranges[$0].count }
    }
    #expect(sizes(65, 64) == [65] && sizes(129, 64) == [64, 65] && sizes(9, 4) == [4, 5])
    #expect(sizes(10, 4) == [4, 4, 2] && sizes(8, 4) == [4, 4] && sizes(3, 4) == [3])
    #expect(sizes(1, 4) == [1] && sizes(3, 1) == [1, 1, 1] && sizes(0, 4) == [])
    #expect(BatchRanges(of: 10, size: 4).smallest == 2 && BatchRanges(of: 9, size: 4).smallest == 4)
  }

  @Test("The count says how many batches are left")
  func countdown() {
    var batches = numbered.batches(of: 4)
    #expect(batches.count == 3)
    _ = batches.next()
    #expect(batches.count == 2)
    while batches.next() != nil {}
    #expect(batches.count == 0)
  }
}
