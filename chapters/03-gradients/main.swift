//: # 3. Gradients
//:
//: A network learns by changing each of its numbers a little, in the direction that makes its mistakes
//: smaller. So it has to know, for every number, how its mistakes change when that number changes. One pass
//: backwards through the network answers that for all of them, and you will write it.
//:
//: **What you will learn**
//:
//: - how to measure a derivative, and why the smallest step isn't the best;
//: - how a gradient goes back through a graph of single numbers, and what an addition does to it;
//: - the backward passes of a fully connected layer, ReLU, a convolution and the loss, in a few lines each;
//: - how a tape strings them together, for a network of any shape;
//: - how to check a gradient that you derived, before you believe it.
import Chapter3Library
import Charts
import Datasets
import Foundation
import Graders
import MiniTensor
import Notebook

let chapter = Chapter(3, exercises: .chapter3)
//: ## Before you run
//:
//: The derivative of $f$ at $w$ is about $(f(w + h) - f(w - h)) / 2h$ for a small step $h$. Take a function
//: whose derivative you know, and smaller and smaller steps.
let guess = chapter.predict(
  "What happens to the error of the measured derivative?",
  choices: ["it keeps falling", "it falls and then stays", "it falls and then rises again"])
//: ## A derivative, measured
//:
//: The example is $f(w) = \log(1 + e^{-w})$: the loss of a network that should say yes and says $w$. Its
//: derivative is $f'(w) = -1 / (1 + e^w)$. Measure it with steps from 1 down to $10^{-15}$, at twenty
//: places, and look at the mean error: with numbers of 64 bits, with the 32 bits that our networks use,
//: and from one side only.
//: `.exp` and `.log` are the library's own: they round the same way on every machine, so your numbers are those
//: of this page.
func f(_ w: Double) -> Double { .log(1 + .exp(-w)) }
func f(_ w: Float) -> Float { .log(1 + .exp(-w)) }

let oneSided = Measurement("one side, 64 bits", .gray, rule: sqrt(0x1p-53)) { w, h in
  (f(w + h) - f(w)) / h
}
let single = Measurement("both sides, 32 bits", .orange, rule: .pow(0x1p-24, 1 / 3)) { w, h in
  Double((f(Float(w + h)) - f(Float(w - h))) / Float(2 * h))
}
let central = Measurement("both sides, 64 bits", .blue, rule: .pow(0x1p-53, 1 / 3)) { w, h in
  (f(w + h) - f(w - h)) / (2 * h)
}
let measurements = [oneSided, single, central]
chapter.plot(Measurement.chart(measurements), "step-size")
//: Read it from the right. A large step measures the slope of a chord, not of the curve. Taylor's series
//: says by how much: the error is $h^2 f'''(w) / 6$ from both sides, $h f''(w) / 2$ from one. That is
//: *truncation*: a tenth of the step, a hundredth of the error. On the left something else grows. The two
//: values of $f$ agree in almost all digits, and what is left of their difference is their rounding, about
//: $\varepsilon = 2^{-53}$ or $2^{-24}$ of their size, divided by $h$: a tenth of the step, ten times the
//: error.
//:
//: At its left end the curve of 32 bits is flat. There the step is smaller than the distance from $w$ to the next
//: number of 32 bits: $w + h$ and $w - h$ are rounded to $w$, the difference is 0, and the error is the
//: whole derivative.
//: <!-- plumbing -->
let truncation = central.errors[2] / central.errors[4]
let rounding = central.errors[26] / central.errors[20]
chapter.check(
  "From both sides, a tenth of a large step has about a hundredth of the error",
  (80...120).contains(truncation), String(format: "%.1f times less", truncation))
chapter.check(
  "A thousandth of a step that is small already has at least a hundred times the error",
  rounding > 100, String(format: "%.0f times more", rounding))
let rise = central.errors.last! / central.best.error
chapter.reveal(guess, answer: guess.choices[rise > 10 ? 2 : rise > 1 ? 1 : 0])
//: The best step is where both are equal: $h^2 \approx \varepsilon / h$, so $h \approx \varepsilon^{1/3}$ from
//: both sides, and $\varepsilon^{1/2}$ from one.
chapter.table(Measurement.table(measurements))
chapter.check(
  "The best step is within a factor of ten of the rule",
  measurements.allSatisfy { abs(.log10($0.best.step / $0.rule)) < 1 },
  measurements.map { String(format: "%.1f times", $0.best.step / $0.rule) }.joined(separator: ", "))
