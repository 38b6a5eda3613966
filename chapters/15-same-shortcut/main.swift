//: # 15. The same shortcut in a Transformer
//:
//: Chapter 13 ended with networks that have no convolution in their blocks, and still compute $x + \mathcal F(x)$. This
//: chapter builds one: a small Vision Transformer (Dosovitskiy et al., *An Image is Worth 16x16 Words*, 2021). You
//: write its block by hand, check it against the library, and then do to it what the earlier chapters did to
//: ResNets: take the shortcuts away, start from zero, delete a block.
//:
//: **What you will learn**
//:
//: - how an image becomes tokens, and how attention lets tokens take from each other, forward and backward;
//: - layer normalisation, which needs no batch;
//: - what fresh layers without shortcuts do to the differences between tokens: *rank collapse*;
//: - what the shortcut is worth in training here, by the rule of the book, and what a ResNet is worth on the
//:   same images.
import Charts
import ChapterExperiments
import Datasets
import Foundation
import Graders
import MiniTensor
import Networks
import Notebook
import RunStore
import Statistics
import Training

//: <!-- plumbing -->
let chapter = Chapter(15, .training, exercises: .chapter15)
//: ## Before you run
//:
//: Sixteen random tokens go through layers of attention with random weights, which mix them, each layer with an MLP and
//: normalisation. There are no shortcuts, and nothing has been trained.
let guess = chapter.predict(
  "What becomes of the differences between the sixteen tokens, layer by layer?",
  choices: ["they stay about as large", "they grow", "they vanish: all tokens become the same"])
//: ## Patches
//:
//: A Transformer works on a set of **tokens**, lists of numbers of one length. To make tokens of an image, cut it into
//: patches side by side and write the pixels of each into a row. An 8x8 digit has sixteen patches of 2x2:
func patches(of image: Matrix, side: Int) -> Matrix {
  let across = image.columns / side
  return Matrix(across * across, side * side) { patch, pixel in
    image[patch / across * side + pixel / side, patch % across * side + pixel % side]
  }
}
//: One linear layer, the same for all patches, makes a token of 32 numbers of each. That is a convolution whose windows
//: lie side by side: the stride is the side of a patch.
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let architecture = chapter.require(try ViTArchitecture(inputChannels: 1))
let network = ViT(architecture, seed: chapter.options.seed)
let image = digits.train.images.rows([0])
let embedding = Matrix(network.patches.weight.value.reshaped([4, 32]))
let bias = network.patches.bias!.value
chapter.check(
  "Patches times a matrix are the library's convolution with stride 2",
  (patches(of: Matrix(image.reshaped([8, 8])), side: 2) * embedding)
    .mappingRows { zip($0, bias.scalars).map { $0 + Double($1) } }.floats,
  closeTo: network.patches(image, .inference).scalars, tolerance: 1e-5)
//: Nothing in what follows knows where a patch was. So a learnt list of numbers for each of the sixteen places, its
//: *position*, is added to the token.
//:
//: ## Layer normalisation
//:
//: Batch normalisation (chapter 5) takes mean and variance of a channel over a batch. **Layer normalisation** (Ba,
//: Kiros and Hinton 2016) takes them over the numbers of one token:
//:
//: $$\hat x = \frac{x - \text{mean}(x)}{\sqrt{\text{variance}(x) + \varepsilon}}$$
//:
//: No other token and no other image has a part in it: a batch may be of one, and training and test time are the same.
//: The gradient has the three terms that you know from chapter 7, over a row in place of a batch. (A learnt scale and
//: shift follow, as in chapter 5. They start as 1 and 0, and are left out here.)
func normalise(_ x: Matrix) -> (output: Matrix, deviations: [Double]) {
  var deviations: [Double] = []
  let output = x.mappingRows { row in
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    deviations.append((variance + 1e-5).squareRoot())
    return row.map { ($0 - mean) / deviations.last! }
  }
  return (output, deviations)
}

func normaliseBackward(
  _ gradient: Matrix, _ pass: (output: Matrix, deviations: [Double])
) -> Matrix {
  Matrix(
    gradient.rows, gradient.columns,
    (0..<gradient.rows).flatMap { row in
      let (g, y) = (gradient.row(row), pass.output.row(row))
      let mean = g.reduce(0, +) / Double(g.count)
      let slope = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(g.count)
      return zip(g, y).map { ($0 - mean - $1 * slope) / pass.deviations[row] }
    })
}
//: <!-- plumbing -->
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
func random(_ shape: [Int], _ generator: inout RandomGenerator) -> Tensor {
  Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}
