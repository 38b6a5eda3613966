/// One layer of a network and what it costs for one image.
public struct LayerSummary: Hashable, Sendable {
  /// PyTorch's name, such as `layer1.0.conv1`.
  public let name: String
  /// What it is, such as `3x3, 16, stride 2`.
  public let kind: String
  /// The shape of its output, `[height, width, channels]` or `[features]`.
  public let output: [Int]
  /// How many numbers it learns.
  public let parameters: Int
  /// Multiplications that are followed by an addition. The paper calls them FLOPs.
  public let multiplyAdds: Int
  /// Whether it is a batch normalisation.
  let isNormalization: Bool
}

/// A row of the paper's table 1: what a stage of a network is made of and what it costs for one image.
public struct StageSummary: Hashable, Sendable {
  /// `conv1`, `conv2_x` …, `average pool`, `fc`, as in table 1.
  public let name: String
  /// What it is made of, such as `[3x3, 64; 3x3, 64] x 3`.
  public let layers: String
  /// The shape of its output, `[height, width, channels]` or `[features]`.
  public let output: [Int]
  /// How many numbers it learns.
  public let parameters: Int
  /// Multiplications that are followed by an addition.
  public let multiplyAdds: Int
  /// Bytes that the results of its layers take: training keeps them all until the gradients have come
  /// back.
  public let activationBytes: Int
}

extension Architecture {
  /// Every layer with its size and cost, in the order of computation.
  ///
  /// - Parameter imageShape: `[height, width, channels]`.
  /// - Precondition: the images fit (see `check(imageShape:)`).
  public func layers(imageShape: [Int]) -> [LayerSummary] {
    rows(imageShape).flatMap { $0.layers }
  }

  /// The paper's table 1 for this network: a row a stage.
  ///
  /// - Parameter imageShape: `[height, width, channels]`.
  /// - Precondition: the images fit (see `check(imageShape:)`).
  public func stages(imageShape: [Int]) -> [StageSummary] {
    rows(imageShape).map { row in
      StageSummary(
        name: row.name, layers: row.words, output: row.output,
        parameters: row.layers.reduce(0) { $0 + $1.parameters },
        multiplyAdds: row.layers.reduce(0) { $0 + $1.multiplyAdds },
        activationBytes: row.layers.reduce(0) {
          $0 + 4 * $1.output.reduce(1, *)
        })
    }
  }

  /// The layers of one row of table 1.
  private struct Row {
    let name: String
    var layers: [LayerSummary] = []
    var output: [Int] = []
    /// What the last of its blocks is made of, and how many blocks there are.
    var kinds: [Layer] = []
    var blocks = 0

    /// What the paper lists: no normalisation, no projection, a block once.
    var words: String {
      if blocks == 1 && kinds.count == 1 { return kinds[0].words }
      return "[" + kinds.map { $0.wordsWithoutStride }.joined(separator: "; ") + "] x \(blocks)"
    }
  }

  private func rows(_ imageShape: [Int]) -> [Row] {
    var rows: [Row] = []
    var shape = imageShape
    for group in groups {
      if rows.last?.name != group.row { rows.append(Row(name: group.row)) }
      let row = rows.count - 1
      // Only the first block differs from the others, in its stride.
      rows[row].kinds = group.layers.filter { $0.isListed }
      rows[row].blocks += group.times
      for index in 0..<group.times {
        let prefix = group.blocks.map { "\($0.stage).\($0.first + index)." } ?? ""
        let input = shape
        for layer in group.layers {
          // The projection begins where the block does, and the block's result has its shape.
          let output = layer.output(layer.name == "downsample.0" ? input : shape)
          rows[row].layers.append(
            LayerSummary(
              name: prefix + layer.name, kind: layer.words, output: output,
              parameters: Int(layer.parameters),
              multiplyAdds: Int(clamping: layer.multiplyAdds(output: output)),
              isNormalization: layer.isNormalization))
          shape = output
        }
      }
      rows[row].output = shape
    }
    return rows
  }
}

extension Layer {
  fileprivate var isNormalization: Bool {
    if case .batchNorm = kind { true } else { false }
  }

  fileprivate var isListed: Bool {
    if case .layerNorm = kind { return false }
    return !isNormalization && !isOnShortcut
  }

  fileprivate var wordsWithoutStride: String {
    guard case .convolution(let kernel, _, let to, _, _) = kind else { return words }
    return "\(kernel)x\(kernel), \(to)"
  }
}