//: So derivatives can be measured with nothing but the function itself, and that will check all that follows.
//: It is no way to train, though: every number would need two passes through the network.
//:
//: ## Single numbers first
//:
//: How a gradient goes back can be seen on seven numbers. Let each know what it was computed from, and its *slope* for
//: each of those: by how much it changes when that one changes. A product $ab$ changes by $b$ when $a$ does, a sum by
//: 1 with both. Then a number that learns how much the loss changes with it can tell those that it was computed
//: from. (This is the idea of A. Karpathy's *micrograd*.)
final class Scalar {
  let text: String
  let value: Double
  let inputs: [(scalar: Scalar, slope: Double)]
  private(set) var gradient = 0.0

  init(_ text: String, _ value: Double, from inputs: [(scalar: Scalar, slope: Double)] = []) {
    (self.text, self.value, self.inputs) = (text, value, inputs)
  }
  func receive(_ contribution: Double) {
    gradient += contribution
    for (input, slope) in inputs { input.receive(contribution * slope) }
  }
}
func product(_ text: String, _ a: Scalar, _ b: Scalar) -> Scalar {
  Scalar(text, a.value * b.value, from: [(a, b.value), (b, a.value)])
}
func total(_ text: String, _ a: Scalar, _ b: Scalar) -> Scalar {
  Scalar(text, a.value + b.value, from: [(a, 1), (b, 1)])
}
func square(_ text: String, _ a: Scalar) -> Scalar {
  Scalar(text, a.value * a.value, from: [(a, 2 * a.value)])
}

struct Example {
  let inputs: [Scalar]
  let (p, s, y, loss): (Scalar, Scalar, Scalar, Scalar)

  init(_ values: [Double]) {
    inputs = zip(["w", "b", "x"], values).map { Scalar($0, $1) }
    let (w, b, x) = (inputs[0], inputs[1], inputs[2])
    p = product("p = w · x", w, x)
    s = total("s = p + b", p, b)
    y = total("y = s + x", s, x)
    loss = square("L = y²", y)
  }
}
let example = Example([3, -1, 2])
example.loss.receive(1)
//: The values are computed from top to bottom, along the arrows, and the gradients from bottom to top. Beside each
//: arrow stands what goes back along it.
chapter.plot(example.loss.graph("Seven numbers, and how much L changes with each"), "scalars")
//: <!-- plumbing -->
let (wx, bx, xx) = (example.inputs[0], example.inputs[1], example.inputs[2])
chapter.check(
  "The gradients of w, b and x are those of differences",
  example.inputs.map { Float($0.gradient) },
  closeTo: example.inputs.indices.map { index in
    let losses = [central.rule, -central.rule].map { step in
      var values = example.inputs.map(\.value)
      values[index] += step
      return Example(values).loss.value
    }
    return Float((losses[0] - losses[1]) / (2 * central.rule))
  }, tolerance: 1e-6)
//: Read it from the bottom. $L$ changes with itself by 1. Then there are three kinds of arrows:
//:
//: - The square's slope is $2y$.
//: - The product gives each of its two inputs the gradient times the *other* one.
//: - The additions multiply by 1. In the words of Stanford's course CS231n, an addition "distributes" the
//:   gradient "equally to all of its inputs, regardless of what their values were".
chapter.check(
  "An addition gives its inputs the gradient that it has itself",
  [example.s.gradient, example.p.gradient, bx.gradient].allSatisfy { $0 == example.y.gradient },
  "\(example.y.gradient) to s, p and b")
//: Now look at $x$, which is used twice. One arrow comes through the product and the addition of $b$, the
//: other goes around both, straight to the addition below. What comes back along the two is added (read
//: $\partial L / \partial x$ as: how much $L$ changes with $x$):
//:
//: $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial y} \cdot (w + 1)$$
//:
//: Whatever $w$ does to the gradient on its way, the 1 passes it on as it is. That is a residual block, of one number.
chapter.check(
  "The gradient of x is that of y times w + 1", xx.gradient == example.y.gradient * (wx.value + 1),
  "\(xx.gradient) = \(example.y.gradient) · (\(wx.value) + 1)")
