import MiniTensor
import Testing

@testable import Networks

@Suite("Blocks and their shortcuts")
struct BasicBlockTests {
  private let images = Tensor([1, 5, 4, 2], (0..<40).map { Float($0 % 7) - 2 })

  /// A block whose convolutions are all zero: only the shortcut comes through.
  private func block(_ shortcut: Shortcut, to channels: Int, stride: Int) -> BasicBlock {
    let block = BasicBlock(2, channels, stride: stride, shortcut: shortcut)
    var generator = RandomGenerator(seed: 0, stream: .initialization)
    block.initialize(using: &generator)
    for conv in [block.conv1, block.conv2] {
      conv.weight.value = Tensor(conv.weight.shape, repeating: 0)
    }
    return block
  }

  @Test("With zero filters an identity block is ReLU", arguments: [Shortcut.A, .B])
  func identity(shortcut: Shortcut) {
    let block = block(shortcut, to: 2, stride: 1)
    #expect(block.parts.count == 4)
    #expect(block(images, .inference).scalars == images.scalars.map { max($0, 0) })
  }

  @Test("With zero filters a plain block is zero")
  func plain() {
    let output = block(.none, to: 2, stride: 1)(images, .inference)
    #expect(output.shape == images.shape)
    #expect(output.scalars.allSatisfy { $0 == 0 })
  }

  @Test("Where dimensions change, A takes every second pixel and adds zero channels")
  func padding() {
    let block = block(.A, to: 5, stride: 2)
    #expect(block.parameterCount == 9 * 2 * 5 + 10 + 9 * 5 * 5 + 10)
    let output = block(images, .inference)
    #expect(output.shape == [1, 3, 2, 5])
    // One zero channel in front, two behind.
    for (row, column, channel) in [(0, 0, 0), (1, 1, 1), (2, 0, 1), (2, 1, 0)] {
      #expect(
        output[0, row, column, channel + 1] == max(0, images[0, 2 * row, 2 * column, channel]))
      #expect(output[0, row, column, 0] == 0 && output[0, row, column, 4] == 0)
    }
  }

  @Test("Where dimensions change, B and C project", arguments: [Shortcut.B, .C])
  func projection(shortcut: Shortcut) {
    let block = block(shortcut, to: 4, stride: 2)
    #expect(block.parts.suffix(2).map(\.name) == ["downsample.0", "downsample.1"])
    #expect(block.parameterCount == 9 * 2 * 4 + 8 + 9 * 4 * 4 + 8 + 2 * 4 + 8)
    guard case .projection(let conv, let bn) = block.connection else {
      Issue.record("The connection is \(block.connection).")
      return
    }
    let projected = relu(bn(conv(images, .inference), .inference))
    #expect(projected.shape == [1, 3, 2, 4])
    // The block folds the normalisation into the convolution, so the last bit may differ.
    let differences = zip(block(images, .inference).scalars, projected.scalars).map { abs($0 - $1) }
    #expect(differences.max()! < 1e-6 * projected.scalars.max()!)
  }

  @Test("Only C projects where dimensions stay")
  func projectionEverywhere() {
    #expect(block(.C, to: 2, stride: 1).parts.count == 6)
    #expect(block(.B, to: 2, stride: 1).parts.count == 4)
  }

  @Test(
    "A change of stride alone also counts as a change of dimensions", arguments: [Shortcut.A, .B])
  func strideAlone(shortcut: Shortcut) {
    #expect(block(shortcut, to: 2, stride: 2)(images, .inference).shape == [1, 3, 2, 2])
  }

  @Test(
    "A bottleneck halves where it is told to, and restores four times the channels",
    arguments: BottleneckStride.allCases)
  func bottleneck(strideOn: BottleneckStride) {
    let block = BottleneckBlock(2, middle: 3, stride: 2, shortcut: .B, strideOn: strideOn)
    var generator = RandomGenerator(seed: 0, stream: .initialization)
    block.initialize(using: &generator)
    #expect(block(images, .inference).shape == [1, 3, 2, 12])
    let reduced = strideOn == .first1x1 ? [1, 3, 2, 3] : [1, 5, 4, 3]
    #expect(block.conv1(images, .inference).shape == reduced)
  }
}