let (ones, zeros) = (Tensor([32], repeating: 1), Tensor([32], repeating: 0))
let tokens = Parameter(random([16, 32], &generator))
let above = random([16, 32], &generator)
let normalised = layerNorm(tokens.tracked, scale: ones, shift: zeros)
normalised.backward(above)
let normalisedByHand = normalise(Matrix(tokens.value))
chapter.check(
  "Layer normalisation by hand is the library's", normalisedByHand.output.floats,
  closeTo: normalised.scalars, tolerance: 1e-5)
chapter.check(
  "So is its gradient", normaliseBackward(Matrix(above), normalisedByHand).floats,
  closeTo: tokens.gradient!.scalars, tolerance: 1e-5)
//: ## Attention
//:
//: Each token makes three things of itself, by three linear layers: a **query** $q$, what it looks for; a **key** $k$,
//: what it is found by; a **value** $v$, what it gives. How much token $i$ takes from token $j$ is decided by the
//: product of the one's query with the other's key. Softmax (chapter 3) makes shares of the products, positive and
//: with the sum 1, and the output is the mixture of the values in these shares:
//:
//: $$A = \text{softmax}\left(\frac{q k^T}{\sqrt d}\right), \qquad y = A v$$
//:
//: (Vaswani et al., *Attention Is All You Need*, 2017, equation 1). $d$ is the length of a query: without the root the
//: products grow with it, and softmax would give almost everything to one token.
func softmaxOfRows(_ scores: Matrix) -> Matrix {
  scores.mappingRows { row in
    let powers = row.map { Double.exp($0 - row.max()!) }
    return powers.map { $0 / powers.reduce(0, +) }
  }
}

func attend(_ q: Matrix, _ k: Matrix, _ v: Matrix) -> (shares: Matrix, output: Matrix) {
  let scale = 1 / Double(q.columns).squareRoot()
  let shares = softmaxOfRows(scale * (q * k.transposed))
  return (shares, shares * v)
}
//: Backward, each product of matrices gives two: to the left factor goes the gradient times the right one, transposed;
//: to the right factor the left one, transposed, times the gradient. Softmax takes from each gradient in a row their
//: mean, weighted by the shares, and multiplies by the share: raising all scores of a row changes nothing.
func softmaxBackward(_ gradient: Matrix, _ shares: Matrix) -> Matrix {
  Matrix(
    gradient.rows, gradient.columns,
    (0..<gradient.rows).flatMap { row in
      let (g, p) = (gradient.row(row), shares.row(row))
      let mean = zip(g, p).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(g, p).map { $1 * ($0 - mean) }
    })
}

func attendBackward(
  _ gradient: Matrix, _ q: Matrix, _ k: Matrix, _ v: Matrix, _ shares: Matrix
) -> (q: Matrix, k: Matrix, v: Matrix) {
  let scale = 1 / Double(q.columns).squareRoot()
  let scores = scale * softmaxBackward(gradient * v.transposed, shares)
  return (scores * k, scores.transposed * q, shares.transposed * gradient)
}
//: <!-- plumbing -->
let qkv = (0..<3).map { _ in Parameter(random([1, 16, 8], &generator)) }
let upper = random([1, 16, 8], &generator)
let libraryShares = softmax(
  (1 / Float(8).squareRoot()) * matmul(qkv[0].tracked, transposed(qkv[1].tracked, 1, 2)))
let attended = matmul(libraryShares, qkv[2].tracked)
attended.backward(upper)
let inputs = qkv.map { Matrix($0.value) }
let attendedByHand = attend(inputs[0], inputs[1], inputs[2])
let gradientsByHand = attendBackward(
  Matrix(upper), inputs[0], inputs[1], inputs[2], attendedByHand.shares)
chapter.check(
  "Attention by hand is the library's products and softmax", attendedByHand.output.floats,
  closeTo: attended.scalars, tolerance: 1e-5)
