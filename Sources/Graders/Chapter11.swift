import ExerciseKit
import Exercises
import MiniTensor
import Networks

extension Array where Element == Exercise {
  /// The exercises of chapter 11.
  public static var chapter11: [Exercise] {
    [weightedLayers, bottleneckOutput, projectionWeights, multiplyAdds, headParameters]
  }
}

private let weightedLayers = Exercise.function(
  1, "weightedLayers", title: "How deep a network with these blocks is", .easy, minutes: 5,
  hints: [
    "A basic block has two weighted layers, a bottleneck three.",
    "Beside the blocks there are the first convolution and the fully connected layer.",
    "The sum of `blocks`, times 3 or 2, plus 2.",
  ],
  labels: ["blocks", "isBottleneck"],
  cases: { generator in
    [([1], false), ([1], true), ([3, 4, 6, 3], false), ([3, 8, 36, 3], true)]
      + (0..<3).map { _ in
        let stages = Int.random(in: 1...5, using: &generator)
        return (
          (0..<stages).map { _ in Int.random(in: 1...40, using: &generator) },
          Bool.random(using: &generator)
        )
      }
  },
  expected: { (blocks: [Int], isBottleneck: Bool) -> Int in
    try ImageNetArchitecture(isBottleneck ? .bottleneck : .basic, blocks, width: 1).depth
  },
  misconceptions: { blocks, isBottleneck in
    let (count, layers) = (blocks.reduce(0, +), isBottleneck ? 3 : 2)
    return [
      Misconception(
        "The first convolution and the fully connected layer are missing, or one of them.",
        layers * count),
      Misconception(
        "One layer is missing: before the blocks there is a convolution, behind them a fully connected layer.",
        layers * count + 1),
      Misconception(
        "The projections were counted, one in each stage. The paper leaves them out.",
        layers * count + 2 + blocks.count),
      Misconception(
        "A layer was added to every block for its shortcut. Most shortcuts have no weights, and projections aren't counted.",
        (layers + 1) * count + 2),
      Misconception(
        "Every block was counted as two layers. A bottleneck has three.", 2 * count + 2),
      Misconception(
        "The projections were counted, one in each stage but the first. They don't count.",
        layers * count + 2 + blocks.count - 1),
      Misconception(
        "The two kinds have changed places: a bottleneck has three convolutions, a basic block two.",
        (5 - layers) * count + 2),
      Misconception(
        "The first convolution and the fully connected layer were counted in every stage. A network has one of each.",
        layers * count + 2 * blocks.count),
      Misconception(
        "One block was counted in each stage. Stage i has blocks[i] of them.",
        layers * blocks.count + 2),
      Misconception(
        "The normalisations were counted too. They don't count.", 2 * layers * count + 3),
    ]
  })

