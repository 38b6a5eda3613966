import Foundation
import MiniTensor
import Testing

@testable import Datasets

@Suite("Named data sets")
struct NamedDatasetTests {
  @Test("An unknown name is answered with the names there are")
  func unknown() {
    let error = #expect(throws: DatasetError.self) { try Dataset.Name(named: "imagenet") }
    #expect(error?.fault == .unknown)
    let text = error?.description ?? ""
    for name in Dataset.Name.allCases { #expect(text.contains(name.rawValue)) }
    #expect(throws: Never.self) { try Dataset.Name(named: "fashion-mnist") }
  }

  @Test("The digits need no folder and are standardised")
  func digits() throws {
    let nowhere = URL(fileURLWithPath: "/nowhere")
    let digits = try Digits.load()
    #expect(
      try Dataset.named(.digits, .train, in: nowhere).images.scalars == digits.train.images.scalars)
    #expect(try Dataset.named(.digits, .test, in: nowhere).labels == digits.test.labels)
  }

  @Test("The MNIST family is read packed or unpacked", arguments: [false, true])
  func mnist(packed: Bool) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let content: [(String, [UInt8])] = [
      ("t10k-images-idx3-ubyte", DatasetTests.images),
      ("t10k-labels-idx1-ubyte", DatasetTests.labels),
    ]
    for (name, bytes) in content {
      _ = try folder.write(packed ? stored(bytes) : bytes, to: packed ? name + ".gz" : name)
    }
    let test = try Dataset.named(.fashionMNIST, .test, in: folder.url)
    #expect(test.name == "fashion-mnist")
    #expect(test.imageShape == [1, 3, 1])
    #expect(test.labels == [1, 0])
    #expect(test.classNames[9] == "ankle boot")
    #expect(test.images.scalars == [0, 5, 10, 2, 4, 6].map { Float($0) / 255 })
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.mnist, .train, in: folder.url)
    }
    #expect(error?.fault == .missing)
    #expect(error?.description.contains("train-images-idx3-ubyte and train-labels") == true)
  }

  @Test(
    "Only the documented names name a data set",
    arguments: ["CIFAR10", "cifar-10", "cifar1", "cifar10 ", "", "fashion_mnist", "fashion-mnis*"])
  func misspelt(name: String) {
    #expect(throws: DatasetError.self) { try Dataset.Name(named: name) }
  }

  /// A gzip file of one stored block.
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    let count = bytes.count
    let trailer = [Int(~sum), count].flatMap { value in
      [0, 8, 16, 24].map { UInt8(value >> $0 & 255) }
    }
    let sizes = [count & 255, count >> 8, count & 255 ^ 255, count >> 8 ^ 255].map { UInt8($0) }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + sizes + bytes + trailer
  }
}

@Suite("Images kept as bytes")
struct ByteImagesTests {
  /// Three images of 2x2 in two channels, once with numbers for every pixel and once in planes.
  static let interleaved: [UInt8] = (0..<24).map { UInt8($0 * 7 % 60) }
  static let planar: [UInt8] = {
    var bytes: [UInt8] = []
    for image in 0..<3 {
      bytes.append(200)
      for channel in 0..<2 {
        for pixel in 0..<4 { bytes.append(interleaved[image * 8 + pixel * 2 + channel]) }
      }
    }
    return bytes
  }()
  let both = [
    Dataset(
      name: "bytes",
      bytes: ByteImages(
        interleaved, layout: .init(stride: 8, height: 2, width: 2, channels: 2), white: 60),
      labels: [0, 1, 0], classNames: ["a", "b"]),
    Dataset(
      name: "bytes",
      bytes: ByteImages(
        planar,
        layout: .init(start: 1, stride: 9, height: 2, width: 2, channels: 2, isPlanar: true),
        white: 60),
      labels: [0, 1, 0], classNames: ["a", "b"]),
  ]
  /// The same as numbers from the start.
  let numbers = Dataset(
    name: "numbers", images: Tensor([3, 2, 2, 2], interleaved.map { Float($0) / 60 }),
    labels: [0, 1, 0], classNames: ["a", "b"])

  @Test("They give the same numbers as images kept as numbers")
  func equal() {
    for bytes in both {
      #expect(bytes.images.shape == [3, 2, 2, 2])
      #expect(bytes.images.scalars == numbers.images.scalars)
      #expect(bytes.imageShape == numbers.imageShape)
      #expect(bytes.batch([2, 0]).images.scalars == numbers.batch([2, 0]).images.scalars)
      #expect(bytes.batch([2, 1]).labels == [0, 1])
      let picked = bytes.examples([2, 0, 1]).examples([1, 0])
      #expect(picked.images.scalars == numbers.examples([0, 2]).images.scalars)
      #expect(picked.count == 2)
    }
  }

  @Test("Channel statistics and standardised images agree with those of numbers")
  func channels() {
    let expected = numbers.channelStandardization
    for bytes in both {
      let found = bytes.channelStandardization
      for (a, b) in zip(found.mean + found.deviation, expected.mean + expected.deviation) {
        // Both are rounded to single precision once.
        #expect(abs(a - b) <= 1.2e-7 * abs(b))
      }
      #expect(
        bytes.standardized(by: expected).images.scalars
          == numbers.standardized(by: expected).images.scalars)
      #expect(bytes.examples([1]).channelStandardization != expected)
    }
  }

  @Test("Pixel means agree with those of numbers, and leave a mean of zero in every place")
  func pixels() {
    let expected = numbers.pixelStandardization
    #expect(expected.mean.count == 8)
    for bytes in both {
      let found = bytes.pixelStandardization
      #expect(zip(found.mean, expected.mean).allSatisfy { abs($0 - $1) <= 1.2e-7 })
      let images = bytes.standardized(by: found).images.scalars
      #expect(images == numbers.standardized(by: found).images.scalars)
      for place in 0..<8 {
        #expect(abs(images[place] + images[place + 8] + images[place + 16]) < 1e-6)
      }
    }
  }
}
