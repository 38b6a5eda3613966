extension Picture {
  /// The picture as ImageNet's networks are tested: the shorter side becomes `side` pixels, then the
  /// middle `crop` x `crop` pixels are taken.
  ///
  /// Only these pixels are made. All of the longer side would be any number of them: 32,000,000 of
  /// a picture of 1 x 1,000,000 whose shorter side becomes 32.
  ///
  /// - Precondition: 0 < `crop` ≤ `side`.
  /// - SeeAlso: He et al. 2015, section 3.4 (224x224 crops); the sides are torchvision's.
  public func imageNetTestView(side: Int = 256, crop: Int = 224) -> Picture {
    precondition(crop > 0 && crop <= side, "A crop of \(crop) from a side of \(side).")
    let (newHeight, newWidth) =
      height <= width
      ? (side, max(side, side * width / height)) : (max(side, side * height / width), side)
    return resized(
      height: newHeight, width: newWidth, rows: Self.middle(crop, of: newHeight),
      columns: Self.middle(crop, of: newWidth))
  }

  /// Where the middle is. Where it can't be in the middle exactly, it is where torchvision's
  /// `CenterCrop` takes it.
  private static func middle(_ crop: Int, of side: Int) -> Range<Int> {
    // Python rounds halves to the even neighbour.
    let first = Int((Double(side - crop) / 2).rounded(.toNearestOrEven))
    return first..<first + crop
  }

  /// The picture in another size, by bilinear interpolation; a smaller one averages over all pixels
  /// that fall into one (antialiasing). To the bit what Pillow's `resize` gives with `BILINEAR`,
  /// which torchvision uses.
  ///
  /// - Parameters:
  ///   - newHeight: rows of the whole picture in its new size.
  ///   - newWidth: columns of it.
  ///   - rows: which of these rows are wanted; all if not given.
  ///   - columns: which of the columns.
  /// - Precondition: both sides are positive; the rows and columns are some of them.
  /// - Complexity: the pixels that the wanted ones are made of, once for each channel; memory for as
  ///   many pixels as are wanted, and for the wanted columns of those rows.
  public func resized(
    height newHeight: Int, width newWidth: Int, rows: Range<Int>? = nil,
    columns: Range<Int>? = nil
  ) -> Picture {
    precondition(newHeight > 0 && newWidth > 0, "A picture of \(newHeight) x \(newWidth).")
    let (rows, columns) = (rows ?? 0..<newHeight, columns ?? 0..<newWidth)
    precondition(
      !rows.isEmpty && !columns.isEmpty && rows.upperBound <= newHeight
        && columns.upperBound <= newWidth,
      "Rows \(rows) and columns \(columns) of \(newHeight) x \(newWidth).")
    let rowLines = ResizedLine.lines(rows, from: height, to: newHeight)
    let columnLines = ResizedLine.lines(columns, from: width, to: newWidth)
    // The old rows that the wanted ones are made of.
    let needed = rowLines[0].first..<rowLines[rowLines.count - 1].end
    var narrow: [UInt8] = []
    narrow.reserveCapacity(needed.count * columns.count * channels)
    for row in needed {
      for line in columnLines {
        for channel in 0..<channels {
          narrow.append(line.sum(of: bytes, from: row * width * channels + channel, channels))
        }
      }
    }
    let step = columns.count * channels
    var result: [UInt8] = []
    result.reserveCapacity(rows.count * step)
    for line in rowLines {
      for place in 0..<step {
        result.append(line.sum(of: narrow, from: place - needed.lowerBound * step, step))
      }
    }
    return Picture(height: rows.count, width: columns.count, channels: channels, bytes: result)
  }
}

/// One pixel of a resized row or column: which old pixels it is made of, and how much of each.
private struct ResizedLine {
  /// Weights are whole numbers in units of 2⁻²².
  private static let precision = 22
  let first: Int
  private let weights: [Int]
  /// The old pixel after the last.
  var end: Int { first + weights.count }

  /// Some of the pixels of a line of `old` pixels that becomes one of `new`.
  static func lines(_ wanted: Range<Int>, from old: Int, to new: Int) -> [ResizedLine] {
    // A side that keeps its size is copied.
    if old == new { return wanted.map { ResizedLine(first: $0, weights: [1 << precision]) } }
    let scale = Double(old) / Double(new)
    // A triangle as wide as two new pixels, or two old ones if those are wider.
    let support = max(scale, 1)
    return wanted.map { index in
      let center = (Double(index) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(old, Int(center + support + 0.5))
      let parts = (first..<end).map {
        max(0, 1 - abs((Double($0) - center + 0.5) * (1 / support)))
      }
      let total = parts.reduce(0, +)
      return ResizedLine(
        first: first,
        weights: parts.map { Int(0.5 + $0 / total * Double(1 << precision)) })
    }
  }

  func sum(of bytes: [UInt8], from start: Int, _ step: Int) -> UInt8 {
    var sum = 1 << (Self.precision - 1)
    var place = start + first * step
    for weight in weights {
      sum += Int(bytes[place]) * weight
      place += step
    }
    return UInt8(min(255, sum >> Self.precision))
  }
}
