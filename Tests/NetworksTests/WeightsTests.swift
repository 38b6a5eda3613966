import Foundation
import MiniTensor
import Testing

@testable import Networks

@Suite("Weights in files")
struct WeightsTests {
  private func network(_ seed: Int = 0, shortcut: Shortcut = .B) throws -> CifarNetwork {
    CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: shortcut), seed: seed)
  }

  private let images = Tensor([2, 8, 8, 3], (0..<384).map { Float(($0 * 7) % 11) / 5 - 1 })

  @Test("What was written is read again, running statistics and counts included")
  func roundTrip() throws {
    let source = try network(1)
    for _ in 0..<3 { _ = source(images, .training) }
    let target = try network(2)
    try target.load(weights: source.weights())
    #expect(target(images, .inference).scalars == source(images, .inference).scalars)
    #expect(target.bn1.running.batches == 3)
    #expect(target.weights() == source.weights())
  }

  @Test("Filters are written as [out, in, height, width], matrices as [out, in]")
  func layouts() throws {
    let network = try network(3)
    let file = try SafetensorsFile(network.weights())
    let filters = try file.tensor("layer2.0.conv1.weight")
    let weights = try file.tensor("linear.weight")
    #expect(filters.shape == [8, 4, 3, 3])
    #expect(weights.shape == [10, 16])
    let own = network.stages[1][0].conv1.weight.value
    for (out, input, row, column) in [(0, 0, 0, 0), (7, 3, 2, 2), (5, 1, 0, 2), (2, 3, 1, 0)] {
      #expect(filters[out, input, row, column] == own[row, column, input, out])
    }
    #expect(weights[7, 11] == network.linear.weight.value[11, 7])
    #expect(try file.tensor("bn1.num_batches_tracked").shape == [])
    #expect(file.entries["bn1.num_batches_tracked"]?.type == "I64")
  }

  @Test("Counts of batches may be missing, and are 0 then")
  func withoutCounts() throws {
    let source = try network(1)
    _ = source(images, .training)
    var tensors = try Safetensors.decode(source.weights())
    tensors = tensors.filter { !$0.key.text.hasSuffix("num_batches_tracked") }
    let target = try network(2)
    target.bn1.running.batches = 5
    try target.load(weights: Safetensors.encode(tensors))
    #expect(target.bn1.running.batches == 0)
    #expect(target(images, .inference).scalars == source(images, .inference).scalars)
  }

  @Test("A file of another network is refused with all that differs, and nothing is loaded")
  func mismatch() throws {
    let target = try network(2)
    let before = target.weights()
    var tensors = try Safetensors.decode(try network(1).weights())
    tensors["conv1.weight"] = Tensor([3, 3, 3, 4])
    tensors["linear.bias"] = Tensor([11])
    tensors["layer1.0.bn1.running_var"] = nil
    tensors["layer1.0.conv2.weight"] = nil
    tensors["extra"] = Tensor([1])
    tensors["bn1.num_batches_tracked"] = Tensor([2])
    let error = #expect(throws: SafetensorsError.self) {
      try target.load(weights: Safetensors.encode(tensors))
    }
    #expect(
      error?.found == """
        it belongs to another network; \
        2 missing: layer1.0.bn1.running_var, layer1.0.conv2.weight; \
        1 unexpected: extra; \
        3 of another shape: bn1.num_batches_tracked [2], needed [], \
        conv1.weight [3, 3, 3, 4], needed [4, 3, 3, 3], linear.bias [11], needed [10]
        """)
    #expect(target.weights() == before)
  }

  @Test("A long list of differences is cut")
  func longMismatch() throws {
    let plain = try network(0, shortcut: .none)
    let error = #expect(throws: SafetensorsError.self) {
      try plain.load(weights: try network(1, shortcut: .C).weights())
    }
    // Three projections of a filter, four numbers a channel and a count; the counts of a
    // normalisation that isn't there are unexpected too.
    #expect(error?.found.contains("18 unexpected: layer1.0.downsample.0.weight, ") == true)
    #expect(error?.found.contains(" … and 13 more") == true)
  }

  @Test("A type that can't be read is refused before anything is loaded")
  func unreadableType() throws {
    let target = try network(2)
    let before = target.weights()
    var file = try network(1).weights()
    // The classifier's type: F32 becomes I32, of the same size.
    let header = try #require(file.range(of: Data(#""linear.weight":{"dtype":"F32""#.utf8)))
    file[header.upperBound - 4] = UInt8(ascii: "I")
    let error = #expect(throws: SafetensorsError.self) { try target.load(weights: file) }
    #expect(error?.found.contains("`linear.weight` is of type I32") == true)
    #expect(target.weights() == before)
  }
}
