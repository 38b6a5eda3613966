import Exercises
import Foundation
import MiniTensor
import Networks
import Optimization
import Translation

extension Array where Element == Exercise {
  /// The exercises of chapter 12.
  public static var chapter12: [Exercise] {
    [centred, cropped, deepest, learningRates, nextBatch, shiftsByAPixel]
  }
}

private let centred = Exercise.function(
  1, "centred", title: "The per-pixel mean, subtracted", .easy, minutes: 15,
  hints: [
    """
    In `scalars` the images lie one behind the other, each height · width · channels numbers long: place modulo \
    that length is the place in its image.
    """,
    """
    Add up `learnt` place by place, divide by the number of images in `learnt`, and subtract that from `images`.
    """,
  ],
  labels: ["images", "learnt"],
  cases: { generator in
    let fixed: [(Tensor, Tensor)] = [
      (Tensor([1, 1, 2, 1], [5, 15]), Tensor([2, 1, 2, 1], [1, 10, 3, 20])),
      (Tensor([1, 1, 1, 2], [5, 15]), Tensor([2, 1, 1, 2], [1, 10, 3, 20])),
    ]
    let random: [(Tensor, Tensor)] = [(2, 5, 3, 2, 3), (4, 3, 2, 2, 1)].map {
      count, learnt, height, width, channels in
      func draw(_ count: Int) -> Tensor {
        Initialization.uniform(bound: 1).tensor(
          [count, height, width, channels], using: &generator)
      }
      return (draw(count), draw(learnt))
    }
    return fixed + random
  },
  expected: { (images: Tensor, learnt: Tensor) -> Tensor in
    without(means(of: learnt), images)
  },
  misconceptions: { images, learnt in
    let size = images.count / images.shape[0]
    let joined = Tensor(
      [learnt.shape[0] + images.shape[0]] + learnt.shape.dropFirst(),
      learnt.scalars + images.scalars)
    func lessItsMean(_ image: Int) -> [Float] {
      let pixels = images.scalars[image * size..<(image + 1) * size]
      let mean = pixels.reduce(0, +) / Float(size)
      return pixels.map { $0 - mean }
    }
    return [
      Misconception(
        """
        The images lost the means that are their own. They have no say in it: the means are those of the images \
        learnt from.
        """, without(means(of: images), images)),
      Misconception(
        """
        One mean was taken for each channel, over all pixels. Here each of the \(size) places of an image has its \
        own.
        """, without(means(of: learnt) { $0 % learnt.shape[3] }, images)),
      Misconception(
        "The mean is one number for all places. Each of the \(size) places of an image has its own.",
        without(means(of: learnt) { _ in 0 }, images)),
      Misconception(
        "The means are added; they are to be subtracted.",
        without(means(of: learnt).map { -$0 }, images)),
      Misconception(
        """
        The sums are subtracted: divide them by the number of images learnt from, here \(learnt.shape[0]).
        """, without(means(of: learnt).map { $0 * Double(learnt.shape[0]) }, images)),
      Misconception(
        """
        The sums over `learnt` were divided by \(images.shape[0]), the number of images to show: divide by the number of \
        those learnt from, \(learnt.shape[0]).
        """,
        without(
          means(of: learnt).map { $0 * Double(learnt.shape[0]) / Double(images.shape[0]) }, images)),
      Misconception(
        "All channels of a pixel got one mean. Each channel of each pixel has its own.",
        without(means(of: learnt) { $0 / learnt.shape[3] }, images)),
      Misconception(
        """
        An image was taken for height · width numbers long. It has so many for each channel: \(size) in all.
        """, without(means(of: learnt, length: size / images.shape[3]), images)),
      Misconception(
        "The means are those of all images together. What is shown has no say in them.",
        without(means(of: joined), images)),
      Misconception(
        "Each image lost its own mean. The means are those of a place, over the images learnt from.",
        Tensor(images.shape, (0..<images.shape[0]).flatMap(lessItsMean))),
      Misconception(
        "The images were subtracted from the means. It is the other way round.",
        -1 * without(means(of: learnt), images)),
      Misconception(
        "Those are the images learnt from, without their means. Asked for are `images`.",
        without(means(of: learnt), learnt)),
      Misconception(
        "The deviation was divided by, too. The paper subtracts the mean, and nothing else.",
        standardised(images, by: learnt)),
    ]
  })

