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
      try printLine(json ? comparison.json.page : comparison.text)
      return
    }
    let (architecture, imageShape) = try described()
    let stages = architecture.stages(imageShape: imageShape)
    try printLine(
      json
        ? Self.json(architecture, imageShape, stages).page
        : Self.text(architecture, imageShape, stages))
  }

  /// The network that was asked for, and the shape of the images.
  private func described() throws -> (Architecture, [Int]) {
    do {
      let shape = try input.map(Self.imageShape)
      let architecture = try Architecture(
        arch ?? "", shortcut: variant.shortcut, width: width,
        inputChannels: shape?.dropFirst(2).first,
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
        stage.name, stage.output.count == 3 ? "\(stage.output[0])x\(stage.output[1])" : "1x1",
        stage.layers, grouped(stage.parameters), millions(stage.multiplyAdds),
        megabytes(stage.activationBytes),
      ]
    }
    let total = [
      "total", "", "", grouped(architecture.parameters),
      millions(stages.reduce(0) { $0 + $1.multiplyAdds }),
      megabytes(stages.reduce(0) { $0 + $1.activationBytes }),
    ]
    let table = Table(
      [
        Column("stage"), Column("output", .right), Column("layers"), Column("parameters", .right),
        Column("mult-adds", .right), Column("activations", .right),
      ], rows: rows + [total])
    let size = imageShape.map(String.init).joined(separator: "x")
    return "\(architecture.text), one image of \(size)\n\n"
      + table.text(width: pageWidth) + strideRemark(architecture, imageShape)
  }

  private static func json(
    _ architecture: Architecture, _ imageShape: [Int], _ stages: [StageSummary]
  ) -> JSON {
    [
      "network": .text(architecture.name), "shortcut": .text(architecture.shortcut.rawValue),
      "text": .text(architecture.text),
      "input": .array(imageShape.map { JSON($0) }),
      "parameters": JSON(architecture.parameters),
      "multiply_adds": JSON(stages.reduce(0) { $0 + $1.multiplyAdds }),
      "activation_bytes": JSON(stages.reduce(0) { $0 + $1.activationBytes }),
      "stages": .array(
        stages.map { stage in
          [
            "stage": .text(stage.name), "layers": .text(stage.layers),
            "output": .array(stage.output.map { JSON($0) }),
            "parameters": JSON(stage.parameters), "multiply_adds": JSON(stage.multiplyAdds),
            "activation_bytes": JSON(stage.activationBytes),
          ]
        }),
    ]
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
