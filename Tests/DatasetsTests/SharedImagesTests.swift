import Foundation
import Testing

@testable import Datasets

@Suite("Images that are learnt from and tested with")
struct SharedImagesTests {
  private func leak(_ pictures: [(path: String, value: Int)]) throws -> String? {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for (path, value) in pictures {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent(path).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      _ = try folder.write(Array("P2 1 1 99 \(value)".utf8), to: path)
    }
    let (train, test) = try Dataset.bothParts(of: .folder, in: folder.url)
    return Dataset.leak(from: train, to: test, of: .folder, in: folder.url)
  }

  private static let apart = [
    ("train/cat/1.ppm", 1), ("train/dog/1.ppm", 2), ("test/cat/1.ppm", 3), ("test/dog/1.ppm", 4),
  ]

  @Test("None are said to be shared where none are")
  func none() throws { #expect(try leak(Self.apart) == nil) }

  @Test("Those that are shared are counted, whatever they are called and of whatever class")
  func some() throws {
    let one = try leak(Self.apart + [("test/dog/9.ppm", 2)])
    #expect(one?.contains("1 of the 3 test images") == true, "\(one ?? "")")
    #expect(one?.contains("test/dog/9.ppm") == true && one?.contains("is among") == true)
    let two = try leak(Self.apart + [("test/dog/0.ppm", 1), ("test/dog/9.ppm", 1)])
    #expect(two?.contains("2 of the 4 test images") == true, "\(two ?? "")")
    #expect(two?.contains("test/dog/0.ppm") == true && two?.contains("are among") == true)
  }

  @Test("So it is with published sets")
  func published() throws {
    let (train, test) = (Fixtures.images([1, 2, 3]), Fixtures.images([4, 3]))
    #expect(test.examples(withImagesOf: train) == [1])
    #expect(train.examples([2, 0]).examples(withImagesOf: test.examples([1])) == [0])
    let found = Dataset.leak(from: train, to: test, of: .mnist, in: URL(fileURLWithPath: "/there"))
    #expect(found?.contains("1 of the 2 test images in /there") == true, "\(found ?? "")")
  }

  private enum Fixtures {
    static func images(_ values: [UInt8]) -> Dataset {
      Dataset(
        name: "some",
        bytes: ByteImages(
          values, layout: .init(stride: 1, height: 1, width: 1, channels: 1)),
        labels: values.map { _ in 0 }, classNames: ["a"])
    }
  }
}