/// For each place of an image, the mean over what belongs together; of images that are `length` numbers long.
private func means(
  of images: Tensor, length: Int? = nil, by group: (_ place: Int) -> Int = { $0 }
) -> [Double] {
  let size = length ?? images.count / images.shape[0]
  var sums = [Int: (sum: Double, count: Double)]()
  for (index, pixel) in images.scalars.enumerated() {
    sums[group(index % size), default: (0, 0)].sum += Double(pixel)
    sums[group(index % size)]!.count += 1
  }
  // A length that is too short finds more numbers at each place, and still divides by the number of images.
  if length != nil { return (0..<size).map { sums[$0]!.sum / Double(images.shape[0]) } }
  return (0..<size).map { sums[group($0)]!.sum / sums[group($0)]!.count }
}

private func standardised(_ images: Tensor, by learnt: Tensor) -> Tensor {
  // Not the mean square less the squared mean: five numbers that lie close together would leave only rounding.
  let means = means(of: learnt)
  var squares = [Double](repeating: 0, count: means.count)
  for (index, pixel) in learnt.scalars.enumerated() {
    let apart = Double(pixel) - means[index % means.count]
    squares[index % means.count] += apart * apart
  }
  let deviations = squares.map { ($0 / Double(learnt.shape[0])).squareRoot() }
  return Tensor(
    images.shape,
    without(means, images).scalars.enumerated().map {
      $1 / Float(deviations[$0 % deviations.count])
    })
}

private func without(_ means: [Double], _ images: Tensor) -> Tensor {
  Tensor(
    images.shape,
    images.scalars.enumerated().map { Float(Double($1) - means[$0 % means.count]) })
}