//: Networks have more numbers than seven, so the rest of this chapter says the same for whole arrays at once. And
//: `receive` walks along every path by itself. Where each of thirty blocks offers two ways, those are a thousand
//: million; the *tape* at the end of this chapter goes through each operation once.
//:
//: ## Going backwards
//:
//: A network is a chain of operations that ends in one number, the loss $L$. Let $y$ be the result of one of
//: them, and write $\delta_i = \partial L / \partial y_i$ for how much $L$ changes with its $i$-th number.
//: Suppose that somebody gives us $\delta$. If $y$ was computed from $x$, the chain rule says
//:
//: $$\frac{\partial L}{\partial x_j} = \sum_i \delta_i \frac{\partial y_i}{\partial x_j}$$
//:
//: and that is what the operation before wants to know. So each operation needs a *backward pass*, which
//: turns the gradient of its result into those of its inputs. A gradient has the shape of what it belongs
//: to. Arrays in this chapter may have any number of axes: a `Grid` is a `shape` and its `values`, a row of
//: numbers in which the last axis runs fastest. (It is in the folder `Library`, because your exercises use it,
//: too.)
//:
//: Each backward pass is checked twice: against the gradient of the library's operation, and against finite
//: differences. The measured function is $\sum_i \delta_i y_i$ with random $\delta$, whose gradient is what
//: the backward pass should find; the step is the one for 32 bits.
func difference(
  at index: Int, of x: Grid, step: Float, _ function: (Grid) -> Double
) -> Float {
  var (more, less) = (x, x)
  more.values[index] += step
  less.values[index] -= step
  let run = Double(more.values[index]) - Double(less.values[index])
  return Float((function(more) - function(less)) / run)
}
//: <!-- plumbing -->
let step = Float(single.best.step)
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
//: ## A fully connected layer
//:
//: For each image $n$ of a batch, $y_{n,o} = \sum_i x_{n,i} W_{i,o} + b_o$. So $\partial y_{n,o} / \partial x_{n,i}$
//: is what stands beside $x_{n,i}$ in this sum, $W_{i,o}$, and
//:
//: $$\frac{\partial L}{\partial x_{n,i}} = \sum_o \delta_{n,o} W_{i,o}, \quad
//: \frac{\partial L}{\partial W_{i,o}} = \sum_n x_{n,i} \delta_{n,o}, \quad
//: \frac{\partial L}{\partial b_o} = \sum_n \delta_{n,o}$$
//:
//: (An image of several axes is one row of numbers. Libraries, ours too, call this layer *linear*, and
//: $b$ its *bias*.)
func linearForward(_ x: Grid, _ w: Grid, _ b: Grid) -> Grid {
  let (batch, inputs, outputs) = (x.shape[0], w.shape[0], w.shape[1])
  var y = Grid([batch, outputs])
  for n in 0..<batch {
    for o in 0..<outputs { y.values[n * outputs + o] = b.values[o] }
    for i in 0..<inputs {
      for o in 0..<outputs {
        y.values[n * outputs + o] += x.values[n * inputs + i] * w.values[i * outputs + o]
      }
    }
  }
  return y
}
func linearBackward(_ delta: Grid, _ x: Grid, _ w: Grid) -> (x: Grid, w: Grid, b: Grid) {
  let (batch, inputs, outputs) = (x.shape[0], w.shape[0], w.shape[1])
  var (dx, dw, db) = (Grid(x.shape), Grid(w.shape), Grid([outputs]))
  for n in 0..<batch {
    for o in 0..<outputs { db.values[o] += delta.values[n * outputs + o] }
    for i in 0..<inputs {
      for o in 0..<outputs {
        dx.values[n * inputs + i] += delta.values[n * outputs + o] * w.values[i * outputs + o]
        dw.values[i * outputs + o] += delta.values[n * outputs + o] * x.values[n * inputs + i]
      }
    }
  }
  return (dx, dw, db)
}
//: <!-- plumbing -->
let (x1, w1, b1) = (
  random([3, 5], &generator), random([5, 4], &generator), random([4], &generator)
)
let delta1 = random([3, 4], &generator)
let linear1 = linearBackward(delta1, x1, w1)
chapter.compare(
  "Linear layer", [linear1.x, linear1.w, linear1.b], at: [x1, w1, b1], delta1, step: step,
  forward: { linearForward($0[0], $0[1], $0[2]) }, library: { linear($0[0], $0[1], $0[2]) })
