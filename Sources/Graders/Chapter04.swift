import Exercises
import Foundation
import MiniTensor
import Optimization

extension Array where Element == Exercise {
  /// The exercises of chapter 4.
  public static var chapter4: [Exercise] {
    [
      decayedStep, displacement, trainingStep, stepsToOverfit, topError, errorDeviation, signTest,
      betterTwin, whatNoticed,
    ]
  }
}

private let decayedStep = Exercise.function(
  1, "decayedStep", title: "A step with momentum and weight decay", .easy, minutes: 10,
  hints: [
    "Which of the two lines of the chapter's step has the gradient in it? Only that one changes.",
    "The velocity takes up `gradient + decay * weight`, with the weight as it was before the step.",
  ],
  labels: ["weight", "gradient", "velocity", "rate", "momentum", "decay"],
  cases: { generator in
    let fixed: [(Float, Float, Float, Float, Float, Float)] = [
      (4, 1, 0, 1, 0, 0), (4, 1, 2, 1, 0.5, 0), (4, 1, 0, 1, 0, 0.25), (4, 1, 2, 0.5, 0.5, 0.25),
    ]
    let random: [(Float, Float, Float, Float, Float, Float)] = (0..<6).map { _ in
      let (weight, gradient, velocity) = (
        Float(generator.normal()), Float(generator.normal()), Float(generator.normal())
      )
      let rate = Float(0.05 + generator.uniform())
      return (
        weight, gradient, velocity, rate, Float(generator.uniform()),
        Float(0.1 + generator.uniform())
      )
    }
    return fixed + random
  },
  expected: {
    (
      weight: Float, gradient: Float, velocity: Float, rate: Float, momentum: Float, decay: Float
    ) -> [Float] in
    let parameter = Parameter(Tensor([1], [weight]))
    let library = SGD([parameter], momentum: momentum, weightDecay: decay)
    library.velocities = [Tensor([1], [velocity])]
    parameter.gradient = Tensor([1], [gradient])
    library.step(learningRate: rate)
    return [parameter.value.scalar, library.velocities[0].scalar]
  },
  misconceptions: { weight, gradient, velocity, rate, momentum, decay in
    func step(_ next: Float) -> [Float] { [weight - rate * next, next] }
    let plain = momentum * velocity + gradient
    let full: Float = gradient + decay * weight
    let right: Float = momentum * velocity + full
    let average: Float = momentum * velocity + (1 - momentum) * full
    let downhill: Float = momentum * velocity - rate * full
    let scaled: Float = momentum * velocity + rate * full
    let doubled: Float = plain + 2 * decay * weight
    let squared: Float = plain + decay * weight * weight
    return [
      Misconception(
        """
        No weight decay arrives: to the gradient belongs decay · weight, here \
        \((decay * weight).shown).
        """, step(plain)),
      Misconception(
        """
        The decay moves the weight, but never enters the velocity: it is a part of the gradient, and momentum \
        carries it on like the rest.
        """, [weight - rate * right, plain]),
      Misconception(
        """
        The decay pushes the weight away from zero: it is added to the gradient, and the step goes against the \
        gradient.
        """, step(plain - decay * weight)),
      Misconception(
        "The step goes uphill: the weight moves against the velocity.",
        [weight + rate * right, right]),
      Misconception(
        """
        The gradient counts \((1 - momentum).shown) times: the chapter's velocity is a sum, \
        momentum · velocity + gradient, and not an average.
        """, step(momentum * velocity + (1 - momentum) * gradient + decay * weight)),
      Misconception(
        """
        The gradient and the decay count \((1 - momentum).shown) times: the chapter's \
        velocity is a sum, momentum · velocity + gradient, and not an average.
        """,
        step(average)),
      Misconception(
        """
        The decay moves the weight, but never enters the velocity: it is a part of the \
        gradient, and momentum carries it on like the rest.
        """,
        [weight - rate * plain - rate * decay * weight, plain]),
      Misconception(
        """
        The velocity has the learning rate in it. The chapter's is momentum · velocity + \
        gradient, and the rate comes in where the weight moves.
        """,
        [weight + downhill, downhill]),
      Misconception(
        """
        The velocity has the learning rate in it. The chapter's is momentum · velocity + \
        gradient, and the rate comes in where the weight moves.
        """,
        [weight - scaled, scaled]),
      Misconception(
        """
        That is Nesterov's step, which looks ahead by one velocity more. The chapter's \
        weight moves by the velocity itself.
        """,
        [weight - rate * (full + momentum * right), right]),
      Misconception(
        "The numbers came back the other way round: first the weight, then the velocity.",
        [weight - rate * right, right].reversed()),
      Misconception(
        """
        The weight moved by the velocity from before the step. The velocity takes up the \
        gradient first.
        """,
        [weight - rate * velocity, right]),
      Misconception(
        """
        The decay is the same for every weight here. It is decay · weight: large weights \
        are drawn more.
        """,
        step(plain + decay)),
      Misconception(
        """
        To the gradient belongs decay · weight, once: not its double and not the square \
        of the weight.
        """,
        step(doubled)),
      Misconception(
        """
        To the gradient belongs decay · weight, once: not its double and not the square \
        of the weight.
        """,
        step(squared)),
    ]
  })

