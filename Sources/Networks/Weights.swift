import Foundation
import MiniTensor

extension Module {
  /// All parameters and running statistics as a safetensors file, under PyTorch's names and in its
  /// layout: filters `[out, in, height, width]`, weight matrices `[out, in]`.
  ///
  /// - Parameter metadata: texts about the file; PyTorch's own files have `format: pt`.
  public func weights(metadata: [String: String] = ["format": "pt"]) -> Data {
    var items: [String: Safetensors.Item] = [:]
    for (name, parameter) in parameters {
      let value = parameter.value
      items[name] = .init(type: "F32", shape: parameter.fileShape) {
        value.littleEndianBytes(parameter.fileOrder)
      }
    }
    for (name, running) in statistics {
      for (suffix, tensor) in [("_mean", running.mean), ("_var", running.variance)] {
        items[name + suffix] = .init(type: "F32", shape: tensor.shape) {
          tensor.littleEndianBytes()
        }
      }
      let count = Int64(running.batches)
      items[batchCount(name)] = .init(type: "I64", shape: []) {
        Data((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
      }
    }
    return Safetensors.encode(items, metadata: metadata)
  }

  /// Takes all parameters and running statistics from the bytes of a safetensors file.
  ///
  /// - Throws: `SafetensorsError` if a tensor is missing, unexpected or of another shape; then nothing
  ///   was changed.
  public func load(weights file: Data) throws(SafetensorsError) {
    try load(weights: SafetensorsFile(file))
  }

  /// Takes all parameters and running statistics from a safetensors file, such as a state dict of
  /// PyTorch. The counts of batches, `num_batches_tracked`, may be missing.
  ///
  /// - Throws: `SafetensorsError` if a tensor is missing, unexpected or of another shape, with all that
  ///   are; then nothing was changed.
  public func load(weights file: SafetensorsFile) throws(SafetensorsError) {
    let expected = fileShapes
    let counts = Set(statistics.map { batchCount($0.name) })
    let mismatch = WeightsMismatch(
      expected: expected, found: file.entries.mapValues(\.shape), optional: counts)
    if let text = mismatch.text { throw SafetensorsError(text) }
    for (name, entry) in file.entries { _ = try file.numberType(name, entry) }

    for (name, parameter) in parameters {
      parameter.value = try file.tensor(
        name, shape: parameter.shape, order: parameter.fileOrder)
    }
    for (name, running) in statistics {
      running.mean = try file.tensor(name + "_mean")
      running.variance = try file.tensor(name + "_var")
      if file.entries[batchCount(name)] != nil {
        running.batches = Int(exactly: try file.tensor(batchCount(name)).scalar.rounded()) ?? 0
      } else {
        running.batches = 0
      }
    }
  }

  /// The shape of every tensor in a file of weights, without the counts of batches.
  var fileShapes: [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for (name, parameter) in parameters { shapes[name] = parameter.fileShape }
    for (name, running) in statistics {
      shapes[name + "_mean"] = running.mean.shape
      shapes[name + "_var"] = running.variance.shape
    }
    return shapes
  }
}

/// PyTorch keeps the count beside `running_mean`: `bn1.running` becomes `bn1.num_batches_tracked`.
private func batchCount(_ name: String) -> String {
  name.dropLast("running".count) + "num_batches_tracked"
}

extension Parameter {
  /// The extents in a file of weights.
  var fileShape: [Int] {
    switch shape.count {
    case 4: [shape[3], shape[2], shape[0], shape[1]]
    case 2: [shape[1], shape[0]]
    default: shape
    }
  }
}

/// How the tensors of a file differ from those that a network needs.
struct WeightsMismatch {
  let missing: [String]
  let unexpected: [String]
  let shapes: [String]

  init(expected: [String: [Int]], found: [String: [Int]], optional: Set<String>) {
    missing = expected.keys.filter { found[$0] == nil }.sorted()
    unexpected = found.keys.filter { expected[$0] == nil && !optional.contains($0) }.sorted()
    var shapes = expected.compactMap { name, shape in
      found[name].flatMap { $0 == shape ? nil : "\(name) \($0), needed \(shape)" }
    }
    shapes += optional.compactMap { name in
      found[name].flatMap { $0.isEmpty || $0 == [1] ? nil : "\(name) \($0), needed []" }
    }
    self.shapes = shapes.sorted()
  }

  /// What differs; nil if nothing does.
  var text: String? {
    let parts = [
      ("missing", missing), ("unexpected", unexpected), ("of another shape", shapes),
    ].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return nil }
    return "it belongs to another network; "
      + parts.map { what, names in
        let rest = names.count > 5 ? " … and \(names.count - 5) more" : ""
        return "\(names.count) \(what): \(names.prefix(5).joined(separator: ", "))\(rest)"
      }.joined(separator: "; ")
  }
}
