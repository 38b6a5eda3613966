import ArgumentParser
import Charts
import Commands
import Foundation
import Networks

/// `resnet summary`: the paper's table 1 for a network, or all networks beside the paper's figures.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what a network is made of and what it costs: the paper's table 1.",
    discussion: """
      Multiply-adds, which the paper calls FLOPs, and activations are those of one image. Activations are \
      the results of all layers: what training keeps until the gradients have come back.

        resnet summary resnet50
        resnet summary resnet34 --shortcut A --input 448x448
        resnet summary --all
      """)

  @Argument(
    help: ArgumentHelp(
      "The network.", discussion: "There are \(Architecture.overview).", valueName: "arch"))
  var arch: String?

  @OptionGroup
  var variant: VariantOptions

  @Option(in: networkWidths, help: "Channels of the first stage.")
  var width: Int?

  @Option(in: 2...1_000_000, help: "Classes to tell apart.")
  var classes: Int?

  @Option(
    help: ArgumentHelp("The images. Without it those of the paper.", valueName: "HxWxC"))
  var input: String?

  @Flag(help: "Compare all networks with the paper's figures.")
  var all = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if all {
      guard arch == nil, variant.shortcut == nil, variant.bottleneckStride == nil, width == nil,
        classes == nil,
        input == nil
      else { throw ValidationError("--all lists all networks as they are in the paper.") }
      return
    }
    guard arch != nil else {
      throw ValidationError("Name a network, such as resnet50, or give --all.")
    }
    _ = try described()
  }

  func run() throws {
    if all {
      let comparison = PaperComparison()
      print(json ? try comparison.json() : comparison.text)
      return
    }
    let (architecture, imageShape) = try described()
    let stages = architecture.stages(imageShape: imageShape)
    print(
      json
        ? try jsonText(SummaryJSON(architecture, imageShape, stages))
        : Self.text(architecture, imageShape, stages))
  }

  /// The network that was asked for, and the shape of the images.
  private func described() throws -> (Architecture, [Int]) {
    do {
      let shape = try input.map(Self.imageShape)
      let architecture = try Architecture(
        arch ?? "", shortcut: variant.shortcut, width: width,
        inputChannels: shape?.dropFirst(2).first ?? 3,
        classes: classes, bottleneckStride: variant.bottleneckStride)
      let standard = architecture.imageShape
      let complete = shape.map { Array($0.prefix(2)) + [standard[2]] } ?? standard
      try architecture.check(imageShape: complete)
      return (architecture, complete)
    } catch let error as ArchitectureError {
      throw wrongUse(error)
    }
  }

  /// `224x224x3` or `224x224`.
  private static func imageShape(_ text: String) throws -> [Int] {
    let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    // Larger ones than any image would make counts that don't fit into a number.
    guard (2...3).contains(parts.count), numbers.count == parts.count,
      numbers.allSatisfy({ (1...4096).contains($0) })
    else {
      throw ValidationError(
        "--input '\(text)' is no size of images: HEIGHTxWIDTH or HEIGHTxWIDTHxCHANNELS, each from 1 to 4096, such as 224x224x3."
      )
    }
    return numbers
  }

  private static func text(
    _ architecture: Architecture, _ imageShape: [Int], _ stages: [StageSummary]
  ) -> String {
    let rows = stages.map { stage in
      [
        stage.name, stage.output.count == 4 ? "\(stage.output[1])x\(stage.output[2])" : "1x1",
        stage.layers, grouped(stage.parameters), millions(stage.multiplyAdds),
        megabytes(stage.activationBytes),
      ]
    }
    let total = [
      "total", "", "", grouped(stages.reduce(0) { $0 + $1.parameters }),
      millions(stages.reduce(0) { $0 + $1.multiplyAdds }),
      megabytes(stages.reduce(0) { $0 + $1.activationBytes }),
    ]
    let table = Table(
      [
        Column("stage"), Column("output", .right), Column("layers"), Column("parameters", .right),
        Column("mult-adds", .right), Column("activations", .right),
      ], rows: rows + [total])
    let shortcut =
      architecture.shortcut == .none ? "" : ", shortcut \(architecture.shortcut.rawValue)"
    let size = imageShape.map(String.init).joined(separator: "x")
    return "\(architecture.name)\(shortcut), one image of \(size)\n\n"
      + table.text(width: pageWidth) + strideRemark(architecture, imageShape)
  }

  /// What the place where bottlenecks halve the image makes of the multiply-adds.
  private static func strideRemark(_ architecture: Architecture, _ imageShape: [Int]) -> String {
    guard architecture.bottleneckStride == .middle3x3 else { return "" }
    let paper = architecture.with(.first1x1).stages(imageShape: imageShape)
    return """


      Bottlenecks halve the image on their 3x3 convolution, as in torchvision. On the
      first 1x1, as in the paper (--bottleneck-stride first1x1), the multiply-adds
      would be \(millions(paper.reduce(0) { $0 + $1.multiplyAdds })).
      """
  }
}

private func millions(_ number: Int) -> String {
  number == 0 ? "0" : String(format: "%.2f M", Double(number) / 1e6)
}

private func megabytes(_ bytes: Int) -> String { String(format: "%.2f MB", Double(bytes) / 1e6) }

/// What `--json` prints.
private struct SummaryJSON: Encodable {
  struct Stage: Encodable {
    let stage: String
    let layers: String
    let output: [Int]
    let parameters: Int
    let multiply_adds: Int
    let activation_bytes: Int
  }

  let network: String
  let shortcut: String
  let input: [Int]
  let parameters: Int
  let multiply_adds: Int
  let activation_bytes: Int
  let stages: [Stage]

  init(_ architecture: Architecture, _ imageShape: [Int], _ stages: [StageSummary]) {
    network = architecture.name
    shortcut = architecture.shortcut.rawValue
    input = imageShape
    parameters = stages.reduce(0) { $0 + $1.parameters }
    multiply_adds = stages.reduce(0) { $0 + $1.multiplyAdds }
    activation_bytes = stages.reduce(0) { $0 + $1.activationBytes }
    self.stages = stages.map {
      Stage(
        stage: $0.name, layers: $0.layers, output: Array($0.output.dropFirst()),
        parameters: $0.parameters, multiply_adds: $0.multiplyAdds,
        activation_bytes: $0.activationBytes)
    }
  }
}
