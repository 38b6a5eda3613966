import MiniTensor

/// A convolution, without bias where a batch normalisation behind it has one.
public final class Conv2d: Module {
  /// `[kernel, kernel, in, out]`.
  public let weight: Parameter
  /// `[out]`, if there is one.
  public let bias: Parameter?
  /// Step in pixels.
  public let stride: Int
  /// Zeros on each side, in pixels.
  public let padding: Int
  private var folded: Folded?
  private var keepsOnlyFolded = false

  /// A square convolution, initialised as in He et al. (*Delving Deep into Rectifiers*, 2015), fan out.
  ///
  /// - Parameters:
  ///   - inChannels: channels of the input.
  ///   - outChannels: number of filters.
  ///   - kernel: height and width of the filters.
  ///   - stride: step in pixels.
  ///   - padding: zeros on each side; `kernel / 2`, which keeps the size at stride 1, if not given.
  ///   - bias: whether a number is added to each output channel, 0 at first.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil,
    bias: Bool = false
  ) {
    weight = Parameter(
      [kernel, kernel, inChannels, outChannels],
      .heNormal(fan: kernel * kernel * outChannels), fileOrder: .outFirst(taps: kernel * kernel))
    self.bias = bias ? Parameter([outChannels], .constant(0)) : nil
    self.stride = stride
    self.padding = padding ?? kernel / 2
  }

  /// Convolves `[batch, height, width, in]` to `[batch, outHeight, outWidth, out]`.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor {
    conv2d(
      input, weight.value(in: mode), bias: bias?.value(in: mode), stride: stride, padding: padding)
  }

  /// The same, then a batch normalisation, then the shortcut if there is one, then ReLU if asked for:
  /// `bn(self(input, mode), mode, adding: shortcut, relu: relu)` in fewer passes over memory.
  public func callAsFunction(
    _ input: Tensor, then bn: BatchNorm, _ mode: Mode, adding shortcut: consuming Tensor? = nil,
    relu: Bool = false
  ) -> Tensor {
    switch mode {
    case .training:
      folded = nil
      let (output, statistics) = normalizedConv2d(
        input, weight.tracked, stride: stride, padding: padding, scale: bn.scale.tracked,
        shift: bn.shift.tracked, epsilon: bn.epsilon, adding: shortcut, relu: relu)
      bn.running.update(with: statistics)
      return output
    case .inference:
      if folded?.isCurrent(weight, bn) != true { folded = Folded(self, bn) }
      let output = folded!.convolution(input, adding: shortcut, relu: relu)
      if keepsOnlyFolded {
        weight.release()
        folded!.convolution.keepOnlyFolded()
      }
      return output
    }
  }

  /// From the next pass of inference on, keeps the filters only as that pass needs them.
  public func keepOnlyFolded() { keepsOnlyFolded = true }

  /// What this convolution and a batch normalisation come to at test time, until one of them changes.
  private struct Folded {
    let convolution: FoldedConv2d
    private let bn: BatchNorm
    private let versions: Versions

    private typealias Versions = (weight: Int, scale: Int, shift: Int, running: Int)

    init(_ conv: Conv2d, _ bn: BatchNorm) {
      convolution = FoldedConv2d(
        conv.weight.value, stride: conv.stride, padding: conv.padding, scale: bn.scale.value,
        shift: bn.shift.value, mean: bn.running.mean, variance: bn.running.variance,
        epsilon: bn.epsilon)
      self.bn = bn
      versions = Self.versions(conv.weight, bn)
    }

    func isCurrent(_ weight: Parameter, _ bn: BatchNorm) -> Bool {
      bn === self.bn && versions == Self.versions(weight, bn)
    }

    private static func versions(_ weight: Parameter, _ bn: BatchNorm) -> Versions {
      (weight.version, bn.scale.version, bn.shift.version, bn.running.version)
    }
  }

  /// The filters, then the bias if there is one.
  public var state: [(name: String, value: ModuleState)] {
    [("weight", .parameter(weight))] + (bias.map { [("bias", .parameter($0))] } ?? [])
  }
}

/// Batch normalisation with a learnt scale and shift.
public final class BatchNorm: Module {
  /// γ, `[channels]`, 1 at first.
  public let scale: Parameter
  /// β, `[channels]`, 0 at first.
  public let shift: Parameter
  /// What is used at test time.
  public let running: RunningStatistics
  /// Keeps the root of the variance away from 0.
  public let epsilon: Float = 1e-5

  /// Normalises each of so many channels.
  public init(_ channels: Int) {
    scale = Parameter([channels], .constant(1))
    shift = Parameter([channels], .constant(0))
    running = RunningStatistics(channels: channels)
  }

