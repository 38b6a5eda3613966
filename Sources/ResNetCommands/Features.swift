import ArgumentParser
import Commands
import Files
import Foundation
import MiniTensor
import Networks
import Training

/// `resnet features`: what the last layer of a network sees of pictures.
struct Features: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes what the last layer of a network sees of pictures, as safetensors.",
    discussion: """
      For a ResNet that is the mean over the last feature map, one number per channel; for VGG the 4096 \
      results of the layer before. The file has one tensor, features [images, numbers], and the paths of \
      the pictures under `images` in its metadata, as a JSON list.

        resnet features a.ppm b.ppm --weights resnet50.safetensors \\
          --output features.safetensors
      """)

  @OptionGroup var pictures: PictureOptions

  @OptionGroup var options: NetworkOptions

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func run() throws {
    try check(
      output: Place(output, as: "--output"),
      reading: pictures.images.map { Place($0) } + [options.weightsPlace])
    let device = Device(threads: options.threads)
    let loaded = try Device.$current.withValue(device) { try options.load() }
    loaded.network.keepOnlyFolded()
    var features: [Float] = []
    try Device.$current.withValue(device) {
      try pictures.forEachBatch(for: loaded) { _, images in
        features += loaded.network.features(images, .inference).scalars
      }
    }
    let count = pictures.images.count
    let bytes = Safetensors.encode(
      ["features": Tensor([count, features.count / count], features)],
      metadata: [
        "images": JSON.array(pictures.images.map { .text($0) }).line,
        "architecture": loaded.architecture.name,
      ])
    try writeOutput(bytes, to: output)
    tell(
      "Wrote \(features.count / count) features of each of \(count) images to \(output.visible).")
  }
}