private let displacement = Exercise.function(
  2, "displacement", title: "Where momentum carries a number", .easy, minutes: 10,
  hints: [
    "Go through it on paper for two steps. Which two numbers have to be kept from step to step?",
    "The velocity takes up the gradient first, and with that velocity the number moves.",
    """
    In a loop over the steps: `velocity = momentum * velocity + 1`, then add `rate * velocity` to what was moved \
    so far.
    """,
  ],
  labels: ["steps", "rate", "momentum"], tolerance: 1e-9,
  cases: { generator in
    let fixed: [(Int, Double, Double)] = [
      (0, 1, 0.5), (1, 1, 0), (1, 1, 0.5), (2, 1, 0.5), (3, 1, 0.5), (7, 0.2, 0), (500, 0.1, 0.9),
    ]
    let random: [(Int, Double, Double)] = (0..<4).map { _ in
      (2 + generator.whole(below: 40), 0.01 + generator.uniform(), 0.95 * generator.uniform())
    }
    return fixed + random
  },
  expected: { (steps: Int, rate: Double, momentum: Double) -> Double in
    // The velocity after k steps is (1 − μᵏ) / (1 − μ).
    (1..<(steps + 1)).reduce(0) { $0 + rate * (1 - power(momentum, $1)) / (1 - momentum) }
  },
  misconceptions: { steps, rate, momentum in
    let velocities = (0...steps + 1).map { (1 - power(momentum, $0)) / (1 - momentum) }
    // What the number would have moved by with a rate of 1.
    let way: Double = velocities[...steps].reduce(0, +)
    let early: Double = velocities[..<steps].reduce(0, +)
    let late: Double = (0..<steps).reduce(0) { sum, step in
      sum + (1 - power(momentum, step + 2)) / (1 - momentum)
    }
    return [
      Misconception(
        """
        It moves at full speed from the first step on. But it starts at rest: the velocity is 1 at first, and \
        only in the long run 1 / (1 − momentum) = \((1 / (1 - momentum)).shown).
        """, Double(steps) * rate / (1 - momentum)),
      Misconception(
        """
        That is the way without momentum, where each step is as long as the first one. The velocity keeps \
        \(momentum.shown) of what it was.
        """, Double(steps) * rate),
      Misconception(
        "That is the way of the last step only. Add up all \(steps) of them.",
        steps == 0 ? 0 : rate * velocities[steps]),
      Misconception(
        """
        Each step moves by the velocity before it took up the gradient: after one step the number would not have \
        moved at all. Change the velocity first.
        """, rate * early),
      Misconception(
        """
        The sign is wrong: what is asked for is how far the number has moved downhill, a \
        number above 0.
        """,
        -rate * way),
      Misconception(
        """
        The learning rate is in it twice: in the velocity and in the step. The velocity \
        is momentum · velocity + gradient, and the gradient is 1.
        """,
        rate * rate * way),
      Misconception(
        "The learning rate is missing: a step moves the number by rate · velocity.",
        way),
      Misconception(
        """
        That is one step too many: there are \(steps). `0..<steps` is as many turns, \
        `0...steps` one more.
        """,
        rate * (way + velocities[steps + 1])),
      Misconception(
        "The number starts at rest, with a velocity of 0. It becomes 1 in the first step.",
        rate * late),
      Misconception(
        """
        The gradient counts 1 − momentum times. The chapter's velocity is a sum, momentum \
        · velocity + gradient, and not an average.
        """,
        rate * (1 - momentum) * way),
    ]
  })