private let cropped = Exercise.function(
  2, "cropped", title: "Crop and flip", .medium, minutes: 20,
  hints: [
    """
    Row r of the image is row r + `padding` of the padded one. So row r of the crop, row `top` + r of the padded \
    one, is row `top` + r − `padding` of the image.
    """,
    """
    Where that row or column isn't in the image, the crop has a zero: begin with `Tensor(image.shape)`, which is \
    full of them.
    """,
    """
    Mirroring comes last: column c of the result is column `width - 1 - c` of the crop, whose column in the image is \
    `left` − `padding` further.
    """,
  ],
  labels: ["image", "padding", "top", "left", "isFlipped"],
  cases: { generator in
    let row = Tensor([1, 2, 1], [1, 2])
    let square = Tensor([2, 2, 1], [1, 2, 3, 4])
    let fixed: [(Tensor, Int, Int, Int, Bool)] = [
      (row, 0, 0, 0, false), (row, 1, 1, 1, false), (row, 1, 1, 2, false), (row, 1, 1, 0, false),
      (square, 1, 2, 1, false), (row, 1, 1, 1, true), (square, 1, 1, 1, true),
      (row, 1, 1, 2, true), (square, 1, 0, 0, false),
    ]
    let random: [(Tensor, Int, Int, Int, Bool)] = (0..<6).map { index in
      let (height, width) = (3 + generator.whole(below: 3), 3 + generator.whole(below: 4))
      let image = Initialization.uniform(bound: 1).tensor(
        [height, width, 1 + index % 3], using: &generator)
      return (
        image, 2, generator.whole(below: 5), generator.whole(below: 5), index % 2 == 1
      )
    }
    return fixed + random
  },
  expected: { (image: Tensor, padding: Int, top: Int, left: Int, isFlipped: Bool) -> Tensor in
    moved(image) { row, column, _, width in
      (row + top - padding, (isFlipped ? width - 1 - column : column) + left - padding)
    }
  },
  misconceptions: { image, padding, top, left, isFlipped in
    let opposite: Message = """
      The image went in the opposite direction: a crop that begins further down moves the image up. The first \
      pixel of the crop is that in row \(top), column \(left) of the padded image.
      """
    return [
      Misconception(
        opposite,
        moved(image) { row, column, _, width in
          (row - top + padding, (isFlipped ? width - 1 - column : column) - left + padding)
        }),
      Misconception(
        "`top` and `left` are exchanged: `top` is a row, and `left` a column.",
        moved(image) { row, column, _, width in
          (row + left - padding, (isFlipped ? width - 1 - column : column) + top - padding)
        }),
      Misconception(
        """
        The image was mirrored before it is cut. Cut first, then mirror the crop: otherwise the zeros are on the \
        wrong side.
        """,
        moved(image) { row, column, _, width in
          let x = column + left - padding
          return (row + top - padding, isFlipped ? width - 1 - x : x)
        }),
      Misconception(
        "The image is upside down: a horizontal flip exchanges left and right, not top and bottom.",
        moved(image) { row, column, height, _ in
          ((isFlipped ? height - 1 - row : row) + top - padding, column + left - padding)
        }),
      Misconception(
        """
        `top` and `left` are counted in the padded image, whose first row and column are \(padding) before those of \
        the image.
        """,
        moved(image) { row, column, _, width in
          (row + top, (isFlipped ? width - 1 - column : column) + left)
        }),
      Misconception(
        "The crop is never mirrored: left and right are to be exchanged where `isFlipped` is true.",
        moved(image) { row, column, _, _ in (row + top - padding, column + left - padding) }),
      Misconception(
        "The channels were reversed along with the columns. Only the columns change places.",
        rowsReversed(
          isFlipped,
          moved(image) { row, column, _, _ in
            (row + top - padding, column + left - padding)
          })),
      Misconception(
        "Beyond the border the image's last rows and columns go on. There are zeros.",
        moved(image) { row, column, height, width in
          let x = (isFlipped ? width - 1 - column : column) + left - padding
          return (min(max(row + top - padding, 0), height - 1), min(max(x, 0), width - 1))
        }),
      Misconception(
        "What leaves the image on one side comes in on the other. There are zeros.",
        moved(image) { row, column, height, width in
          let x = (isFlipped ? width - 1 - column : column) + left - padding
          return (
            (row + top - padding + padding * height) % height,
            (x + padding * width) % width
          )
        }),
      Misconception(
        "Beside the image pixels of the row above or below it were taken. Look whether the row is in the image, and the column too.",
        moved(image) { row, column, height, width in
          let x = (isFlipped ? width - 1 - column : column) + left - padding
          let place = (row + top - padding) * width + x
          return place < 0 ? (-1, 0) : (place / width, place % width)
        }),
      Misconception(
        "The image was padded by 4 pixels, as in the paper. Here it is by `padding`, \(padding).",
        moved(image) { row, column, _, width in
          (row + top - 4, (isFlipped ? width - 1 - column : column) + left - 4)
        }),
    ]
  })

/// Where each pixel of a variant comes from; zeros where there is no such pixel.
private func moved(
  _ image: Tensor,
  from source: (_ row: Int, _ column: Int, _ height: Int, _ width: Int) -> (row: Int, column: Int)
) -> Tensor {
  let (height, width, channels) = (image.shape[0], image.shape[1], image.shape[2])
  let pixels = image.scalars
  var result: [Float] = []
  for row in 0..<height {
    for column in 0..<width {
      let (y, x) = source(row, column, height, width)
      let isThere = 0..<height ~= y && 0..<width ~= x
      result += (0..<channels).map { isThere ? pixels[(y * width + x) * channels + $0] : 0 }
    }
  }
  return Tensor(image.shape, result)
}

/// An image whose rows are read backwards, number by number.
private func rowsReversed(_ isReversed: Bool, _ image: Tensor) -> Tensor {
  let length = image.shape[1] * image.shape[2]
  guard isReversed else { return image }
  return Tensor(
    image.shape,
    image.scalars.indices.map { index in
      image.scalars[index / length * length + length - 1 - index % length]
    })
}

