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

  @Test("A large buffer is cut for smaller ones, and whole again when they are back")
  func halves() {
    let cache = BufferCache()
    let (whole, half, quarter) = (2_097_152, 1_048_576, 524_288)
    cache.give(cache.take(whole), whole)
    let once = cache.allocations
    for _ in 0..<3 {
      let first = cache.take(half)
      let (second, third) = (cache.take(quarter), cache.take(quarter))
      for (buffer, count) in [(first, half), (second, quarter), (third, quarter)] {
        buffer.update(repeating: Float(count), count: count)
      }
      #expect(first[half - 1] == Float(half) && second[quarter - 1] == Float(quarter))
      cache.give(second, quarter)
      cache.give(first, half)
      cache.give(third, quarter)
      cache.give(cache.take(whole), whole)
    }
    #expect(cache.allocations == once)
  }

  @Test("Buffers that are in use share no memory, in whatever order they come and go")
  func disjoint() {
    let cache = BufferCache()
    var generator = RandomGenerator(1)
    var taken: [(buffer: UnsafeMutablePointer<Float>, count: Int)] = []
    for turn in 0..<400 {
      if turn % 3 < 2 {
        let count =
          Int.random(in: 1...300_000, using: &generator) << Int.random(in: 0...3, using: &generator)
        taken.append((cache.take(count), count))
      } else {
        let (buffer, count) = taken.remove(at: Int.random(in: taken.indices, using: &generator))
        cache.give(buffer, count)
      }
      let ends = taken.map { ($0.buffer, $0.buffer + $0.count + BufferCache.slack) }.sorted {
        $0.0 < $1.0
      }
      #expect(zip(ends, ends.dropFirst()).allSatisfy { $0.1 <= $1.0 })
    }
    for (buffer, count) in taken { cache.give(buffer, count) }
  }
}
