import Testing

@testable import Notebook

@Suite("Comparing arrays of numbers")
struct CheckTests {
  @Test("The largest difference counts, relative to the largest expected magnitude")
  func largestDifference() {
    let closeness = Closeness([1, 2.02, -4.08], to: [1, 2, -4], tolerance: 0.03)
    #expect(closeness.passed)
    #expect(closeness.measured == "3 values, largest relative difference 2e-2, allowed 3e-2")
    let failure = Closeness([1, 2.02, -4.08], to: [1, 2, -4], tolerance: 0.01)
    #expect(!failure.passed)
    #expect(failure.measured.hasSuffix("; value 3 is -4.08, expected -4.0"))
  }

  @Test(
    "What can't be compared fails",
    arguments: [
      ([], []), ([1], [1, 2]), ([.nan], [.nan]), ([.nan, 1], [0, 1]), ([1], [.nan]),
      ([.infinity], [1]), ([1], [.infinity]), ([-.infinity], [.infinity]), ([1e-9], [0]),
    ] as [([Float], [Float])])
  func incomparable(values: [Float], expected: [Float]) {
    #expect(!Closeness(values, to: expected, tolerance: 1).passed)
  }

  @Test("Equal arrays pass with tolerance 0, zeros and infinities included")
  func equal() {
    let values: [Float] = [0, -1, .infinity]
    let closeness = Closeness(values, to: values, tolerance: 0)
    #expect(closeness.passed)
    #expect(closeness.measured == "3 values, largest relative difference 0, allowed 0")
    #expect(Closeness([0], to: [0], tolerance: 0).passed)
  }

  @Test(
    "Figures are rounded to two digits",
    arguments: [
      (1e-5, "1e-5"), (9.96e-7, "1e-6"), (3.27e-6, "3.3e-6"), (0.5, "5e-1"), (12, "1.2e1"),
    ]
      as [(Float, String)])
  func figures(tolerance: Float, text: String) {
    #expect(Closeness([1], to: [1], tolerance: tolerance).measured.hasSuffix("allowed \(text)"))
  }
}