private let deepest = Exercise.function(
  3, "deepest", title: "How deep a budget of parameters goes", .medium, minutes: 20,
  hints: [
    """
    Write the number of parameters for n first. A stage of n blocks has 2n convolutions; all but its first keep the \
    channels.
    """,
    "For n = 1 it has to give 75,290. Then try n = 1, 2, 3 … as long as the network isn't too large.",
    """
    The first convolution: 9·3·16 + 2·16. First stage: 2n times 9·16·16 + 2·16. Second: 9·16·32 + 2·32 and 2n − 1 times \
    9·32·32 + 2·32. Third likewise. Linear layer: 64·10 + 10.
    """,
  ],
  labels: ["parameters"],
  cases: { generator in
    // Of each depth: exactly its size, one less, and something above it.
    var cases: [Int] = []
    for size in [8, 14, 20, 110].map(parameterCount) { cases += [size, size - 1] }
    // Below and above a size, so that a count which is wrong by less is told from one that is wrong by more.
    for apart in [-100, -400, -600, -1000, 100, 500, 1500, 2600, 5000] {
      cases.append(parameterCount(depth: 20) + apart)
    }
    // Too few by the linear layer, and by the normalisations of 20 layers.
    cases += [parameterCount(depth: 8) - 600, 0]
    for _ in 0..<5 { cases.append(76_000 + generator.whole(below: 1_500_000)) }
    return cases
  },
  expected: { (parameters: Int) -> Int? in depth(parameters, parameterCount) },
  misconceptions: { parameters in
    let right = depth(parameters, parameterCount)
    // Those that are wrong by less come first: the others are wrong wherever they are.
    return [
      Misconception<Int?>(
        """
        That is the first that has more than \(parameters) parameters; wanted is the last one that doesn't.
        """, right.map { $0 + 6 }),
      Misconception<Int?>(
        "That is n, the number of blocks per stage. Asked for is the depth, 6n + 2.",
        right.map { ($0 - 2) / 6 }),
      Misconception<Int?>(
        """
        With \(parameters) parameters not even the network of 8 layers is possible, which has 75,290: then the answer is \
        nil.
        """, right ?? 8),
      Misconception<Int?>(
        "n is 1 at least. A network of 2 layers isn't among them, so where 8 layers have more the answer is nil.",
        right ?? 2),
      Misconception<Int?>(
        """
        A network that has exactly \(parameters) parameters has no more than that, and is allowed.
        """, depth(parameters - 1, parameterCount)),
      Misconception<Int?>(
        "The bias of the linear layer is missing, 10 numbers. The network of 8 layers has 75,290 in all.",
        depth(parameters + 10, parameterCount)),
      Misconception<Int?>(
        """
        The first convolution was counted with one channel. It goes from 3 channels, red, green and blue. The network of \
        8 layers has 75,290 parameters in all.
        """, depth(parameters + 9 * 2 * 16, parameterCount)),
      Misconception<Int?>(
        """
        The first convolution is missing, from 3 to 16 channels, with its normalisation. The network of 8 layers has \
        75,290 parameters in all.
        """, depth(parameters + 9 * 3 * 16 + 2 * 16, parameterCount)),
      Misconception<Int?>(
        """
        The parameters of the linear layer are missing, 64 · 10 and a bias of 10. The network of 8 layers has \
        75,290 in all.
        """, depth(parameters + 650, parameterCount)),
      Misconception<Int?>(
        """
        The parameters of the normalisation are missing: behind each convolution to b channels it learns 2b \
        numbers. The network of 8 layers has 75,290 in all.
        """, depth(parameters) { parameterCount(depth: $0) - 2 * channelsBehindConvolutions($0) }),
      Misconception<Int?>(
        """
        A bias was counted for each channel of a convolution. Those here have none: the shift of the normalisation \
        does the same. The network of 8 layers has 75,290 parameters in all.
        """, depth(parameters) { parameterCount(depth: $0) + channelsBehindConvolutions($0) }),
      Misconception<Int?>(
        """
        The shortcuts were given projections. Here they learn nothing: where the channels double, they add zeros. The \
        network of 8 layers has 75,290 parameters in all.
        """, depth(parameters - 16 * 32 - 32 * 64, parameterCount)),
      Misconception<Int?>(
        """
        The shortcuts were given projections with normalisations. Here they learn nothing: where the channels double, \
        they add zeros. The network of 8 layers has 75,290 parameters in all.
        """, depth(parameters - 16 * 32 - 32 * 64 - 2 * (32 + 64), parameterCount)),
      Misconception<Int?>(
        """
        The first convolution of a stage takes the channels of the stage before, half as many as the others. The network \
        of 8 layers has 75,290 parameters in all.
        """, depth(parameters - 9 * 16 * 32 - 9 * 32 * 64, parameterCount)),
      Misconception<Int?>(
        """
        A block has two convolutions, so a stage has 2n, not n. The network of 8 layers has 75,290 parameters in all.
        """, depth(parameters) { halfOfTheConvolutions((($0) - 2) / 6) }),
    ]
  })

