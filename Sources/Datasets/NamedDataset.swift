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
      return try Cifar.read(
        name: name.rawValue, files: PublishedFiles(name, part, in: folder).binaryFiles().files,
        classNames: [cifar10Classes])
    case .cifar100, .cifar100Coarse:
      let (files, place) = try PublishedFiles(name, part, in: folder).binaryFiles()
      return try Cifar.read(
        name: name.rawValue, files: files, label: name == .cifar100 ? 1 : 0,
        classNames: [
          try classNames("coarse_label_names.txt", count: 20, in: place),
          try classNames("fine_label_names.txt", count: 100, in: place),
        ])
    case .mnist, .fashionMNIST, .kmnist:
      let (images, labels) = try PublishedFiles(name, part, in: folder).imagesAndLabels()
      let data = try Dataset(
        name: name.rawValue, images: images, labels: labels, white: 255,
        classNames: mnistClasses[name] ?? (0...9).map(String.init))
      try check(data.labels, of: labels, for: name)
      return data
    case .folder:
      return try PictureFolder.read(part, of: folder, name: name.rawValue)
    }
  }

  /// Reads both parts of a data set, which belong together: their images have one shape, their classes
  /// the same names, and the test images aren't those that were learnt from.
  ///
  /// - Parameters:
  ///   - name: which one.
  ///   - folder: as for `named`.
  /// - Throws: `DatasetError` if a file is missing or damaged, or the parts don't agree.
  public static func bothParts(
    of name: Name, in folder: URL
  ) throws(DatasetError) -> (train: Dataset, test: Dataset) {
    let (train, test) = (try named(name, .train, in: folder), try named(name, .test, in: folder))
    func disagreement(_ expected: String, _ found: String) -> DatasetError {
      DatasetError(
        fault: .mismatch, file: folder.path, offset: nil, expected: expected, found: found,
        remedy: "Give a training and a test set that belong together.")
    }
    func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }
    guard train.imageShape == test.imageShape else {
      throw disagreement(
        "test images of \(text(train.imageShape)), as the training images are",
        text(test.imageShape))
    }
    guard train.classNames == test.classNames else {
      throw disagreement(
        "the \(train.classNames.count) classes of the training set in the test set",
        "\(test.classNames.count) others")
    }
    guard !train.hasSameImages(as: test) else {
      throw disagreement(
        "test images that aren't learnt from", "the training images as test images")
    }
    return (train, test)
  }

  /// The labels that MNIST and Fashion-MNIST begin with. Their files have the same names and sizes.
  private static let firstLabels: [(name: Name, labels: [Int])] = [
    (.mnist, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]), (.mnist, [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]),
    (.fashionMNIST, [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]),
    (.fashionMNIST, [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]),
  ]

  /// Refuses the labels of a brother of the data set.
  private static func check(
    _ labels: [Int], of file: URL, for name: Name
  ) throws(DatasetError) {
    guard [10_000, 60_000].contains(labels.count),
      let found = firstLabels.first(where: { labels.starts(with: $0.labels) }), found.name != name
    else { return }
    throw DatasetError(
      fault: .mismatch, file: file.path, offset: nil, expected: "the labels of \(name.rawValue)",
      found: "those of \(found.name.rawValue)",
      remedy: "Give the folder of \(name.rawValue), or --dataset \(found.name.rawValue).")
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

  /// The lines of the file that CIFAR-100's archive brings along; numbers if it isn't there.
  private static func classNames(
    _ file: String, count: Int, in place: DataFolder
  ) throws(DatasetError) -> [String] {
    guard let file = place.entry(file) else { return (0..<count).map(String.init) }
    return try Datasets.classNames(contentsOf: file, count: count)
  }
}
