import Testing

@testable import MiniTensor

@Suite struct BufferCacheTests {
  /// A float that no operation makes.
  private static let canary = Float(bitPattern: 0x7FC1_2345)

  @Test(
    "Kernels write into the slack behind a result, and no further",
    arguments: [1, 3, 5, 8, 9, 16, 17, 33, 50])
  func canaries(_ channels: Int) {
    var generator = RandomGenerator(channels)
    for batch in 1...5 {
      let x = Tensor.normal([batch, 7, 5, channels], using: &generator)
      let filter = Tensor.normal([3, 3, channels, channels], using: &generator)
      let one = Tensor([channels], repeating: 1)
      let matrix = x.reshaped([batch, 35 * channels])
      expectCanaries("convolution") { [conv2d(x, filter, bias: one, padding: 1)] }
      expectCanaries("arithmetic") { [relu(x), x + x, 2 * x, x * x] }
      expectCanaries("normalisation") {
        [batchNorm(x, scale: one, shift: one, adding: x, relu: true).output]
      }
      expectCanaries("pooling") {
        [maxPool(x, size: 2, padding: 1), averagePool(x, size: 3), globalAveragePool(x)]
      }
      expectCanaries("shortcut") { [zeroPaddedShortcut(x, stride: 2, channels: channels + 3)] }
      expectCanaries("loss") { [softmaxCrossEntropy(matrix, labels: [Int](0..<batch))] }
      expectCanaries("gradients") {
        let (input, weights) = (Parameter(x), Parameter(filter))
        sum(relu(conv2d(input.tracked, weights.tracked, padding: 1))).backward()
        return [input.gradient!, weights.gradient!]
      }
      expectCanaries("a step") {
        var (value, velocity) = (2 * x, Tensor(x.shape))
        value.descend(
          velocity: &velocity, gradient: x, rate: 0.1, momentum: 0.9, weightDecay: 0)
        return [value, velocity]
      }
    }
  }

  /// Runs an operation on buffers that are full of canaries, and looks behind the slack of its results.
  private func expectCanaries(_ what: String, _ operation: () -> [Tensor]) {
    let device = Device(threads: 1)
    let counts = sequence(first: 1) { count in
      let next = BufferCache.capacity(for: count) - BufferCache.slack + 1
      return next > 60_000 ? nil : next
    }
    for count in counts {
      let buffers = (0..<8).map { _ in device.cache.take(count) }
      for buffer in buffers {
        buffer.update(repeating: Self.canary, count: BufferCache.capacity(for: count))
        device.cache.give(buffer, count)
      }
    }
    for tensor in Device.$current.withValue(device, operation: operation) {
      let (count, capacity) = (tensor.count, BufferCache.capacity(for: tensor.count))
      let first = count + BufferCache.slack
      let behind = (first..<max(first, capacity)).map { tensor.elements[$0].bitPattern }
      #expect(
        behind.allSatisfy { $0 == Self.canary.bitPattern }, "\(what): result of \(tensor.shape)")
    }
  }

  @Test(
    "A buffer holds what was asked for and the slack", arguments: [0, 1, 31, 32, 33, 1_000, 65_537])
  func capacity(_ count: Int) {
    #expect(BufferCache.capacity(for: count) >= count + BufferCache.slack)
  }
}
