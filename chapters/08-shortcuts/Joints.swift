import Charts
import ChapterExperiments
import Datasets
import Foundation
import MiniTensor
import Networks

/// How a block joins what its layer made, $\mathcal F(x)$, with what it got.
enum Joint: CaseIterable {
  case plain
  case residual
  case gatedHalfOpen
  case gatedNearlyShut
  case concatenated

  var name: String {
    switch self {
    case .plain: "plain"
    case .residual: "ResNet"
    case .gatedHalfOpen: "Highway, b = −1"
    case .gatedNearlyShut: "Highway, b = −3"
    case .concatenated: "DenseNet"
    }
  }
  var formula: (output: String, derivative: String) {
    switch self {
    case .plain: ("F", "F'")
    case .residual: ("x + F", "I + F'")
    case .gatedHalfOpen, .gatedNearlyShut: ("(1 − T)x + TF", "1 − T + TF' + (F − x)T'")
    case .concatenated: ("[x, F]", "[I, F']")
    }
  }
  var gateBias: Float? {
    switch self {
    case .gatedHalfOpen: -1
    case .gatedNearlyShut: -3
    default: nil
    }
  }
  var hue: Hue {
    switch self {
    case .plain: .orange
    case .residual: .blue
    case .gatedHalfOpen: .purple
    case .gatedNearlyShut: .sky
    case .concatenated: .green
    }
  }
}

/// Fifty blocks of one 3x3 convolution, a normalisation and a ReLU each, on images of 8x8 pixels.
struct JoinedBlocks {
  let joint: Joint
  let blocks = 50
  /// Channels of the first block's input.
  let width = 16
  /// Channels that a block of a DenseNet adds.
  let growth = 4

  /// The channels that come into a block, counted from 0.
  func channels(_ block: Int) -> Int {
    joint == .concatenated ? width + growth * block : width
  }
  /// The channels that a block's layer makes.
  var made: Int { joint == .concatenated ? growth : width }

  /// The weights of all blocks: filters, the normalisation's scale and shift, the gate's filters and biases.
  var parameters: Int {
    (0..<blocks).reduce(0) { sum, block in
      let filters = 9 * channels(block) * made
      return sum + filters + 2 * made + (joint.gateBias == nil ? 0 : filters + made)
    }
  }

  /// How many numbers per image the backward pass needs of the forward pass: what a convolution got and made,
  /// the factors of a product, and where a ReLU that isn't the next input was positive. The input of a block of a
  /// DenseNet is written anew in every block.
  var kept: Int {
    (0..<blocks).reduce(0) { sum, block in
      let more =
        switch joint {
        case .plain, .concatenated: 0
        case .residual: made
        case .gatedHalfOpen, .gatedNearlyShut: 2 * made
        }
      return sum + 64 * (channels(block) + made + more)
    }
  }

  /// The root of the mean square of the loss's gradient at the input of each block, in a fresh network.
  func gradients(on data: Dataset, seed: Int) -> [Double] {
    var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)), stream: .experiment)
    func filter(_ inChannels: Int, _ outChannels: Int) -> Parameter {
      Parameter(
        Initialization.heNormal(fan: 9 * inChannels).tensor(
          [3, 3, inChannels, outChannels], using: &generator))
    }
    var x = layer(data.images, filter(1, width).value)
    var probes: [Parameter] = []
    for block in 0..<blocks {
      probes.append(Parameter(Tensor(x.shape, repeating: 0)))
      x = x + probes[block].tracked
      let made = layer(x, filter(channels(block), made).value)
      switch joint {
      case .plain: x = made
      case .residual: x = x + made
      case .gatedHalfOpen, .gatedNearlyShut:
        let gate = conv2d(x, filter(width, width).value, padding: 1)
        x = x + sigmoid(gate, bias: joint.gateBias!) * (made - x)
      case .concatenated: x = concatenated(x, made)
      }
    }
    let pooled = globalAveragePool(x)
    let classifier = Initialization.uniform(bound: 1 / Float(pooled.shape[1]).squareRoot())
      .tensor([pooled.shape[1], 10], using: &generator)
    softmaxCrossEntropy(linear(pooled, classifier), labels: data.labels).backward()
    return probes.map { probe in
      Double(mean(probe.gradient! * probe.gradient!).scalar).squareRoot()
    }
  }

  private func layer(_ x: Tensor, _ filter: Tensor) -> Tensor {
    let channels = [filter.shape[3]]
    return batchNorm(
      conv2d(x, filter, padding: 1), scale: Tensor(channels, repeating: 1),
      shift: Tensor(channels, repeating: 0), relu: true
    ).output
  }
}

/// $\sigma(a + b)$ with the library's operations, which have no sigmoid: it is the first of the two numbers that
/// softmax makes of $a + b$ and 0.
func sigmoid(_ a: Tensor, bias: Float) -> Tensor {
  let column = a.reshaped([a.count, 1])
  let pairs = linear(column, Tensor([1, 2], [1, 0]), Tensor([2], [bias, 0]))
  return linear(softmax(pairs), Tensor([2, 1], [1, 0])).reshaped(a.shape)
}

/// The channels of two images behind each other. The library has no such operation, but a 1x1 convolution with
/// ones and zeros puts a channel at any place.
func concatenated(_ a: Tensor, _ b: Tensor) -> Tensor {
  let (first, all) = (a.shape[3], a.shape[3] + b.shape[3])
  func placed(_ x: Tensor, from start: Int) -> Tensor {
    var filter = Tensor([1, 1, x.shape[3], all], repeating: 0)
    for channel in 0..<x.shape[3] { filter[0, 0, channel, start + channel] = 1 }
    return conv2d(x, filter)
  }
  return placed(a, from: 0) + placed(b, from: first)
}

/// What each way to join costs, and how much larger the gradient is at the first block than at the last.
func jointTable(_ gradients: [(joint: Joint, sizes: [Double])]) -> Table {
  Table(
    [
      Column("blocks"), Column("y"), Column("dy/dx"), Column("parameters", .right),
      Column("kept per image", .right), Column("gradient, first : last", .right),
    ],
    rows: gradients.map { joint, sizes in
      let blocks = JoinedBlocks(joint: joint)
      return [
        joint.name, joint.formula.output, joint.formula.derivative, "\(blocks.parameters)",
        "\(blocks.kept)", String(format: "%.2g", sizes.first! / sizes.last!),
      ]
    })
}
