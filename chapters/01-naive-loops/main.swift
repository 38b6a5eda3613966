//: # 1. Naive loops
//:
//: A residual network is a stack of convolutions with a few additions between them. So this book begins
//: with the convolution: you will write it as seven nested loops, the slowest way there is and the one
//: that hides nothing, and compare it with the library that all later chapters use.
//:
//: **What you will learn**
//:
//: - how an image becomes numbers, and what a filter does with them;
//: - the seven loops of a convolution, its stride and padding, and the size of what comes out;
//: - four properties that any correct convolution has, and how to test yours with them;
//: - what it costs, and why a deep network is a stack of these.
import Charts
import Datasets
import Foundation
import Graders
import MiniTensor
import Networks
import Notebook

let chapter = Chapter(1, exercises: .chapter1)
//: ## Before you run
//:
//: An image is black but for one pixel, whose value is 1. A filter of 3x3 numbers slides over it: at
//: every position its nine numbers are multiplied by the nine pixels below them, and added up.
let guess = chapter.predict(
  "What appears in the result around that pixel?",
  choices: ["the filter", "the filter, turned by 180 degrees", "nine times the same number"])
//: ## An image is an array of numbers
//:
//: Here is a digit that somebody wrote, 8x8 pixels, from the data set that comes with this book (UCI,
//: E. Alpaydin and C. Kaynak). Its values go from 0, paper, to 16, ink.
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let six = digits.raw.images.rows([6])
let rows = (0..<8).map { row in
  (0..<8).map { String(format: "%3d", Int(16 * six[0, row, $0, 0])) }.joined(separator: " ")
}
chapter.show(rows.joined(separator: "\n"))
//: A colour image has three such arrays, red, green and blue: its *channels*. Inside a network there may
//: be hundreds. Networks also take many images at once, a *batch*. So images are arrays with four axes,
//: and in this book the axes always come in this order:
//:
//: - images $x$: batch, height, width, channels; one number is $x_{n,i,j,c}$;
//: - filters $W$: kernel height, kernel width, input channels, output channels; $W_{u,v,c,o}$;
//: - the result $y$: batch, output height, output width, output channels; $y_{n,i,j,o}$.
//:
//: As in the paper, $x$ is what a layer gets and $W$ what it learns. In memory there is only a row of
//: numbers; four indices are turned into a place in that row, the last axis running fastest.
struct Grid {
  let (first, second, third, fourth): (Int, Int, Int, Int)
  var values: [Float]

  init(_ shape: [Int], _ values: [Float]? = nil) {
    (first, second, third, fourth) = (shape[0], shape[1], shape[2], shape[3])
    self.values = values ?? [Float](repeating: 0, count: shape.reduce(1, *))
  }

  subscript(i: Int, j: Int, k: Int, l: Int) -> Float {
    get { values[((i * second + j) * third + k) * fourth + l] }
    set { values[((i * second + j) * third + k) * fourth + l] = newValue }
  }
}
//: ## A filter
//:
//: This one, found by I. Sobel, answers to vertical edges: it adds what is on the right and takes away
//: what is on the left. Turned by 90 degrees it answers to horizontal ones.
let sobel: [Float] = [
  -1, 0, 1,
  -2, 0, 2,
  -1, 0, 1,
]
let turned = (0..<9).map { sobel[$0 % 3 * 3 + $0 / 3] }
//: Put it on the digit with its centre on row 3, column 3, both counted from 0. Nine products, one sum:
let products = (0..<9).map { tap in sobel[tap] * 16 * six[0, 2 + tap / 3, 2 + tap % 3, 0] }
chapter.show(
  products.map { "\(Int($0))" }.joined(separator: " + ") + " = \(Int(products.reduce(0, +)))")