//: ## ReLU
//:
//: $y = \max(x, 0)$ changes with $x$ where $x > 0$, and doesn't elsewhere: the gradient passes, or it is
//: stopped. At 0 itself there is no derivative, and the field has settled for 0. A difference across that
//: kink would measure neither side, so the numbers of the check keep away from it.
func reluForward(_ x: Grid) -> Grid { Grid(x.shape, x.values.map { max($0, 0) }) }
func reluBackward(_ delta: Grid, _ x: Grid) -> Grid {
  Grid(x.shape, zip(delta.values, x.values).map { $1 > 0 ? $0 : 0 })
}
//: <!-- plumbing -->
let x2 = Grid([4, 6], random([4, 6], &generator).values.map { $0 + ($0 > 0 ? 0.1 : -0.1) })
let delta2 = random([4, 6], &generator)
chapter.compare(
  "ReLU", [reluBackward(delta2, x2)], at: [x2], delta2, step: step,
  forward: { reluForward($0[0]) }, library: { relu($0[0]) })
//: ## A convolution
//:
//: Here index formulas get long. There is a shorter way to say it: the seven loops of chapter 1 visit
//: *products*. Each takes one number of the images, one of the filters, and adds their product to one of
//: the result. So write the loops once, and let them say which three numbers meet. (The loop over output
//: channels is the innermost, as chapter 2 advises; the extents are worked out in `Library/Convolution.swift`.)
extension Convolution {
  @inline(__always)
  func forEachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    for n in 0..<output[0] {
      for i in 0..<output[1] {
        for j in 0..<output[2] {
          for u in 0..<filters[0] {
            for v in 0..<filters[1] {
              let (row, column) = (i * stride + u - padding, j * stride + v - padding)
              guard row >= 0, row < input[1], column >= 0, column < input[2] else { continue }
              let y = ((n * output[1] + i) * output[2] + j) * output[3]
              for c in 0..<input[3] {
                let x = ((n * input[1] + row) * input[2] + column) * input[3] + c
                let w = ((u * filters[1] + v) * input[3] + c) * output[3]
                for o in 0..<output[3] { body(x, w + o, y + o) }
              }
            }
          }
        }
      }
    }
  }
}
//: Then the forward pass is one line, and so is each backward pass. A product $x \cdot w$ that was added to
//: $y$ changes by $w$ when $x$ changes, and by $x$ when $w$ does:
//:
//: $$\frac{\partial L}{\partial x} = \sum_{\text{products with } x} \delta_y \, w, \quad
//: \frac{\partial L}{\partial w} = \sum_{\text{products with } w} \delta_y \, x$$
func convolveForward(_ x: Grid, _ w: Grid, stride: Int = 1, padding: Int = 0) -> Grid {
  let convolution = Convolution(x.shape, w.shape, stride: stride, padding: padding)
  var y = Grid(convolution.output)
  convolution.forEachProduct { y.values[$2] += x.values[$0] * w.values[$1] }
  return y
}
func convolveBackward(
  _ delta: Grid, _ x: Grid, _ w: Grid, stride: Int = 1, padding: Int = 0
) -> (x: Grid, w: Grid) {
  let convolution = Convolution(x.shape, w.shape, stride: stride, padding: padding)
  var (dx, dw) = (Grid(x.shape), Grid(w.shape))
  convolution.forEachProduct {
    dx.values[$0] += delta.values[$2] * w.values[$1]
    dw.values[$1] += delta.values[$2] * x.values[$0]
  }
  return (dx, dw)
}
//: Two products for one: the backward pass of a convolution costs twice its forward pass. Padding and
//: stride need no thought of their own, since they only decide which products there are.
//: <!-- plumbing -->
let (x3, w3) = (random([2, 7, 6, 3], &generator), random([3, 3, 3, 5], &generator))
let delta3 = random(convolveForward(x3, w3, stride: 2, padding: 1).shape, &generator)
let convolution3 = convolveBackward(delta3, x3, w3, stride: 2, padding: 1)
chapter.compare(
  "Convolution", [convolution3.x, convolution3.w], at: [x3, w3], delta3, step: step,
  forward: { convolveForward($0[0], $0[1], stride: 2, padding: 1) },
  library: { conv2d($0[0], $0[1], stride: 2, padding: 1) })
