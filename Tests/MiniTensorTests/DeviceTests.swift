import MiniTensor
import Testing

@Suite struct DeviceTests {
  @Test("The number of threads changes no bit of any operation, nor does doing it again")
  func threads() {
    let expected = Device.$current.withValue(Device(threads: 1)) { everything() }
    #expect(expected.count > 50)
    for threads in [1, 2, 3, 8] {
      let actual = Device.$current.withValue(Device(threads: threads)) { everything() }
      for (name, bits) in expected { #expect(actual[name] == bits, "\(threads) threads: \(name)") }
    }
  }

  @Test("What a reused buffer held before doesn't show")
  func poison() {
    Device.$current.withValue(Device(threads: 2)) {
      let clean = everything()
      let poisoned = everything {
        // Some buffers of every size wait with NaN in them for the next operation.
        for size in sequence(first: 1, next: { $0 > 200_000 ? nil : max($0 + 8, $0 * 17 / 16) }) {
          _ = (0..<4).map { _ in Tensor([size], repeating: .nan) }
        }
      }
      for (name, bits) in clean { #expect(poisoned[name] == bits, "\(name)") }
    }
  }

  @Test("The same step again asks the system for no memory")
  func reuse() {
    let device = Device(threads: 2)
    Device.$current.withValue(device) {
      _ = everything()
      let once = device.allocations
      _ = everything()
      #expect(device.allocations == once)
    }
  }

  @Test("Several tasks may use one device at once")
  func sharing() async {
    let device = Device(threads: 3)
    let expected = Device.$current.withValue(device) { everything() }
    await withTaskGroup(of: [String: [UInt32]].self) { group in
      for _ in 0..<3 {
        group.addTask { Device.$current.withValue(device) { everything() } }
      }
      for await actual in group { #expect(actual == expected) }
    }
  }

  @Test("A device without threads is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Device(threads: 0) }
  }
}

/// The bits of the output and of all gradients of every operation, for sizes that take one chunk
/// and sizes that take many.
///
/// - Parameter prepare: called before each operation, and before each goes back.
private func everything(prepare: () -> Void = {}) -> [String: [UInt32]] {
  var generator = RandomGenerator(1)
  var results: [String: [UInt32]] = [:]
  func run(_ name: String, _ shapes: [[Int]], _ operation: ([Tensor]) -> Tensor) {
    let parameters = shapes.map { Parameter(.normal($0, using: &generator)) }
    prepare()
    let output = operation(parameters.map(\.tracked))
    let cotangent = Tensor.normal(output.shape, using: &generator)
    prepare()
    output.backward(cotangent)
    results["\(name) \(shapes)"] = output.bits
    for (position, parameter) in parameters.enumerated() {
      results["\(name) \(shapes), gradient \(position)"] = parameter.gradient!.bits
    }
  }
  for (images, filters, stride, padding) in [
    ([64, 8, 8, 8], [3, 3, 8, 8], 1, 1), ([29, 4, 4, 16], [3, 3, 16, 32], 2, 1),
    ([64, 2, 2, 32], [3, 3, 32, 32], 1, 1), ([2, 32, 32, 3], [3, 3, 3, 16], 1, 1),
    ([19, 17, 9, 16], [3, 3, 16, 48], 1, 1), ([1, 8, 8, 64], [3, 3, 64, 64], 1, 1),
    ([3, 9, 13, 17], [1, 1, 17, 33], 2, 0), ([1, 28, 28, 3], [7, 7, 3, 64], 2, 3),
    ([1, 1, 1, 5], [5, 5, 5, 3], 1, 2),
  ] {
    run("conv2d", [images, filters]) { conv2d($0[0], $0[1], stride: stride, padding: padding) }
  }
  for shape in [[64, 8, 8, 8], [3, 7, 5, 33], [1, 40, 40, 64], [5, 3]] {
    let channels = [shape.last!]
    run("batchNorm", [shape, channels, channels, shape]) {
      batchNorm($0[0], scale: $0[1], shift: $0[2], adding: $0[3], relu: true).output
    }
    run("batchNorm at test time", [shape, channels, channels]) {
      batchNorm($0[0], scale: $0[1], shift: $0[2], mean: $0[1].detached, variance: $0[2] * $0[2])
    }
  }
  for shape in [[3, 9, 8, 5], [2, 40, 40, 33]] {
    run("maxPool", [shape]) { maxPool($0[0], size: 3, stride: 2, padding: 1) }
    run("averagePool", [shape]) { averagePool($0[0], size: 3, stride: 2, padding: 1) }
    run("globalAveragePool", [shape]) { globalAveragePool($0[0]) }
    run("zero-padded shortcut", [shape]) { zeroPaddedShortcut($0[0], stride: 2, channels: 66) }
  }
  for shape in [[7], [50_001]] {
    run("relu", [shape]) { relu($0[0]) }
    run("arithmetic", [shape, shape]) { $0[0] * $0[1] + 2 * $0[0] - $0[1] }
    run("sum", [shape]) { sum($0[0]) + mean($0[0]) }
  }
  run("linear", [[64, 32], [32, 10], [10]]) { linear($0[0], $0[1], $0[2]) }
  run("layerNorm", [[70, 9, 33], [33], [33]]) {
    layerNorm($0[0], scale: $0[1], shift: $0[2])
  }
  run("matmul", [[70, 16, 9], [70, 9, 33]]) { matmul($0[0], $0[1]) }
  run("transposed softmax", [[70, 9, 33]]) { softmax(transposed($0[0], 1, 2)) }
  run("gelu", [[50_001]]) { gelu($0[0]) }
  run("softmaxCrossEntropy", [[64, 10]]) {
    softmaxCrossEntropy($0[0], labels: (0..<64).map { $0 % 10 })
  }
  return results
}