private func power(_ base: Double, _ exponent: Int) -> Double {
  (0..<exponent).reduce(1) { product, _ in product * base }
}

private let trainingStep = Exercise.function(
  3, "trainingStep", title: "One step of training", .medium, minutes: 20,
  hints: [
    """
    Make a `Parameter` of each tensor in `parameters`, and give `logits` their `tracked`. Without that, nothing \
    remembers how the loss came about.
    """,
    """
    `softmaxCrossEntropy(logits(…), labels: labels).backward()` leaves each parameter's `gradient`, an optional: \
    here it is there.
    """,
    """
    For each: `let next = momentum * velocity + parameter.gradient!`, then `parameter.value - rate * next`. Return \
    the two values and then the two velocities.
    """,
  ],
  labels: ["images", "labels", "parameters", "velocities", "rate", "momentum"],
  cases: { generator in
    let pixel = Tensor([1, 1, 1, 1], [2])
    let (weights, bias) = (Tensor([1, 2]), Tensor([2]))
    let moving = [Tensor([1, 2], [4, 0]), Tensor([2], [0, 2])]
    let fixed: [(Tensor, [Int], [Tensor], [Tensor], Float, Float)] = [
      (pixel, [0], [weights, bias], [weights, bias], 1, 0.5),
      (pixel, [0], [weights, bias], moving, 1, 0.5),
    ]
    let random: [(Tensor, [Int], [Tensor], [Tensor], Float, Float)] = [(2, 1, 3, 2), (4, 3, 2, 5)]
      .map { batch, height, width, classes in
        func draw(_ shape: [Int]) -> Tensor {
          Initialization.uniform(bound: 1).tensor(shape, using: &generator)
        }
        let shapes: [[Int]] = [[height * width * 2, classes], [classes]]
        let images = draw([batch, height, width, 2])
        let labels: [Int] = (0..<batch).map { _ in generator.whole(below: classes) }
        let rate = Float(0.1 + generator.uniform())
        let momentum = Float(0.2 + 0.6 * generator.uniform())
        return (images, labels, shapes.map(draw), shapes.map(draw), rate, momentum)
      }
    return fixed + random
  },
  expected: {
    (
      images: Tensor, labels: [Int], parameters: [Tensor], velocities: [Tensor], rate: Float,
      momentum: Float
    ) -> [Tensor] in
    let learnt = parameters.map { Parameter($0) }
    let library = SGD(learnt, momentum: momentum, weightDecay: 0)
    library.velocities = velocities
    backward(images, labels, learnt)
    library.step(learningRate: rate)
    return learnt.map(\.value) + library.velocities
  },
  misconceptions: { images, labels, parameters, velocities, rate, momentum in
    let learnt = parameters.map { Parameter($0) }
    backward(images, labels, learnt)
    let gradients = learnt.map { $0.gradient! }
    func sums(_ factor: Float) -> [Tensor] {
      zip(velocities, gradients).map { momentum * $0 + factor * $1 }
    }
    func moved(_ steps: [Tensor], _ factor: Float = -1) -> [Tensor] {
      zip(parameters, steps).map { $0 + (factor * rate) * $1 }
    }
    let right = sums(1)
    let whole: [Tensor] = zip(velocities, gradients).map { $0 + $1 }
    let rated: [Tensor] = zip(parameters, sums(rate)).map { $0 - $1 }
    let (both, many) = (moved(right), sums(Float(labels.count)))
    return [
      Misconception(
        "The step goes uphill: the loss grows. Parameters move against their velocities.",
        moved(right, 1) + right),
      Misconception(
        """
        The parameters moved by the velocities from before the gradient was taken up. Each velocity first becomes \
        momentum · velocity + gradient.
        """, moved(velocities) + right),
      Misconception(
        """
        That is a step without momentum: of each velocity a share of \(momentum.shown) is kept, and the gradient \
        is added.
        """, moved(gradients) + gradients),
      Misconception(
        """
        The gradient counts \((1 - momentum).shown) times: the chapter's velocity is a sum, momentum · velocity + \
        gradient, and not an average.
        """, moved(sums(1 - momentum)) + sums(1 - momentum)),
      Misconception(
        """
        The parameters moved, the velocities are still the old ones: the next step needs those of this step.
        """, moved(right) + velocities),
      Misconception(
        "The gradients came back where the new velocities should be.",
        moved(right) + gradients),
      Misconception(
        """
        The velocities are kept whole, where only a share of \(momentum.shown) of each \
        is: momentum · velocity + gradient.
        """,
        moved(whole) + whole),
      Misconception(
        """
        The tensors came back in another order: first both parameters, then both \
        velocities.
        """,
        [both[0], right[0], both[1], right[1]]),
      Misconception(
        "The bias stayed where it was. It is a parameter like the weights.",
        [both[0], parameters[1], right[0], velocities[1]]),
      Misconception(
        """
        The gradients were multiplied by the number of images, \(labels.count). The loss \
        is a mean over the batch, and its gradients are right as they are.
        """,
        moved(many) + many),
      Misconception(
        """
        The velocities have the learning rate in them. The chapter's is momentum · \
        velocity + gradient, and the rate comes in where the parameters move.
        """,
        rated + sums(rate)),
    ]
  })