//: ## Stride and padding
//:
//: Where can the filter stand? It must not stick out of the image, unless we put zeros around the image
//: first: that is *padding*. And it may move by more than one pixel at a time: that is the *stride*. Count
//: along one axis, say 8 pixels `x` and a filter of width 3, `#`:
//: <!-- plumbing -->
func windows(width: Int, kernel: Int, stride: Int, padding: Int) -> [String] {
  let zeros = String(repeating: "0", count: padding)
  var lines = [zeros + String(repeating: "x", count: width) + zeros]
  var start = 0
  while start + kernel <= lines[0].count {
    lines.append(String(repeating: " ", count: start) + String(repeating: "#", count: kernel))
    start += stride
  }
  return lines
}
for (stride, padding) in [(1, 0), (1, 1), (2, 1)] {
  let lines = windows(width: 8, kernel: 3, stride: stride, padding: padding)
  let title = "stride \(stride), padding \(padding): \(lines.count - 1) places"
  chapter.show(([title] + lines.map { "  " + $0 }).joined(separator: "\n") + "\n")
}
//: Let the image be $m$ pixels wide, the filter $k$, the padding $p$, the stride $s$. The padded row has
//: $m + 2p$ pixels, so the last place where the filter can begin is $m + 2p - k$. It begins at
//: $0, s, 2s$ and so on, up to there, which makes
//:
//: $$\left\lfloor \frac{m + 2p - k}{s} \right\rfloor + 1$$
//:
//: places, and as many pixels in the result. With $k = 3$, $p = 1$ and $s = 1$ the size stays what it
//: was, with $s = 2$ an even size is halved. The paper's networks have no other convolutions but their
//: first layer, 7x7, and those with 1x1 filters.
func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
  (size + 2 * padding - kernel) / stride + 1
}
//: <!-- plumbing -->
var (counted, computed): ([Int], [Int]) = ([], [])
for width in 1...12 {
  for (kernel, padding) in [(1, 0), (2, 0), (3, 1), (4, 0), (5, 2), (7, 3)]
  where kernel <= width + 2 * padding {
    for stride in 1...4 {
      let lines = windows(width: width, kernel: kernel, stride: stride, padding: padding)
      counted.append(lines.count - 1)
      computed.append(outputSize(width, kernel: kernel, stride: stride, padding: padding))
    }
  }
}
chapter.check(
  "The formula counts the places that the drawing finds", computed == counted,
  "\(counted.count) combinations of width, kernel, stride and padding")
//: ## The seven loops
//:
//: For every image of the batch, every row and column of the result and every output channel, add up a
//: product for every row, every column and every input channel of the filter:
//:
//: $$y_{n,i,j,o} = \sum_{u} \sum_{v} \sum_{c} x_{n,\, is+u-p,\, js+v-p,\, c} \, W_{u,v,c,o}$$
//:
//: The padding's zeros need no memory: a product with zero adds nothing and is left out.
func convolve(_ images: Grid, _ filters: Grid, stride: Int = 1, padding: Int = 0) -> Grid {
  let (batch, height, width, inChannels) = (
    images.first, images.second, images.third, images.fourth
  )
  let (kernelHeight, kernelWidth, outChannels) = (filters.first, filters.second, filters.fourth)
  let outHeight = outputSize(height, kernel: kernelHeight, stride: stride, padding: padding)
  let outWidth = outputSize(width, kernel: kernelWidth, stride: stride, padding: padding)
  var result = Grid([batch, outHeight, outWidth, outChannels])

  for image in 0..<batch {
    for outRow in 0..<outHeight {
      for outColumn in 0..<outWidth {
        for outChannel in 0..<outChannels {
          var sum: Float = 0
          for kernelRow in 0..<kernelHeight {
            for kernelColumn in 0..<kernelWidth {
              let row = outRow * stride + kernelRow - padding
              let column = outColumn * stride + kernelColumn - padding
              guard row >= 0, row < height, column >= 0, column < width else { continue }
              for channel in 0..<inChannels {
                sum +=
                  images[image, row, column, channel]
                  * filters[kernelRow, kernelColumn, channel, outChannel]
              }
            }
          }
          result[image, outRow, outColumn, outChannel] = sum
        }
      }
    }
  }
  return result
}
//: A mathematician would call this a *cross-correlation*: a convolution turns the filter by 180 degrees
//: first. Networks learn their filters, so it makes no difference which of the two they learn, and the
//: whole field says convolution. So does this book.
//:
//: ## Edges
//:
//: Both filters are one array: a batch of one digit with one channel goes in, a result with two channels
//: comes out. Orange is positive, blue negative: the two sides of a stroke.
let edgeFilters = Grid([3, 3, 1, 2], (0..<9).flatMap { [sobel[$0], turned[$0]] })
let examples = digits.raw.images.rows([0, 3, 4, 6])
let edges = convolve(Grid(examples.shape, examples.scalars), edgeFilters, padding: 1)
//: <!-- plumbing -->
func picture(_ grid: Grid, _ image: Int, _ channel: Int, _ caption: String) -> PixelImage {
  let values = (0..<64).map { grid[image, $0 / 8, $0 % 8, channel] }
  return PixelImage(height: 8, width: 8, values: values, caption: caption)
}
let inks = Grid(examples.shape, examples.scalars)
chapter.plot(
  ImageGrid(
    "Four digits", (0..<4).map { picture(inks, $0, 0, "") }, columns: 4, palette: .gray), "digits")
