import Foundation
import MiniTensor
import Testing

@testable import Datasets

@Suite("Data sets")
struct DatasetTests {
  static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3] + [0, 5, 10, 2, 4, 6]
  static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]

  private func dataset(images: [UInt8], labels: [UInt8]) throws -> Dataset {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try Dataset(
      name: "tiny", images: folder.write(images, to: "images"),
      labels: folder.write(labels, to: "labels"), white: 10, classNames: ["cat", "dog"])
  }

  @Test("Two IDX files make a data set of grey images, pixels divided by the white value")
  func fromFiles() throws {
    let tiny = try dataset(images: Self.images, labels: Self.labels)
    #expect(tiny.images.shape == [2, 1, 3, 1])
    #expect(tiny.images.scalars == [0, 0.5, 1, 0.2, 0.4, 0.6])
    #expect(tiny.labels == [1, 0])
    #expect(tiny.count == 2)
    #expect(tiny.name == "tiny")
  }

  @Test("A label without a class is refused, with its place in the file")
  func labelOutOfRange() {
    let error = #expect(throws: DatasetError.self) {
      try dataset(images: Self.images, labels: [0, 0, 8, 1, 0, 0, 0, 2, 1, 2])
    }
    #expect(error?.fault == .range)
    #expect(error?.offset == 9)
    #expect(
      error?.description.contains("labels, byte 9: expected a label from 0 to 1, found 2") == true)
  }

  @Test("A pixel above the white value is refused, with its place in the file")
  func pixelOutOfRange() {
    var bright = Self.images
    bright[17] = 11
    let error = #expect(throws: DatasetError.self) {
      try dataset(images: bright, labels: Self.labels)
    }
    #expect(error?.fault == .range)
    #expect(error?.offset == 17)
    #expect(
      error?.description.contains("images, byte 17: expected a pixel from 0 to 10, found 11")
        == true)
  }

  @Test("Files with different numbers of examples are refused")
  func mismatch() {
    let error = #expect(throws: DatasetError.self) {
      try dataset(images: Self.images, labels: [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1])
    }
    #expect(error?.fault == .mismatch)
    #expect(
      error?.description.contains("expected 2 labels, one for each image of images, found 3")
        == true)
  }

  @Test("Examples are picked in the given order, and may be picked twice")
  func examples() throws {
    let tiny = try dataset(images: Self.images, labels: Self.labels)
    let picked = tiny.examples([1, 0, 1])
    #expect(picked.images.shape == [3, 1, 3, 1])
    #expect(picked.images.scalars == [0.2, 0.4, 0.6, 0, 0.5, 1, 0.2, 0.4, 0.6])
    #expect(picked.labels == [0, 1, 0])
    #expect(picked.classNames == tiny.classNames)
  }
}