private func backward(_ images: Tensor, _ labels: [Int], _ learnt: [Parameter]) {
  softmaxCrossEntropy(
    linear(flatten(images), learnt[0].tracked, learnt[1].tracked), labels: labels
  ).backward()
}

private let stepsToOverfit = Exercise.function(
  4, "stepsToOverfit", title: "Overfit one batch first", .medium, minutes: 25,
  hints: [
    """
    Make the two parameters and the optimiser once, before the loop. In the loop: the loss, its `backward()`, \
    the optimiser's step.
    """,
    """
    Measure the loss before each step, and once more after the last one: so it is measured up to `most` + 1 \
    times.
    """,
    """
    `for steps in 0...most { …; if loss.scalar < bound { return steps }; loss.backward(); \
    optimizer.step(learningRate: rate) }`, and nil behind the loop.
    """,
  ],
  labels: ["images", "labels", "classes", "rate", "bound", "most"],
  cases: { generator in
    let pixel = Tensor([1, 1, 1, 1], [1])
    let pixels = Tensor([2, 1, 1, 1], [1, 1])
    let reached = steps(pixel, [0], classes: 2, rate: 1, bound: 0.2, most: 100) ?? 0
    // After so many steps even a small decay has kept the loss up, by half a percent: the bound is between.
    let many = 40
    let losses: [Float] = [0, usualDecay].map {
      loss(of: pixel, [0], classes: 2, rate: 0.05, after: many, weightDecay: $0)
    }
    let between = (losses[0] + losses[1]) / 2
    // One image under two labels: the loss can't come below log 2 = 0.69.
    let fixed: [(Tensor, [Int], Int, Float, Float, Int)] = [
      (pixel, [0], 2, 1, 0.2, 100), (pixel, [0], 2, 1, 0.2, reached),
      (pixel, [0], 2, 1, 0.2, reached - 1), (pixel, [0], 2, 1, 1, 5),
      (pixels, [0, 1], 2, 1, 0.5, 5),
      // The loss is the bound itself, which isn't below it.
      (pixel, [0], 2, 1, softmaxCrossEntropy(Tensor([1, 2]), labels: [0]).scalar, 5),
      (pixel, [0], 2, 0.05, between, many),
    ]
    // Noise under labels that mean nothing.
    let random: [(Tensor, [Int], Int, Float, Float, Int)] = [(6, 3, 3, 4), (4, 2, 4, 3)].map {
      batch, height, width, classes in
      let images = Initialization.uniform(bound: 1).tensor(
        [batch, height, width, 1], using: &generator)
      let labels: [Int] = (0..<batch).map { _ in generator.whole(below: classes) }
      return (images, labels, classes, 0.5, 0.1, 2000)
    }
    return fixed + random
  },
  expected: {
    (images: Tensor, labels: [Int], classes: Int, rate: Float, bound: Float, most: Int) -> Int? in
    steps(images, labels, classes: classes, rate: rate, bound: bound, most: most)
  },
  misconceptions: { images, labels, classes, rate, bound, most in
    let right = steps(images, labels, classes: classes, rate: rate, bound: bound, most: most)
    let first = softmaxCrossEntropy(Tensor([labels.count, classes]), labels: labels).scalar
    return [
      Misconception<Int?>(
        """
        It counts one too many: return the steps that were taken before the loss was below \(bound.shown), not \
        the one that would be next.
        """, right.map { $0 + 1 }),
      Misconception<Int?>(
        """
        It gives up too early: after \(most) steps the loss is to be looked at once more, and there it is below \
        \(bound.shown).
        """, right == most ? nil : right),
      Misconception<Int?>(
        """
        Where the loss isn't below \(bound.shown) after \(most) steps, the answer is nil: the batch can't be \
        learnt, or not so fast. A number of steps would say that it was.
        """, right ?? most),
      Misconception<Int?>(
        """
        The parameters never move, or are made anew in each step: the loss stays what it is for zeros, \
        log \(classes) = \(first.shown).
        """, first < bound ? 0 : nil),
      Misconception<Int?>(
        "That is how long it takes without momentum. The optimiser's momentum is to be 0.9.",
        steps(
          images, labels, classes: classes, rate: rate, bound: bound, most: most, momentum: 0)),
      Misconception<Int?>(
        "A loss that equals the bound isn't below it.",
        steps(images, labels, classes: classes, rate: rate, bound: bound.nextUp, most: most)),
      Misconception<Int?>(
        "The bias stays at zero: the optimiser has to be given both parameters.",
        steps(
          images, labels, classes: classes, rate: rate, bound: bound, most: most, learnsBias: false)
      ),
      Misconception<Int?>(
        """
        That is what comes out with a weight decay of \(usualDecay.shown). There is to be none: decay holds the \
        weights back, and so keeps the loss from going to zero.
        """,
        steps(
          images, labels, classes: classes, rate: rate, bound: bound, most: most,
          weightDecay: usualDecay)),
    ]
  })