chapter.check(
  "The gradients of queries, keys and values are the library's",
  [gradientsByHand.q, gradientsByHand.k, gradientsByHand.v].flatMap(\.floats),
  closeTo: qkv.flatMap { $0.gradient!.scalars }, tolerance: 1e-5)
//: Neither has to be right because they agree. Move one number of a query, a key or a value a little, and see how
//: much the output changes (chapter 3's finite differences):
//: <!-- plumbing -->
let slopes = (0..<3).map { input in
  { (place: Int) in
    Float(
      slope(at: inputs[input], place, along: upper) { moved in
        let (q, k, v) = (
          input == 0 ? moved : inputs[0], input == 1 ? moved : inputs[1],
          input == 2 ? moved : inputs[2]
        )
        return attend(q, k, v).output
      })
  }
}
let probed = (0..<3).flatMap { input in stride(from: 0, to: 128, by: 7).map { (input, $0) } }
chapter.check(
  "They are those of finite differences",
  probed.map { input, place in
    Float([gradientsByHand.q, gradientsByHand.k, gradientsByHand.v][input].values[place])
  }, closeTo: probed.map { slopes[$0]($1) }, tolerance: 1e-5)
//: ## Several heads
//:
//: One softmax finds one thing. So the 32 numbers of query, key and value are cut into four pieces of eight, each
//: **head** attends with its piece, and a last linear layer, the *output projection*, mixes what the heads found.
struct Heads {
  let q: Dense
  let k: Dense
  let v: Dense
  let projection: Dense
  let count: Int

  func callAsFunction(_ x: Matrix) -> Matrix {
    let (queries, keys, values) = (q(x), k(x), v(x))
    let size = x.columns / count
    var found = Matrix(x.rows, x.columns) { _, _ in 0 }
    for head in 0..<count {
      let own = head * size..<(head + 1) * size
      let output = attend(queries.columns(own), keys.columns(own), values.columns(own)).output
      for row in 0..<x.rows {
        for column in own { found[row, column] = output[row, column - own.lowerBound] }
      }
    }
    return projection(found)
  }
}
//: ## The block
//:
//: Attention is the only place where tokens meet. Between two attentions each token goes through an **MLP** by itself:
//: two linear layers, to four times as many numbers and back, with a GELU between them, a ReLU with a smooth bend:
func smoothReLU(_ x: Double) -> Double {
  let u = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
  return x / (1 + Double.exp(-2 * u))
}
//: Both are residual functions with a normalisation in front, $x + \mathcal F(\text{norm}(x))$. You have seen this
//: block: it is the pre-activation block of chapter 10, with attention and an MLP in place of two convolutions.
//: Nothing follows the addition, so the sum runs from the first block to the last untouched. It is the **residual
//: stream**.
//:
chapter.plot(
  Diagram(
    "A Transformer block, and the residual stream on its right",
    [
      .text("x", "tokens"), .box("first norm", "layer normalisation"), .box("attention"),
      .addition("first"), .box("second norm", "layer normalisation"), .box("MLP"),
      .addition("second"), .text("y", "tokens"),
    ],
    Diagram.chain(
      "x", "first norm", "attention", "first", "second norm", "MLP", "second", "y")
      + [("x", "first"), ("first", "second")].map {
        .init($0, $1, "identity", color: .hue(.blue))
      }), "block")
struct Block {
  let heads: Heads
  let (wide, narrow): (Dense, Dense)

  func mlp(_ x: Matrix) -> Matrix { narrow(wide(x).mappingRows { $0.map(smoothReLU) }) }

  func callAsFunction(_ x: Matrix, hasShortcuts: Bool) -> Matrix {
    let mixed = heads(normalise(x).output)
    let middle = hasShortcuts ? x + mixed : mixed
    let changed = mlp(normalise(middle).output)
    return hasShortcuts ? middle + changed : changed
  }
}
//: <!-- plumbing -->
extension Block {
  /// The block of the library, as it is now; scales and shifts have to be those at the start.
  init(_ block: TransformerBlock) {
    let attention = block.attention
    heads = Heads(
      q: Dense(attention.q), k: Dense(attention.k), v: Dense(attention.v),
      projection: Dense(attention.proj), count: attention.heads)
    (wide, narrow) = (Dense(block.mlp.fc1), Dense(block.mlp.fc2))
  }
}
let fresh = TransformerBlock(32, heads: 4, hidden: 128)
fresh.initialize(using: &generator)
let plain = TransformerBlock(32, heads: 4, hidden: 128, hasShortcuts: false)
plain.copy(from: fresh)
let sixteen = tokens.value.reshaped([1, 16, 32])
chapter.check(
  "Four heads by hand are the library's attention",
  Block(fresh).heads(Matrix(tokens.value)).floats,
  closeTo: fresh.attention(sixteen, .inference).scalars, tolerance: 1e-5)
