import Foundation
import Testing

@testable import Datasets

@Suite("IDX files")
struct IDXArrayTests {
  /// Two images of 2x3: magic, extents, data.
  static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + Array(1...12)

  @Test("A well-formed file gives its shape and bytes")
  func wellFormed() throws {
    let array = try IDXArray(parsing: Self.images, from: "images", axes: 3)
    #expect(array.shape == [2, 2, 3])
    #expect(array.bytes == Array(1...12))
    let labels = try IDXArray(parsing: [0, 0, 8, 1, 0, 0, 0, 2, 7, 9], from: "labels", axes: 1)
    #expect(labels.shape == [2])
    #expect(labels.bytes == [7, 9])
  }

  @Test("Extents are big-endian")
  func bigEndian() throws {
    let long: [UInt8] = [0, 0, 8, 1, 0, 0, 1, 2] + [UInt8](repeating: 5, count: 258)
    #expect(try IDXArray(parsing: long, from: "labels", axes: 1).shape == [258])
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let content: [UInt8]
    let fault: DatasetError.Fault
    let offset: Int
    let hint: String
  }

  static let damages = [
    Damage(
      testDescription: "an empty file", content: [], fault: .format, offset: 0,
      hint: "an empty file"),
    Damage(
      testDescription: "labels in place of images", content: [0, 0, 8, 1, 0, 0, 0, 1, 4],
      fault: .format, offset: 0, hint: "swapped"),
    Damage(
      testDescription: "another type of element", content: [0, 0, 0x0D] + images.dropFirst(3),
      fault: .format, offset: 0, hint: "00 00 0d 03"),
    Damage(
      testDescription: "a web page", content: Array("\n<html><body>404".utf8), fault: .format,
      offset: 0, hint: "found a web page. A server sent it"),
    Damage(
      testDescription: "a NumPy array", content: [0x93] + Array("NUMPY".utf8), fault: .format,
      offset: 0, hint: "found a NumPy array"),
    Damage(
      testDescription: "text", content: Array("label,pixel".utf8), fault: .format, offset: 0,
      hint: "6c 61 62 65"),
    Damage(
      testDescription: "three bytes", content: [0, 0, 8], fault: .format, offset: 0,
      hint: "found 00 00 08"),
    Damage(
      testDescription: "a header cut off", content: Array(images.prefix(15)), fault: .truncated,
      offset: 15, hint: "a header of 16 bytes"),
    Damage(
      testDescription: "a header and nothing else", content: Array(images.prefix(16)),
      fault: .truncated, offset: 16, hint: "expected 12 bytes of data (2 × 2 × 3), found 0"),
    Damage(
      testDescription: "a missing last byte", content: Array(images.dropLast()),
      fault: .truncated, offset: 27, hint: "found 11"),
    Damage(
      testDescription: "a byte too many", content: images + [0], fault: .oversized, offset: 28,
      hint: "found 13"),
    Damage(
      testDescription: "an axis of length 0",
      content: [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3], fault: .extent, offset: 8,
      hint: "axis 1"),
    Damage(
      testDescription: "more elements than an integer holds",
      content: [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12), fault: .extent, offset: 8,
      hint: "4294967295"),
    Damage(
      testDescription: "as many elements as an integer just holds",
      content: [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0],
      fault: .truncated, offset: 17, hint: "found 1"),
  ]

  @Test(
    "A damaged file is refused, with the place, what was found and a way out", arguments: damages)
  func damaged(_ damage: Damage) {
    let error = #expect(throws: DatasetError.self) {
      try IDXArray(parsing: damage.content, from: "some/images", axes: 3)
    }
    #expect(error?.fault == damage.fault)
    #expect(error?.offset == damage.offset)
    let text = error?.description ?? ""
    #expect(text.hasPrefix("some/images, byte \(damage.offset): expected "))
    #expect(text.contains(damage.hint), "\(text)")
    #expect(error?.remedy.isEmpty == false)
  }

  @Test("Cutting a file anywhere is noticed")
  func everyCut() {
    for length in 0..<Self.images.count {
      #expect(throws: DatasetError.self) {
        try IDXArray(parsing: Array(Self.images.prefix(length)), from: "images", axes: 3)
      }
    }
  }

  @Test("A missing file and a folder in its place are told apart")
  func missing() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let absent = #expect(throws: DatasetError.self) {
      try IDXArray(contentsOf: folder.url.appendingPathComponent("absent"), axes: 1)
    }
    #expect(absent?.fault == .missing)
    #expect(
      absent?.description.contains("absent: expected an IDX file, found nothing there") == true)
    let directory = #expect(throws: DatasetError.self) {
      try IDXArray(contentsOf: folder.url, axes: 1)
    }
    #expect(directory?.fault == .unreadable)
  }
}
