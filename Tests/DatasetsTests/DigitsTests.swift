import Foundation
import MiniTensor
import Testing

@testable import Datasets

@Suite("Digits")
struct DigitsTests {
  let digits: Digits

  init() throws { digits = try Digits.load() }

  @Test("There are 1,797 images of 8x8, as many labels, and ten classes")
  func counts() {
    #expect(digits.raw.images.shape == [1797, 8, 8, 1])
    #expect(digits.raw.count == 1797)
    #expect(digits.raw.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    #expect(digits.train.images.shape == [1437, 8, 8, 1])
    #expect(digits.test.images.shape == [360, 8, 8, 1])
  }

  // The figures of this test were read off scikit-learn 1.9.1: load_digits().images[0],
  // .images[-1], .data.sum() and numpy.bincount(.target).
  @Test("The images and labels are those of scikit-learn, in the same order")
  func sameAsScikitLearn() {
    let first = [
      [0, 0, 5, 13, 9, 1, 0, 0], [0, 0, 13, 15, 10, 15, 5, 0], [0, 3, 15, 2, 0, 11, 8, 0],
      [0, 4, 12, 0, 0, 8, 8, 0], [0, 5, 8, 0, 0, 9, 8, 0], [0, 4, 11, 0, 1, 12, 7, 0],
      [0, 2, 14, 5, 10, 12, 0, 0], [0, 0, 6, 13, 10, 0, 0, 0],
    ]
    let last = [
      [0, 0, 10, 14, 8, 1, 0, 0], [0, 2, 16, 14, 6, 1, 0, 0], [0, 0, 15, 15, 8, 15, 0, 0],
      [0, 0, 5, 16, 16, 10, 0, 0], [0, 0, 12, 15, 15, 12, 0, 0], [0, 4, 16, 6, 4, 16, 6, 0],
      [0, 8, 16, 10, 8, 16, 8, 0], [0, 1, 8, 12, 14, 12, 1, 0],
    ]
    let pixels = digits.raw.images.scalars.map { Int($0 * 16) }
    #expect(Array(pixels.prefix(64)) == first.flatMap { $0 })
    #expect(Array(pixels.suffix(64)) == last.flatMap { $0 })
    #expect(pixels.reduce(0, +) == 561_718)
    #expect(Array(digits.raw.labels.prefix(10)) == Array(0...9))
    #expect(digits.raw.labels.last == 8)
    #expect(
      classCounts(digits.raw) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test("Training and test set share no example and leave none out")
  func splitIsAPartition() {
    let both = digits.trainIndices + digits.testIndices
    #expect(both.sorted() == Array(0..<1797))
  }

  // Golden: the order is RandomGenerator(seed: 0, stream: .shuffling)'s. A change here changes
  // every stored result.
  @Test("The split never changes")
  func splitIsFixed() throws {
    #expect(Array(digits.trainIndices.prefix(6)) == [1128, 1164, 1726, 1772, 1557, 1427])
    #expect(Array(digits.testIndices.prefix(6)) == [799, 986, 1242, 872, 497, 1234])
    let again = try Digits.load()
    #expect(again.trainIndices == digits.trainIndices)
  }

  @Test("Each example keeps its own label and image through the split")
  func examplesStayTogether() {
    for (set, indices) in [
      (digits.train, digits.trainIndices), (digits.test, digits.testIndices),
    ] {
      #expect(set.labels == indices.map { digits.raw.labels[$0] })
      // Compared outside of #expect, which would print a hundred thousand pixels on failure.
      let expected = digits.standardization(digits.raw.images.rows(indices)).scalars
      let imagesAgree = set.images.scalars == expected
      #expect(imagesAgree)
    }
  }

  @Test("Every class has about a tenth of both sets, so that an error of 90 % is chance")
  func classBalance() {
    for set in [digits.train, digits.test] {
      for count in classCounts(set) {
        let share = Double(count) / Double(set.count)
        #expect(share > 0.06 && share < 0.14)
      }
    }
  }

  // Rounding 1,437 · 64 pixels to Float32 moves the mean by less than 1e-6.
  @Test("The training pixels have mean 0 and variance 1; the test pixels nearly so")
  func standardised() {
    func moments(_ dataset: Dataset) -> (mean: Double, variance: Double) {
      let pixels = dataset.images.scalars.map(Double.init)
      let mean = pixels.reduce(0, +) / Double(pixels.count)
      let squares = pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, squares / Double(pixels.count))
    }
    let train = moments(digits.train)
    #expect(abs(train.mean) < 1e-6)
    #expect(abs(train.variance - 1) < 1e-6)
    let test = moments(digits.test)
    #expect(abs(test.mean) < 0.05)
    #expect(abs(test.variance - 1) < 0.05)
  }

  @Test("The raw pixels stay between 0 and 1 and use both ends")
  func rawRange() {
    let pixels = digits.raw.images.scalars
    #expect(pixels.min() == 0)
    #expect(pixels.max() == 1)
  }

  @Test("The build puts the files beside the program, where a moved release finds them")
  func besideTheProgram() throws {
    let elsewhere = URL(fileURLWithPath: "/nonexistent")
    #if os(Linux)
      let folder = try bundledFolder("Digits", sources: elsewhere)
      #expect(folder.path.contains("_Datasets.resources"))
      #expect(try Digits(folder: folder).raw.count == 1797)
    #endif
    let source = try bundledFolder("Digits", beside: elsewhere)
    #expect(try Digits(folder: source).trainIndices == digits.trainIndices)
  }

  @Test("Without the bundle, the error names the places searched and what to copy")
  func missingBundle() {
    let nowhere = URL(fileURLWithPath: "/nonexistent/program")
    let error = #expect(throws: DatasetError.self) {
      try bundledFolder(
        "Digits", beside: nowhere, sources: URL(fileURLWithPath: "/nonexistent/sources"))
    }
    #expect(error?.fault == .missing)
    #expect(error?.description.contains("/nonexistent/program/resnet-by-hand_Datasets") == true)
    #expect(error?.description.contains("/nonexistent/sources/Digits") == true)
    #expect(error?.description.contains("Copy resnet-by-hand_Datasets") == true)
  }

  private func classCounts(_ dataset: Dataset) -> [Int] {
    dataset.labels.reduce(into: [Int](repeating: 0, count: 10)) { $0[$1] += 1 }
  }
}