/// The weight decay of the paper's recipe (section 4.2).
private let usualDecay: Float = 1e-4

private func steps(
  _ images: Tensor, _ labels: [Int], classes: Int, rate: Float, bound: Float, most: Int,
  momentum: Float = 0.9, weightDecay: Float = 0, learnsBias: Bool = true
) -> Int? {
  learning(
    images, labels, classes: classes, rate: rate, most: most, momentum: momentum,
    weightDecay: weightDecay, learnsBias: learnsBias
  ) { $0 < bound }.reached
}

/// The loss of a batch after some steps.
private func loss(
  of images: Tensor, _ labels: [Int], classes: Int, rate: Float, after steps: Int,
  weightDecay: Float
) -> Float {
  learning(
    images, labels, classes: classes, rate: rate, most: steps, weightDecay: weightDecay
  ) { _ in false }.loss
}

/// Learns a batch until its loss is good enough: after how many steps it was, and what it was at last.
private func learning(
  _ images: Tensor, _ labels: [Int], classes: Int, rate: Float, most: Int,
  momentum: Float = 0.9, weightDecay: Float, learnsBias: Bool = true,
  isEnough: (Float) -> Bool
) -> (reached: Int?, loss: Float) {
  let weight = Parameter(Tensor([images.count / images.shape[0], classes]))
  let bias = Parameter(Tensor([classes]))
  let optimizer = SGD(
    learnsBias ? [weight, bias] : [weight], momentum: momentum, weightDecay: weightDecay)
  var taken = 0
  while true {
    let logits = linear(flatten(images), weight.tracked, bias.tracked)
    let loss = softmaxCrossEntropy(logits, labels: labels)
    if isEnough(loss.scalar) { return (taken, loss.scalar) }
    if taken == most { return (nil, loss.scalar) }
    loss.backward()
    optimizer.step(learningRate: rate)
    taken += 1
  }
}

