import MiniTensor

/// Images as the bytes of their files, made into numbers one batch at a time: a quarter of the memory
/// of the numbers, which for CIFAR-10's training set would be 614 MB.
struct ByteImages {
  /// Where the images are within the bytes.
  struct Layout: Equatable, Sendable {
    /// Where the first image begins.
    var start = 0
    /// From one image to the next; more than an image if labels lie between.
    var stride: Int
    let height: Int
    let width: Int
    let channels: Int
    /// Whether each channel is a picture of its own, as in CIFAR's files, instead of a number of
    /// every pixel.
    var isPlanar = false

    var shape: [Int] { [height, width, channels] }
    var size: Int { height * width * channels }
  }

  let bytes: [UInt8]
  let layout: Layout
  /// Which images, in which order; nil for all of them.
  private(set) var selection: [Int]?
  /// The byte that becomes 1.
  let white: UInt8
  private(set) var standardization: Standardization?

  init(_ bytes: [UInt8], layout: Layout, white: UInt8 = 255) {
    (self.bytes, self.layout, self.white) = (bytes, layout, white)
  }

  var shape: [Int] { layout.shape }

  /// Whether both are the same files' bytes, all of them.
  func hasSameBytes(as other: ByteImages) -> Bool {
    layout == other.layout && selection == other.selection && bytes == other.bytes
  }

  /// A number that images of the same bytes have in common, and few others.
  func hash(of image: Int) -> Int {
    var hasher = Hasher()
    for byte in bytes(of: image) { hasher.combine(byte) }
    return hasher.finalize()
  }

  /// Whether an image has the same pixels as one of others, of the same shape.
  func image(_ image: Int, isThat number: Int, of others: ByteImages) -> Bool {
    bytes(of: image) == others.bytes(of: number)
  }

  private func bytes(of image: Int) -> ArraySlice<UInt8> {
    let first = layout.start + (selection?[image] ?? image) * layout.stride
    return bytes[first..<first + layout.size]
  }

  /// Some of the images; the bytes are shared.
  func selecting(_ indices: [Int]) -> ByteImages {
    var images = self
    images.selection = indices.map { selection?[$0] ?? $0 }
    return images
  }

  /// The images with the mean taken away, divided by the deviation, instead of those from 0 to 1.
  func standardized(by standardization: Standardization) -> ByteImages {
    var images = self
    images.standardization = standardization
    return images
  }

  /// Some of the images as numbers, `[indices.count, height, width, channels]`.
  func tensor(_ indices: some Collection<Int>) -> Tensor {
    let scale = (0...255).map { Float($0) / Float(white) }
    var values = [Float](repeating: 0, count: indices.count * layout.size)
    for (position, index) in indices.enumerated() {
      write(selection?[index] ?? index, scale, to: &values, from: position * layout.size)
    }
    return Tensor([indices.count] + layout.shape, values)
  }

  private func write(_ image: Int, _ scale: [Float], to values: inout [Float], from begin: Int) {
    let (channels, pixels) = (layout.channels, layout.height * layout.width)
    let first = layout.start + image * layout.stride
    let (pixelStep, channelStep) = layout.isPlanar ? (1, pixels) : (channels, 1)
    for channel in 0..<channels {
      var source = first + channel * channelStep
      var target = begin + channel
      // One mean for the channel, or one for each of its pixels.
      let step = standardization.map { $0.mean.count > channels ? channels : 0 } ?? 0
      var place = channel
      for _ in 0..<pixels {
        var value = scale[Int(bytes[source])]
        if let standardization {
          value = (value - standardization.mean[place]) / standardization.deviation[place]
        }
        values[target] = value
        source += pixelStep
        target += channels
        place += step
      }
    }
  }

  /// How often each byte occurs in each channel (`perPixel: false`) or the sum of the bytes at each
  /// place (`perPixel: true`): exact whatever the number of images.
  func standardization(perPixel: Bool, count: Int) -> Standardization {
    perPixel ? pixelMeans(count: count) : channelStatistics(count: count)
  }

  private func channelStatistics(count: Int) -> Standardization {
    var histograms = [Int](repeating: 0, count: 256 * layout.channels)
    forEachByte(count: count) { byte, place in
      histograms[place % layout.channels * 256 + Int(byte)] += 1
    }
    let total = Double(count * layout.height * layout.width)
    var (means, deviations): ([Float], [Float]) = ([], [])
    for channel in 0..<layout.channels {
      let histogram = histograms[channel * 256..<(channel + 1) * 256]
      func average(_ value: (Double) -> Double) -> Double {
        zip(0..., histogram).reduce(0) { sum, bin in
          sum + value(Double(bin.0) / Double(white)) * Double(bin.1)
        } / total
      }
      let mean = average { $0 }
      let variance = average { ($0 - mean) * ($0 - mean) }
      means.append(Float(mean))
      deviations.append(variance > 0 ? Float(variance.squareRoot()) : 1)
    }
    return Standardization(mean: means, deviation: deviations)
  }

  private func pixelMeans(count: Int) -> Standardization {
    var sums = [Int](repeating: 0, count: layout.size)
    forEachByte(count: count) { byte, place in sums[place] += Int(byte) }
    let divisor = Double(count) * Double(white)
    return Standardization(
      mean: sums.map { Float(Double($0) / divisor) },
      deviation: [Float](repeating: 1, count: layout.size))
  }

  /// Every byte of every image, and its place in `[height, width, channels]`.
  @inline(__always)
  private func forEachByte(count: Int, _ body: (_ byte: UInt8, _ place: Int) -> Void) {
    let (channels, pixels) = (layout.channels, layout.height * layout.width)
    for position in 0..<count {
      let first = layout.start + (selection?[position] ?? position) * layout.stride
      for channel in 0..<channels {
        for pixel in 0..<pixels {
          let offset = layout.isPlanar ? channel * pixels + pixel : pixel * channels + channel
          body(bytes[first + offset], pixel * channels + channel)
        }
      }
    }
  }
}