private let bottleneckOutput = Exercise.function(
  2, "bottleneckOutput", title: "The forward pass of a bottleneck block", .medium, minutes: 20,
  hints: [
    "Figure 5 of the paper, right: 1x1, 3x3, 1x1, with a normalisation behind each convolution.",
    "ReLU comes behind the first two normalisations, and behind the addition of the shortcut; not between the third normalisation and the addition.",
    "`let reduced = relu(block.bn1(block.conv1(x, .inference), .inference))`, the same with `conv2`, then `conv3` and `bn3` without ReLU; add `block.connection(x, .inference)!` and end with `relu`.",
  ],
  adapter: """
    Answer { (x: Tensor, middle: Int, stride: Int, seed: Int) in \
    try bottleneckOutput( \
    madeUpBottleneck(inChannels: x.shape[3], middle: middle, stride: stride, seed: seed), x \
    ).detached \
    }
    """,
  labels: ["x", "middleChannels", "stride", "seed"],
  cases: { generator in
    [
      // Two pixels at least in each channel, so that training mode has something to normalise.
      ([2, 1, 1, 4], 1, 1, 1), ([1, 2, 2, 4], 1, 1, 2), ([2, 2, 2, 4], 2, 2, 3),
      ([2, 4, 4, 8], 2, 1, 4),
      ([2, 5, 4, 3], 2, 2, 5),
    ].map { shape, middle, stride, seed in
      (
        relu(Initialization.uniform(bound: 2).tensor(shape, using: &generator)), middle, stride,
        seed
      )
    }
  },
  expected: { (x: Tensor, middle: Int, stride: Int, seed: Int) -> Tensor in
    madeUpBottleneck(inChannels: x.shape[3], middle: middle, stride: stride, seed: seed)(
      x, .inference)
  },
  misconceptions: { x, middle, stride, seed in
    let block = madeUpBottleneck(
      inChannels: x.shape[3], middle: middle, stride: stride, seed: seed)
    func output(
      first: Bool = true, second: Bool = true, third: Bool = false, last: Bool = true,
      shortcut: Tensor? = block.connection(x, .inference)
    ) -> Tensor {
      func layer(_ conv: Conv2d, _ bn: BatchNorm, _ input: Tensor, _ hasReLU: Bool) -> Tensor {
        bn(conv(input, .inference), .inference, relu: hasReLU)
      }
      let reduced = layer(block.conv1, block.bn1, x, first)
      let filtered = layer(block.conv2, block.bn2, reduced, second)
      let residual = layer(block.conv3, block.bn3, filtered, third)
      let sum = shortcut.map { residual + $0 } ?? residual
      return last ? relu(sum) : sum
    }
    /// The same without ReLU in its place or without some of the normalisations.
    func output(_ inner: (Tensor, BatchNorm) -> Tensor, third: Bool = true) -> Tensor {
      let reduced = inner(block.conv1(x, .inference), block.bn1)
      let filtered = inner(block.conv2(reduced, .inference), block.bn2)
      let restored = block.conv3(filtered, .inference)
      let residual = third ? block.bn3(restored, .inference) : restored
      return relu(residual + block.connection(x, .inference)!)
    }
    return [
      Misconception("The shortcut is missing: that is relu(F(x)).", output(shortcut: nil)),
      Misconception(
        "ReLU stands before the addition. It comes behind it: F(x) may make x smaller.",
        output(third: true, last: false)),
      Misconception(
        "There is a ReLU before the addition and one behind it. F(x) has to keep its sign until x is added.",
        output(third: true)),
      Misconception("The ReLU behind the addition is missing.", output(last: false)),
      Misconception(
        "There is no ReLU behind the 3x3 convolution's normalisation.", output(second: false)),
      Misconception(
        "There is no ReLU behind the first 1x1 convolution's normalisation.", output(first: false)),
      Misconception(
        "There is no ReLU inside of the block.", output(first: false, second: false)),
      Misconception(
        "ReLU stands before the normalisations. It comes behind them: convolution, normalisation, ReLU.",
        output { $1(relu($0), .inference) }),
      Misconception(
        "The normalisations are missing: there is one behind each convolution.",
        output({ features, _ in relu(features) }, third: false)),
      Misconception(
        "The third normalisation, `bn3`, is missing.",
        output({ $1($0, .inference, relu: true) }, third: false)),
      Misconception(
        "The first two normalisations, `bn1` and `bn2`, are missing.",
        output { features, _ in relu(features) }),
      Misconception(
        "That is what the block computes in training mode, with the statistics of these images. Asked for is the inference mode.",
        block(x, .training).detached),
    ]
  })

private let projectionWeights = Exercise.function(
  3, "projectionWeights", title: "What a bottleneck's projection costs", .easy, minutes: 5,
  hints: [
    "The shortcut has to have as many channels as what it is added to.",
    "A bottleneck gives out four times as many channels as its 3x3 convolution has.",
    "A 1x1 convolution has one weight for each pair of an input and an output channel.",
  ],
  labels: ["inChannels", "middle"],
  cases: { generator in
    [(1, 1), (64, 64), (256, 128), (1024, 512)]
      + (0..<3).map { _ in
        (Int.random(in: 1...300, using: &generator), Int.random(in: 1...300, using: &generator))
      }
  },
  expected: { (inChannels: Int, middle: Int) -> Int in
    let block = BottleneckBlock(inChannels, middle: middle, stride: 2, shortcut: .B)
    guard case .projection(let conv, _) = block.connection else { return 0 }
    return conv.weight.count
  },
  misconceptions: { inChannels, middle in
    return [
      Misconception(
        "The projection goes to \(4 * middle) channels: those that the block gives out, not those in its middle.",
        inChannels * middle),
      Misconception(
        "A projection has filters of 1x1, not of 3x3.", 9 * inChannels * 4 * middle),
      Misconception(
        "The scale and the shift of the normalisation were counted too. Asked for are the weights of the filters.",
        inChannels * 4 * middle + 8 * middle),
      Misconception(
        "That is how many channels there are at both ends. There is a weight for each pair of them.",
        inChannels + 4 * middle),
      Misconception(
        "A bias was counted. A convolution with a normalisation behind it has none.",
        inChannels * 4 * middle + 4 * middle),
      Misconception(
        "That goes from \(4 * middle) channels to as many. Into the projection come \(inChannels).",
        4 * middle * 4 * middle),
      Misconception(
        "Only the channels that are new were projected. The projection makes all \(4 * middle) of them.",
        inChannels * (4 * middle - inChannels)),
    ]
  })