/// The channels of all convolutions' outputs together.
private func channelsBehindConvolutions(_ depth: Int) -> Int {
  16 + (depth - 2) / 3 * (16 + 32 + 64)
}

/// The parameters of a network with n convolutions per stage, instead of 2n.
private func halfOfTheConvolutions(_ n: Int) -> Int {
  func layer(_ a: Int, _ b: Int) -> Int { 9 * a * b + 2 * b }
  let first: Int = layer(3, 16) + n * layer(16, 16)
  let second: Int = layer(16, 32) + (n - 1) * layer(32, 32)
  let third: Int = layer(32, 64) + (n - 1) * layer(64, 64)
  return first + second + third + 650
}

private func parameterCount(depth: Int) -> Int {
  guard let architecture = try? CifarArchitecture(depth: depth, shortcut: .A) else {
    preconditionFailure("there is no network of \(depth) layers")
  }
  return CifarNetwork(architecture).parameterCount
}

private func depth(_ parameters: Int, _ count: (_ depth: Int) -> Int) -> Int? {
  var deepest: Int?
  while count((deepest ?? 2) + 6) <= parameters { deepest = (deepest ?? 2) + 6 }
  return deepest
}

private let learningRates = Exercise.function(
  4, "learningRates", title: "A schedule with warm-up", .medium, minutes: 20,
  hints: [
    "Something has to be remembered from step to step: whether the warm-up is over.",
    """
    Before a step: if its error is below 0.8, or if `warmUpSteps` steps or more were taken, the warm-up is over for \
    good. Until then the rate is 0.01.
    """,
    """
    Afterwards it is 0.1, divided by ten for each drop with `step >= drop`, where `step` is counted from 0 at the \
    beginning of training.
    """,
  ],
  labels: ["recentErrors", "drops", "warmUpSteps"], tolerance: 1e-6,
  cases: { generator in
    let fixed: [([Double], [Int], Int)] = [
      ([0.7, 0.7], [], 9), ([1, 0.7], [], 9), ([0.8], [], 9), ([1, 0.7, 0.9], [], 9),
      ([1, 1, 1], [], 2), ([0.5, 0.5, 0.5, 0.5], [2], 9), ([0.5, 0.5, 0.5, 0.5], [1, 3], 9),
      ([1, 0.5, 0.5, 0.5], [2], 9), ([1, 1, 1, 0.5], [1], 9),
    ]
    let random: [([Double], [Int], Int)] = (0..<4).map { _ in
      // Falls from 1, with noise; comes below 0.8 on the way, and above it again.
      let errors: [Double] = (0..<24).map { step in
        let noise: Double = 0.1 * (generator.uniform() - 0.5)
        return min(1, 1.05 - 0.02 * Double(step) + noise)
      }
      let first = 8 + generator.whole(below: 6)
      return (
        errors, [first, first + 2 + generator.whole(below: 6)], 6 + generator.whole(below: 20)
      )
    }
    return fixed + random
  },
  expected: { (errors: [Double], drops: [Int], warmUpSteps: Int) -> [Double] in
    var warmUp = WarmUp()
    warmUp.steps = warmUpSteps
    let first = errors.indices.first { !warmUp.goesOn(step: $0, recentError: errors[$0]) }
    let schedule = StepSchedule(rate: 0.1, drops: drops)
    return errors.indices.map {
      $0 < first ?? errors.count ? warmUp.learningRate : schedule.rate(after: $0)
    }
  },
  misconceptions: { errors, drops, warmUpSteps in
    func isWarm(_ step: Int) -> Bool {
      step >= warmUpSteps || errors[...step].contains { $0 < 0.8 }
    }
    func rates(
      limit: Int = .max, both: Int = 0, below: (Double) -> Bool = { $0 < 0.8 },
      again: Bool = false, late: Int = 0, fromEnd: Bool = false, known: Int = 0
    ) -> [Double] {
      var end: Int?
      return errors.indices.map { step in
        let isLow = step >= known && below(errors[step - known])
        let isOver = isLow && step >= both || step >= limit
        if isOver, end == nil { end = step }
        guard let end, isOver || !again else { return 0.01 }
        let counted = step - late - (fromEnd ? end : 0)
        return StepSchedule(rate: 0.1, drops: drops).rate(after: counted)
      }
    }
    return [
      Misconception(
        """
        The warm-up came back when the error rose again. Once it is over it stays over: that has to be remembered \
        from step to step.
        """, rates(limit: warmUpSteps, again: true)),
      Misconception(
        """
        The rate drops one step late: after \(drops.first ?? 0) steps means that the step with that index, counted \
        from 0, is the first with the lower rate.
        """, rates(limit: warmUpSteps, late: 1)),
      Misconception(
        """
        The warm-up ends at 80 %. It goes on until the error is below: with an error of exactly 0.8 it isn't over.
        """, rates(limit: warmUpSteps) { $0 <= 0.8 }),
      Misconception(
        """
        The warm-up goes on as long as the error is high. It ends after \(warmUpSteps) steps in any case: the step \
        with the index \(warmUpSteps) has the full rate.
        """, rates(limit: .max)),
      Misconception(
        """
        The steps for the drops are counted from the end of the warm-up. Its steps count like all others.
        """, rates(limit: warmUpSteps, fromEnd: true)),
      Misconception(
        "Without a warm-up: as long as it lasts, the rate is 0.01. (Errors are shares: 80 % is 0.8.)",
        rates(limit: 0)),
      Misconception(
        """
        The step whose error is below 80 % already has the full rate: that error was known before it.
        """, rates(limit: warmUpSteps, known: 1)),
      Misconception(
        "Steps are counted from 0: the first one has the index 0.",
        rates(limit: warmUpSteps - 1, late: -1)),
      Misconception(
        "One of both ends the warm-up: an error below 80 %, or so many steps. Both were waited for.",
        rates(both: warmUpSteps)),
      Misconception(
        "The rate of the warm-up was divided too. The drops divide the rate of 0.1 behind it.",
        errors.indices.map { step in
          StepSchedule(rate: isWarm(step) ? 0.1 : 0.01, drops: drops).rate(after: step)
        }),
      Misconception(
        "The rate drops once. It is divided by ten at each of the drops.",
        rates(limit: warmUpSteps).map { max($0, 0.01) }),
      Misconception(
        "The rate came back after a drop. It stays low from that step on.",
        errors.indices.map { step in
          isWarm(step) && !drops.contains(step) ? 0.1 : 0.01
        }),
    ]
  })

