import ArgumentParser
import Charts
import Commands
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
    help: ArgumentHelp("A text file with the name of a class a line.", valueName: "file"))
  var labels: String?

  @Option(help: "How many classes are printed.")
  var top = 5

  @Flag(help: "Print JSON.")
  var json = false

  /// What is printed of a picture.
  struct Prediction: Encodable {
    struct Class: Encodable {
      let `class`: Int
      let label: String
      let probability: Double
    }

    let image: String
    let classes: [Class]
  }

  func validate() throws {
    guard top >= 1 else { throw ValidationError("--top is at least 1, not \(top).") }
  }

  func run() throws {
    let (architecture, network) = try options.load()
    let names = try classNames(architecture.classes)
    var predictions: [Prediction] = []
    try Device.$current.withValue(Device(threads: options.threads)) {
      try pictures.forEachBatch(for: architecture) { files, images in
        let logits = network(images, .inference).scalars
        for (row, file) in files.enumerated() {
          let probabilities = softmax(
            logits[row * names.count..<(row + 1) * names.count].map(Double.init))
          let order = probabilities.indices.sorted {
            (-probabilities[$0], $0) < (-probabilities[$1], $1)
          }
          predictions.append(
            Prediction(
              image: file,
              classes: order.prefix(top).map {
                .init(class: $0, label: names[$0], probability: probabilities[$0])
              }))
        }
      }
    }
    print(json ? try jsonText(predictions) : text(predictions))
  }

  private func text(_ predictions: [Prediction]) -> String {
    let rows = predictions.flatMap { prediction in
      prediction.classes.enumerated().map { rank, found in
        [
          rank == 0 ? prediction.image : "", found.label,
          String(format: "%.1f %%", 100 * found.probability),
        ]
      }
    }
    return Table([Column("image"), Column("class"), Column("probability", .right)], rows: rows)
      .text(width: pageWidth)
  }

  private func classNames(_ count: Int) throws -> [String] {
    guard let labels else { return (0..<count).map(String.init) }
    let text: String
    do {
      text = try String(contentsOfFile: labels, encoding: .utf8)
    } catch {
      throw Failure("\(labels) can't be read: \((error as NSError).localizedDescription)")
    }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count == count else {
      throw Failure(
        "\(labels) has \(lines.count) lines, and the network tells \(count) classes apart: give a name a line."
      )
    }
    return lines.map(String.init)
  }
}

/// Probabilities from logits; the largest is subtracted first, so that large ones don't overflow.
func softmax(_ logits: [Double]) -> [Double] {
  let largest = logits.max() ?? 0
  let powers = logits.map { exp($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