private let multiplyAdds = Exercise.function(
  4, "multiplyAdds", title: "What a bottleneck costs to compute", .medium, minutes: 15,
  hints: [
    "A convolution costs (pixels of its output) · (kernel area) · (channels in) · (channels out).",
    "The first 1x1 still works on the large image. The 3x3 halves it, so its output, the last 1x1 and the projection have the small one: ⌈height / stride⌉ rows.",
    "large = height · width, small = ⌈height / stride⌉ · ⌈width / stride⌉. The sum is large · in · middle + small · (9 · middle² + 4 · middle²) and, with a projection, small · in · 4 · middle.",
  ],
  labels: ["height", "width", "inChannels", "middle", "stride"],
  cases: { generator in
    let drawn = (0..<4).map { _ in
      let middle = Int.random(in: 1...64, using: &generator)
      return (
        Int.random(in: 1...60, using: &generator), Int.random(in: 1...60, using: &generator),
        Bool.random(using: &generator) ? 4 * middle : Int.random(in: 1...99, using: &generator),
        middle, Int.random(in: 1...2, using: &generator)
      )
    }
    return [
      (1, 1, 4, 1, 1), (2, 2, 4, 1, 1), (1, 1, 2, 1, 1), (2, 2, 4, 1, 2), (3, 5, 8, 2, 2),
      (56, 56, 256, 64, 1), (56, 56, 256, 128, 2),
    ] + drawn
  },
  expected: { (height: Int, width: Int, inChannels: Int, middle: Int, stride: Int) -> Int in
    Cost(height, width, inChannels, middle, stride).whole
  },
  misconceptions: { height, width, inChannels, middle, stride in
    let cost = Cost(height, width, inChannels, middle, stride)
    let quarter = (height * width + stride * stride - 1) / (stride * stride)
    return [
      Misconception(
        "The projection is missing: with stride \(stride) from \(inChannels) to \(4 * middle) channels the shortcut has one.",
        cost.whole - cost.projection),
      Misconception(
        "A projection was counted where the shortcut is the identity.",
        cost.convolutions + cost.small * inChannels * 4 * middle),
      Misconception(
        "The first 1x1 was counted on the small image. The 3x3 behind it halves the image, as in torchvision.",
        cost.whole + (cost.small - cost.large) * inChannels * middle),
      Misconception(
        "The 3x3 was counted on the large image. What counts is how many pixels come out of it.",
        cost.whole + (cost.large - cost.small) * 9 * middle * middle),
      Misconception(
        "Everything was counted on the large image. From the 3x3 on there are \(cost.small) pixels.",
        cost.large * (inChannels * middle + 13 * middle * middle)
          + (cost.projection == 0 ? 0 : cost.large * inChannels * 4 * middle)),
      Misconception(
        "Those are the weights: every weight works at every pixel of the output.",
        inChannels * middle + 13 * middle * middle
          + (cost.projection == 0 ? 0 : inChannels * 4 * middle)),
      Misconception(
        "Half of an odd image was rounded down. A 3x3 convolution with padding 1 and stride 2 makes ⌈height / 2⌉ rows.",
        Cost(height, width, inChannels, middle, stride, roundsUp: false).whole),
      Misconception(
        "The 3x3 has 9 weights for each pair of channels.",
        cost.whole - cost.small * 8 * middle * middle),
      Misconception(
        "The projection was counted on the large image. It has the block's stride, and \(cost.small) pixels come out of it.",
        cost.convolutions + (cost.projection == 0 ? 0 : cost.large * inChannels * 4 * middle)),
      Misconception(
        "A 3x3 filter has 9 taps for each pair of channels, not 3.",
        cost.whole - cost.small * 6 * middle * middle),
      Misconception(
        "The last 1x1 makes 4 · middle channels, four times as many as come in.",
        cost.whole - cost.small * 3 * middle * middle),
      Misconception(
        "The last 1x1 was counted with as many channels as come into the block. It makes 4 · middle.",
        cost.whole + cost.small * middle * (inChannels - 4 * middle)),
      Misconception(
        "Taps beyond the border were left out. They count here, as the padding is computed with.",
        cost.whole
          - (cost.small * 9 - inside(height, stride) * inside(width, stride)) * middle * middle),
      Misconception(
        "The number of pixels was divided and rounded. Rows and columns are halved, and rounded up, each by itself.",
        Cost(height, width, inChannels, middle, stride, small: quarter).whole),
    ]
  })

