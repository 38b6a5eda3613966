/// How numbers become the colours of pixels.
public enum Palette: Sendable {
  /// From black, the least, to white, the greatest.
  case gray
  /// From blue, negative, through white, zero, to orange, positive, as far on either side.
  case diverging
}

/// A small image.
public struct PixelImage: Sendable {
  let height: Int
  let width: Int
  let values: [Float]
  fileprivate(set) var caption: String

  /// Describes an image.
  ///
  /// - Parameters:
  ///   - height: its height in pixels.
  ///   - width: its width in pixels.
  ///   - values: a number for each pixel, row by row.
  ///   - caption: what is written below it.
  /// - Precondition: there are `height` · `width` values.
  public init(height: Int, width: Int, values: [Float], caption: String) {
    precondition(
      height > 0 && width > 0 && values.count == height * width,
      "an image of \(height) x \(width) pixels can't have \(values.count) values")
    self.height = height
    self.width = width
    self.values = values
    self.caption = caption
  }

  /// The image with squares of `side` pixels averaged into one.
  func reduced(by side: Int) -> PixelImage {
    guard side > 1 else { return self }
    let rows = (height + side - 1) / side
    let columns = (width + side - 1) / side
    let values = (0..<rows * columns).map { pixel -> Float in
      let (row, column) = (pixel / columns * side, pixel % columns * side)
      let square = (row..<min(height, row + side)).flatMap { y in
        (column..<min(width, column + side)).map { x in self.values[y * width + x] }
      }
      return square.reduce(0, +) / Float(square.count)
    }
    return PixelImage(height: rows, width: columns, values: values, caption: caption)
  }
}

/// Small images in rows, all with the same range of numbers, each with its caption.
public struct ImageGrid: Figure {
  /// What the images show, in a line.
  public var title: String
  private(set) var images: [PixelImage]
  let columns: Int
  let palette: Palette
  private let givenDescription: String?

  /// Describes a grid.
  ///
  /// - Parameters:
  ///   - title: what the images show, in a line.
  ///   - images: row by row.
  ///   - columns: how many images there are in a row; fewer where the space is short.
  ///   - palette: how numbers become colours.
  ///   - description: what a reader who can't see the images is told; without one, how many there
  ///     are, their size, their range and their captions.
  /// - Precondition: `columns` is at least 1.
  public init(
    _ title: String, _ images: [PixelImage], columns: Int, palette: Palette,
    description: String? = nil
  ) {
    precondition(columns > 0, "images can't stand in \(columns) columns; at least 1 is needed")
    self.title = title
    self.images = images
    self.columns = columns
    self.palette = palette
    givenDescription = description
  }

  /// What a reader who can't see the images is told.
  public var description: String {
    if let givenDescription { return givenDescription }
    let sizes = Set(images.map { "\($0.height) x \($0.width)" }).sorted()
    let (low, high) = range
    let meaning =
      palette == .gray
      ? "from black, \(number(low)), to white, \(number(high))"
      : "from blue, \(number(low)), through white, 0, to orange, \(number(high))"
    let captions = images.map(\.caption).filter { !$0.isEmpty }
    let kind =
      images.isEmpty
      ? "No images."
      : "\(images.count) images of \(sizes.joined(separator: " and ")) pixels, \(meaning)."
    return "\(title). \(kind)"
      + (captions.isEmpty ? "" : " Captions: \(captions.joined(separator: ", ")).")
  }

  /// The grid with other words for its title and its captions.
  public func renamed(_ words: (String) -> String) -> any Figure {
    var grid = self
    grid.title = words(title)
    for index in images.indices { grid.images[index].caption = words(images[index].caption) }
    return grid
  }

  /// The numbers at the ends of the palette.
  var range: (low: Double, high: Double) {
    let finite = images.flatMap(\.values).filter(\.isFinite).map(Double.init)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if palette == .gray { return low < high ? (low, high) : (low, low + 1) }
    let size = max(abs(low), abs(high))
    return size > 0 ? (-size, size) : (-1, 1)
  }

  func number(_ value: Double) -> String { NumberStyle.plain.text(value) }

  /// Where a number lies in the range, from 0 to 1; nothing for NaN.
  func level(_ value: Float, in range: (low: Double, high: Double)) -> Double? {
    guard !value.isNaN else { return nil }
    return min(1, max(0, (Double(value) - range.low) / (range.high - range.low)))
  }
}

extension Palette {
  /// The colour at a place between 0 and 1.
  func color(_ level: Double) -> Color {
    let (blue, white, orange) = (Color(0x0B4F8A), Color(0xF7F7F7), Color(0xC24E00))
    return switch self {
    case .gray: Color(level, level, level)
    case .diverging where level < 0.5: white.mixed(with: blue, 1 - 2 * level)
    case .diverging: white.mixed(with: orange, 2 * level - 1)
    }
  }
}
