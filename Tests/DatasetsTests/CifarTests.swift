import Foundation
import MiniTensor
import Testing

@testable import Datasets

@Suite("CIFAR files")
struct CifarTests {
  /// A record whose byte at plane c, row y, column x is `first + 100 c + 10 y + x`, modulo 256.
  static func record(_ labels: [UInt8], first: Int) -> [UInt8] {
    labels
      + (0..<3).flatMap { plane in
        (0..<32).flatMap { row in
          (0..<32).map { UInt8((first + 100 * plane + 10 * row + $0) % 256) }
        }
      }
  }

  static func write(cifar10 folder: TemporaryFolder) throws {
    for file in 1...5 {
      let records = (0..<2).flatMap { record([UInt8(file + $0)], first: 10 * file + $0) }
      _ = try folder.write(records, to: "data_batch_\(file).bin")
    }
    _ = try folder.write(record([9], first: 200), to: "test_batch.bin")
  }

  @Test("The five files make the training set in their order, planes become channels")
  func cifar10() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try Self.write(cifar10: folder)
    let train = try Dataset.named(.cifar10, .train, in: folder.url)
    #expect(train.name == "cifar10")
    #expect(train.labels == [1, 2, 2, 3, 3, 4, 4, 5, 5, 6])
    #expect(train.classNames.count == 10)
    #expect(train.imageShape == [32, 32, 3])
    let (images, labels) = train.batch([3, 8])
    #expect(labels == [3, 5])
    #expect(images.shape == [2, 32, 32, 3])
    for (position, first) in [(0, 21), (1, 50)] {
      for (row, column, channel) in [(0, 0, 0), (31, 2, 1), (7, 31, 2)] {
        let byte = (first + 100 * channel + 10 * row + column) % 256
        #expect(images[position, row, column, channel] == Float(byte) / 255)
      }
    }
    #expect(train.images.shape == [10, 32, 32, 3])
    #expect(try Dataset.named(.cifar10, .test, in: folder.url).labels == [9])
  }

  @Test("The folder that holds the archive's folder will do as well")
  func unpackedArchive() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let inner = folder.url.appendingPathComponent("cifar-10-batches-bin")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    _ = try folder.write(Self.record([9], first: 0), to: "cifar-10-batches-bin/test_batch.bin")
    #expect(try Dataset.named(.cifar10, .test, in: folder.url).count == 1)
  }

  @Test("CIFAR-100 has fine and coarse labels, and names where the archive's files are there")
  func cifar100() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    _ = try folder.write(Self.record([19, 99], first: 5), to: "train.bin")
    let unnamed = try Dataset.named(.cifar100, .train, in: folder.url)
    #expect(unnamed.labels == [99])
    #expect(unnamed.classNames[99] == "99")
    #expect(unnamed.images[0, 0, 1, 0] == Float(6) / 255)
    let fine = (0..<100).map { "fine \($0)\n" }.joined()
    _ = try folder.write(Array(fine.utf8), to: "fine_label_names.txt")
    let coarse = (0..<20).map { "coarse \($0)\r\n" }.joined()
    _ = try folder.write(Array(coarse.utf8), to: "coarse_label_names.txt")
    #expect(try Dataset.named(.cifar100, .train, in: folder.url).classNames[99] == "fine 99")
    let superclasses = try Dataset.named(.cifar100Coarse, .train, in: folder.url)
    #expect(superclasses.labels == [19])
    #expect(superclasses.classNames[19] == "coarse 19")
    _ = try folder.write(Array("only one".utf8), to: "fine_label_names.txt")
    #expect(throws: DatasetError.self) { try Dataset.named(.cifar100, .train, in: folder.url) }
  }

  @Test("A missing file is named, with the command that gets it")
  func missing() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.cifar10, .train, in: folder.url)
    }
    #expect(error?.fault == .missing)
    #expect(error?.description.contains("expected data_batch_1.bin, data_batch_2.bin") == true)
    #expect(error?.description.contains("found an empty folder") == true)
    #expect(error?.description.contains("resnet fetch cifar10") == true)
  }

  @Test("A file of the training set that is missing, or there twice, is named")
  func incomplete() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try Self.write(cifar10: folder)
    let fourth = folder.url.appendingPathComponent("data_batch_4.bin")
    try FileManager.default.removeItem(at: fourth)
    let missing = #expect(throws: DatasetError.self) {
      try Dataset.named(.cifar10, .train, in: folder.url)
    }
    #expect(missing?.description.contains("expected data_batch_4.bin in") == true)
    try FileManager.default.copyItem(
      at: folder.url.appendingPathComponent("data_batch_2.bin"), to: fourth)
    let twice = #expect(throws: DatasetError.self) {
      try Dataset.named(.cifar10, .train, in: folder.url)
    }
    #expect(twice?.fault == .mismatch)
    #expect(
      twice?.description.contains(
        "data_batch_4.bin: expected other images than in data_batch_2.bin")
        == true)
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
      testDescription: "a missing last byte", content: record([1], first: 0).dropLast(),
      fault: .truncated, offset: 3072, hint: "3072 bytes after the last whole one"),
    Damage(
      testDescription: "a byte too many", content: record([1], first: 0) + [0],
      fault: .truncated, offset: 3074, hint: "1 bytes after the last whole one"),
    Damage(
      testDescription: "a label out of range in the second record",
      content: record([9], first: 0) + record([10], first: 0), fault: .range, offset: 3073,
      hint: "expected a label from 0 to 9, found 10"),
  ]

  @Test("A damaged file is refused, with the place and what was found", arguments: damages)
  func damaged(_ damage: Damage) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    _ = try folder.write(damage.content, to: "test_batch.bin")
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.cifar10, .test, in: folder.url)
    }
    #expect(error?.fault == damage.fault)
    #expect(error?.offset == damage.offset)
    let text = error?.description ?? ""
    #expect(text.contains("test_batch.bin, byte \(damage.offset): expected "))
    #expect(text.contains(damage.hint), "\(text)")
  }
}