private let nextBatch = Exercise.function(
  5, "nextBatch", title: "Where a step stands in its epoch", .easy, minutes: 15,
  hints: [
    "How many steps has an epoch? A division of whole numbers rounds down; the last, smaller batch is a step, too.",
    """
    With (images + batchSize − 1) / batchSize steps an epoch: the quotient of `step` by that number says the epoch, the \
    remainder which batch of it.
    """,
  ],
  labels: ["step", "images", "batchSize"],
  cases: { generator in
    let fixed: [(Int, Int, Int)] = [
      (0, 4, 2), (1, 4, 2), (2, 4, 2), (1, 3, 2), (2, 3, 2), (2, 5, 2), (3, 5, 2), (0, 1, 2),
      (351, 45_000, 128), (352, 45_000, 128),
    ]
    let random: [(Int, Int, Int)] = (0..<5).map { _ in
      (
        generator.whole(below: 60), 20 + generator.whole(below: 80),
        2 + generator.whole(below: 15)
      )
    }
    return fixed + random
  },
  expected: { (step: Int, images: Int, batchSize: Int) -> [Int] in
    // An epoch's batches, written out.
    let starts = Array(stride(from: 0, to: images, by: batchSize))
    let first = starts[step % starts.count]
    return [step / starts.count + 1, first, Swift.min(images, first + batchSize)]
  },
  misconceptions: { step, images, batchSize in
    let perEpoch = (images + batchSize - 1) / batchSize
    let whole = max(images / batchSize, 1)
    let first = step % perEpoch * batchSize
    let (last, more) = (max(step - 1, 0), images / batchSize + 1)
    func end(_ first: Int) -> Int { min(first + batchSize, images) }
    return [
      Misconception(
        """
        The last batch of an epoch is left out where it is smaller than the others: of \(images) images in batches of \
        \(batchSize), the last \(images % batchSize) would never be learnt from.
        """, [step / whole + 1, step % whole * batchSize, end(step % whole * batchSize)]),
      Misconception(
        """
        The batch goes beyond the last image: there are \(images), so a batch ends there at the latest.
        """, [step / perEpoch + 1, first, first + batchSize]),
      Misconception(
        "That is the epoch of the step that was taken last. Asked for is that of the next one.",
        [max(1, (step + perEpoch - 1) / perEpoch), first, end(first)]),
      Misconception(
        "Epochs are counted from 1: a run that took no step is in its first.",
        [step / perEpoch, first, end(first)]),
      Misconception(
        """
        The third number is the place behind the last image of the batch, so that it is the first place of the next \
        one.
        """, [step / perEpoch + 1, first, end(first) - 1]),
      Misconception(
        """
        Batches are cut on and on, as if the epochs were one row of images. Each epoch begins at place 0, also after a \
        smaller batch.
        """,
        [step / perEpoch + 1, step * batchSize % images, end(step * batchSize % images)]),
      Misconception(
        """
        Batches are cut on and on, as if the epochs were one row of images. Each epoch begins anew, also after a smaller \
        batch.
        """,
        [
          step * batchSize / images + 1, step * batchSize % images,
          end(step * batchSize % images),
        ]),
      Misconception(
        "That is the batch that was taken last. After \(step) steps the next one has the index \(step), counted from 0.",
        [last / perEpoch + 1, last % perEpoch * batchSize, end(last % perEpoch * batchSize)]),
      Misconception(
        "Those are the numbers of batches. Asked for are places in the order, which are images.",
        [step / perEpoch + 1, step % perEpoch, step % perEpoch + 1]),
      Misconception(
        "The third number is the place behind the last image of the batch, not how many it has.",
        [step / perEpoch + 1, first, end(first) - first]),
      Misconception(
        """
        There is one step too many in an epoch if the images come out even: \(images) / \(batchSize), rounded up, is \
        \(perEpoch).
        """,
        [step / more + 1, step % more * batchSize, end(step % more * batchSize)]),
    ]
  })

