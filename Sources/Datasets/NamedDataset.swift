import Foundation

extension Dataset {
  /// The two parts that a data set is published in.
  public enum Part: String, CaseIterable, Sendable {
    /// For learning.
    case train
    /// For measuring what was learnt.
    case test
  }

  /// The data sets that can be read, as the command lines and the run store call them.
  public enum Name: String, CaseIterable, Sendable {
    /// The bundled digits; they need no folder.
    case digits
    /// 32x32 colour, ten classes.
    case cifar10
    /// 32x32 colour, a hundred classes.
    case cifar100
    /// CIFAR-100 in its twenty superclasses.
    case cifar100Coarse = "cifar100-coarse"
    /// 28x28 grey handwritten digits.
    case mnist
    /// 28x28 grey pieces of clothing.
    case fashionMNIST = "fashion-mnist"
    /// 28x28 grey handwritten Japanese characters.
    case kmnist
    /// `train` and `test`, each with a folder of pictures a class (see `PictureFolder`).
    case folder

    /// A name as a person gives it.
    ///
    /// - Throws: `DatasetError` with the names there are.
    public init(named name: String) throws(DatasetError) {
      guard let known = Name(rawValue: name) else {
        throw DatasetError(
          fault: .unknown, file: name, offset: nil,
          expected: "one of " + Name.allCases.map(\.rawValue).joined(separator: ", "),
          found: "a name that no data set has", remedy: "Use one of these names.")
      }
      self = known
    }
  }

  /// Reads a data set: images from 0 to 1, except that the digits are already standardised.
  ///
  ///     let test = try Dataset.named(.cifar10, .test, in: folder)
  ///     let inputs = test.standardized(by: Standardization(mean: […], deviation: […]))
  ///
  /// - Parameters:
  ///   - name: which one.
  ///   - part: the training or the test set.
  ///   - folder: where its files are, or the folder that its archive unpacks to. Files of the MNIST
  ///     family may be compressed.
  /// - Throws: `DatasetError` if a file is missing or damaged.
  public static func named(
    _ name: Name, _ part: Part, in folder: URL
  ) throws(DatasetError) -> Dataset {
    switch name {
    case .digits:
      let digits = try Digits.load()
      return part == .train ? digits.train : digits.test
    case .cifar10:
      let files = part == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
      return try Cifar.read(
        name: name.rawValue, files: find(files, in: folder, or: "cifar-10-batches-bin"),
        classNames: [cifar10Classes])
    case .cifar100, .cifar100Coarse:
      let files = ["\(part.rawValue).bin"]
      return try Cifar.read(
        name: name.rawValue, files: find(files, in: folder, or: "cifar-100-binary"),
        label: name == .cifar100 ? 1 : 0,
        classNames: [
          try classNames("coarse_label_names.txt", count: 20, in: folder),
          try classNames("fine_label_names.txt", count: 100, in: folder),
        ])
    case .mnist, .fashionMNIST, .kmnist:
      let prefix = part == .train ? "train" : "t10k"
      return try Dataset(
        name: name.rawValue, images: unpackedOrNot("\(prefix)-images-idx3-ubyte", in: folder, name),
        labels: unpackedOrNot("\(prefix)-labels-idx1-ubyte", in: folder, name), white: 255,
        classNames: mnistClasses[name] ?? (0...9).map(String.init))
    case .folder:
      return try PictureFolder.read(
        folder.appendingPathComponent(part.rawValue), name: name.rawValue)
    }
  }

  private static let cifar10Classes = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  private static let mnistClasses: [Name: [String]] = [
    .fashionMNIST: [
      "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
      "ankle boot",
    ],
    .kmnist: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
  ]

  /// The files in the folder itself or in the one that the archive makes.
  private static func find(_ files: [String], in folder: URL, or subfolder: String) -> [URL] {
    let inner = folder.appendingPathComponent(subfolder)
    let isInside = FileManager.default.fileExists(
      atPath: inner.appendingPathComponent(files[0]).path)
    return files.map { (isInside ? inner : folder).appendingPathComponent($0) }
  }

  /// The file, or `file.gz` if only that is there.
  private static func unpackedOrNot(_ file: String, in folder: URL, _ name: Name) -> URL {
    let plain = folder.appendingPathComponent(file)
    let packed = folder.appendingPathComponent(file + ".gz")
    func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }
    return !exists(plain) && exists(packed) ? packed : plain
  }

  /// The lines of the file that CIFAR-100's archive brings along; numbers if it isn't there.
  private static func classNames(
    _ file: String, count: Int, in folder: URL
  ) throws(DatasetError) -> [String] {
    let file = find([file], in: folder, or: "cifar-100-binary")[0]
    guard FileManager.default.fileExists(atPath: file.path) else {
      return (0..<count).map(String.init)
    }
    return try Datasets.classNames(contentsOf: file, count: count)
  }
}
