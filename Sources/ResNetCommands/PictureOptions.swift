import ArgumentParser
import Commands
import Datasets
import Files
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
      "The side of the square that the network sees. Without it that of the images it was trained on; if the weights don't say, 224, or 32 for a network of section 4.2."
  )
  var size: Int?

  @OptionGroup var pixels: PixelOptions

  /// Calls `body` with a batch of pictures at a time, in their order.
  func forEachBatch(
    for loaded: LoadedNetwork, _ body: (_ files: [String], _ images: Tensor) throws -> Void
  ) throws {
    let side = try side(for: loaded)
    let standardization = try standardization(for: loaded, side: side)
    // As much memory as sixteen of the usual size.
    let batch = max(1, 16 * 224 * 224 / max(224 * 224, side * side))
    for start in stride(from: 0, to: images.count, by: batch) {
      let files = Array(images[start..<min(start + batch, images.count)])
      let tensors = try files.map {
        standardization(try picture($0, for: loaded, side: side).tensor)
      }
      let shape = [files.count] + tensors[0].shape.dropFirst()
      try body(files, Tensor(shape, tensors.flatMap(\.scalars)))
    }
  }

  /// The side of the square: as asked, as the network was trained, or as in the paper.
  private func side(for loaded: LoadedNetwork) throws -> Int {
    let standard = loaded.preprocessing?.imageShape ?? loaded.architecture.imageShape
    guard size != nil || standard[0] == standard[1] else {
      throw ValidationError(
        "Give --size: \(loaded.file.visible) was trained on images of \(standard[0])x\(standard[1]), which are no squares."
      )
    }
    let side = size ?? standard[0]
    do {
      try loaded.architecture.check(imageShape: [side, side, standard[2]])
    } catch {
      throw wrongUse(error)
    }
    return side
  }

  private func standardization(for loaded: LoadedNetwork, side: Int) throws -> Standardization {
    let channels = loaded.architecture.imageShape[2]
    let usual =
      channels == 3 ? (loaded.isForSmallImages ? Standardization.cifar10 : .imageNet) : nil
    let known = try loaded.standardization(pixels, imageShape: [side, side, channels])
    guard let standardization = known ?? usual else {
      throw ValidationError(
        "Give --mean and --std: for images of \(channels) channels there are no usual ones.")
    }
    return standardization
  }

  /// A picture as ImageNet's networks are tested: the shorter side is made 8/7 of the square's, and the
  /// middle is taken (256 and 224). Small images have no margin to lose: all of the shorter side.
  private func picture(_ file: String, for loaded: LoadedNetwork, side: Int) throws -> Picture {
    let channels = loaded.architecture.imageShape[2]
    let picture = try Picture(contentsOf: URL(fileURLWithPath: file))
    guard picture.channels == channels || channels == 3 else {
      throw Failure(
        "\(file.visible) has \(picture.channels) channels, and this \(loaded.architecture.name) takes \(channels)."
      )
    }
    let view = picture.imageNetTestView(
      side: loaded.isForSmallImages ? side : side * 8 / 7, crop: side)
    return channels == 3 ? view.inColor : view
  }
}
