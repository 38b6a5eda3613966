import MiniTensor

/// One operation on tensors of a size that occurs in the networks, its gradients apart.
struct OperationCase {
  /// Forward, or one gradient.
  struct Part {
    let name: String
    let multiplyAdds: Int
    /// Bytes that have to be read and written, each tensor counted once.
    let bytes: Int
    /// Makes what one run needs, off the clock, and returns the run.
    let prepare: () -> () -> Void
  }

  let name: String
  /// What the sizes are.
  let summary: String
  let parts: () -> [Part]

  static var all: [OperationCase] {
    [
      convolution("conv3x3-8", [64, 8, 8, 8], filters: 8),
      convolution("conv3x3-16", [64, 32, 32, 16], filters: 16),
      convolution("conv3x3-32", [64, 16, 16, 32], filters: 32),
      convolution("conv3x3-64", [64, 8, 8, 64], filters: 64),
      convolution("conv3x3-512", [8, 7, 7, 512], filters: 512),
      convolution("conv3x3-32-stride2", [64, 32, 32, 16], filters: 32, stride: 2),
      convolution("conv1x1-64-256", [8, 56, 56, 64], filters: 256, kernel: 1),
      convolution("conv7x7-stem", [8, 224, 224, 3], filters: 64, kernel: 7, stride: 2),
      normalization, reluAdd, attention, transformerParts, descent,
    ]
  }

  private static func random(_ shape: [Int]) -> Tensor {
    var generator = RandomGenerator(seed: 0, stream: .experiment)
    return Initialization.heNormal(fan: 2).tensor(shape, using: &generator)
  }

  private static func bytes(_ tensors: Tensor...) -> Int {
    4 * tensors.reduce(0) { $0 + $1.count }
  }

  private static func convolution(
    _ name: String, _ input: [Int], filters: Int, kernel: Int = 3, stride: Int = 1
  ) -> OperationCase {
    OperationCase(
      name: name,
      summary: "images \(input), \(filters) filters \(kernel)x\(kernel), stride \(stride)"
    ) {
      let padding = kernel / 2
      let x = random(input)
      let w = random([kernel, kernel, input[3], filters])
      let y = conv2d(x, w, stride: stride, padding: padding)
      let work = y.count * w.count / filters
      let bytes = bytes(x, w, y)
      func part(_ name: String, _ prepare: @escaping () -> () -> Void) -> Part {
        Part(name: name, multiplyAdds: work, bytes: bytes, prepare: prepare)
      }
      return [
        part("forward") { { _ = conv2d(x, w, stride: stride, padding: padding) } },
        part("input gradient") {
          let output = conv2d(Parameter(x).tracked, w, stride: stride, padding: padding)
          return { output.backward(y) }
        },
        part("filter gradient") {
          let output = conv2d(x, Parameter(w).tracked, stride: stride, padding: padding)
          return { output.backward(y) }
        },
      ]
    }
  }

  private static var normalization: OperationCase {
    OperationCase(
      name: "batchnorm", summary: "[64, 32, 32, 16] with shortcut and ReLU, in training"
    ) {
      let x = random([64, 32, 32, 16])
      let (scale, shift) = (Parameter(random([16])), Parameter(random([16])))
      func output() -> Tensor {
        batchNorm(
          Parameter(x).tracked, scale: scale.tracked, shift: shift.tracked,
          adding: Parameter(x).tracked, relu: true
        ).output
      }
      return [
        Part(
          name: "forward", multiplyAdds: 0, bytes: bytes(x, x, x),
          prepare: { { _ = output() } }),
        Part(name: "backward", multiplyAdds: 0, bytes: bytes(x, x, x, x, x)) {
          let output = output()
          return { output.backward(x) }
        },
      ]
    }
  }

  private static var reluAdd: OperationCase {
    OperationCase(name: "relu-add", summary: "relu(x + y) of [64, 32, 32, 16]") {
      let x = random([64, 32, 32, 16])
      return [
        Part(
          name: "forward", multiplyAdds: 0, bytes: bytes(x, x, x, x, x),
          prepare: { { _ = relu(x + x) } }),
        Part(name: "backward", multiplyAdds: 0, bytes: bytes(x, x, x)) {
          let output = relu(Parameter(x).tracked + Parameter(x).tracked)
          return { output.backward(x) }
        },
      ]
    }
  }

  private static var attention: OperationCase {
    OperationCase(name: "attention", summary: "64 images of 16 tokens, 4 heads of 8 numbers") {
      let x = random([64, 4, 16, 8])
      func output(_ x: Tensor) -> Tensor { matmul(softmax(matmul(x, transposed(x, 2, 3))), x) }
      let work = 2 * 64 * 4 * 16 * 16 * 8
      return [
        Part(
          name: "forward", multiplyAdds: work, bytes: bytes(x, x, x, x),
          prepare: { { _ = output(x) } }),
        Part(name: "backward", multiplyAdds: 2 * work, bytes: bytes(x, x, x, x, x, x, x)) {
          let output = output(Parameter(x).tracked)
          return { output.backward(x) }
        },
      ]
    }
  }

  private static var transformerParts: OperationCase {
    OperationCase(
      name: "gelu-layernorm", summary: "gelu of [1024, 128] and layer norm of [1024, 32]"
    ) {
      let (wide, narrow) = (random([1024, 128]), random([1024, 32]))
      let (scale, shift) = (random([32]), random([32]))
      return [
        Part(
          name: "gelu", multiplyAdds: 0, bytes: bytes(wide, wide), prepare: { { _ = gelu(wide) } }),
        Part(
          name: "layer norm", multiplyAdds: 0, bytes: bytes(narrow, narrow),
          prepare: { { _ = layerNorm(narrow, scale: scale, shift: shift) } }),
        Part(name: "layer norm backward", multiplyAdds: 0, bytes: bytes(narrow, narrow, narrow)) {
          let output = layerNorm(Parameter(narrow).tracked, scale: scale, shift: shift)
          return { output.backward(narrow) }
        },
      ]
    }
  }

  private static var descent: OperationCase {
    OperationCase(name: "sgd", summary: "one step of SGD over 1 million weights") {
      var (value, velocity) = (random([1 << 20]), random([1 << 20]))
      let gradient = random([1 << 20])
      return [
        Part(
          name: "step", multiplyAdds: 3 << 20,
          bytes: bytes(value, velocity, gradient, value, velocity)
        ) {
          {
            value.descend(
              velocity: &velocity, gradient: gradient, rate: 0, momentum: 0.9, weightDecay: 0)
          }
        }
      ]
    }
  }
}
