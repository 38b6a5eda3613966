import ArgumentParser
import Commands
import Datasets
import Foundation
import MiniTensor
import Networks

/// Pictures from files, made to fit a network.
struct PictureOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Pictures in PPM or PGM format.", valueName: "image"))
  var images: [String]

  @Option(
    in: 1...4096,
    help:
      "The side of the square that the network sees. Without it 224, or 32 for a network of section 4.2."
  )
  var size: Int?

  @OptionGroup var pixels: PixelOptions

  /// Calls `body` with a batch of pictures at a time, in their order.
  func forEachBatch(
    for architecture: Architecture, _ body: (_ files: [String], _ images: Tensor) throws -> Void
  ) throws {
    // As much memory as sixteen of the usual size.
    let side = size ?? architecture.imageShape[0]
    let batch = max(1, 16 * 224 * 224 / max(224 * 224, side * side))
    for start in stride(from: 0, to: images.count, by: batch) {
      let files = Array(images[start..<min(start + batch, images.count)])
      let tensors = try files.map { try tensor($0, for: architecture) }
      let shape = [files.count] + tensors[0].shape.dropFirst()
      try body(files, Tensor(shape, tensors.flatMap(\.scalars)))
    }
  }

  /// A picture as ImageNet's networks are tested: the shorter side is made 8/7 of the square's, and the
  /// middle is taken (256 and 224). Small images have no margin to lose: all of the shorter side.
  private func tensor(_ file: String, for architecture: Architecture) throws -> Tensor {
    let standard = architecture.imageShape
    let side = size ?? standard[0]
    let channels = standard[2]
    do {
      try architecture.check(imageShape: [side, side, channels])
    } catch {
      throw wrongUse(error)
    }
    let isSmall = if case .cifar = architecture { true } else { false }
    let usual = channels == 3 ? (isSmall ? Standardization.cifar10 : .imageNet) : nil
    guard let standardization = try pixels.standardization(channels: channels) ?? usual else {
      throw ValidationError(
        "Give --mean and --std: for images of \(channels) channels there are no usual ones.")
    }
    let picture = try Picture(contentsOf: URL(fileURLWithPath: file))
    guard picture.channels == channels || channels == 3 else {
      throw Failure(
        "\(file) has \(picture.channels) channels, and this \(architecture.name) takes \(channels)."
      )
    }
    let view = picture.imageNetTestView(side: isSmall ? side : side * 8 / 7, crop: side)
    return standardization((channels == 3 ? view.inColor : view).tensor)
  }
}