chapter.plot(
  ImageGrid(
    "Their vertical edges (above) and horizontal ones (below)",
    [0, 1].flatMap { channel in
      (0..<4).map { picture(edges, $0, channel, channel == 0 ? "vertical" : "horizontal") }
    }, columns: 4, palette: .diverging), "edges")
//: ## Four properties
//:
//: You can't check a convolution by looking at it. These four hold for every correct one, whatever the
//: numbers, and each catches mistakes that look harmless. The numbers here are random:
//: <!-- plumbing -->
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
func random(_ shape: [Int], _ generator: inout RandomGenerator) -> Grid {
  Grid(shape, (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}
//: **It is linear.** The result for a sum of images is the sum of the results.
//: <!-- plumbing -->
let (one, other) = (random([1, 6, 5, 3], &generator), random([1, 6, 5, 3], &generator))
let bank = random([3, 3, 3, 4], &generator)
let mixed = Grid([1, 6, 5, 3], zip(one.values, other.values).map { 2 * $0 - 3 * $1 })
chapter.check(
  "The result of 2a - 3b is twice that of a, less three times that of b",
  convolve(mixed, bank, padding: 1).values,
  closeTo: zip(
    convolve(one, bank, padding: 1).values, convolve(other, bank, padding: 1).values
  ).map { 2 * $0 - 3 * $1 }, tolerance: 1e-5)
//: **It doesn't care where things are.** Move the image, and the result moves with it: one filter finds an
//: edge anywhere. That is why a convolution needs so few numbers. With stride 2, moving the image by two
//: pixels moves the result by one.
//: <!-- plumbing -->
func canvas(_ image: Tensor, row: Int, column: Int) -> Grid {
  var canvas = Grid([1, 16, 18, 1])
  for i in 0..<8 { for j in 0..<8 { canvas[0, row + i, column + j, 0] = image[0, i, j, 0] } }
  return canvas
}
let edgesOf = { (grid: Grid, step: Int) in convolve(grid, edgeFilters, stride: step, padding: 1) }
let places = [1, 2].flatMap { step -> [(found: Float, moved: Float)] in
  let still = edgesOf(canvas(six, row: 2, column: 2), step)
  let moved = edgesOf(canvas(six, row: 4, column: 6), step)
  let (down, right) = (2 / step, 4 / step)
  return (0..<still.second - down).flatMap { i in
    (0..<still.third - right).flatMap { j in
      (0..<2).map { (moved[0, i + down, j + right, $0], still[0, i, j, $0]) }
    }
  }
}
chapter.check(
  "The edges of a digit that is moved by 2 rows and 4 columns are the same edges, moved",
  places.allSatisfy { $0.found == $0.moved } && places.contains { $0.found != 0 },
  "\(places.count) values compared, at strides 1 and 2")
//: **One bright pixel shows the filter.** This was the question at the beginning. Every place where the
//: filter stands sees the bright pixel below another of its nine numbers: standing above and to the left
//: of it, it sees it with its last number. With the filter 1 2 3 / 4 5 6 / 7 8 9:
var impulse = Grid([1, 5, 5, 1])
impulse[0, 2, 2, 0] = 1
let counting = Grid([3, 3, 1, 1], (1...9).map(Float.init))
let response = convolve(impulse, counting, padding: 1)
chapter.show(
  (0..<5).map { row in
    (0..<5).map { "\(Int(response[0, row, $0, 0]))" }.joined(separator: " ")
  }.joined(separator: "\n"))
//: <!-- plumbing -->
let around = (0..<9).map { response[0, 1 + $0 / 3, 1 + $0 % 3, 0] }
chapter.check(
  "The response to one pixel is the filter, turned by 180 degrees: a cross-correlation",
  around == counting.values.reversed() && response.values.reduce(0, +) == 45)
chapter.reveal(
  guess,
  answer: around == counting.values
    ? "the filter"
    : around == counting.values.reversed()
      ? "the filter, turned by 180 degrees" : "nine times the same number")
//: **With a 1x1 filter it is a matrix product.** Each pixel is a row of channels, and it is multiplied by
//: the matrix $W$ of input by output channels. The paper's projection shortcuts (equation 2) and its
//: bottlenecks (figure 5) are made of these.
//: <!-- plumbing -->
let pixels = random([2, 4, 3, 5], &generator)
let matrix = random([1, 1, 5, 7], &generator)
//:
var matrixProduct = [Float](repeating: 0, count: 24 * 7)
for pixel in 0..<24 {
  for (row, column) in (0..<5 * 7).map({ ($0 / 7, $0 % 7) }) {
    matrixProduct[pixel * 7 + column] +=
      pixels.values[pixel * 5 + row] * matrix.values[row * 7 + column]
  }
}
chapter.check(
  "A 1x1 filter multiplies every pixel's channels by a matrix", convolve(pixels, matrix).values,
  closeTo: matrixProduct, tolerance: 1e-6)
//: ## Against the library
//:
//: All later chapters use `conv2d` of this package's tensor library. It reads memory in another order,
//: computes eight numbers at once and uses all cores; chapter 2 shows how. It has to find the same
//: numbers, for images that aren't square, filters that aren't square, strides larger than the filter
//: and filters larger than the image:
//: <!-- plumbing -->
let shapes: [(images: [Int], filters: [Int])] = [
  ([1, 1, 1, 1], [1, 1, 1, 1]), ([1, 8, 8, 1], [3, 3, 1, 2]), ([2, 7, 5, 3], [3, 3, 3, 8]),
  ([1, 5, 9, 8], [1, 1, 8, 17]), ([3, 6, 4, 5], [2, 3, 5, 3]), ([1, 4, 11, 2], [5, 1, 2, 4]),
  ([2, 2, 3, 3], [5, 5, 3, 9]), ([1, 13, 12, 17], [3, 3, 17, 16]), ([1, 15, 9, 3], [7, 7, 3, 8]),
]
var (ours, theirs): ([Float], [Float]) = ([], [])
var combinations = 0
for (images, filters) in shapes {
  for (stride, padding) in [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0), (3, 2), (4, 3)]
  where filters[0] <= images[1] + 2 * padding && filters[1] <= images[2] + 2 * padding {
    let (x, w) = (random(images, &generator), random(filters, &generator))
    ours += convolve(x, w, stride: stride, padding: padding).values
    theirs +=
      conv2d(Tensor(images, x.values), Tensor(filters, w.values), stride: stride, padding: padding)
      .scalars
    combinations += 1
  }
}
chapter.check(
  "The seven loops and `conv2d` agree on \(combinations) combinations of shapes, strides and paddings",
  ours, closeTo: combinations >= 30 ? theirs : [], tolerance: 1e-5)
//: ## What it costs
//:
//: Seven loops with one product inside: the number of *multiply-adds* is the product of seven extents.
//: A trick counts them: with ones everywhere each product is 1, so the sum of the result is their number.
func ones(_ shape: [Int]) -> Grid {
  Grid(shape, [Float](repeating: 1, count: shape.reduce(1, *)))
}
let made = [0, 1].map { padding in
  convolve(ones([2, 10, 8, 3]), ones([3, 3, 3, 4]), padding: padding).values.reduce(0, +)
}
//: <!-- plumbing -->
let (unpadded, padded) = (2 * 8 * 6 * 4 * 3 * 3 * 3, 2 * 10 * 8 * 4 * 3 * 3 * 3)
chapter.check(
  "The loops make as many products as the extents say; with padding fewer, without those with zeros",
  Int(made[0]) == unpadded && Int(made[1]) < padded,
  "\(Int(made[0])) of \(unpadded), with padding \(Int(made[1])) of \(padded)")
//: How long does that take? Measure a layer of the paper's networks for CIFAR-10 (section 4.2): images of
//: 32x32 pixels with 16 channels, 16 filters of 3x3. A multiply-add is two operations, so a billion of
//: them per second are 2 GFLOP/s. (The paper calls a multiply-add *one* FLOP.)
//: <!-- plumbing -->
let layer = (x: random([4, 32, 32, 16], &generator), w: random([3, 3, 16, 16], &generator))
let layerProducts = 4 * 32 * 32 * 16 * 3 * 3 * 16
func gigaflops(_ multiplyAdds: Int, _ body: () -> Void) -> Double {
  let start = ContinuousClock.now
  var fastest = ContinuousClock().measure(body)
  while ContinuousClock.now - start < .milliseconds(300) {
    fastest = min(fastest, ContinuousClock().measure(body))
  }
  return 2e-9 * Double(multiplyAdds) / (fastest / .seconds(1))
}
let (x, w) = (Tensor([4, 32, 32, 16], layer.x.values), Tensor([3, 3, 16, 16], layer.w.values))
let naive = gigaflops(layerProducts) { _ = convolve(layer.x, layer.w, padding: 1) }
let library = Device.$current.withValue(Device(threads: chapter.options.threads)) {
  gigaflops(layerProducts) { _ = conv2d(x, w, padding: 1) }
}
let resnet34 = chapter.require(try Architecture("resnet34"))
let needed = resnet34.layers(imageShape: [224, 224, 3]).map(\.multiplyAdds).reduce(0, +)
chapter.table(
  Table(
    [Column("on this machine"), Column("GFLOP/s", .right), Column("ResNet-34, s", .right)],
    rows: [("seven loops", naive), ("conv2d, \(chapter.options.threads) threads", library)].map {
      [$0, String(format: "%.2f", $1), String(format: "%.3f", 2e-9 * Double(needed) / $1)]
    }), volatile: true)
//: The seconds are for one image of 224x224 pixels, at the speed of our one layer; others differ. Training
//: takes about three times as much per image, and the paper trained on batches of 256 for 600,000 steps
//: (section 3.4). Chapter 2 makes these loops many times as fast, step by step, and says what the library does
//: beyond that.
//:
//: ## Why deep networks are stacks of these
//:
//: A 3x3 filter sees 3x3 pixels. Put a second layer behind it and each of its pixels depends on 5x5 of
//: the image, though each layer learns only 3x3 numbers per pair of channels. Feed one bright pixel to
//: stacks of layers, and count how wide the response is:
let blur = ones([3, 3, 1, 1])
var spread = Grid([1, 15, 15, 1])
spread[0, 7, 7, 0] = 1
var widths: [Int] = []
for _ in 1...5 {
  spread = convolve(spread, blur, padding: 1)
  widths.append((0..<15).filter { spread[0, 7, $0, 0] != 0 }.count)
}
chapter.check(
  "A stack of n layers with 3x3 filters sees 2n + 1 pixels",
  widths == (1...5).map { 2 * $0 + 1 }, "\(widths)")
//: But two convolutions alone gain nothing: as the first is linear and so is the second, both together
//: are a single convolution with a 5x5 filter. That filter can be computed; convolve the one filter with
//: the other, turned:
let (w1, w2) = (random([3, 3, 1, 1], &generator), random([3, 3, 1, 1], &generator))
let both = convolve(
  Grid([1, 3, 3, 1], w1.values), Grid([3, 3, 1, 1], w2.values.reversed()), padding: 2)
//: <!-- plumbing -->
let scene = random([1, 9, 9, 1], &generator)
chapter.check(
  "Two layers without anything between them are one layer with a 5x5 filter",
  convolve(convolve(scene, w1), w2).values,
  closeTo: convolve(scene, Grid([5, 5, 1, 1], both.values)).values, tolerance: 1e-5)
//: So something that isn't linear has to stand between them, and the simplest will do: the *rectified
//: linear unit*, ReLU, which makes negative numbers zero. With it, what earlier layers found is what later
//: ones combine. That is the hope behind depth. VGG, on which the paper's plain networks are modelled
//: (section 3.3), has sixteen or nineteen layers, all but three of them 3x3 convolutions with ReLUs.
//:
//: ## What this shows, and what it does not
//:
//: - The loops compute what `conv2d` computes on these shapes. Properties that hold on random numbers are
//:   evidence, not proof.
//: - The speeds are those of one machine, of one layer, at one moment. No check depends on them.
//: - That depth helps wasn't shown. Chapter 6 makes networks deeper, and they get worse.
//:
//: ## In the paper
//:
//: Section 3.3 describes the networks that are built of these layers, table 1 lists their sizes and cost:
//: for 34 layers, $3.6 \times 10^9$ multiply-adds, which it calls FLOPs.
//:
//: ## Exercises
//:
//: Each waits for you in a file of its own, in `chapters/01-naive-loops/Exercises`, which says what to do
//: and where. In most you write a function; the fifth asks what you saw when you changed this chapter.
chapter.listExercises()
//: `swift run chapter1 exercises` grades them all, and says of each what is wrong with it and for which input;
//: `swift run chapter1 exercises 2 --hint` helps with the second.
//:
//: ## Next
//:
//: Chapter 2 makes the loops fast. If you want to see what goes wrong in a deep stack of convolutions,
//: go on to chapter 6.
chapter.finish()
