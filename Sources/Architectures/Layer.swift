/// One layer of a network, as its description says it: enough to count what it learns and what it costs.
struct Layer {
  /// What a layer does.
  enum Kind {
    case convolution(kernel: Int, from: Int, to: Int, stride: Int, bias: Bool)
    case batchNorm(channels: Int)
    case maxPool(size: Int, stride: Int, padding: Int)
    case averagePool(cells: Int)
    case linear(from: Int, to: Int)
    /// A convolution whose windows lie side by side.
    case patches(side: Int, from: Int, to: Int)
    case positions(count: Int, channels: Int)
    case layerNorm(channels: Int)
    /// A linear layer for each token, or pixel, by itself.
    case tokenLinear(from: Int, to: Int)
    /// Scores between all tokens, and mixtures of their values; the layers around it are others.
    case attention(heads: Int)
  }

  /// PyTorch's name within its block, such as `conv1`.
  let name: String
  let kind: Kind

  /// Whether it stands beside the others, on the shortcut.
  var isOnShortcut: Bool { name.hasPrefix("downsample") }

  static func conv(
    _ name: String, _ kernel: Int, _ from: Int, _ to: Int, stride: Int = 1, bias: Bool = false
  ) -> Layer {
    Layer(
      name: name, kind: .convolution(kernel: kernel, from: from, to: to, stride: stride, bias: bias)
    )
  }

  static func norm(_ name: String, _ channels: Int) -> Layer {
    Layer(name: name, kind: .batchNorm(channels: channels))
  }

  /// How many numbers it learns.
  var parameters: Int64 {
    switch kind {
    case .convolution(let kernel, let from, let to, _, let bias):
      Int64(kernel * kernel) * Int64(from) * Int64(to) + (bias ? Int64(to) : 0)
    case .batchNorm(let channels), .layerNorm(let channels): 2 * Int64(channels)
    case .linear(let from, let to), .tokenLinear(let from, let to): (Int64(from) + 1) * Int64(to)
    case .patches(let side, let from, let to):
      (Int64(side * side) * Int64(from) + 1) * Int64(to)
    case .positions(let count, let channels): Int64(count) * Int64(channels)
    case .maxPool, .averagePool, .attention: 0
    }
  }

  /// What it is, as table 1 writes it: `3x3, 16, stride 2`.
  var words: String {
    switch kind {
    case .convolution(let kernel, _, let to, let stride, _):
      "\(kernel)x\(kernel), \(to)" + (stride > 1 ? ", stride \(stride)" : "")
    case .batchNorm: "batch norm"
    case .maxPool(let size, let stride, _): "\(size)x\(size) max pool, stride \(stride)"
    case .averagePool: "average pool"
    case .linear(_, let to): "fully connected, \(to)"
    case .patches(let side, _, let to): "\(side)x\(side) patches, \(to)"
    case .positions(let count, _): "\(count) positions"
    case .layerNorm: "layer norm"
    case .tokenLinear(_, let to): "linear, \(to)"
    case .attention(let heads): "attention, \(heads) heads"
    }
  }

  /// What comes out of it.
  ///
  /// - Parameter input: the shape of one image, `[height, width, channels]`, or `[features]`.
  func output(_ input: [Int]) -> [Int] {
    func windows(_ extent: Int, _ size: Int, _ stride: Int, _ padding: Int) -> Int {
      (extent + 2 * padding - size) / stride + 1
    }
    switch kind {
    case .convolution(let kernel, _, let to, let stride, _):
      return input.prefix(2).map { windows($0, kernel, stride, kernel / 2) } + [to]
    case .batchNorm, .layerNorm, .positions, .attention: return input
    case .patches(let side, _, let to): return input.prefix(2).map { $0 / side } + [to]
    case .tokenLinear(_, let to): return input.dropLast() + [to]
    case .maxPool(let size, let stride, let padding):
      return input.prefix(2).map { windows($0, size, stride, padding) } + [input[2]]
    case .averagePool(let cells): return [cells * cells * input[2]]
    case .linear(_, let to): return [to]
    }
  }

  /// Multiplications that are followed by an addition, for one image.
  ///
  /// The paper doesn't count the few operations of normalisation and pooling.
  func multiplyAdds(output: [Int]) -> Int64 {
    switch kind {
    case .convolution(let kernel, let from, let to, _, _):
      Int64(output[0]) * Int64(output[1]) * Int64(kernel * kernel) * Int64(from) * Int64(to)
    case .linear(let from, let to): Int64(from) * Int64(to)
    case .patches(let side, let from, let to):
      Int64(output[0] * output[1]) * Int64(side * side) * Int64(from) * Int64(to)
    case .tokenLinear(let from, let to):
      Int64(output.dropLast().reduce(1, *)) * Int64(from) * Int64(to)
    case .attention:
      // A score for each pair of tokens, and as much again for the mixtures.
      2 * Int64(output.dropLast().reduce(1, *)) * Int64(output.reduce(1, *))
    case .batchNorm, .maxPool, .averagePool, .layerNorm, .positions: 0
    }
  }
}

/// Equal blocks of layers, one behind the other.
struct LayerGroup {
  /// The row of table 1 that it belongs to: `conv1`, `conv2_x` …
  let row: String
  /// The stage's name in PyTorch and the index of the first block, if it is made of blocks.
  var blocks: (stage: String, first: Int)?
  let layers: [Layer]
  var times = 1

  var parameters: Int64 { layers.reduce(0) { $0 + $1.parameters } * Int64(times) }
}

extension [LayerGroup] {
  /// How many numbers all layers learn.
  var parameters: Int64 { reduce(0) { $0 + $1.parameters } }

  /// Checks that they aren't too many.
  func check(_ name: String) throws(ArchitectureError) {
    guard parameters <= Limit.parameters else { throw .parameters(parameters, of: name) }
  }

  /// The blocks of one stage: the first one changes the dimensions, the others keep them.
  static func stage(
    _ index: Int, count: Int, first: [Layer], other: [Layer]
  ) -> [LayerGroup] {
    let (row, stage) = ("conv\(index + 2)_x", "layer\(index + 1)")
    return [LayerGroup(row: row, blocks: (stage, 0), layers: first)]
      + (count > 1
        ? [LayerGroup(row: row, blocks: (stage, 1), layers: other, times: count - 1)] : [])
  }
}

extension Shortcut {
  /// The layers on the shortcut of a block between these dimensions.
  func layers(_ from: Int, _ to: Int, stride: Int) -> [Layer] {
    projects(from, to, stride: stride)
      ? [.conv("downsample.0", 1, from, to, stride: stride), .norm("downsample.1", to)] : []
  }
}
