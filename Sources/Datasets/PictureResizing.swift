extension Picture {
  /// The picture as ImageNet's networks are tested: the shorter side becomes `side` pixels, then the
  /// middle `crop` x `crop` pixels are taken.
  ///
  /// - Precondition: 0 < `crop` ≤ `side`.
  /// - SeeAlso: He et al. 2015, section 3.4 (224x224 crops); the sides are torchvision's.
  public func imageNetTestView(side: Int = 256, crop: Int = 224) -> Picture {
    precondition(crop > 0 && crop <= side, "A crop of \(crop) from a side of \(side).")
    let resized =
      height <= width
      ? self.resized(height: side, width: max(side, side * width / height))
      : self.resized(height: max(side, side * height / width), width: side)
    return resized.centerCropped(to: crop)
  }

  /// The middle of the picture. Where it can't be in the middle exactly, it is where torchvision's
  /// `CenterCrop` takes it.
  ///
  /// - Precondition: the picture is large enough.
  public func centerCropped(to side: Int) -> Picture {
    precondition(
      0 < side && side <= min(height, width), "A crop of \(side) from \(height) x \(width).")
    // Python rounds halves to the even neighbour.
    let top = Int((Double(height - side) / 2).rounded(.toNearestOrEven))
    let left = Int((Double(width - side) / 2).rounded(.toNearestOrEven))
    var rows: [UInt8] = []
    for row in top..<top + side {
      let start = (row * width + left) * channels
      rows += bytes[start..<start + side * channels]
    }
    return Picture(height: side, width: side, channels: channels, bytes: rows)
  }

  /// The picture in another size, by bilinear interpolation; a smaller one averages over all pixels
  /// that fall into one (antialiasing). To the bit what Pillow's `resize` gives with `BILINEAR`,
  /// which torchvision uses.
  ///
  /// - Precondition: both sides are positive.
  /// - Complexity: pixels · (1 + the reduction in size) per channel.
  public func resized(height newHeight: Int, width newWidth: Int) -> Picture {
    precondition(newHeight > 0 && newWidth > 0, "A picture of \(newHeight) x \(newWidth).")
    var result = self
    if newWidth != width {
      let rows = ResizedLine.all(from: width, to: newWidth)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(height * newWidth * channels)
      for row in 0..<height {
        for line in rows {
          for channel in 0..<channels {
            bytes.append(line.sum(of: self.bytes, from: row * width * channels + channel, channels))
          }
        }
      }
      result = Picture(height: height, width: newWidth, channels: channels, bytes: bytes)
    }
    if newHeight != height {
      let step = newWidth * channels
      var bytes: [UInt8] = []
      bytes.reserveCapacity(newHeight * step)
      for line in ResizedLine.all(from: height, to: newHeight) {
        for place in 0..<step { bytes.append(line.sum(of: result.bytes, from: place, step)) }
      }
      result = Picture(height: newHeight, width: newWidth, channels: channels, bytes: bytes)
    }
    return result
  }
}

/// One pixel of a resized row or column: which old pixels it is made of, and how much of each.
private struct ResizedLine {
  /// Weights are whole numbers in units of 2⁻²².
  private static let precision = 22
  private let first: Int
  private let weights: [Int]

  static func all(from old: Int, to new: Int) -> [ResizedLine] {
    let scale = Double(old) / Double(new)
    // A triangle as wide as two new pixels, or two old ones if those are wider.
    let support = max(scale, 1)
    return (0..<new).map { index in
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
