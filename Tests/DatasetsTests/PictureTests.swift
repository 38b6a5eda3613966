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

  @Test("JPEG and PNG files are told what to become")
  func otherFormats() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for (start, word) in [([0xFF, 0xD8, 0xFF], "JPEG"), ([0x89, 0x50, 0x4E, 0x47], "PNG")] {
      let file = try folder.write(start.map { UInt8($0) }, to: "photo")
      let error = #expect(throws: DatasetError.self) { try Picture(contentsOf: file) }
      #expect(error?.description.contains("It is a \(word) file: convert it") == true)
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

  @Test("A folder of pictures has a class for each of its folders, in the order of their names")
  func folder() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for (path, value) in [("train/b/1.pgm", 3), ("train/a/2.ppm", 1), ("train/b/0.pgm", 2)] {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent(path).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      let text = path.hasSuffix("ppm") ? "P3 2 2 9" : "P2 2 2 9"
      let values = String(repeating: " \(value)", count: path.hasSuffix("ppm") ? 12 : 4)
      _ = try folder.write(Array((text + values).utf8), to: path)
    }
    _ = try folder.write([1], to: "train/a/notes.txt")
    let data = try Dataset.named(.folder, .train, in: folder.url)
    #expect(data.classNames == ["a", "b"])
    #expect(data.labels == [0, 1, 1])
    #expect(data.imageShape == [224, 224, 3])
    #expect(data.batch([0, 1, 2]).images[2, 100, 100, 1] == Float(85) / 255)
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.folder, .test, in: folder.url)
    }
    #expect(error?.fault == .missing)
    let small = folder.url.appendingPathComponent("train")
    let unequal = #expect(throws: DatasetError.self) {
      try PictureFolder.read(small, name: "folder", transform: { $0 })
    }
    #expect(unequal?.fault == .mismatch)
  }
}
