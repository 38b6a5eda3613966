//: # 11. Bottlenecks
//:
//: The networks of the chapters before were small. Those that won the ImageNet competition of 2015 are
//: fifty to a hundred and fifty layers deep, and see images of 224x224 pixels. One change makes that
//: affordable: another block.
//:
//: **What you will learn**
//:
//: - what a bottleneck block is, and what it saves;
//: - how the five networks of the paper's table 1 are built, and what each costs;
//: - where the 138 million parameters of VGG-16 sit, and what global average pooling saves;
//: - what ResNet-18 needs on small images, and why it isn't a bigger ResNet-20.
import ChapterExperiments
import Charts
import Datasets
import Foundation
import Graders
import MiniTensor
import Networks
import Notebook
import Statistics
import Training

//: <!-- plumbing -->
var arguments = Arguments()
let chapter = Chapter(11, own: &arguments, exercises: .chapter11)
let given = chapter.require(try arguments.classification())
//: ## Before you run
let guess = chapter.predict(
  "VGG-16 has 16 weighted layers, ResNet-152 has 152. Which has more parameters?",
  choices: ["VGG-16", "ResNet-152"])
//: ## Two blocks
//:
//: The block you know has two 3x3 convolutions. On $c$ channels each has $9c^2$ weights. A *bottleneck*
//: (figure 5, right) has three convolutions: a 1x1 that reduces $4c$ channels to $c$, a 3x3 on these,
//: and a 1x1 that restores $4c$. So the expensive 3x3 works on a quarter of the channels.
chapter.plot(
  SideBySide(
    "The two blocks of figure 5",
    [
      Diagram(
        "Basic",
        [
          .text("x", "64 channels"), .box("first", "3x3, 64", "BN, ReLU"),
          .box("second", "3x3, 64", "BN"), .addition("+"), .box("ReLU"), .text("y", "64 channels"),
        ],
        Diagram.chain("x", "first", "second", "+", "ReLU", "y")
          + [.init("x", "+", "identity", color: .hue(.blue))]),
      Diagram(
        "Bottleneck",
        [
          .text("x", "256 channels"), .box("reduce", "1x1, 64", "BN, ReLU"),
          .box("middle", "3x3, 64", "BN, ReLU"), .box("restore", "1x1, 256", "BN"), .addition("+"),
          .box("ReLU"), .text("y", "256 channels"),
        ],
        Diagram.chain("x", "reduce", "middle", "restore", "+", "ReLU", "y")
          + [.init("x", "+", "identity", color: .hue(.blue))]),
    ]), "blocks")
func basicWeights(channels: Int) -> Int { 2 * 9 * channels * channels }

func bottleneckWeights(channels: Int) -> Int {
  let middle = channels / 4
  return channels * middle + 9 * middle * middle + middle * channels
}

//: <!-- plumbing -->
func filterWeights(_ block: any Module) -> Int {
  block.parameters.filter { $0.parameter.shape.count == 4 }.reduce(0) { $0 + $1.parameter.count }
}
let narrow = BasicBlock(64, 64, shortcut: .A)
let wide = BottleneckBlock(256, middle: 64, shortcut: .A)
let wideBasic = BasicBlock(256, 256, shortcut: .A)
chapter.table(
  Table(
    [Column("block"), Column("channels", .right), Column("weights in filters", .right)],
    rows: [
      ["basic", "64", "\(filterWeights(narrow))"],
      ["bottleneck", "256", "\(filterWeights(wide))"],
      ["basic", "256", "\(filterWeights(wideBasic))"],
    ]))
chapter.check(
  "The formula for a basic block counts the library's weights",
  basicWeights(channels: 64) == filterWeights(narrow), "\(basicWeights(channels: 64))")
chapter.check(
  "The formula for a bottleneck counts the library's weights",
  bottleneckWeights(channels: 256) == filterWeights(wide), "\(bottleneckWeights(channels: 256))")