chapter.check(
  "The block by hand is the library's, with shortcuts",
  Block(fresh)(Matrix(tokens.value), hasShortcuts: true).floats,
  closeTo: fresh(sixteen, .inference).scalars, tolerance: 1e-5)
chapter.check(
  "And without", Block(fresh)(Matrix(tokens.value), hasShortcuts: false).floats,
  closeTo: plain(sixteen, .inference).scalars, tolerance: 1e-5)
let entering = Parameter(sixteen)
fresh(entering.tracked, .training).backward(above.reshaped([1, 16, 32]))
let places = Array(stride(from: 0, to: 512, by: 37))
chapter.check(
  "The library's gradient of the whole block is that of finite differences of yours",
  places.map { entering.gradient!.scalars[$0] },
  closeTo: places.map { place in
    Float(
      slope(at: Matrix(tokens.value), place, along: above) {
        Block(fresh)($0, hasShortcuts: true)
      })
  },
  tolerance: 1e-4)
//: ## Zero is the identity
//:
//: Chapter 7 set the last $\gamma$ of a residual block to zero, and the block did nothing. Here the last layers are
//: the output projection and the second layer of the MLP. If they start from zero, so do both residual functions. (The
//: word `zero-projections` in a network's description asks for that.)
//: <!-- plumbing -->
let silent = TransformerBlock(32, heads: 4, hidden: 128, isZero: true)
silent.initialize(using: &generator)
let silentPlain = TransformerBlock(32, heads: 4, hidden: 128, hasShortcuts: false, isZero: true)
silentPlain.copy(from: silent)
let into = Parameter(sixteen)
let passed = silent(into.tracked, .training)
passed.backward(above.reshaped([1, 16, 32]))
chapter.check(
  "With zero output projections the block is the identity, exactly",
  passed.scalars == sixteen.scalars, "\(passed.count) values")
chapter.check(
  "And passes the gradient on unchanged", into.gradient!.scalars == above.scalars,
  "\(above.count) values")
chapter.check(
  "Without shortcuts nothing comes out of it",
  silentPlain(sixteen, .inference).scalars.allSatisfy { $0 == 0 }, "\(passed.count) zeros")
//: ## Rank collapse
//:
//: Attention mixes. Each output is an average of values with positive shares, and averages are more alike than what
//: they are made of. Dong, Cordonnier and Loukas (*Attention Is Not All You Need*, 2021) proved what that comes to:
//: through layers of attention alone, tokens become equal *doubly exponentially* fast. They become a matrix of rank
//: one.
//:
//: Take the mean token away from all of them. What is left is what differs; its size, divided by the size of all, is
//: the share of the representation that tells tokens apart:
func shareThatDiffers(_ x: Matrix) -> Double {
  var (differing, all) = (0.0, 0.0)
  for column in 0..<x.columns {
    let values = (0..<x.rows).map { x[$0, column] }
    let mean = values.reduce(0, +) / Double(x.rows)
    differing += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    all += values.reduce(0) { $0 + $1 * $1 }
  }
  return (differing / all).squareRoot()
}
//: Random tokens go through twelve fresh layers, for twenty seeds: attention alone; the block without its shortcuts,
//: so with MLP and normalisation; the block as it is.
func layer(_ kind: Collapse.Kind, _ block: Block, _ x: Matrix) -> Matrix {
  switch kind {
  case .attention: block.heads(x)
  case .block: block(x, hasShortcuts: false)
  case .shortcuts: block(x, hasShortcuts: true)
  }
}
//: <!-- plumbing -->
let collapseSeeds = chapter.options.seed..<chapter.options.seed + 20
chapter.catchUp()
let collapse = Collapse(
  layers: 12, seeds: collapseSeeds, share: shareThatDiffers, layer: layer)
