import MiniTensor

/// Labelled images.
///
///     let digits = try Digits.load()
///     digits.train.images.shape  // [1437, 8, 8, 1]
///     digits.train.labels[0]     // the digit that the first of them shows
public struct Dataset {
  enum Source {
    case numbers(Tensor)
    case bytes(ByteImages)
  }

  /// A short name in lower case, as the run store keeps it.
  public let name: String
  /// The class of each image, 0 ..< `classNames.count`.
  public let labels: [Int]
  /// What the classes are called, in the order of their numbers.
  public let classNames: [String]
  let source: Source

  /// The number of examples.
  public var count: Int { labels.count }

  /// A data set from its parts.
  ///
  /// - Precondition: `images` has four axes and as many rows as there are labels; each label has a
  ///   name.
  public init(name: String, images: Tensor, labels: [Int], classNames: [String]) {
    precondition(
      images.shape.count == 4 && images.shape[0] == labels.count,
      "\(labels.count) labels don't fit images of shape \(images.shape).")
    precondition(
      labels.allSatisfy(classNames.indices.contains),
      "Some label lies outside 0..<\(classNames.count).")
    self.init(name: name, source: .numbers(images), labels: labels, classNames: classNames)
  }

  /// A data set of checked labels, whose images stay bytes until they are asked for.
  init(name: String, bytes: ByteImages, labels: [Int], classNames: [String]) {
    self.init(name: name, source: .bytes(bytes), labels: labels, classNames: classNames)
  }

  private init(name: String, source: Source, labels: [Int], classNames: [String]) {
    (self.name, self.source) = (name, source)
    (self.labels, self.classNames) = (labels, classNames)
  }

  /// The images, `[count, height, width, channels]`, all at once.
  ///
  /// For a data set that was read from files they are made from its bytes each time: `batch` takes
  /// a few of them.
  public var images: Tensor {
    switch source {
    case .numbers(let images): images
    case .bytes(let images): images.tensor(0..<count)
    }
  }

  /// The shape of one image, `[height, width, channels]`.
  public var imageShape: [Int] {
    switch source {
    case .numbers(let images): Array(images.shape.dropFirst())
    case .bytes(let images): images.shape
    }
  }

  /// Whether both have the same images in the same order, as they were read.
  func hasSameImages(as other: Dataset) -> Bool {
    guard count == other.count else { return false }
    switch (source, other.source) {
    case (.numbers(let own), .numbers(let others)):
      return own.shape == others.shape && own.scalars == others.scalars
    case (.bytes(let own), .bytes(let others)): return own.hasSameBytes(as: others)
    default: return false
    }
  }

  /// Some of the examples, in the given order: images `[indices.count, height, width, channels]` and
  /// a label for each.
  ///
  /// - Precondition: every index is one of an example.
  public func batch(_ indices: some Collection<Int>) -> (images: Tensor, labels: [Int]) {
    let labels = indices.map { self.labels[$0] }
    switch source {
    case .numbers(let images): return (images.rows(indices), labels)
    case .bytes(let images): return (images.tensor(indices), labels)
    }
  }

  /// A data set of some of the examples, in the given order.
  ///
  /// - Precondition: every index is one of an example.
  public func examples(_ indices: [Int]) -> Dataset {
    let labels = indices.map { self.labels[$0] }
    let source: Source =
      switch self.source {
      case .numbers(let images): .numbers(images.rows(indices))
      case .bytes(let images): .bytes(images.selecting(indices))
      }
    return Dataset(name: name, source: source, labels: labels, classNames: classNames)
  }

  /// The same examples with their classes counted otherwise: class `i` becomes `numbers[i]`.
  ///
  /// - Precondition: every class has a number, and every number a name.
  public func relabelled(_ numbers: [Int], classNames: [String]) -> Dataset {
    precondition(
      numbers.count == self.classNames.count
        && numbers.allSatisfy(classNames.indices.contains),
      "The classes \(self.classNames) can't become \(numbers) of \(classNames.count).")
    return Dataset(
      name: name, source: source, labels: labels.map { numbers[$0] }, classNames: classNames)
  }
}

extension Dataset {
  /// The mean and deviation of each channel (divided by the count), for the images as they were
  /// read, from 0 to 1.
  ///
  /// - Precondition: there is an example.
  public var channelStandardization: Standardization {
    switch source {
    case .numbers(let images): Standardization(of: images)
    case .bytes(let images): images.standardization(perPixel: false, count: count)
    }
  }

  /// The mean of each pixel, and no division: what the paper does with CIFAR-10 (section 4.2).
  ///
  /// - Precondition: there is an example.
  public var pixelStandardization: Standardization {
    switch source {
    case .numbers(let images):
      let size = images.count / count
      var sums = [Double](repeating: 0, count: size)
      for (index, value) in images.scalars.enumerated() { sums[index % size] += Double(value) }
      return Standardization(
        mean: sums.map { Float($0 / Double(count)) }, deviation: [Float](repeating: 1, count: size))
    case .bytes(let images): return images.standardization(perPixel: true, count: count)
    }
  }

  /// The same examples with standardised images.
  ///
  ///     let standardization = train.channelStandardization
  ///     let (inputs, tests) = (train.standardized(by: standardization), test.standardized(by: standardization))
  ///
  /// - Precondition: the images have the channels, or the pixels, that were measured.
  public func standardized(by standardization: Standardization) -> Dataset {
    precondition(
      standardization.fits([count] + imageShape),
      "Images of shape \(imageShape) don't fit \(standardization.mean.count) means.")
    let source: Source =
      switch self.source {
      case .numbers(let images): .numbers(standardization(images))
      case .bytes(let images): .bytes(images.standardized(by: standardization))
      }
    return Dataset(name: name, source: source, labels: labels, classNames: classNames)
  }
}
