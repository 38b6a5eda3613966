import Charts
import Commands
import Foundation
import Networks

/// All networks of the paper beside the figures that it prints.
struct PaperComparison {
  struct Row {
    let network: String
    let shortcut: String
    let parameters: Int
    let multiplyAdds: Int
    let paperMillionParameters: Double?
    let paperBillionMultiplyAdds: Double?
  }

  let rows: [Row]

  init() {
    rows = Architecture.ofThePaper.map { architecture in
      // The paper's bottlenecks halve on the first 1x1 convolution.
      let architecture = architecture.with(.first1x1)
      let stages = architecture.stages(imageShape: architecture.imageShape)
      let paper = PaperFigures(architecture)
      return Row(
        network: architecture.name, shortcut: architecture.shortcut.rawValue,
        parameters: architecture.parameters,
        multiplyAdds: stages.reduce(0) { $0 + $1.multiplyAdds },
        paperMillionParameters: paper?.millionParameters,
        paperBillionMultiplyAdds: paper?.billionMultiplyAdds)
    }
  }

  var json: JSON {
    .array(
      rows.map { row in
        [
          "network": .text(row.network), "shortcut": .text(row.shortcut),
          "parameters": JSON(row.parameters), "multiply_adds": JSON(row.multiplyAdds),
          "paper_parameters_millions": JSON(row.paperMillionParameters),
          "paper_multiply_adds_billions": JSON(row.paperBillionMultiplyAdds),
        ]
      })
  }

  var text: String {
    let table = Table(
      [
        Column("network"), Column("shortcut"), Column("parameters", .right),
        Column("paper", .right), Column("mult-adds", .right), Column("paper", .right),
        Column("difference", .right),
      ],
      rows: rows.map { row in
        let billions = Double(row.multiplyAdds) / 1e9
        let millions = Double(row.parameters) / 1e6
        let difference =
          row.paperBillionMultiplyAdds.map { billions / $0 - 1 }
          ?? row.paperMillionParameters.map { millions / $0 - 1 }
        return [
          row.network, row.shortcut, grouped(row.parameters),
          row.paperMillionParameters.map { "\($0) M" } ?? "",
          String(format: "%.3f G", billions),
          row.paperBillionMultiplyAdds.map { "\($0) G" } ?? "",
          difference.map { String(format: "%+.1f %%", 100 * $0) } ?? "",
        ]
      })
    return table.text(width: pageWidth) + "\n\n" + remarks
  }

  /// The paper's claim of section 3.3, and where differences come from.
  private var remarks: String {
    func row(_ name: String) -> Row { rows.first { $0.network == name }! }
    let residual = row("ResNet-34")
    let claims = ["VGG-16", "VGG-19"].map { name in
      let vgg = row(name)
      return String(
        format: "%.0f %% of %@'s multiply-adds, %.0f %% of its parameters",
        100 * Double(residual.multiplyAdds) / Double(vgg.multiplyAdds), name,
        100 * Double(residual.parameters) / Double(vgg.parameters))
    }
    return """
      ResNet-34 has \(claims.joined(separator: ",\n"))
      (section 3.3 says 18 % of VGG-19's multiply-adds).

      The paper rounds to one decimal and doesn't say what it counts. Here
      convolutions and fully connected layers count, projection shortcuts among
      them; normalisation, pooling, ReLU and additions don't. Bottlenecks halve the
      image on their first 1x1 convolution, as in the paper; torchvision's, which
      halve on the 3x3 convolution, cost more.
      """
  }
}