private let shiftsByAPixel = Exercise.experiment(
  6, "shiftsByAPixel", title: "Shifts that a digit survives", .easy, minutes: 30,
  hints: ["Take the mean of each column of the table, and the difference of the two means."],
  runs: RequiredRuns(
    command: "swift run chapter12 --seeds 5 --shifts",
    query: """
      SELECT count(*) >= 2 FROM (
        SELECT experiment FROM runs
        WHERE chapter = 12 AND status = 'finished' AND seed BETWEEN 0 AND 4
          AND experiment IN ('rehearsal-640-untouched', 'rehearsal-640-shifts')
        GROUP BY experiment HAVING count(DISTINCT seed) = 5)
      """),
  answer: "equal",
  mistakes: [
    (
      "lower",
      """
      The mean of the shifted column isn't lower by more than a point. Take the mean of each column, over the five seeds.
      """
    ),
    (
      "higher",
      """
      That is so with the paper's variants, by several points. Compare the means of the two columns of the table that \
      `--shifts` shows.
      """
    ),
    ("unknown", "The answer is one of three: \"lower\", \"equal\", \"higher\"."),
  ],
  explanation: """
    No gain was found. Where this was written, the test errors of seeds 0 to 4 were 1.9, 1.4, 1.4, 1.4 and 1.1 % with \
    untouched digits and 2.5, 2.8, 1.9, 1.9 and 1.4 % with shifted ones: in the mean 1.4 and 2.1 %, higher for each of \
    the five seeds. One digit of 360 is 0.28 points, so that the means are less than three digits apart. Small shifts \
    don't do the harm that the paper's do; that they help isn't shown, and a gain smaller than the spread over the \
    seeds can't be seen with five of them.
    """)

extension RandomGenerator {
  /// A whole number from 0 to below a bound.
  fileprivate mutating func whole(below bound: Int) -> Int { Int(uniform() * Double(bound)) }
}
