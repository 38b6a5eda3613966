import ArgumentParser
import Charts
import Commands
import Datasets
import Files
import Foundation
import MiniTensor
import Networks

/// `resnet predict`: the most likely classes of pictures.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the most likely classes of pictures.",
    discussion: """
      Pictures of other formats can be converted, for instance with `convert in.jpg out.ppm`.

        resnet predict cat.ppm --weights resnet50.safetensors --labels classes.txt
      """)

  @OptionGroup var pictures: PictureOptions

  @OptionGroup var options: NetworkOptions

  @Option(
    help: ArgumentHelp(
      "A text file with the name of a class a line. Without it the names that the weights have.",
      valueName: "file"))
  var labels: String?

  @Option(in: 1...1000, help: "How many classes are printed.")
  var top = 5

  @Flag(help: "Print JSON.")
  var json = false

  /// What is printed of a picture.
  struct Prediction {
    struct Class {
      let index: Int
      let label: String
      let probability: Double
    }

    let image: String
    let classes: [Class]

    var json: JSON {
      [
        "image": .text(image),
        "classes": .array(
          classes.map {
            [
              "class": JSON($0.index), "label": .text($0.label),
              "probability": .number($0.probability),
            ]
          }),
      ]
    }
  }

  func run() throws {
    let device = Device(threads: options.threads)
    let loaded = try Device.$current.withValue(device) { try options.load() }
    let names = try labels.map(loaded.labels) ?? loaded.classNames
    loaded.network.keepOnlyFolded()
    var predictions: [Prediction] = []
    try Device.$current.withValue(device) {
      try pictures.forEachBatch(for: loaded) { files, images in
        let likely = likelyClasses(loaded.network(images, .inference), count: top)
        predictions += zip(files, likely).map { file, classes in
          Prediction(
            image: file,
            classes: classes.map {
              .init(index: $0.index, label: names[$0.index], probability: $0.probability)
            })
        }
      }
    }
    try printLine(json ? JSON.array(predictions.map(\.json)).page : text(predictions))
  }

  private func text(_ predictions: [Prediction]) -> String {
    let rows = predictions.flatMap { prediction in
      guard !prediction.classes.isEmpty else {
        return [[prediction.image.visible, "none: NaN", ""]]
      }
      return prediction.classes.enumerated().map { rank, found in
        [
          rank == 0 ? prediction.image.visible : "", found.label.visible,
          String(format: "%.1f %%", 100 * found.probability),
        ]
      }
    }
    return Table([Column("image"), Column("class"), Column("probability", .right)], rows: rows)
      .text(width: pageWidth)
  }
}
