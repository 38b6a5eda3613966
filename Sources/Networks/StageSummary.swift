/// A row of the paper's table 1: what a stage of a network is made of and what it costs.
public struct StageSummary: Hashable, Sendable {
  /// `conv1`, `conv2_x` …, `average pool`, `fc`, as in table 1.
  public let name: String
  /// What it is made of, such as `[3x3, 64; 3x3, 64] x 3`.
  public let layers: String
  /// The shape of its output for the batch that was described.
  public let output: [Int]
  /// How many numbers it learns.
  public let parameters: Int
  /// Multiplications that are followed by an addition, for the whole batch.
  public let multiplyAdds: Int
  /// Bytes that the results of its layers take, for the whole batch: training keeps them all until the
  /// gradients have come back.
  public let activationBytes: Int

  init(_ name: String, _ layers: [LayerSummary]) {
    self.name = name
    self.layers = Self.text(layers)
    output = layers.last { !$0.name.contains("downsample") }?.output ?? []
    parameters = layers.reduce(0) { $0 + $1.parameters }
    multiplyAdds = layers.reduce(0) { $0 + $1.multiplyAdds }
    activationBytes = layers.reduce(0) { $0 + 4 * $1.output.reduce(1, *) }
  }

  /// The layers that the paper lists: no normalisation, no projection, a block once.
  private static func text(_ layers: [LayerSummary]) -> String {
    let listed = layers.filter { $0.kind != "batch norm" && !$0.name.contains("downsample") }
    let blocks = Dictionary(grouping: listed.indices) { index in
      listed[index].name.hasPrefix("layer")
        ? String(listed[index].name.prefix { $0 != "c" }) : String(index)
    }.values.sorted { $0[0] < $1[0] }
    // The last block stands for all: only the first may differ, in its stride.
    guard let last = blocks.last else { return "" }
    let kinds = last.map { listed[$0].kind }
    if blocks.count == 1 && kinds.count == 1 { return kinds[0] }
    let plain = kinds.map { $0.replacing(/, stride \d+/, with: "") }
    return "[\(plain.joined(separator: "; "))] x \(blocks.count)"
  }
}

extension Architecture {
  /// The paper's table 1 for this network, without values: a row a stage.
  ///
  /// - Parameter imageShape: `[height, width, channels]`.
  /// - Precondition: the images fit (see `check(imageShape:)`).
  public func stages(imageShape: [Int]) -> [StageSummary] {
    var rows: [(name: String, layers: [LayerSummary])] = []
    var pools = 0
    for layer in network().summary(input: [1] + imageShape) {
      let name =
        switch layer.name.prefix(while: { $0 != "." }) {
        case let stage where stage.hasPrefix("layer"): "conv\(Int(stage.dropFirst(5))! + 1)_x"
        case "conv1", "bn1": "conv1"
        case "avgpool": "average pool"
        case "features" where !layer.kind.contains("pool"): "conv\(pools + 1)_x"
        case "classifier": "fc\(6 + Int(layer.name.dropFirst(11))! / 3)"
        case "fc", "linear": "fc"
        default: "max pool"
        }
      if name == "max pool" { pools += 1 }
      if rows.last?.name == name {
        rows[rows.count - 1].layers.append(layer)
      } else {
        rows.append((name, [layer]))
      }
    }
    return rows.map { StageSummary($0.name, $0.layers) }
  }
}
