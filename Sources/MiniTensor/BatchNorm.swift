/// The mean and the variance of each channel over a batch.
public struct BatchStatistics {
  /// `[channels]`.
  public let mean: Tensor
  /// What `mean` is missing of the mean in double precision, `[channels]`.
  let meanRest: Tensor
  /// The biased variance (divided by `count`), `[channels]`.
  public let variance: Tensor
  /// How many values each channel had: batch · height · width, at least 2; over all shards, if there are several.
  public let count: Int
}

/// What batch normalisation remembers of the batches it saw, for use at test time.
public final class RunningStatistics {
  /// `[channels]`, 0 at first.
  public var mean: Tensor { didSet { version += 1 } }
  /// Unbiased, `[channels]`, 1 at first.
  public var variance: Tensor { didSet { version += 1 } }
  /// Grows whenever they may have changed: for who keeps something that was computed from them.
  public private(set) var version = 0
  /// The weight of the newest batch.
  public let momentum: Float
  /// How many batches it saw: PyTorch's `num_batches_tracked`.
  public var batches = 0

  /// Statistics of no batch yet.
  public init(channels: Int, momentum: Float = 0.1) {
    mean = Tensor([channels], repeating: 0)
    variance = Tensor([channels], repeating: 1)
    self.momentum = momentum
  }

  /// Moves towards the statistics of one more batch: `running ← (1 − momentum) · running + momentum · batch`,
  /// with the unbiased variance, as PyTorch does.
  public func update(with batch: BatchStatistics) {
    let unbiased = Float(batch.count) / Float(batch.count - 1)
    let momentum = momentum
    mean.update(with: batch.mean) { (1 - momentum) * $0 + momentum * $1 }
    variance.update(with: batch.variance) {
      (1 - momentum) * $0 + (momentum * unbiased) * $1
    }
    batches += 1
  }
}

/// Batch normalisation as in training, with the statistics of the batch itself:
/// `scale · (x − mean) / √(variance + epsilon) + shift`, channel by channel.
///
/// What usually follows can be done in the same pass over memory: `adding:` a shortcut, then `relu:`.
///
///     batchNorm(x, scale: g, shift: b, adding: s, relu: true)   // relu(batchNorm(x) + s), in one pass
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`, or `[batch, channels]`.
///   - scale: γ, `[channels]`.
///   - shift: β, `[channels]`.
///   - epsilon: keeps the root away from 0.
///   - shortcut: added to the result, of `input`'s shape.
///   - relu: whether negative results become 0.
/// - Returns: the result, of `input`'s shape, and the statistics it was normalised with.
/// - Precondition: the channel counts agree, and every channel has at least two values: one has no
///   deviation.
/// - SeeAlso: Ioffe and Szegedy 2015, algorithm 1; He et al. 2015, section 3.4.
public func batchNorm(
  _ input: Tensor, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5,
  adding shortcut: Tensor? = nil, relu: Bool = false
) -> (output: Tensor, statistics: BatchStatistics) {
  let statistics = profiled("batch norm statistics", floats: input.count) {
    batchStatistics(input)
  }
  let output = normalized(
    input, scale, shift, statistics, epsilon, shortcut, relu)
  return (output, statistics)
}

/// Batch normalisation as at test time, with given statistics.
///
/// - Parameters:
///   - input: `[batch, height, width, channels]`, or `[batch, channels]`.
///   - scale: γ, `[channels]`.
///   - shift: β, `[channels]`.
///   - mean: `[channels]`.
///   - variance: `[channels]`.
///   - epsilon: keeps the root away from 0.
///   - shortcut: added to the result, of `input`'s shape.
///   - relu: whether negative results become 0.
/// - Returns: the result, of `input`'s shape. Gradients treat the statistics as constants.
/// - Precondition: the channel counts agree.
public func batchNorm(
  _ input: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor,
  epsilon: Float = 1e-5, adding shortcut: Tensor? = nil, relu: Bool = false
) -> Tensor {
  normalized(input, scale, shift, mean, nil, variance, nil, epsilon, shortcut, relu)
}

/// Normalises with the statistics of the input itself.
func normalized(
  _ input: Tensor, _ scale: Tensor, _ shift: Tensor, _ statistics: BatchStatistics,
  _ epsilon: Float, _ shortcut: Tensor?, _ relu: Bool
) -> Tensor {
  normalized(
    input, scale, shift, statistics.mean, statistics.meanRest, statistics.variance,
    statistics.count, epsilon, shortcut, relu)
}

/// Normalises with given statistics, and records the backward pass.
///
/// - Parameters:
///   - meanRest: of `BatchStatistics`, if the statistics depend on the input.
///   - rows: how many values of each channel they are of, if they do.
private func normalized(
  _ input: Tensor, _ scale: Tensor, _ shift: Tensor, _ mean: Tensor, _ meanRest: Tensor?,
  _ variance: Tensor, _ rows: Int?, _ epsilon: Float, _ shortcut: Tensor?, _ relu: Bool
) -> Tensor {
  let channels = input.shape.last ?? 0
  func check(_ name: String, _ tensor: Tensor) {
    precondition(
      tensor.shape.count == 1 && tensor.count == channels,
      "\(name) has the shape \(tensor.shape), the input \(input.shape).")
  }
  check("scale", scale)
  check("shift", shift)
  check("mean", mean)
  check("variance", variance)
  if let shortcut {
    precondition(
      shortcut.shape == input.shape, "A shortcut of \(shortcut.shape) for \(input.shape).")
  }
  let kernel = Normalization(
    mean: mean, meanRest: meanRest, variance: variance, scale: scale, shift: shift,
    epsilon: epsilon)
  let x = input.detached
  let tensors = shortcut == nil ? 2 : 3
  let output = profiled("batch norm forward", floats: tensors * x.count) {
    kernel.forward(x, adding: shortcut, relu: relu)
  }
  let inputs = [input, scale, shift] + (shortcut.map { [$0] } ?? [])
  let pass = NormalizationGradient(
    normalization: kernel, input: x, relu: relu, output: relu && shortcut != nil ? output : nil,
    needsShortcut: shortcut?.isTracked ?? false, measuredRows: rows)
  let result = output.recorded(from: inputs, sums: GradientSums(pass)) { gradient, node in
    let measured = node.sums?.sums
    let floats = (measured == nil ? pass.floatsOfSums + x.count : 0) + 3 * x.count
    let gradients = profiled("batch norm backward", floats: floats) {
      pass.run(&gradient, measured: measured)
    }
    return [gradients.input, gradients.scale, gradients.shift, gradients.shortcut]
  }
  // A convolution behind it reads the output once more on the way back. A large one would fill memory until then; a small
  // one takes little, and making it again would take time.
  if shortcut == nil, x.count >= largeOutput {
    result.node?.remake = {
      profiled("batch norm forward", floats: tensors * x.count) {
        kernel.forward(x, adding: nil, relu: relu)
      }
    }
  }
  return result
}

/// Floats of an output that isn't kept for the backward pass: 1 MiB.
private let largeOutput = 262_144