private let topError = Exercise.function(
  5, "topError", title: "The error of k guesses", .easy, minutes: 15,
  hints: [
    "Sorting isn't needed. How many logits are larger than that of the true class?",
    "An image is misread if `k` logits or more are larger than `row[label]`.",
  ],
  labels: ["logits", "labels", "k"], tolerance: 1e-9,
  cases: { generator in
    let fixed: [([[Float]], [Int], Int)] = [
      ([[3, 1, 2]], [0], 1), ([[3, 1, 2]], [2], 1), ([[3, 1, 2]], [2], 2), ([[3, 1, 2]], [1], 2),
      ([[1, 1]], [0], 1), ([[1, 1]], [1], 1),
      ([[1, 1], [2, 2], [0, 5]], [0, 1, 1], 1),
      ([[3, 1, 2], [3, 1, 2], [3, 1, 2]], [0, 0, 2], 1),
      ([[3, 1, 2, 0], [0, 1, 2, 3], [-1, -4, -2, -3], [5, 9, 7, 8]], [2, 3, 1, 2], 2),
    ]
    let random: [([[Float]], [Int], Int)] = [(5, 4, 2), (9, 10, 5)].map { images, classes, k in
      let logits: [[Float]] = (0..<images).map { _ in
        (0..<classes).map { _ in Float(generator.whole(below: 20)) }
      }
      let labels: [Int] = (0..<images).map { _ in generator.whole(below: classes) }
      return (logits, labels, k)
    }
    return fixed + random
  },
  expected: { (logits: [[Float]], labels: [Int], k: Int) -> Double in
    misread(logits, labels) { logit, row in row.count { $0 > logit } >= k }
  },
  misconceptions: { logits, labels, k in
    let right = misread(logits, labels) { logit, row in row.count { $0 > logit } >= k }
    let byPlace: Double = sortedMisread(logits, labels, k)
    let byNumber: Double = misread(labels.map { [Float($0)] }, labels.map { _ in 0 }) { label, _ in
      label >= Float(k)
    }
    return [
      Misconception(
        "That is the share of images that are read. The error is the share of the others.",
        1 - right),
      Misconception(
        """
        It allows one guess too many: with \(k) of the logits larger, the true class is only in place \(k + 1).
        """, misread(logits, labels) { logit, row in row.count { $0 > logit } > k }),
      Misconception(
        """
        Logits that are equal to that of the true class count against it. One that is equal isn't larger.
        """, misread(logits, labels) { logit, row in row.count { $0 >= logit } > k }),
      Misconception(
        "That is the error of only the first guess. Here there are \(k).",
        misread(logits, labels) { logit, row in row.count { $0 > logit } >= 1 }),
      Misconception(
        "It looks for the true class among the smallest logits. A guess is a large one.",
        misread(logits, labels) { logit, row in row.count { $0 < logit } >= k }),
      Misconception(
        "That is the number of images that are misread. Divide it by the number of all.",
        Double(labels.count) * right),
      Misconception("The error is a share from 0 to 1, not per cent.", 100 * right),
      Misconception(
        """
        The quotient of two whole numbers is rounded towards zero. Convert both to Double before you divide.
        """, right.rounded(.towardZero)),
      Misconception(
        """
        It counts an image as read only if its true class is guess number \(k). A better guess counts as well.
        """, misread(logits, labels) { logit, row in row.count { $0 > logit } != k - 1 }),
      Misconception(
        """
        Sorting decides between equal logits by their place. Count the logits that are larger instead: one that is \
        equal isn't.
        """, byPlace),
      Misconception(
        "The label was compared with k. What counts is the place of its logit among the others.",
        byNumber),
    ]
  })

/// The error if of equal logits those of the first classes are the better guesses.
private func sortedMisread(_ logits: [[Float]], _ labels: [Int], _ k: Int) -> Double {
  let misread = zip(logits, labels).count { row, label in
    let guesses = row.indices.sorted { row[$0] > row[$1] }
    return !guesses.prefix(k).contains(label)
  }
  return Double(misread) / Double(labels.count)
}

private func misread(
  _ logits: [[Float]], _ labels: [Int], where isMisread: (Float, [Float]) -> Bool
) -> Double {
  Double(zip(logits, labels).count { isMisread($0[$1], $0) }) / Double(labels.count)
}