//: ## An addition
//:
//: $y = a + b$ changes with $a$ as $a$ does, and so with $b$: the gradient goes to both, unchanged.
//: Remember this line; residual networks are built on it.
func addForward(_ a: Grid, _ b: Grid) -> Grid {
  Grid(a.shape, zip(a.values, b.values).map { $0 + $1 })
}
func addBackward(_ delta: Grid) -> (a: Grid, b: Grid) { (delta, delta) }
//: <!-- plumbing -->
let (a4, b4) = (random([3, 4], &generator), random([3, 4], &generator))
let delta4 = random([3, 4], &generator)
chapter.compare(
  "Addition", [addBackward(delta4).a, addBackward(delta4).b], at: [a4, b4], delta4, step: step,
  forward: { addForward($0[0], $0[1]) }, library: { add($0[0], $0[1]) })
//: ## The loss
//:
//: The last layer gives a number for every class, the *logits* $z$. The *softmax* makes probabilities of
//: them, $p_k = e^{z_k} / \sum_j e^{z_j}$, and the loss is the *cross-entropy*: $-\log p_t$ for the true
//: class $t$, averaged over the batch of $N$. Now $-\log p_t = -z_t + \log \sum_j e^{z_j}$, and the last
//: logarithm's derivative by $z_k$ is $p_k$. What remains is what was said, less what should have been said:
//:
//: $$\frac{\partial L}{\partial z_{n,k}} = \frac{p_{n,k} - [k = t_n]}{N}$$
//:
//: The largest logit is taken away first. That changes no probability, and keeps $e^z$ from overflowing.
func softmax(_ logits: Grid) -> Grid {
  let classes = logits.shape[1]
  var p = logits
  for first in stride(from: 0, to: p.values.count, by: classes) {
    let row = logits.values[first..<first + classes]
    let largest = row.max()!
    let powers = row.map { Float.exp($0 - largest) }
    let sum = powers.reduce(0, +)
    for k in 0..<classes { p.values[first + k] = powers[k] / sum }
  }
  return p
}
func crossEntropyForward(_ logits: Grid, _ labels: [Int]) -> Grid {
  let p = softmax(logits)
  let losses = labels.enumerated().map { -Float.log(p.values[$0 * logits.shape[1] + $1]) }
  return Grid([1], [losses.reduce(0, +) / Float(labels.count)])
}
func crossEntropyBackward(_ delta: Grid, _ logits: Grid, _ labels: [Int]) -> Grid {
  var dz = softmax(logits)
  for (n, label) in labels.enumerated() { dz.values[n * logits.shape[1] + label] -= 1 }
  return Grid(dz.shape, dz.values.map { delta.values[0] * $0 / Float(labels.count) })
}
//: <!-- plumbing -->
let (z5, delta5, labels5) = (random([4, 10], &generator), Grid([1], [1.5]), [3, 0, 9, 3])
chapter.compare(
  "Softmax and cross-entropy", [crossEntropyBackward(delta5, z5, labels5)], at: [z5], delta5,
  step: step, forward: { crossEntropyForward($0[0], labels5) },
  library: { softmaxCrossEntropy($0[0], labels: labels5).reshaped([1]) })
//: ## The tape
//:
//: The rest is bookkeeping. In the forward pass, every operation writes down how to go back through it;
//: then the notes are read from the last to the first. When it is an operation's turn, everything that
//: used its result has been gone through, so its $\delta$ is complete. A number that was used twice gets
//: two contributions, and they are added: that is the sum in the chain rule.
final class Variable {
  let value: Grid
  private(set) var gradient: Grid?
  init(_ value: Grid) { self.value = value }
  func receive(_ contribution: Grid) {
    gradient = gradient.map { addForward($0, contribution) } ?? contribution
  }
}
final class Tape {
  private var notes: [() -> Void] = []
  private func record(_ value: Grid, _ backward: @escaping (_ delta: Grid) -> Void) -> Variable {
    let result = Variable(value)
    notes.append { if let delta = result.gradient { backward(delta) } }
    return result
  }
  func backward(from loss: Variable) {
    loss.receive(Grid([1], [1]))
    while let note = notes.popLast() { note() }
  }
  func linear(_ x: Variable, _ w: Variable, _ b: Variable) -> Variable {
    record(linearForward(x.value, w.value, b.value)) { delta in
      let gradients = linearBackward(delta, x.value, w.value)
      x.receive(gradients.x)
      w.receive(gradients.w)
      b.receive(gradients.b)
    }
  }
  func relu(_ x: Variable) -> Variable {
    record(reluForward(x.value)) { x.receive(reluBackward($0, x.value)) }
  }
  func convolve(_ x: Variable, _ w: Variable, stride: Int = 1) -> Variable {
    let padding = w.value.shape[0] / 2
    return record(convolveForward(x.value, w.value, stride: stride, padding: padding)) { delta in
      let gradients = convolveBackward(delta, x.value, w.value, stride: stride, padding: padding)
      x.receive(gradients.x)
      w.receive(gradients.w)
    }
  }
  func add(_ a: Variable, _ b: Variable) -> Variable {
    record(addForward(a.value, b.value)) { delta in
      a.receive(addBackward(delta).a)
      b.receive(addBackward(delta).b)
    }
  }
  func crossEntropy(_ logits: Variable, _ labels: [Int]) -> Variable {
    record(crossEntropyForward(logits.value, labels)) { delta in
      logits.receive(crossEntropyBackward(delta, logits.value, labels))
    }
  }
}
//: ## A whole network
//:
//: Three convolutions, with a shortcut around the second, and a fully connected layer, for eight digits.
//: Its gradients have to be right for every number that it learns, and for every pixel too. The same network,
//: made of the library's operations, lies in `Comparison.swift`.
//: <!-- plumbing -->
let digits = chapter.require(try Digits.load())
let sample = digits.train.examples(Array(0..<8))
let inputs = firstNumbers(sample.images, using: &generator)

