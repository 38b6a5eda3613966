import Testing

@testable import Charts

@Suite struct LabelPlacementTests {
  @Test("Labels never overlap, keep their order and stay within bounds", arguments: 0..<200)
  func property(seed: UInt64) throws {
    var random = Noise(seed)
    let count = Int(random.between(0, 15))
    // Crowded in a few places, so that pools of labels meet.
    let wanted = (0..<count).map { _ in random.between(0, 4).rounded() * 50 + random.between(-9, 9)
    }
    let placed = try #require(placeLabels(wanted, spacing: 18, in: 0...260))
    #expect(placed.allSatisfy { $0 >= -1e-9 && $0 <= 260 + 1e-9 }, "\(wanted)")
    // Sorted by where they would be, then by number: neighbours suffice.
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    let distances = zip(order, order.dropFirst()).map { placed[$1] - placed[$0] }
    #expect(distances.allSatisfy { $0 >= 18 - 1e-9 }, "\(wanted) is placed at \(placed)")
  }

  @Test("Labels with room stay where they are, and two that meet move by the same amount")
  func least() {
    #expect(placeLabels([10, 100, 50], spacing: 18, in: 0...200) == [10, 100, 50])
    #expect(placeLabels([100, 102], spacing: 18, in: 0...200) == [92, 110])
    #expect(placeLabels([0, 0], spacing: 18, in: 0...200) == [0, 18])
  }

  @Test("Labels for which there is no room aren't placed")
  func noRoom() {
    #expect(placeLabels([1, 2, 3], spacing: 18, in: 0...35) == nil)
    #expect(placeLabels([], spacing: 18, in: 0...0) == [])
  }

  @Test("Labels along an axis that would overlap are left out")
  func thinning() {
    #expect(thinned([(0, 10), (11, 10), (24, 10), (30, 10)], gap: 2) == [0, 2])
    #expect(thinned([], gap: 1) == [])
  }
}