collapse.record(in: chapter, seeds: collapseSeeds)
chapter.plot(collapse.chart, "rank-collapse")
chapter.table(collapse.table([0, 1, 2, 3, 4, 8, 12]))
chapter.check(
  "Through attention alone less than a ten-thousandth differs after three layers, in the median of 20 seeds",
  collapse(.attention, after: 3) < 1e-4, short(collapse(.attention, after: 3)))
chapter.check(
  "It goes faster and faster: each of the first three layers takes a larger factor than the one before",
  zip(0..<2, 1..<3).allSatisfy { before, after in
    collapse(.attention, after: after + 1) / collapse(.attention, after: after)
      < collapse(.attention, after: before + 1) / collapse(.attention, after: before)
  },
  (0..<3).map {
    short(collapse(.attention, after: $0 + 1) / collapse(.attention, after: $0))
  }.joined(separator: ", "))
chapter.check(
  "With MLP and normalisation less than a hundredth differs after four layers",
  collapse(.block, after: 4) < 0.01, short(collapse(.block, after: 4)))
chapter.check(
  "With shortcuts more than a third differs after twelve",
  collapse(.shortcuts, after: 12) > 1.0 / 3, short(collapse(.shortcuts, after: 12)))
let differsAtTheEnd = collapse(.block, after: 12) / collapse(.block, after: 0)
chapter.reveal(
  guess, answer: guess.choices[differsAtTheEnd < 0.01 ? 2 : differsAtTheEnd > 1.5 ? 1 : 0])
//: The fresh stack without shortcuts sends the same token from every place, whatever the image shows there. What
//: could a last layer tell from that?
//:
//: It is a statement about *these* first weights. Transformers without shortcuts have been trained, with first weights
//: that are chosen so that attention hardly mixes (He et al., *Deep Transformers without Shortcuts*, 2023,
//: arXiv:2302.10322). The shortcut isn't necessary; it is the simple way.
//:
//: ## Training
//:
//: Eight blocks on the digits of chapters 4 to 14, with shortcuts and without, five seeds each (one with `--quick`).
//: AdamW (Loshchilov and Hutter 2019) divides each gradient by its own usual size; the learning rate
//: rises for a while and falls along half a cosine. That is the usual recipe for Transformers, and the same for both.
//: <!-- plumbing -->
let quick = chapter.options.quick
let seeds = chapter.options.seeds(otherwise: quick ? 1 : 5)
let recipe = Recipe.transformer(epochs: quick ? 8 : 20)
@MainActor func transformers(hasShortcuts: Bool) -> [TrialResult] {
  let architecture = chapter.require(
    try ViTArchitecture(inputChannels: 1, hasShortcuts: hasShortcuts))
  return chapter.results(
    of: seeds.map { Trial(experiment: "vit", .vit(architecture), recipe, seed: $0) }, on: digits)
}
let (with, without) = (transformers(hasShortcuts: true), transformers(hasShortcuts: false))
let base = Degradation(quick: quick, seeds: seeds)
let resnets = chapter.results(
  of: seeds.map {
    Trial(
      experiment: Degradation.name, Degradation.architecture(depth: 20, .A), base.recipe, seed: $0)
  }, on: digits)
chapter.plot(
  trainingChart([("with shortcuts", .blue, with), ("without", .orange, without)]), "training")
chapter.table(
  errorTable([
    ("ViT-8, with shortcuts", with), ("ViT-8, without", without),
    ("ResNet-20 (chapter 9)", resnets),
  ]))
chapter.check(
  "With shortcuts the training error comes under 20 % in every seed",
  with.trainErrors.allSatisfy { $0 < 0.2 }, percent(with.trainErrors) + " %")
chapter.check(
  "Without them it stays at least 30 points higher in every seed",
  zip(without.trainErrors, with.trainErrors).allSatisfy { $0 > $1 + 0.3 },
  percent(without.trainErrors) + " %")
