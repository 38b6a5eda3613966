import Foundation
import Networks
import Testing

@testable import ResNetCommands

@Suite("resnet summary")
struct SummaryTests {
  private let resnet: ResNetProcess

  init() throws { resnet = try ResNetProcess() }

  private struct Printed: Decodable {
    struct Stage: Decodable {
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
  }

  private func printed(_ arguments: String...) throws -> Printed {
    let answer = try resnet.run(["summary"] + arguments + ["--json"])
    #expect(answer.status == 0 && answer.messages.isEmpty, "\(answer.messages)")
    return try JSONDecoder().decode(Printed.self, from: Data(answer.output.utf8))
  }

  @Test("It is the paper's table 1, row by row")
  func table1() throws {
    let summary = try printed("resnet50")
    #expect(summary.network == "ResNet-50" && summary.shortcut == "B")
    #expect(
      summary.stages.map(\.stage) == [
        "conv1", "max pool", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "average pool", "fc",
      ])
    #expect(
      summary.stages.map(\.layers) == [
        "7x7, 64, stride 2", "3x3 max pool, stride 2", "[1x1, 64; 3x3, 64; 1x1, 256] x 3",
        "[1x1, 128; 3x3, 128; 1x1, 512] x 4", "[1x1, 256; 3x3, 256; 1x1, 1024] x 6",
        "[1x1, 512; 3x3, 512; 1x1, 2048] x 3", "average pool", "fully connected, 1000",
      ])
    #expect(
      summary.stages.prefix(6).map { $0.output[0] } == [112, 56, 56, 28, 14, 7])
    #expect(summary.parameters == 25_557_032)
    #expect(summary.stages.reduce(0) { $0 + $1.parameters } == summary.parameters)
    #expect(summary.stages.reduce(0) { $0 + $1.multiply_adds } == summary.multiply_adds)
    #expect(summary.stages.reduce(0) { $0 + $1.activation_bytes } == summary.activation_bytes)
    // The results of a 7x7 convolution and a normalisation, 64 channels of 112x112.
    #expect(summary.stages[0].activation_bytes == 2 * 4 * 64 * 112 * 112)
  }

  @Test("VGG's stages are those of its own table")
  func vgg() throws {
    let summary = try printed("vgg16")
    #expect(
      summary.stages.map(\.stage) == (1...5).flatMap { ["conv\($0)_x", "max pool"] }
        + ["average pool", "fc6", "fc7", "fc8"])
    #expect(summary.stages[4].layers == "[3x3, 256] x 3")
    #expect(summary.stages[9].output == [7, 7, 512])
  }

  @Test("Sizes, shortcuts and widths are taken into account")
  func options() throws {
    #expect(try printed("resnet20", "--shortcut", "C").parameters > 272_474)
    let small = try printed("resnet18", "--input", "64x32x1", "--classes", "7", "--width", "8")
    #expect(small.input == [64, 32, 1])
    #expect(small.stages[0].output == [32, 16, 8])
    #expect(small.stages.last?.output == [7])
    #expect(try printed("plain20").stages.map(\.layers)[1] == "[3x3, 16; 3x3, 16] x 3")
  }

  @Test("A table fits into 80 columns", arguments: [["resnet152"], ["vgg19"], ["--all"]])
  func width(arguments: [String]) throws {
    let answer = try resnet.run(["summary"] + arguments)
    #expect(answer.status == 0)
    for line in answer.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test("All networks are compared with the paper's figures, and are within 3 %")
  func comparison() throws {
    let rows = PaperComparison().rows
    #expect(rows.count == 19)
    for row in rows {
      if let billions = row.paperBillionMultiplyAdds {
        #expect(abs(Double(row.multiplyAdds) / (billions * 1e9) - 1) < 0.03, "\(row.network)")
      }
      if let millions = row.paperMillionParameters {
        // Table 6 gives two digits.
        #expect(abs(Double(row.parameters) / (millions * 1e6) - 1) < 0.02, "\(row.network)")
      }
    }
    let text = PaperComparison().text
    #expect(text.contains("VGG-19") && text.contains("ResNet-1202"))
  }

  @Test(
    "A wrong question is refused with status 2 and what is allowed",
    arguments: [
      (["alexnet"], "There is no network `alexnet`. There are resnet18"),
      (["resnet21"], "6n + 2"), ([], "Name a network"), (["--all", "resnet20"], "--all lists"),
      (["plain20", "--shortcut", "A"], "no choice of shortcuts"),
      (["resnet50", "--input", "224"], "HEIGHTxWIDTH"), (["resnet50", "--input", "0x3"], "from 1"),
      (["vgg16", "--input", "31x224"], "at least 32"), (["resnet50", "--shortcut", "D"], "'D'"),
    ])
  func refused(arguments: [String], reason: String) throws {
    let answer = try resnet.run(["summary"] + arguments)
    #expect(answer.status == 2)
    #expect(answer.output.isEmpty)
    #expect(answer.messages.contains(reason), "\(answer.messages)")
  }
}