  /// Normalises, then adds the shortcut if there is one, then applies ReLU if asked to.
  public func callAsFunction(
    _ input: Tensor, _ mode: Mode, adding shortcut: Tensor? = nil, relu: Bool = false
  ) -> Tensor {
    switch mode {
    case .training:
      let (output, statistics) = batchNorm(
        input, scale: scale.tracked, shift: shift.tracked, epsilon: epsilon, adding: shortcut,
        relu: relu)
      running.update(with: statistics)
      return output
    case .inference:
      return batchNorm(
        input, scale: scale.value, shift: shift.value, mean: running.mean,
        variance: running.variance, epsilon: epsilon, adding: shortcut, relu: relu)
    }
  }

  /// Scale, shift and running statistics.
  public var state: [(name: String, value: ModuleState)] {
    [("weight", .parameter(scale)), ("bias", .parameter(shift)), ("running", .statistics(running))]
  }
}

/// Layer normalisation with a learnt scale and shift: the same in training and at test time.
public final class LayerNorm: Module {
  /// γ, `[channels]`, 1 at first.
  public let scale: Parameter
  /// β, `[channels]`, 0 at first.
  public let shift: Parameter

  /// Normalises rows of so many channels.
  public init(_ channels: Int) {
    scale = Parameter([channels], .constant(1))
    shift = Parameter([channels], .constant(0))
  }

  /// Normalises each row, the last axis, by itself.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor {
    layerNorm(input, scale: scale.value(in: mode), shift: shift.value(in: mode))
  }

  /// Scale and shift.
  public var state: [(name: String, value: ModuleState)] {
    [("weight", .parameter(scale)), ("bias", .parameter(shift))]
  }
}

/// A fully connected layer.
public final class Linear: Module {
  /// `[in, out]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter
  private var packed: (layer: FoldedConv2d, versions: (weight: Int, bias: Int))?
  private var keepsOnlyPacked = false

  /// Both uniform in ±1/√in, as PyTorch initialises them.
  ///
  /// - Parameters:
  ///   - inputs: numbers that come in.
  ///   - outputs: numbers that come out.
  ///   - pixels: how many pixels the image has that was flattened to the input, if it was one.
  ///     PyTorch flattens an image channel by channel, so its files hold the weights in that order.
  ///   - isZero: whether both start from 0 instead.
  public init(_ inputs: Int, _ outputs: Int, pixels: Int = 1, isZero: Bool = false) {
    let start =
      isZero ? Initialization.constant(0) : .uniform(bound: 1 / Float(inputs).squareRoot())
    weight = Parameter([inputs, outputs], start, fileOrder: .outFirst(taps: pixels))
    bias = Parameter([outputs], start)
  }

  /// Maps `[batch, in]` to `[batch, out]`.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor {
    switch mode {
    case .training:
      packed = nil
      return linear(input, weight.tracked, bias.tracked)
    case .inference:
      let (inputs, outputs) = (weight.shape[0], weight.shape[1])
      precondition(
        input.shape.count == 2 && input.shape[1] == inputs,
        "This layer takes [batch, \(inputs)], not \(input.shape).")
      let versions = (weight.version, bias.version)
      if packed.map({ $0.versions != versions }) ?? true {
        let filter = weight.value.reshaped([1, 1, inputs, outputs])
        packed = (FoldedConv2d(filter, bias: bias.value), versions)
      }
      let output = packed!.layer(input.reshaped([input.shape[0], 1, 1, inputs]))
      if keepsOnlyPacked {
        weight.release()
        packed!.layer.keepOnlyFolded()
      }
      return output.reshaped([input.shape[0], outputs])
    }
  }

  /// From the next pass of inference on, keeps the weights only in the order in which that pass reads them.
  public func keepOnlyFolded() { keepsOnlyPacked = true }

  /// Maps each token by itself: `[batch, tokens, in]` to `[batch, tokens, out]`.
  public func callAsFunction(ofTokens tokens: Tensor, _ mode: Mode) -> Tensor {
    let shape = tokens.shape
    return self(tokens.reshaped([shape[0] * shape[1], shape[2]]), mode)
      .reshaped([shape[0], shape[1], bias.count])
  }

  /// Weight and bias.
  public var state: [(name: String, value: ModuleState)] {
    [("weight", .parameter(weight)), ("bias", .parameter(bias))]
  }
}

extension Parameter {
  /// The value, with a history in training and without one in inference.
  func value(in mode: Mode) -> Tensor { mode == .training ? tracked : value }
}
