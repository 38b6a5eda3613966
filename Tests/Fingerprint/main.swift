// Prints a hash of the bits that operations and short training runs come to: the same on every processor with
// fused multiply-adds and for every number of threads.
//
//     Fingerprint [THREADS]

import Architectures
import MiniTensor
import Networks
import Optimization

/// FNV-1a over the bits of some tensors.
func hash(_ tensors: [Tensor]) -> String {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for tensor in tensors {
    for scalar in tensor.scalars { hash = (hash ^ UInt64(scalar.bitPattern)) &* 0x100_0000_01B3 }
  }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

/// Drawn the same way on each machine.
func random(_ shape: [Int], _ seed: UInt64) -> Tensor {
  var generator = RandomGenerator(seed: seed, stream: .experiment)
  return Initialization.heNormal(fan: 2).tensor(shape, using: &generator)
}

/// Prints the hash of an operation's result and of its gradients.
func printHash(_ name: String, _ inputs: [[Int]], _ operation: ([Tensor]) -> Tensor) {
  let parameters = inputs.enumerated().map { Parameter(random($1, UInt64($0 + 1))) }
  let output = operation(parameters.map(\.tracked))
  output.backward(random(output.shape, 0))
  print(name, hash([output] + parameters.compactMap(\.gradient)))
}

func printOperations() {
  // Winograd's convolution with small filters and with large ones, panels that are full, half full and odd, long
  // windows, several slices.
  let convolutions = [
    ([4, 16, 16, 16], 3, 32, 1), ([2, 9, 11, 48], 3, 16, 1), ([10, 14, 14, 256], 3, 272, 1),
    ([3, 7, 7, 32], 3, 32, 1), ([3, 8, 8, 8], 3, 8, 1),
    ([3, 7, 5, 5], 3, 19, 2), ([2, 14, 14, 64], 1, 70, 1), ([1, 7, 7, 600], 1, 33, 1),
    ([2, 6, 6, 130], 3, 48, 2), ([2, 30, 30, 3], 7, 24, 2),
  ]
  for (images, kernel, filters, stride) in convolutions {
    let filter = [kernel, kernel, images[3], filters]
    printHash("conv2d \(images) \(filter) stride \(stride)", [images, filter, [filters]]) {
      conv2d($0[0], $0[1], bias: $0[2], stride: stride, padding: kernel / 2)
    }
    printHash(
      "normalizedConv2d \(images) \(filter) stride \(stride)",
      [images, filter, [filters], [filters]]
    ) {
      normalizedConv2d(
        $0[0], $0[1], stride: stride, padding: kernel / 2, scale: $0[2], shift: $0[3], relu: true
      ).output
    }
    let (scale, variance) = (random([filters], 5), Tensor([filters], repeating: 2))
    let folded = normalizedConv2d(
      random(images, 6), random(filter, 7), stride: stride, padding: kernel / 2, scale: scale,
      shift: scale, mean: scale, variance: variance, relu: true)
    print("folded \(images) \(filter) stride \(stride)", hash([folded]))
  }
  for channels in [5, 8, 16, 40] {
    let shape = [6, 12, 12, channels]
    printHash("batchNorm \(shape)", [shape, [channels], [channels], shape]) {
      batchNorm($0[0], scale: $0[1], shift: $0[2], adding: $0[3], relu: true).output
    }
  }
  let shape = [4, 9, 9, 20]
  printHash("relu(x + y * z)", [shape, shape, shape]) { relu($0[0] + $0[1] * $0[2]) }
  printHash("maxPool", [shape]) { maxPool($0[0], size: 3, stride: 2, padding: 1) }
  printHash("averagePool", [shape]) { averagePool($0[0], size: 3, stride: 3) }
  printHash("globalAveragePool", [shape]) { globalAveragePool($0[0]) }
  printHash("adaptiveAveragePool", [shape]) { adaptiveAveragePool($0[0], size: 2) }
  printHash("zeroPaddedShortcut", [shape]) { zeroPaddedShortcut($0[0], stride: 2, channels: 40) }
  printHash("linear", [[33, 70], [70, 10], [10]]) { linear($0[0], $0[1], $0[2]) }
  printHash("layerNorm", [[7, 11, 40], [40], [40]]) {
    layerNorm($0[0], scale: $0[1], shift: $0[2])
  }
  printHash("matmul", [[12, 18, 21], [12, 21, 40]]) { matmul($0[0], $0[1]) }
  printHash("matmul, transposed", [[5, 16, 4, 8], [5, 4, 16, 8]]) {
    matmul(transposed($0[0], 1, 2), transposed($0[1], 2, 3))
  }
  printHash("softmax", [[90, 300]]) { softmax($0[0]) }
  printHash("gelu", [[90, 100]]) { gelu($0[0]) }
  printHash("add to each", [[90, 100], [7, 90, 100]]) { add($0[0], toEachOf: $0[1]) }
  printHash("mean", [shape]) { mean($0[0]) }
  printHash("softmaxCrossEntropy", [[32, 10]]) {
    softmaxCrossEntropy($0[0], labels: (0..<32).map { $0 % 10 })
  }
}

/// Trains a network for some steps and prints the hash of its weights and running statistics.
func train(_ network: some Network, _ images: [Int], steps: Int) {
  network.initialize(seed: 1)
  let optimizer = SGD(network.parameters.map(\.parameter), momentum: 0.9, weightDecay: 1e-4)
  let labels = (0..<images[0]).map { 7 * $0 % 10 }
  for step in 0..<steps {
    let logits = network(random(images, UInt64(step)), .training)
    softmaxCrossEntropy(logits, labels: labels).backward()
    optimizer.step(learningRate: 0.05)
  }
  let statistics = network.statistics.flatMap { [$0.running.mean, $0.running.variance] }
  print("\(steps) steps on \(images)", hash(network.parameters.map(\.parameter.value) + statistics))
  print("inference on \(images)", hash([network(random(images, 99), .inference)]))
}

let device = Device(threads: CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2)
try Device.$current.withValue(device) {
  printOperations()
  train(
    CifarNetwork(try CifarArchitecture(depth: 20, width: 8, inputChannels: 1, shortcut: .A)),
    [64, 8, 8, 1], steps: 10)
  train(
    CifarNetwork(try CifarArchitecture(depth: 20, width: 16, inputChannels: 3, shortcut: .B)),
    [16, 32, 32, 3], steps: 3)
  train(ImageNetNetwork(ImageNetArchitecture(depth: 50)!), [2, 64, 64, 3], steps: 2)
}
