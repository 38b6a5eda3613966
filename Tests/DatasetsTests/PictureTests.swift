import Foundation
import Testing

@testable import Datasets

@Suite("Pictures")
struct PictureTests {
  private func read(_ text: String, _ bytes: [UInt8] = []) throws(DatasetError) -> Picture {
    var reader = NetpbmReader(Array(text.utf8) + bytes, file: "some.ppm")
    return try reader.picture()
  }

  @Test("All four kinds are read, with comments and any white space")
  func kinds() throws {
    let grey = Picture(height: 2, width: 3, channels: 1, bytes: [0, 1, 2, 3, 4, 255])
    #expect(try read("P2\n# by hand\n3 2\n255\n0 1 2\n3 4 255") == grey)
    #expect(try read("P5 3\t2 #wide\n255\n", grey.bytes) == grey)
    let color = Picture(height: 1, width: 2, channels: 3, bytes: [10, 13, 32, 35, 9, 255])
    #expect(try read("P3 2 1 255 10 13 32 35 9 255\n") == color)
    #expect(try read("P6\n2 1\n255\n", color.bytes) == color)
  }

  @Test("Another largest value is scaled to 255, two bytes a value included")
  func scaled() throws {
    #expect(try read("P2 3 1 15 0 7 15").bytes == [0, 119, 255])
    #expect(try read("P5 2 1 65535\n", [0x80, 0x00, 0xFF, 0xFF]).bytes == [128, 255])
    #expect(try read("P2 2 1 1 0 1").bytes == [0, 255])
  }

  @Test(
    "A damaged file is refused, with the place and a hint",
    arguments: [
      ("", 0, "an empty file"), ("P4 1 1", 0, "P2, P3, P5 or P6"),
      ("P5 1 1 255 # no end", 12, "expected 1 bytes of pixels, found 8"),
      ("P5 # no end", 11, "a width"),
      ("\u{89}PNG", 0, "P2, P3"), ("P6 0 1 255 ", 3, "a width from 1"),
      ("P6 2 x 255 ", 5, "a height from 1 to 1048576, found 78"),
      ("P6 99999999999999999999 2 255 ", 3, "a width"), ("P6 2 1 65536 ", 7, "found 65536"),
      ("P6 2 1 255 abcde", 16, "expected 6 bytes of pixels, found 5"),
      ("P6 2 1 255 abcdefg", 17, "found 7"), ("P6 2 1 255", 10, "found 0"),
      ("P2 2 1 9 1 10", 11, "a value from 0 to 9, found 10"),
      ("P2 2 1 9 1", 10, "the end of the file"), ("P2 2 1 9 1 2 3", 13, "after 2 values"),
      ("P2 1000000 1000000 9 1", 22, "1000000000000 values"), ("P6 2", 4, "the end of the file"),
    ])
  func damaged(content: String, offset: Int, hint: String) {
    let error = #expect(throws: DatasetError.self) { try read(content) }
    #expect(error?.offset == offset)
    let text = error?.description ?? ""
    #expect(text.hasPrefix("some.ppm, byte \(offset): expected ") && text.contains(hint), "\(text)")
  }

  @Test("A JPEG and a PNG file are told what to become")
  func otherFormats() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for (start, word) in [([0xFF, 0xD8, 0xFF], "JPEG"), ([0x89, 0x50, 0x4E, 0x47], "PNG")] {
      let file = try folder.write(start.map { UInt8($0) }, to: "photo")
      let error = #expect(throws: DatasetError.self) { try Picture(contentsOf: file) }
      #expect(error?.description.contains("found a \(word) picture. Convert it") == true)
    }
  }

  @Test(
    "Resizing gives Pillow's bytes, larger and smaller",
    arguments: [(12, 9), (37, 5), (80, 23), (61, 44), (1, 1)])
  func resized(width: Int, height: Int) throws {
    let picture = try Picture(contentsOf: fixture("picture.ppm"))
    let expected = try Picture(contentsOf: fixture("picture-\(width)x\(height).ppm"))
    #expect(picture.resized(height: height, width: width) == expected)
  }

  @Test("The test view is Pillow's resize and torchvision's crop")
  func view() throws {
    let picture = try Picture(contentsOf: fixture("picture.ppm"))
    let expected = try Picture(contentsOf: fixture("picture-view.ppm"))
    #expect(picture.imageNetTestView(side: 20, crop: 16) == expected)
    let view = picture.imageNetTestView()
    #expect(view.height == 224 && view.width == 224)
  }

  @Test("A grey picture in colour has three equal channels")
  func color() throws {
    let grey = try Picture(contentsOf: fixture("grey.pgm"))
    #expect(grey.channels == 1)
    #expect(grey.inColor.tensor.shape == [1, 23, 37, 3])
    #expect(grey.inColor.bytes.prefix(3).allSatisfy { $0 == grey.bytes[0] })
  }

  @Test(
    "Of a picture of any shape only the wanted pixels are made",
    arguments: [(1, 1_000_000), (1_000_000, 1), (3, 333_333), (700_001, 2), (1, 1)])
  func thin(width: Int, height: Int) throws {
    // A million pixels of 32 x 32,000,000 would be a gigabyte, and take minutes.
    let thin = Picture(
      height: height, width: width, channels: 1,
      bytes: (0..<width * height).map {
        UInt8(truncatingIfNeeded: (width > height ? $0 % width : $0 / width) / 5000)
      })
    let view = thin.imageNetTestView(side: 32, crop: 32)
    #expect(view.height == 32 && view.width == 32)
    // The middle of the longer side.
    let middle = max(width, height) / 2 / 5000
    #expect(view.bytes.allSatisfy { abs(Int($0) - middle) <= 1 })
  }

  @Test("Some rows and columns are those of the whole", arguments: [(61, 44), (20, 70), (37, 23)])
  func part(width: Int, height: Int) throws {
    let picture = try Picture(contentsOf: fixture("picture.ppm"))
    let whole = picture.resized(height: height, width: width)
    let part = picture.resized(height: height, width: width, rows: 5..<17, columns: 3..<20)
    for row in 0..<12 {
      let start = ((row + 5) * width + 3) * 3
      #expect(part.bytes[row * 51..<(row + 1) * 51] == whole.bytes[start..<start + 51])
    }
  }

  @Test(
    "A file that isn't a PGM or PPM picture is called what it is",
    arguments: [
      ("GIF89a", "a GIF picture", "convert"), ("RIFF....WEBP", "a WebP picture", "convert"),
      ("P4 1 1", "a picture in another Netpbm format", "convert"),
      ("<!DOCTYPE html><p>404", "a web page", "get the file again"),
      ("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer", "git lfs pull"),
      ("", "an empty file", "cut off"), ("PK\u{3}\u{4}", "a ZIP archive", "convert"),
    ])
  func called(content: String, name: String, remedy: String) {
    let text = #expect(throws: DatasetError.self) { try read(content) }?.description ?? ""
    #expect(text.contains("found \(name)") && text.contains(remedy), "\(text)")
  }
}