private let errorDeviation = Exercise.function(
  6, "errorDeviation", title: "How much an error varies by chance", .easy, minutes: 5,
  hints: [
    "The error is the count divided by the number of images. What does that do to the variance?",
    "A number that is divided by n has a variance that is divided by n².",
  ],
  labels: ["q", "images"], tolerance: 1e-9,
  cases: { generator in
    let fixed: [(Double, Int)] = [(0.5, 1), (0.5, 4), (0.1, 9), (0, 5), (1, 3), (0.03, 360)]
    let random: [(Double, Int)] = (0..<4).map { _ in
      (generator.uniform(), 2 + generator.whole(below: 1000))
    }
    return fixed + random
  },
  expected: { (q: Double, images: Int) -> Double in
    (q * (1 - q)).squareRoot() / Double(images).squareRoot()
  },
  misconceptions: { q, images in
    let n = Double(images)
    let variance: Double = q * (1 - q)
    let ofCount: Double = (n * variance).squareRoot()
    let poisson: Double = (q / n).squareRoot()
    let ofError: Double = (variance / n).squareRoot()
    let estimated: Double = (variance / (n - 1)).squareRoot()
    return [
      Misconception(
        """
        That is the standard deviation of the count of misread images. The error is the count divided by \
        \(images).
        """, ofCount),
      Misconception(
        "That is the variance: the standard deviation is its root.", variance / n),
      Misconception(
        """
        There is no factor 1 − q: an image that is surely misread (q = 1) leaves nothing to chance.
        """, poisson),
      Misconception(
        """
        The count's deviation grows with the root of the number of images, so its share shrinks with its root: \
        divide by √\(images) and not by \(images).
        """, variance.squareRoot() / n),
      Misconception(
        """
        That is the deviation for a single image. The more images there are, the less the \
        share varies: here \(images).
        """,
        variance.squareRoot()),
      Misconception(
        """
        n − 1 belongs to a deviation that is estimated from a sample. Here q is known, \
        and the variance of the count is n q (1 − q).
        """,
        estimated),
      Misconception(
        "That is twice the standard deviation.",
        2 * ofError),
      Misconception(
        """
        q doesn't appear. Whether images are misread often or hardly ever decides how \
        much the share varies: q (1 − q).
        """,
        1 / n.squareRoot()),
      Misconception(
        """
        That is the variance for a single image: neither its root was taken, nor do the \
        \(images) images appear.
        """,
        variance),
    ]
  })

private let signTest = Exercise.function(
  7, "signTest", title: "Is one of two networks better?", .medium, minutes: 20,
  hints: [
    """
    Of n tosses, h heads come in "n over h" ways, each with probability 2⁻ⁿ. Get them without factorials from \
    Pascal's triangle, or each from the one before.
    """,
    """
    With h heads the two sides are |h − (n − h)| apart. Add up the probabilities of all h for which that is at \
    least |onlyFirst − onlySecond|.
    """,
  ],
  labels: ["onlyFirst", "onlySecond"],
  cases: { generator in
    let fixed: [(Int, Int)] = [
      (1, 0), (0, 1), (0, 0), (3, 0), (1, 2), (1, 4), (4, 1), (4, 4), (2, 10), (11, 3),
      // 60! has more digits than an Int.
      (35, 25),
    ]
    let random: [(Int, Int)] = (0..<4).map { _ in
      (generator.whole(below: 12), 1 + generator.whole(below: 12))
    }
    return fixed + random
  },
  expected: { (first: Int, second: Int) -> Double in
    splits(first, second) { heads, tails in abs(heads - tails) >= abs(first - second) }
  },
  misconceptions: { first, second in
    let (more, fewer) = (max(first, second), min(first, second))
    let tosses = first + second
    let asFar = (0...tosses).count { abs(2 * $0 - tosses) >= more - fewer }
    let further = splits(first, second) { abs($0 - $1) > more - fewer }
    return [
      Misconception(
        """
        It counts results that are so far apart in one direction only. Nobody said beforehand which network \
        would be the better one: \(fewer) and \(more) are as far apart as \(more) and \(fewer).
        """, splits(first, second) { $0 - $1 >= more - fewer }),
      Misconception(
        """
        That is the probability of exactly this result. Any single result is improbable if there are many: add \
        those that are as far apart, and further.
        """, splits(first, second) { heads, _ in heads == first }),
      Misconception(
        """
        It counts only results that are further apart than \(first) and \(second). What was found belongs to them: \
        "at least".
        """, further),
      Misconception(
        """
        That is twice one side, and for equal counts it has the middle twice: a probability above 1. If neither \
        is more, all results are as far apart.
        """, 2 * splits(first, second) { heads, _ in heads >= more }),
      Misconception(
        """
        That is the probability of the exact counts, either way round. Results that are \
        further apart belong to it, too.
        """,
        splits(first, second) { abs($0 - $1) == more - fewer }),
      Misconception(
        """
        That is the probability that they are less far apart than \(first) and \(second): \
        the rest of what is asked for.
        """,
        1 - splits(first, second) { abs($0 - $1) >= more - fewer }),
      Misconception(
        """
        The numbers of heads aren't equally likely. Of 3 tosses, 1 of 8 results has no \
        heads, but 3 have one.
        """,
        Double(asFar) / Double(tosses + 1)),
      Misconception(
        """
        It counts results with at least \(first) heads: one direction only, and which one \
        depends on the order of the networks.
        """,
        splits(first, second) { heads, _ in heads >= first }),
      Misconception(
        """
        That is a share of the tosses, not a probability. How often would a fair coin \
        give such a result?
        """,
        tosses == 0 ? 1 : Double(fewer) / Double(tosses)),
    ]
  })