//: A bottleneck on 256 channels costs about as much as a basic block on 64: four times the channels at
//: the same price. That is how ResNet-50 replaces the 2-layer blocks of ResNet-34 by 3-layer ones.
//:
//: The price in multiplications, that is. What does it cost in time? Each block is given one image of 56x56 pixels in
//: inference mode. The first call allocates memory and brings the weights near, and any call may be interrupted by
//: something else that the machine does. So each block is called once before the clock starts, then ten times, and
//: the shortest time counts.
func shortest(of repetitions: Int, _ body: () -> Void) -> Double {
  body()
  return (0..<repetitions).map { _ in
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
  }.min()!
}
//: <!-- plumbing -->
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .initialization)
func noise(_ shape: [Int], _ generator: inout RandomGenerator) -> Tensor {
  Initialization.uniform(bound: 1).tensor(shape, using: &generator)
}
let timedBlocks: [(name: String, channels: Int, block: any Block)] = [
  ("basic", 64, narrow), ("bottleneck", 256, wide), ("basic", 256, wideBasic),
]
chapter.table(
  Table(
    [Column("block"), Column("channels", .right), Column("milliseconds", .right)],
    rows: timedBlocks.map { name, channels, block in
      block.initialize(using: &generator)
      let input = noise([1, 56, 56, channels], &generator)
      let seconds = shortest(of: 10) { _ = block(input, .inference) }
      return [name, "\(channels)", String(format: "%.1f", 1000 * seconds)]
    }), volatile: true)
//: Four times the channels are four times the numbers to read, normalise and add. Multiplications aren't all
//: that takes time. Which of the first two blocks is faster can differ with the machine and the kernels.
//:
//: ## Backward through a bottleneck
//:
//: Three layers instead of two, and the shortcut around all of them: nothing else changes in the backward pass of
//: chapter 7. Here is a bottleneck by hand. Each of its layers is a convolution with its normalisation, and for the
//: first two a ReLU; how these are computed, forward and backward, is in `BottleneckByHand.swift`, in plain loops.
struct HandmadeBottleneck {
  var layers: [NormalizedConvolution]
  /// On the shortcut where the dimensions change; nil for the identity.
  var projection: NormalizedConvolution?

  struct Pass {
    let layers: [NormalizedConvolution.Pass]
    let projection: NormalizedConvolution.Pass?
    let output: Numbers
  }

  func backward(_ gradient: Numbers, _ pass: Pass) -> NormalizedConvolution.Gradients {
    // The addition hands the gradient on to both ways, unchanged.
    let arriving = gradient.passed(where: pass.output)
    var (dx, parameters) = (arriving, [[Double]]())
    for (layer, layerPass) in zip(layers, pass.layers).reversed() {
      let gradients = layer.backward(dx, layerPass)
      dx = gradients.input
      parameters = gradients.parameters + parameters
    }
    guard let projection, let way = pass.projection else { return (dx + arriving, parameters) }
    let gradients = projection.backward(arriving, way)
    return (dx + gradients.input, parameters + gradients.parameters)
  }
}
//: <!-- plumbing -->
for (name, block) in [
  ("Dimensions kept", BottleneckBlock(8, middle: 2, shortcut: .B)),
  ("Dimensions changed", BottleneckBlock(4, middle: 2, stride: 2, shortcut: .B)),
] {
  for (_, parameter) in block.parameters { parameter.value = noise(parameter.shape, &generator) }
  let input = Parameter(noise([2, 4, 6, block.conv1.weight.shape[2]], &generator))
  let output = block(input.tracked, .training)
  let above = noise(output.shape, &generator)
  output.backward(above)
  let byHand = HandmadeBottleneck(block)
  let x = Numbers(shape: input.shape, values: input.value.scalars.map(Double.init))
  let pass = byHand.forward(x)
  let gradient = Numbers(shape: output.shape, values: above.scalars.map(Double.init))
  let gradients = byHand.backward(gradient, pass)
  let flat = ([gradients.input.values] + gradients.parameters).flatMap(\.self).map(Float.init)
  chapter.check(
    "\(name): the bottleneck by hand gives the library's output",
    pass.output.values.map(Float.init), closeTo: output.scalars, tolerance: 1e-5)
  chapter.check(
    "\(name): its gradients are the library's", flat,
    closeTo: ([input] + block.parameters.map(\.parameter)).flatMap { $0.gradient!.scalars },
    tolerance: 1e-4)
  chapter.check(
    "\(name): they are what a small change of each number does", flat,
    closeTo: byHand.slopes(gradient, at: x).map(Float.init), tolerance: 1e-5)
}
//:
//: ## Table 1, built live
//:
//: The paper counts multiply-adds and calls them FLOPs. Nothing is trained for that: a network knows its
//: size before it has any values.
struct Size {
  let network: Architecture
  var parameters: Int
  var multiplyAdds: Int

