import Foundation
import Testing

@testable import Datasets

@Suite("The names under which data sets travel")
struct PublishedFilesTests {
  /// A folder with the test images and labels of the MNIST family at two paths.
  private func folder(_ images: String, _ labels: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (path, bytes) in [(images, DatasetTests.images), (labels, DatasetTests.labels)] {
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent(path).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      _ = try folder.write(bytes, to: path)
    }
    return folder
  }

  @Test(
    "MNIST is found under all its names",
    arguments: [
      ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
      ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
      ("t10k-images-idx3-ubyte.gz", "t10k-labels.idx1-ubyte"),
      ("T10K-IMAGES-IDX3-UBYTE", "t10k-labels-idx1-ubyte"),
      ("raw/t10k-images-idx3-ubyte", "raw/t10k-labels-idx1-ubyte"),
      ("MNIST/raw/t10k-images-idx3-ubyte", "MNIST/raw/t10k-labels-idx1-ubyte"),
      ("mnist/t10k-images.idx3-ubyte", "mnist/t10k-labels.idx1-ubyte"),
      (
        "t10k-images-idx3-ubyte/t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte"
      ),
    ])
  func mnist(images: String, labels: String) throws {
    let folder = try folder(images, labels)
    defer { folder.remove() }
    #expect(try Dataset.named(.mnist, .test, in: folder.url).labels == [1, 0])
  }

  @Test("Its brothers are found in their own folders only")
  func brothers() throws {
    let fashion = try folder(
      "FashionMNIST/raw/t10k-images-idx3-ubyte", "FashionMNIST/raw/t10k-labels-idx1-ubyte")
    defer { fashion.remove() }
    #expect(try Dataset.named(.fashionMNIST, .test, in: fashion.url).count == 2)
    for name in [Dataset.Name.mnist, .kmnist] {
      let error = #expect(throws: DatasetError.self) {
        try Dataset.named(name, .test, in: fashion.url)
      }
      #expect(error?.description.contains("FashionMNIST (a folder)") == true)
    }
  }

  @Test(
    "Nonsense names are not found, and images and labels come from one place",
    arguments: [
      ("t10kimagesidx3ubyte", "t10k-labels-idx1-ubyte"),
      ("t10k-images-idx3-ubyte.zip", "t10k-labels-idx1-ubyte"),
      ("raw/t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
      ("t10k-images_idx3*ubyte", "t10k-labels-idx1-ubyte"),
      ("t10k-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ])
  func nonsense(images: String, labels: String) throws {
    let folder = try folder(images, labels)
    defer { folder.remove() }
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.mnist, .test, in: folder.url)
    }
    let text = error?.description ?? ""
    #expect(text.contains("t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte"))
    #expect(text.contains((images as NSString).pathComponents[0]), "\(text)")
  }

  @Test(
    "What lies there instead is named, with how it becomes the data set",
    arguments: [
      (Dataset.Name.mnist, "mnist.npz", "Other forms of the data set"),
      (.mnist, "train.csv", "Other forms"), (.mnist, "archive.zip", "Unpack the ZIP"),
      (.cifar10, "cifar-10-binary.tar.gz", "--to"), (.cifar10, "data_batch_1", "for Python"),
      (.cifar10, "cifar-10-python.tar.gz", "for Python"),
      (.cifar100, "cifar-100-binary.tar.gz", "unpacks it"),
      (.cifar100Coarse, "train", "`resnet fetch cifar100`"),
      (.mnist, "train-00000-of-00001.parquet", "Other forms"),
    ])
  func instead(name: Dataset.Name, file: String, remedy: String) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    _ = try folder.write([1], to: file)
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(name, .train, in: folder.url)
    }
    let text = error?.description ?? ""
    #expect(text.contains("found only \(file)") && text.contains(remedy), "\(text)")
  }

  @Test("A folder that isn't there, and a file in its place, are told apart")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    _ = try folder.write([1], to: "file")
    for (path, hint) in [("nothing", "found nothing there"), ("file", "not a folder")] {
      let error = #expect(throws: DatasetError.self) {
        try Dataset.named(.cifar10, .train, in: folder.url.appendingPathComponent(path))
      }
      #expect(error?.description.contains(hint) == true, "\(String(describing: error))")
    }
  }

  @Test("CIFAR's files are found in capitals and in the archive's folder")
  func cifar() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("CIFAR-10-batches-bin"),
      withIntermediateDirectories: true)
    _ = try folder.write(
      CifarTests.record([3], first: 0), to: "CIFAR-10-batches-bin/TEST_BATCH.BIN")
    #expect(try Dataset.named(.cifar10, .test, in: folder.url).labels == [3])
  }
}

@Suite("Both parts of a data set")
struct BothPartsTests {
  private func image(_ count: UInt8, _ height: UInt8, _ width: UInt8, _ first: UInt8) -> [UInt8] {
    [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, height, 0, 0, 0, width]
      + (0..<count * height * width).map { $0 &+ first }
  }

  private func labels(_ labels: [UInt8]) -> [UInt8] {
    [0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels
  }

  private func problem(train: [UInt8], test: [UInt8], testLabels: [UInt8] = [0, 1]) throws -> String
  {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for (name, bytes) in [
      ("train-images-idx3-ubyte", train), ("train-labels-idx1-ubyte", labels([0, 1])),
      ("t10k-images-idx3-ubyte", test), ("t10k-labels-idx1-ubyte", labels(testLabels)),
    ] {
      _ = try folder.write(bytes, to: name)
    }
    do {
      _ = try Dataset.bothParts(of: .mnist, in: folder.url)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("Parts that belong together are taken")
  func good() throws {
    #expect(try problem(train: image(2, 3, 4, 0), test: image(2, 3, 4, 9)) == "")
  }

  @Test("Images of another shape, the same images, and labels of another part are refused")
  func bad() throws {
    #expect(
      try problem(train: image(2, 3, 4, 0), test: image(2, 4, 3, 0)).contains(
        "expected test images of 3x4x1, as the training images are, found 4x3x1"))
    #expect(
      try problem(train: image(2, 3, 4, 0), test: image(2, 3, 4, 0)).contains(
        "the training images as test images"))
    #expect(
      try problem(train: image(2, 3, 4, 0), test: image(3, 3, 4, 0)).contains(
        "expected 3 labels, one for each image of t10k-images-idx3-ubyte, found 2"))
  }

  @Test(
    "The labels of Fashion-MNIST aren't taken for those of MNIST, whose files are called the same")
  func brother() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let count: [UInt8] = [0, 0, 0x27, 0x10]
    let first: [UInt8] = [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
    _ = try folder.write(
      [0, 0, 8, 3] + count + [0, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 10_000),
      to: "t10k-images-idx3-ubyte")
    _ = try folder.write(
      [0, 0, 8, 1] + count + first + [UInt8](repeating: 0, count: 9_990),
      to: "t10k-labels-idx1-ubyte")
    let error = #expect(throws: DatasetError.self) {
      try Dataset.named(.mnist, .test, in: folder.url)
    }
    #expect(error?.description.contains("found those of fashion-mnist") == true)
    #expect(try Dataset.named(.fashionMNIST, .test, in: folder.url).count == 10_000)
  }
}