//: ## A block deleted
//:
//: Take one block out of a trained network, as chapter 10 did, and measure the test error without training on.
func error(
  of network: ViT, without deleted: Int?, on data: Dataset
) -> Double {
  func logits(_ images: Tensor) -> Tensor {
    let left = network.blocks.indices.filter { $0 != deleted }
    var tokens = network.tokens(images, .inference)
    for index in left { tokens = network.blocks[index](tokens, .inference) }
    let features = network.features(ofTokens: tokens, .inference)
    return network.head(features, .inference)
  }
  return Evaluation(of: logits, on: data).error
}
//: <!-- plumbing -->
func deletions(_ results: [TrialResult], _ data: Dataset) -> [[Double]] {
  results.map { result in
    let network = result.trained as! ViT
    return network.blocks.indices.map { error(of: network, without: $0, on: data) }
  }
}
let (lossWith, lossWithout) = (deletions(with, digits.test), deletions(without, digits.test))
chapter.check(
  "Without a deletion the walk over the blocks gives the network's own test error",
  with.allSatisfy {
    error(of: $0.trained as! ViT, without: nil, on: digits.test) == $0.last.test.error
  }, percent(with.testErrors) + " %")
chapter.plot(
  deletionChart([
    ("with shortcuts", .blue, lossWith[0]), ("without", .orange, lossWithout[0]),
  ]), "deletions")
chapter.table(
  deletionTable([("with shortcuts", with, lossWith), ("without", without, lossWithout)]))
//: Most blocks can go, and the stream does without what they would have added. The table's worst is the loss of one
//: block: in the figure it is the first, whose additions all others were trained to read.
//:
//: ## Verdicts
//:
//: By the rule of the book ([chapter 14](../14-is-this-real/README.md)): a threshold that stands before the
//: measurement, and the effect above it in every seed. (`--quick` has one seed, with which nothing is decided.)
//: <!-- plumbing -->
func points(_ more: [Double], less: [Double]) -> [Double] {
  zip(more, less).map { 100 * ($0 - $1) }
}
chapter.table(
  verdictTable([
    Claim(
      "Eight blocks have a lower training error with shortcuts", unit: "points", threshold: 10,
      points(without.trainErrors, less: with.trainErrors)),
    Claim(
      "And a lower test error", unit: "points", threshold: 10,
      points(without.testErrors, less: with.testErrors)),
    Claim(
      "The median loss of a block costs the network with shortcuts at most 20 points",
      unit: "points",
      threshold: 0, zip(lossWith, with).map { 20 - 100 * (median($0) - $1.last.test.error) }),
    Claim(
      "ResNet-20 has a lower test error than the Transformer", unit: "points", threshold: 1,
      points(with.testErrors, less: resnets.testErrors)),
  ]))
//: ## What this shows, and what it does not
//:
//: - The shortcut isn't a matter of convolutions. Fresh layers of attention lose what tells tokens apart, layer by layer;
//:   added to a stream they don't, and the same network trains.
//: - It doesn't show that a Transformer *needs* shortcuts: one recipe was tried, with the usual first weights.
//: - It doesn't show that collapse is the *reason* why the plain stack trains so badly. Both were measured; the link
//:   between them was not.
//: - A Transformer has to learn what a convolution is given: that neighbours belong together, and that a pattern means
//:   the same everywhere. From 1,437 digits, without augmentation, the table says what that costs beside a ResNet. On
//:   hundreds of millions of images it is the Transformer that wins (Dosovitskiy et al., figure 3).
//: - Both networks had the recipe that is usual for them. The recipe of the Transformer was chosen on these digits, with
//:   shortcuts.
//:
//: To train one with other choices: `swift run resnet train --arch vit-tiny --dataset digits`, or another one by its
//: words, such as `--arch "vit-4 none width 48 heads 6"`.
//:
//: ## In the papers
//:
//: He et al. 2015, equation 1; He et al. 2016, on what may follow the addition: nothing. Vaswani et al. 2017, section
//: 3.2 for attention and heads. Dosovitskiy et al. 2021, equations 1 to 4, are this network line by line, but for the
//: class token, in whose place stands the mean. Dong et al. 2021, theorem 2.2 and section 3 for the rank.
//:
//: ## Exercises
//:
//: Four functions are yours to write:
chapter.listExercises()
//: `swift run chapter15 exercises` says how they stand, and `swift run chapter15 exercises 1` what is right or
//: wrong with the first. Each is a file in the chapter's folder `Exercises`.
chapter.finish()