  /// Of a network for images of a size, or for those that it was made for.
  init(_ network: Architecture, imageShape: [Int]? = nil) {
    self.network = network
    let stages = network.stages(imageShape: imageShape ?? network.imageShape)
    parameters = network.parameters
    multiplyAdds = stages.reduce(0) { $0 + $1.multiplyAdds }
  }

  var billions: Double { Double(multiplyAdds) / 1e9 }
  var paper: Double { PaperFigures(network)?.billionMultiplyAdds ?? .nan }
}
//: <!-- plumbing -->
let names = ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "vgg16", "vgg19"]
let sizes = chapter.require(try names.map { Size(try Architecture($0)) })
chapter.table(
  Table(
    [
      Column("network"), Column("parameters", .right), Column("multiply-adds, 1e9", .right),
      Column("in the paper", .right),
    ],
    rows: sizes.map {
      [
        $0.network.name, "\($0.parameters)", String(format: "%.2f", $0.billions),
        String(format: "%.1f", $0.paper),
      ]
    }))
chapter.plot(
  BarChart(
    "Parameters of the ImageNet networks", Axis("parameters, millions"),
    bars: sizes.map {
      Bar(
        $0.network.name, Double($0.parameters) / 1e6,
        color: .hue($0.network.name.hasPrefix("VGG") ? .orange : .blue))
    }), "parameters")
let expected = [
  11_689_512, 21_797_672, 25_557_032, 44_549_160, 60_192_808, 138_357_544, 143_667_240,
]
chapter.check(
  "Every network has exactly the parameters of its published weights",
  sizes.map(\.parameters) == expected, "\(sizes.count) networks")
let deviations = sizes.map { abs($0.billions / $0.paper - 1) }
chapter.check(
  "The multiply-adds are within 10 % of the paper's",
  deviations.allSatisfy { $0 < 0.1 },
  String(format: "at most %.1f %% away", 100 * deviations.max()!))
chapter.reveal(
  guess, answer: sizes[5].parameters > sizes[4].parameters ? "VGG-16" : "ResNet-152")
//: Our bottlenecks halve the image in their 3x3 convolution, as torchvision's do, because its published
//: weights need it. The paper halves it in the first 1x1, which costs less:
//: <!-- plumbing -->
let firstStride = chapter.require(
  try Size(Architecture("resnet50", bottleneckStride: .first1x1)))
chapter.check(
  "ResNet-50 that halves the image in its first 1x1 is nearer to the paper's figure",
  abs(firstStride.billions - firstStride.paper) < abs(sizes[2].billions - sizes[2].paper),
  String(
    format: "%.2f and %.2f against %.1f", firstStride.billions, sizes[2].billions,
    firstStride.paper))
//:
//: ## ResNet-18 on small images
//:
//: ResNet-18 is often trained on CIFAR-10, whose images have 32x32 pixels. Is it then a bigger ResNet-20? It
//: isn't of the same kind. Its first two layers, its *stem*, are made for photographs: a 7x7 convolution with stride
//: 2 and max pooling with stride 2 leave a sixteenth of the pixels, and the stages leave a single one of 32x32. Many
//: who use it for small images therefore replace the stem by one 3x3 convolution with stride 1, without pooling. What
//: follows stays as it is.
func stem3x3(_ network: ImageNetArchitecture, imageShape: [Int]) -> Size {
  let (channels, width) = (network.inputChannels, network.width)
  // Behind the large stem an image with four times the height and width is what this one leaves.
  let large = [4 * imageShape[0], 4 * imageShape[1], channels]
  var size = Size(.imageNet(network), imageShape: large)
  let conv1 = Architecture.imageNet(network).stages(imageShape: large)[0]
  size.parameters += (3 * 3 - 7 * 7) * channels * width
  size.multiplyAdds +=
    3 * 3 * channels * width * imageShape[0] * imageShape[1] - conv1.multiplyAdds
  return size
}
//: <!-- plumbing -->
let forCifar = chapter.require(
  try ImageNetArchitecture(.basic, ImageNetArchitecture.table1[18]!.blocks, classes: 10))