/// How many taps of a 3-wide filter lie inside of the image, over all its places along one axis.
private func inside(_ extent: Int, _ stride: Int) -> Int {
  (0..<(extent + stride - 1) / stride).reduce(0) { sum, place in
    sum + (-1...1).count { 0..<extent ~= place * stride + $0 }
  }
}

/// The multiply-adds of a bottleneck.
private struct Cost {
  let large: Int
  let small: Int
  let convolutions: Int
  let projection: Int
  var whole: Int { convolutions + projection }

  init(
    _ height: Int, _ width: Int, _ inChannels: Int, _ middle: Int, _ stride: Int,
    roundsUp: Bool = true, small pixels: Int? = nil
  ) {
    func halved(_ extent: Int) -> Int { (extent + (roundsUp ? stride - 1 : 0)) / stride }
    (large, small) = (height * width, pixels ?? halved(height) * halved(width))
    convolutions = large * inChannels * middle + small * 13 * middle * middle
    let isIdentity = stride == 1 && inChannels == 4 * middle
    projection = isIdentity ? 0 : small * inChannels * 4 * middle
  }
}

private let headParameters = Exercise.function(
  5, "headParameters", title: "What global average pooling saves", .easy, minutes: 10,
  hints: [
    "A fully connected layer from n to m numbers has n · m weights and m biases.",
    "Without pooling the first layer sees height · width · channels numbers, with it channels.",
    "Go through the layers and keep how many numbers come in: add (inputs + 1) · outputs, then inputs = outputs.",
  ],
  labels: ["map", "layers", "pools"],
  cases: { generator in
    let drawn = (0..<3).map { _ in
      (
        (0..<3).map { _ in Int.random(in: 1...20, using: &generator) },
        (0..<Int.random(in: 1...3, using: &generator)).map { _ in
          Int.random(in: 1...50, using: &generator)
        }, Bool.random(using: &generator)
      )
    }
    return [
      ([1, 1, 1], [1], false), ([2, 2, 3], [5], true), ([2, 2, 3], [5], false),
      ([1, 1, 2], [3, 4], true), ([7, 7, 512], [4096, 4096, 1000], false),
      ([7, 7, 512], [1000], true),
    ] + drawn
  },
  expected: { (map: [Int], layers: [Int], pools: Bool) -> Int in
    head(pools ? map[2] : map.reduce(1, *), layers) { ($0 + 1) * $1 }
  },
  misconceptions: { map, layers, pools in
    let inputs = pools ? map[2] : map.reduce(1, *)
    return [
      Misconception(
        "The biases are missing: each output has one.", head(inputs, layers) { $0 * $1 }),
      Misconception(
        "The image was pooled where it shouldn't be: without pooling the first layer sees all \(map.reduce(1, *)) numbers.",
        head(map[2], layers) { ($0 + 1) * $1 }),
      Misconception(
        "Pooling leaves one number per channel, \(map[2]) in all.",
        head(map.reduce(1, *), layers) { ($0 + 1) * $1 }),
      Misconception(
        "Every layer was given the features. Only the first one sees them; each of the others sees what the one before it gives out.",
        layers.reduce(0) { $0 + (inputs + 1) * $1 }),
      Misconception(
        "One bias was counted per layer. Each output has one.",
        head(inputs, layers) { $0 * $1 + 1 }),
      Misconception(
        "Only the first layer was counted. There are \(layers.count).", (inputs + 1) * layers[0]),
      Misconception(
        "With and without pooling have changed places: `pools` says that the mean is taken.",
        head(pools ? map.reduce(1, *) : map[2], layers) { ($0 + 1) * $1 }),
      Misconception(
        "Pooling leaves the channels, the third number of the map. That kept the pixels and lost the channels.",
        head(pools ? map[0] * map[1] : inputs, layers) { ($0 + 1) * $1 }),
      Misconception(
        "Each input was given a bias. It is each output that has one.",
        head(inputs, layers) { $0 * $1 + $0 }),
      Misconception(
        "Only the last layer was given biases. Every layer has them.",
        head(inputs, layers) { $0 * $1 } + layers.last!),
    ]
  })

/// The sum over layers of what each has, by its inputs and outputs.
private func head(_ inputs: Int, _ layers: [Int], _ count: (Int, Int) -> Int) -> Int {
  var (inputs, sum) = (inputs, 0)
  for outputs in layers {
    sum += count(inputs, outputs)
    inputs = outputs
  }
  return sum
}