/// The probability that of so many tosses of a coin, the heads and the tails are wanted ones.
private func splits(
  _ first: Int, _ second: Int, where isWanted: (_ heads: Int, _ tails: Int) -> Bool
) -> Double {
  let tosses = first + second
  var (probability, sum) = (power(0.5, tosses), 0.0)
  for heads in 0...tosses {
    if isWanted(heads, tosses - heads) { sum += probability }
    probability *= Double(tosses - heads) / Double(heads + 1)
  }
  return sum
}

private let betterTwin = Exercise.experiment(
  8, "betterTwin", title: "Which of the twins reads better?", .medium, minutes: 15,
  hints: [
    "What is the sign test's answer if no digit at all is misread by only one of the two?"
  ],
  runs: RequiredRuns(
    command: """
      for seed in 0 1 2 3 4; do swift run chapter4 --seed $seed; done
      """,
    query: """
      SELECT count(DISTINCT seed) >= 5 FROM runs
      WHERE chapter = 4 AND experiment = 'first-network' AND status = 'finished'
        AND seed BETWEEN 0 AND 4 AND json_extract(hyperparameters, '$.epochs') = 20
      """),
  answer: "neither",
  mistakes: [
    ("both", "The answer is one of three: \"by hand\", \"library\", \"neither\"."),
    (
      "by hand",
      """
      That the network by hand may only be called better if more digits are misread by the library's alone. Add \
      up the two lower rows of the tables over the five seeds, and put the sums into your sign test.
      """
    ),
    (
      "library",
      """
      That the library's may only be called better if more digits are misread by the network by hand alone. Add \
      up the two lower rows of the tables over the five seeds, and put the sums into your sign test.
      """
    ),
  ],
  explanation: """
    Neither. Where this was written, the twins of seeds 0 to 4 misread 10, 11, 12, 11 and 8 digits, and each time the \
    very same ones, with seed 3 as well, where the losses differ by 2 % in the end: 0 and 0, and the sign test \
    says 1. On another machine a few digits may differ; they would have to be at least 6 to 0 to come below 0.05. \
    Compare: with 3 % of 360 digits misread, the error of one network has a standard deviation of 0.9 points \
    (exercise 6), and from seed to seed it was between 2.2 and 3.3 %.
    """)

private let whatNoticed = Exercise.experiment(
  9, "whatNoticed", title: "A wrong gradient that learns", .easy, minutes: 10,
  hints: [
    "Failed checks have a ✗ before them. How many per cent of the test digits does the network misread?"
  ],
  runs: RequiredRuns(
    command: "swift run chapter4",
    query: """
      SELECT count(*) FROM checks
      WHERE chapter = 4 AND NOT passed AND claim LIKE 'In each of them, the gradients%' AND session IN (
        SELECT session FROM checks
        WHERE chapter = 4 AND passed AND claim LIKE 'The network by hand misreads less than 6.0 %')
      """),
  answer: "the comparison",
  mistakes: [
    (
      "the test error",
      """
      That check still passes: the network misreads no more digits than with the right gradient. Look for the \
      checks with a ✗.
      """
    ),
    (
      "both",
      """
      Of the two only one of them failed: the check that few digits are misread has a ✓.
      """
    ),
    (
      "neither",
      """
      Several checks failed: look for the ✗ behind "Before anything else: is it right?".
      """
    ),
  ],
  explanation: """
    With the wrong gradient, seeds 0 to 4 end with test errors of 3.9, 1.7, 3.3, 2.2 and 1.4 %; with the right one it was \
    2.8, 3.1, 3.3, 3.1 and 2.2 %. Nobody would have seen it in the error. The gradients of the first 20 steps are \
    wrong by up to 17 to 37 times their size. Only the first layer gets a wrong gradient, and the layers behind it learn \
    from whatever it makes. Even with zeros for `dx`, where it stays what chance made it, the errors are 2.2 to 3.1 %. \
    Not every mistake is so mild: without the condition in `reluBackward` the training fails, and all digits are misread.
    """)

extension RandomGenerator {
  /// A whole number from 0 to below a bound.
  fileprivate mutating func whole(below bound: Int) -> Int { Int(uniform() * Double(bound)) }
}
