import Foundation
import MiniTensor

extension Module {
  /// All parameters and running statistics as a safetensors file, under PyTorch's names and in its
  /// layout: filters `[out, in, height, width]`, weight matrices `[out, in]`.
  ///
  /// - Parameter metadata: texts about the file; PyTorch's own files have `format: pt`.
  public func weights(metadata: [ExactName: String] = ["format": "pt"]) -> Data {
    var items: [ExactName: Safetensors.Item] = [:]
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
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
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
  /// PyTorch, under just the names of this network (see `SafetensorsFile.stateDict()`). The counts of
  /// batches, `num_batches_tracked`, may be missing.
  ///
  /// - Throws: `SafetensorsError` if a tensor is missing, unexpected or of another shape, with all that
  ///   are; then nothing was changed.
  public func load(weights file: SafetensorsFile) throws(SafetensorsError) {
    let counts = Set(statistics.map { ExactName(batchCount($0.name)) })
    let mismatch = WeightsMismatch(
      expected: Dictionary(uniqueKeysWithValues: fileShapes.map { (ExactName($0), $1) }),
      found: file.entries.mapValues(\.shape), optional: counts)
    if let text = mismatch.text { throw SafetensorsError(text, file: file.path) }
    do {
      for (name, entry) in file.entries { _ = try file.numberType(name.text, entry) }
      // All are read before one is changed: a file may end early.
      let values = try parameters.map { name, parameter throws(SafetensorsError) in
        try file.tensor(name, shape: parameter.shape, order: parameter.fileOrder)
      }
      let measured = try statistics.map { name, _ throws(SafetensorsError) in
        let count = batchCount(name)
        let batches = file.entries[count] == nil ? 0 : try file.tensor(count).scalar.rounded()
        return (
          mean: try file.tensor(name + "_mean"), variance: try file.tensor(name + "_var"),
          batches: Int(exactly: batches) ?? 0
        )
      }
      for ((_, parameter), value) in zip(parameters, values) { parameter.value = value }
      for ((_, running), new) in zip(statistics, measured) {
        (running.mean, running.variance, running.batches) = (new.mean, new.variance, new.batches)
      }
    } catch {
      throw file.path.map(error.about) ?? error
    }
  }

  /// The names of the tensors with NaN or infinite values, with which no image is told from another.
  public var unusableTensors: [String] {
    let measured = statistics.flatMap {
      [($0 + "_mean", $1.mean), ($0 + "_var", $1.variance)]
    }
    return (parameters.map { ($0, $1.value) } + measured).filter { _, tensor in
      !tensor.scalars.allSatisfy(\.isFinite)
    }.map(\.0)
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
  let missing: [ExactName]
  let unexpected: [ExactName]
  let shapes: [String]

  init(
    expected: [ExactName: [Int]], found: [ExactName: [Int]], optional: Set<ExactName>
  ) {
    missing = expected.keys.filter { found[$0] == nil }.sorted()
    unexpected = found.keys.filter { expected[$0] == nil && !optional.contains($0) }.sorted()
    var shapes = expected.compactMap { name, shape in
      found[name].flatMap { $0 == shape ? nil : "\(name) \(shortened("\($0)")), needed \(shape)" }
    }
    shapes += optional.compactMap { name in
      found[name].flatMap {
        $0.isEmpty || $0 == [1] ? nil : "\(name) \(shortened("\($0)")), needed []"
      }
    }
    self.shapes = shapes.sorted()
  }

  /// What differs; nil if nothing does.
  var text: String? {
    let parts = [
      ("missing", missing.map(\.text)), ("unexpected", unexpected.map(\.shown)),
      ("of another shape", shapes),
    ].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return nil }
    return "it belongs to another network; "
      + parts.map { what, names in
        let rest = names.count > 5 ? " … and \(names.count - 5) more" : ""
        return "\(names.count) \(what): \(names.prefix(5).joined(separator: ", "))\(rest)"
      }.joined(separator: "; ")
  }
}