//:
func loss(_ tape: Tape, _ v: [Variable], _ labels: [Int]) -> Variable {
  let first = tape.relu(tape.convolve(v[0], v[1]))
  let second = tape.add(first, tape.relu(tape.convolve(first, v[2])))
  let third = tape.relu(tape.convolve(second, v[3], stride: 2))
  return tape.crossEntropy(tape.linear(third, v[4], v[5]), labels)
}
let tape = Tape()
let variables = inputs.map(Variable.init)
tape.backward(from: loss(tape, variables, sample.labels))
let gradients = variables.map { $0.gradient!.values }
chapter.check(
  "The gradients of the whole network are those of the library", gradients.flatMap { $0 },
  closeTo: libraryGradients(inputs, Grid([], [1])) { libraryLoss($0, sample.labels) },
  tolerance: 1e-4)
//: And against finite differences, for a dozen numbers of each array, with steps from 1 down to $10^{-6}$. The
//: error is the largest difference, relative to the largest gradient.
//: <!-- plumbing -->
let errors = Measurement.stepSizes.prefix(13).map { step in
  largestError(of: gradients, at: inputs, step: Float(step)) {
    loss(Tape(), $0.map(Variable.init), sample.labels).value.values[0]
  }
}
chapter.plot(stepChart(errors), "network-step-size")
let (bestStep, bestError) = zip(Measurement.stepSizes, errors).min { $0.1 < $1.1 }!
let found = String(format: "error %.1e with a step of %.1e", bestError, bestStep)
chapter.check(
  "With the best step, differences confirm the gradients to 2 %", bestError < 0.02, found)
chapter.check(
  "Steps of 1 and of 0.000001 are both at least ten times worse",
  errors.first! > 10 * bestError && errors.last! > 10 * bestError,
  String(format: "errors %.1e and %.1e", errors.first!, errors.last!))
//: The same valley as before. On its right there is more than truncation now: a large step crosses kinks
//: of ReLUs, and no smooth formula holds across them.
//:
//: ## What this shows, and what it does not
//:
//: - The gradients are right at random places, to the accuracy of 32 bits. A mistake that shows only at
//:   special places (a ReLU at exactly 0, a class that never occurs) would pass.
//: - A gradient says which way is down from here, and nothing about how far it goes down. Chapters 4 and 5
//:   deal with that.
//:
//: ## In the paper
//:
//: Section 1: a residual network "can still be trained end-to-end by SGD with backpropagation". Equation 1,
//: $y = \mathcal F(x) + x$, ends in the addition above: whatever $\mathcal F$ does to its gradient, the
//: shortcut hands on $\delta$ as it is.
//:
//: ## Exercises
//:
//: Each waits for you in a file of its own, in `chapters/03-gradients/Exercises`, which says what to do
//: and where. In most you write a function; the last two ask what you saw when you changed this chapter.
chapter.listExercises()
//: `swift run chapter3 exercises` grades them all, and says of each what is wrong with it and for which input;
//: `swift run chapter3 exercises 2 --hint` helps with the second.
//:
//: ## Next
//:
//: Chapter 4 trains a network with nothing but the lines above, beside the library's.
chapter.finish()