let cifar20 = Architecture.cifar(chapter.require(try CifarArchitecture(depth: 20, shortcut: .A)))
let onCifar = [32, 32, 3]
let withSmallStem = stem3x3(forCifar, imageShape: onCifar)
chapter.table(
  Table(
    [
      Column("on images of 32x32 pixels"), Column("parameters", .right),
      Column("multiply-adds, 1e6", .right),
    ],
    rows: [
      ("ResNet-18, stem 7x7", Size(.imageNet(forCifar), imageShape: onCifar)),
      ("ResNet-18, stem 3x3", withSmallStem),
      ("ResNet-20 of section 4.2", Size(cifar20, imageShape: onCifar)),
    ].map { name, size in
      [name, "\(size.parameters)", String(format: "%.1f", Double(size.multiplyAdds) / 1e6)]
    }))
chapter.check(
  "The formula counts the numbers of a network that has the small stem",
  SmallImageNetwork(forCifar).parameterCount == withSmallStem.parameters,
  "\(withSmallStem.parameters)")
//: So the 11 million don't come from the stem, but from the 512 channels at the end, where ResNet-20 has 64.
//: The stem decides what the layers have to look at, and what that costs. Does it matter for the error? Try it
//: on the digits, 8x8 pixels, with an eighth of the channels: behind the large stem 2x2 pixels are left for the
//: first stage and a single one for the others, behind the small one 8x8, 4x4, 2x2 and 1. Both are trained with
//: the recipe of chapter 9.
//:
//: *The claim: the large stem has the higher test error.* Threshold: 1 point, for every seed.
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let onDigits = chapter.require(
  try ImageNetArchitecture(.basic, forCifar.blocks, width: 8, inputChannels: 1, classes: 10))
var recipe = chapter.options.quick ? Recipe(epochs: 3, drops: [2]) : Recipe()
recipe.trainingError = .running
let seeds = chapter.options.seeds(otherwise: chapter.options.quick ? 1 : 5)
let large = chapter.train(
  "stem 7x7", { ImageNetNetwork(onDigits) }, on: digits, recipe, seeds: seeds)
let small = chapter.train(
  "stem 3x3", { SmallImageNetwork(onDigits) }, on: digits, recipe, seeds: seeds)
chapter.table(
  Table(
    [
      Column("ResNet-18, 8 channels"), Column("training error, %", .right),
      Column("test error, %", .right),
    ],
    rows: [("stem 7x7", large), ("stem 3x3", small)].map { name, errors in
      [name, percent(errors.map(\.train)), percent(errors.map(\.test))]
    }))
let stemClaim = Claim(
  "The 7x7 stem has a higher test error", unit: "points", threshold: 1,
  zip(large, small).map { 100 * ($0.test - $1.test) })
chapter.table(verdictTable([stemClaim]))
chapter.check(
  "With the 7x7 stem the test error is more than a point higher, with every seed",
  stemClaim.holdsForEverySeed,
  stemClaim.effects.map { String(format: "%+.1f", $0) }.joined(separator: ", ") + " points")
//: Both learn nearly all digits that they are shown. On others the large stem is wrong more often. So for small
//: images take the small stem, and know its price: fifteen times the multiply-adds on 32x32 pixels.
//:
//: ## Where VGG-16's parameters sit
//: <!-- plumbing -->
let vgg = chapter.require(try Architecture("vgg16"))
let vggStages = vgg.stages(imageShape: vgg.imageShape).filter { $0.parameters > 0 }
chapter.plot(
  BarChart(
    "Parameters of VGG-16, stage by stage", Axis("parameters, millions"),
    bars: vggStages.map { Bar($0.name, Double($0.parameters) / 1e6, color: .hue(.orange)) }),
  "vgg-stages")
let connected = vggStages.filter { $0.name.hasPrefix("fc") }.reduce(0) { $0 + $1.parameters }
let share = Double(connected) / Double(sizes[5].parameters)
chapter.check(
  "More than 85 % of VGG-16's parameters are in its three fully connected layers",
  share > 0.85, String(format: "%.1f %%", 100 * share))
//: The first of the three sees every one of the 7x7 places of 512 channels. A ResNet takes the mean over
//: the places first (global average pooling), so that its only fully connected layer sees each
//: channel once. ResNet-34 ends in 512 channels too, so behind VGG's convolutions its classifier would
//: have as many parameters as it has there:
//: <!-- plumbing -->
let resnet34 = chapter.require(try Architecture("resnet34"))
let pooledClassifier = resnet34.stages(imageShape: vgg.imageShape).last { $0.name == "fc" }!
  .parameters
