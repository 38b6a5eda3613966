import Foundation
import MiniTensor

extension Module {
  /// All parameters and running statistics as a safetensors file, under PyTorch's names and in its
  /// layout: filters `[out, in, height, width]`, weight matrices `[out, in]`.
  public func weights() -> Data {
    var tensors: [String: Tensor] = [:]
    for (name, value) in fullState {
      switch value {
      case .parameter(let parameter): tensors[name] = parameter.value.inPyTorchLayout
      case .statistics(let running):
        tensors[name + "_mean"] = running.mean
        tensors[name + "_var"] = running.variance
      }
    }
    return Safetensors.encode(tensors)
  }

  /// Takes all parameters and running statistics from a safetensors file.
  ///
  /// - Throws: `SafetensorsError` if a tensor is missing, unexpected or of another shape; then nothing
  ///   was changed.
  public func load(weights file: Data) throws(SafetensorsError) {
    var tensors = try Safetensors.decode(file)
    var assignments: [() -> Void] = []
    func take(_ name: String, _ shape: [Int]) throws(SafetensorsError) -> Tensor {
      guard let tensor = tensors.removeValue(forKey: name) else {
        throw SafetensorsError("`\(name)` is missing")
      }
      let own = tensor.inOwnLayout
      guard own.shape == shape else {
        throw SafetensorsError(
          "`\(name)` has the shape \(own.shape), and the network needs \(shape)")
      }
      return own
    }
    for (name, value) in fullState {
      switch value {
      case .parameter(let parameter):
        let tensor = try take(name, parameter.shape)
        assignments.append { parameter.value = tensor }
      case .statistics(let running):
        let mean = try take(name + "_mean", running.mean.shape)
        let variance = try take(name + "_var", running.variance.shape)
        assignments.append {
          running.mean = mean
          running.variance = variance
        }
      }
    }
    if let unexpected = tensors.keys.min() {
      throw SafetensorsError("the network has no `\(unexpected)`")
    }
    for assign in assignments { assign() }
  }
}

extension Tensor {
  /// Filters `[height, width, in, out]` become `[out, in, height, width]`, matrices are transposed.
  var inPyTorchLayout: Tensor {
    switch shape.count {
    case 4: permuted([3, 2, 0, 1])
    case 2: permuted([1, 0])
    default: self
    }
  }

  /// The inverse of `inPyTorchLayout`.
  var inOwnLayout: Tensor {
    switch shape.count {
    case 4: permuted([2, 3, 1, 0])
    case 2: permuted([1, 0])
    default: self
    }
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this tensor.
  private func permuted(_ order: [Int]) -> Tensor {
    let scalars = scalars
    let strides = shape.indices.map { axis in shape[(axis + 1)...].reduce(1, *) }
    let extents = order.map { shape[$0] }
    var offsets = [0]
    for (axis, extent) in zip(order, extents) {
      offsets = offsets.flatMap { base in (0..<extent).map { base + $0 * strides[axis] } }
    }
    return Tensor(extents, offsets.map { scalars[$0] })
  }
}