chapter.show("\(connected) parameters become \(pooledClassifier)")
//: ## A forward pass
//:
//: ResNet-50 with random filters, on an image of noise at full size, stage by stage: each as above, once before the
//: clock starts, and then the shortest time of five.
//: <!-- plumbing -->
let deep = ImageNetNetwork(ImageNetArchitecture(depth: 50)!)
deep.initialize(seed: chapter.options.seed)
let image = noise([1, 224, 224, 3], &generator)

struct Timed {
  let name: String
  let shape: [Int]
  let seconds: Double
}

func time(_ name: String, into timed: inout [Timed], _ stage: () -> Tensor) -> Tensor {
  let result = stage()
  let seconds = shortest(of: 5) { _ = stage() }
  timed.append(Timed(name: name, shape: result.shape, seconds: seconds))
  return result
}
let whole = deep(image, .inference).scalars
//:
var timed: [Timed] = []
var features = time("conv1, max pool", into: &timed) {
  deep.maxpool(deep.conv1(image, then: deep.bn1, .inference, relu: true))
}
for (index, stage) in deep.stages.enumerated() {
  let input = features
  features = time("conv\(index + 2)_x", into: &timed) { stage.reduce(input) { $1($0, .inference) } }
}
let logits = time("average pool, fc", into: &timed) {
  deep.lastLayer(deep.avgpool(features), .inference)
}
chapter.table(
  Table(
    [Column("stage"), Column("output"), Column("milliseconds", .right)],
    rows: timed.map { [$0.name, "\($0.shape)", String(format: "%.0f", 1000 * $0.seconds)] }),
  volatile: true)
//: <!-- plumbing -->
let shapes = [
  [1, 56, 56, 64], [1, 56, 56, 256], [1, 28, 28, 512], [1, 14, 14, 1024], [1, 7, 7, 2048],
  [1, 1000],
]
chapter.check(
  "The stages halve the image and double the channels as table 1 says",
  timed.map(\.shape) == shapes, "from 56x56 to 7x7")
let largest = whole.map { abs($0) }.max()!
let apart = zip(whole, logits.scalars).map { abs($0 - $1) }.max()!
chapter.check(
  "Stage by stage gives the logits of the library's network",
  largest.isFinite && largest > 0 && apart <= 1e-5 * largest, "\(whole.count) logits")
//: ## A picture, and trained weights
//:
//: The networks are torchvision's, number for number, so its trained weights fit. A picture is made ready as
//: theirs were: the shorter side becomes 256 pixels, the middle 224x224 are taken, and each channel loses
//: ImageNet's mean and is divided by its deviation. The softmax of the logits says how likely each of the
//: 1,000 classes is.
if let given {
  let input = Standardization.imageNet(given.picture.imageNetTestView(side: 256, crop: 224).tensor)
  let likely = likelyClasses(given.network(input, .inference), count: 5)[0]
  chapter.show("\(given.name) sees:")
  chapter.table(
    Table(
      [Column("class"), Column("probability", .right)],
      rows: likely.map {
        [given.names[$0.index], String(format: "%.1f %%", 100 * $0.probability)]
      }))
} else {
  chapter.show(
    """
    No weights were given. To classify a picture of yours:
      swift run chapter11 --weights resnet50.safetensors --image cat.ppm
    """)
}
//: ## What this shows, and what it does not
//:
//: - The sizes are exact, and the costs those of the paper up to where the image is halved.
//: - No network of table 1 was trained: their accuracy (the paper's table 4) is not shown here. The two stems were
//:   compared on tiny images, with an eighth of the channels.
//: - The times are those of one machine, one image, and these kernels.
//:
//: ## In the paper
//:
//: Table 1, section 3.3 (VGG and its cost), section 4.1 and figure 5 (bottlenecks).
//:
//: ## Exercises
//:
//: Five functions are yours to write:
chapter.listExercises()
//: `swift run chapter11 exercises` says how they stand, and `swift run chapter11 exercises 1` what is right or
//: wrong with the first. Each is a file in the chapter's folder `Exercises`.
//:
//: Next: chapter 12 follows the paper's recipe. How far is your ResNet from table 6?
chapter.finish()
