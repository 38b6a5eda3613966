import ExerciseKit
import Exercises
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 1.
  public static var chapter1: [Exercise] {
    [
      moveAndBlur, outputSize, convolve, repeatBorder, checksOfATurnedFilter, receptiveField,
      smallFilters,
    ]
  }
}

private var moveAndBlur: Exercise {
  .function(
    1, "moveAndBlur", title: "Filters that move a picture and blur it", .easy,
    minutes: 5,
    hints: [
      "Each pixel of the result is the sum of nine products. Which of the nine numbers meets the "
        + "left neighbour?",
      "To move a picture, a single number of the filter isn't zero. For a mean of nine pixels, all "
        + "are equal.",
      "The filter's middle meets the pixel itself, so the left neighbour meets the number to the "
        + "left of the middle. A ninth of the sum is the sum of ninths.",
    ],
    adapter: "Answer { (image: Tensor) in try images(image, filteredBy: moveAndBlur()) }",
    labels: ["image"],
    cases: { generator in
      [
        Tensor([1, 1, 1, 1], [9]), Tensor([1, 1, 3, 1], [0, 9, 0]),
        Tensor([1, 3, 3, 1], (0..<9).map { $0 == 4 ? 9 : 0 }), random([1, 5, 6, 1], &generator),
      ]
    },
    expected: { (image: Tensor) -> [Tensor] in
      [neighbours(image, [(0, -1)], 1), neighbours(image, around, 9)]
    },
    misconceptions: { (image: Tensor) -> [Misconception<[Tensor]>] in
      let (moved, blurred) = (neighbours(image, [(0, -1)], 1), neighbours(image, around, 9))
      return [
        Misconception(
          "The first filter moves to the left. To move to the right, a pixel has to become what its "
            + "left neighbour was: which number of the filter lies above the left neighbour?",
          [neighbours(image, [(0, 1)], 1), blurred]),
        Misconception(
          "The first filter moves down: its number lies above the middle. The left neighbour is in "
            + "the same row.",
          [neighbours(image, [(-1, 0)], 1), blurred]),
        Misconception(
          "The first filter moves up: its number lies below the middle. The left neighbour is in the "
            + "same row.",
          [neighbours(image, [(1, 0)], 1), blurred]),
        Misconception(
          "The blurred picture is nine times as bright as it should be: it has the sums of nine "
            + "pixels, not their means.",
          [moved, neighbours(image, around, 1)]),
        Misconception(
          "The mean was taken without the pixel in the middle. It is one of the nine.",
          [moved, neighbours(image, around.filter { $0 != (0, 0) }, 8)]),
        Misconception(
          "The filters came back the other way round: first the one that moves, then the one that "
            + "blurs.",
          [blurred, moved]),
        Misconception(
          "The first filter leaves the picture where it is: its number lies in the middle.",
          [image, blurred]),
      ]
    })
}

/// Places of the 3x3 pixels around one.
private let around = (0..<9).map { ($0 / 3 - 1, $0 % 3 - 1) }

/// The sum of some neighbours of every pixel, divided by a number; zeros outside.
private func neighbours(_ image: Tensor, _ places: [(Int, Int)], _ divisor: Float) -> Tensor {
  var result = Tensor(image.shape)
  let (height, width) = (image.shape[1], image.shape[2])
  for i in 0..<height {
    for j in 0..<width {
      for (down, right) in places
      where (0..<height).contains(i + down) && (0..<width).contains(j + right) {
        result[0, i, j, 0] += image[0, i + down, j + right, 0] / divisor
      }
    }
  }
  return result
}

private var outputSize: Exercise {
  .function(
    2, "outputSize", title: "How many places a filter has", .easy, minutes: 10,
    hints: [
      "Draw the padded row, and below it the filter at its first and at its last place.",
      "Five posts stand four gaps apart. Over how many pixels does the filter reach, from its first "
        + "number to its last?",
      "It reaches over (kernel - 1) * dilation + 1 pixels. If the row has as many or more, divide "
        + "what the row has beyond that by the stride, round down, and add 1 for the first place.",
    ],
    labels: ["input", "kernel", "stride", "padding", "dilation"],
    cases: { generator in
      let small = [
        (1, 1, 1, 0, 1), (3, 1, 1, 2, 1), (3, 3, 1, 1, 1), (4, 3, 2, 0, 1), (5, 2, 1, 0, 3),
        (2, 3, 2, 0, 1), (7, 3, 2, 1, 2), (8, 3, 2, 1, 1), (224, 7, 2, 3, 1),
      ]
      let larger = (0..<12).map { _ in
        (
          Int.random(in: 1...40, using: &generator), Int.random(in: 1...7, using: &generator),
          Int.random(in: 1...4, using: &generator), Int.random(in: 0...3, using: &generator),
          Int.random(in: 1...4, using: &generator)
        )
      }
      return small + larger
    },
    expected: { (input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int) -> Int in
      let starts = Swift.stride(from: 0, to: input + 2 * padding, by: stride)
      return starts.count { $0 + (kernel - 1) * dilation < input + 2 * padding }
    },
    misconceptions: {
      (input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int)
        -> [Misconception<Int>] in
      let reach = (kernel - 1) * dilation + 1
      let row = input + 2 * padding
      func places(_ row: Int, _ reach: Int) -> Int {
        reach <= row ? (row - reach) / stride + 1 : 0
      }
      return [
        Misconception(
          "That counts the steps. The filter also stands where it begins, before its first step: one "
            + "place more.",
          reach <= row ? (row - reach) / stride : 0),
        Misconception(
          "The zeros were counted once, but \(padding) are added on both sides.",
          places(input + padding, reach)),
        Misconception(
          "A filter of \(kernel) has one gap less than numbers: from its first number to its last it "
            + "reaches over \(reach) pixel\(reach == 1 ? "" : "s"), not \(kernel * dilation).",
          places(row, kernel * dilation)),
        Misconception(
          "The filter was taken as if its numbers lay side by side. With dilation \(dilation) it "
            + "reaches over \(reach) pixels, not \(kernel).",
          places(row, kernel)),
        Misconception(
          "The filter reaches over \(reach) pixels and the padded row has \(row), so it doesn't fit "
            + "in: there is no place. (Swift rounds a quotient towards zero, so the formula alone "
            + "doesn't say so.)",
          (row - reach) / stride + 1),
        Misconception(
          "The quotient was rounded up. At the last of these places the filter sticks out of the row.",
          reach <= row ? (row - reach + stride - 1) / stride + 1 : 0),
      ]
    })
}

private var convolve: Exercise {
  .function(
    3, "convolve", title: "The seven loops", .medium, minutes: 25,
    hints: [
      "Four loops go over the numbers of the result, three over the products of one of them. The "
        + "chapter's code has the same seven.",
      "A pixel's row is i * stride + u * dilation - padding. Leave out the product where it lies "
        + "outside of 0 ..< height, and do the same with the column.",
      "outHeight is (height + 2 * padding - (kernelHeight - 1) * dilation - 1) / stride + 1. In the "
        + "innermost loop, over c, add images[n, row, column, c] * filters[u, v, c, o] to a sum that "
        + "began with 0 for this n, i, j and o.",
    ],
    labels: ["images", "filters", "stride", "padding", "dilation"],
    cases: { generator in
      let small: [(Tensor, Tensor, Int, Int, Int)] = [
        (Tensor([1, 1, 1, 1], [2]), Tensor([1, 1, 1, 1], [3]), 1, 0, 1),
        (Tensor([1, 1, 1, 2], [1, 10]), Tensor([1, 1, 2, 1], [2, 3]), 1, 0, 1),
        (Tensor([1, 1, 3, 1], [1, 2, 3]), Tensor([1, 3, 1, 1], [1, 10, 100]), 1, 0, 1),
        (Tensor([1, 1, 1, 1], [1]), Tensor([3, 3, 1, 1], (1...9).map(Float.init)), 1, 1, 1),
        (Tensor([1, 1, 3, 1], [1, 2, 3]), Tensor([1, 1, 1, 1], [1]), 2, 0, 1),
        (Tensor([1, 1, 3, 1], [1, 2, 3]), Tensor([1, 2, 1, 1], [1, 10]), 1, 0, 2),
        (Tensor([1, 2, 2, 1], [1, 2, 3, 4]), Tensor([1, 1, 1, 2], [1, 10]), 1, 0, 1),
      ]
      let shapes: [([Int], [Int], Int, Int, Int)] = [
        ([2, 4, 5, 2], [3, 2, 2, 3], 1, 1, 1), ([1, 7, 5, 3], [3, 3, 3, 2], 2, 1, 1),
        ([2, 6, 7, 1], [2, 3, 1, 2], 2, 2, 2), ([1, 2, 3, 2], [3, 1, 2, 1], 3, 3, 3),
      ]
      let larger = shapes.map { images, filters, stride, padding, dilation in
        (random(images, &generator), random(filters, &generator), stride, padding, dilation)
      }
      return small + larger
    },
    expected: {
      (images: Tensor, filters: Tensor, stride: Int, padding: Int, dilation: Int) -> Tensor in
      // A spread filter is a larger one with zeros between its numbers.
      let (height, width) = (filters.shape[0], filters.shape[1])
      var spread = Tensor(
        [(height - 1) * dilation + 1, (width - 1) * dilation + 1] + filters.shape[2...])
      for u in 0..<height {
        for v in 0..<width {
          for c in 0..<filters.shape[2] {
            for o in 0..<filters.shape[3] {
              spread[u * dilation, v * dilation, c, o] = filters[u, v, c, o]
            }
          }
        }
      }
      return conv2d(images, spread, stride: stride, padding: padding)
    },
    misconceptions: {
      (images: Tensor, filters: Tensor, stride: Int, padding: Int, dilation: Int)
        -> [Misconception<Tensor>] in
      let products = Products(
        images: images, filters: filters, stride: stride, padding: padding, dilation: dilation)
      return [
        Misconception(
          "The filter is turned by 180 degrees. In deep learning a convolution doesn't turn it: its "
            + "first number meets the upper left pixel of those below it.",
          products.convolved(turned: true)),
        Misconception(
          "The filter's first place is \(padding) pixel\(padding == 1 ? "" : "s") before the image "
            + "begins, so the padding has to be taken away from row and column.",
          products.convolved(place: { $0 * stride + $1 * dilation })),
        Misconception(
          "From one place to the next the filter moves by one pixel only. It should move by "
            + "\(stride).",
          products.convolved(place: { $0 + $1 * dilation - padding })),
        Misconception(
          "The numbers of the filter lie side by side. With dilation \(dilation) they should lie "
            + "\(dilation) pixels apart.",
          products.convolved(place: { $0 * stride + $1 - padding })),
        Misconception(
          "Each result has only the last product. The products have to be added up.",
          products.convolved(adds: false)),
        Misconception(
          "Each result has only the first channel of the images. The sum goes over all "
            + "\(images.shape[3]).",
          products.convolved(channels: 1)),
      ]
    })
}

/// The seven loops, and some ways to get them wrong.
private struct Products {
  let (images, filters): (Tensor, Tensor)
  let (stride, padding, dilation): (Int, Int, Int)

  /// - Parameters:
  ///   - place: the row or column in the image, from the one in the result and the one in the filter.
  ///   - turned: whether the filter is turned.
  ///   - adds: whether products are added up.
  ///   - channels: how many channels are seen.
  func convolved(
    place: ((Int, Int) -> Int)? = nil, turned: Bool = false, adds: Bool = true,
    channels: Int? = nil
  ) -> Tensor {
    let place = place ?? { $0 * stride + $1 * dilation - padding }
    let (x, w) = (images.shape, filters.shape)
    func size(_ axis: Int) -> Int {
      (x[1 + axis] + 2 * padding - (w[axis] - 1) * dilation - 1) / stride + 1
    }
    var result = Tensor([x[0], size(0), size(1), w[3]])
    for n in 0..<x[0] {
      for i in 0..<size(0) {
        for j in 0..<size(1) {
          for o in 0..<w[3] {
            for u in 0..<w[0] {
              for v in 0..<w[1] {
                let (row, column) = (place(i, u), place(j, v))
                guard (0..<x[1]).contains(row), (0..<x[2]).contains(column) else { continue }
                for c in 0..<(channels ?? x[3]) {
                  let weight =
                    turned ? filters[w[0] - 1 - u, w[1] - 1 - v, c, o] : filters[u, v, c, o]
                  let product = images[n, row, column, c] * weight
                  result[n, i, j, o] = adds ? result[n, i, j, o] + product : product
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}

private var repeatBorder: Exercise {
  .function(
    4, "repeatBorder", title: "Padding that makes no edges", .easy, minutes: 10,
    hints: [
      "For each pixel of the result, find the row and the column of the image that it is a copy of.",
      "Row i of the result lies over row i - padding of the image, if there is one. Which row is the "
        + "nearest if i - padding is below 0? If it is height or more?",
      "The row is min(max(i - padding, 0), height - 1), and the column likewise.",
    ],
    labels: ["images", "padding"],
    cases: { generator in
      [
        (Tensor([1, 1, 1, 1], [5]), 0), (Tensor([1, 1, 1, 1], [5]), 1),
        (Tensor([1, 1, 2, 1], [1, 2]), 1), (Tensor([1, 1, 2, 1], [1, 2]), 2),
        (Tensor([1, 2, 1, 1], [1, 2]), 2), (Tensor([1, 2, 2, 1], [1, 2, 3, 4]), 1),
        (random([2, 3, 4, 2], &generator), 2), (random([1, 2, 3, 3], &generator), 4),
      ]
    },
    expected: { (images: Tensor, padding: Int) -> Tensor in
      surrounded(images, padding) { min(max($0, 0), $1 - 1) }
    },
    misconceptions: { (images: Tensor, padding: Int) -> [Misconception<Tensor>] in
      return [
        Misconception(
          "Zeros surround the image. Each of these pixels should be a copy of the nearest one that "
            + "the image has.",
          surrounded(images, padding) { (0..<$1).contains($0) ? $0 : nil }),
        Misconception(
          "What is added comes from the opposite side of the image, as if it went on round a cylinder. "
            + "The nearest pixel is the one at the border.",
          surrounded(images, padding) { ($0 % $1 + $1) % $1 }),
        Misconception(
          "The image goes on as in a mirror. Farther out, too, the nearest pixel is the one at the "
            + "border.",
          surrounded(images, padding) {
            let place = ($0 % (2 * $1) + 2 * $1) % (2 * $1)
            return min(place, 2 * $1 - 1 - place)
          }),
        Misconception(
          "The image stands in the upper left corner, and all that was added is below it and to its "
            + "right. It should be \(padding) pixel\(padding == 1 ? "" : "s") from each side.",
          surrounded(images, padding) { min($0 + padding, $1 - 1) }),
      ]
    })
}

/// Images with more pixels around them.
///
/// - Parameter source: the row or column that one outside of the image is a copy of, given how many there are;
///   nil for zeros.
private func surrounded(
  _ images: Tensor, _ padding: Int, _ source: (_ place: Int, _ count: Int) -> Int?
) -> Tensor {
  let shape = images.shape
  var result = Tensor([shape[0], shape[1] + 2 * padding, shape[2] + 2 * padding, shape[3]])
  for n in 0..<shape[0] {
    for i in 0..<result.shape[1] {
      for j in 0..<result.shape[2] {
        guard let row = source(i - padding, shape[1]), let column = source(j - padding, shape[2])
        else { continue }
        for c in 0..<shape[3] { result[n, i, j, c] = images[n, row, column, c] }
      }
    }
  }
  return result
}

private var checksOfATurnedFilter: Exercise {
  .experiment(
    5, "checksOfATurnedFilter", title: "What notices that a filter is turned?", .easy, minutes: 10,
    hints: [
      "Which of the claims would hold for the turned filter, too? A filter that is the same when it is "
        + "turned can notice nothing.",
      "The page ends with the list of the checks that failed. Count their numbers from the top.",
    ],
    runs: RequiredRuns(
      command: "swift run chapter1",
      query: """
        SELECT count(*) FROM checks
        WHERE chapter = 1 AND NOT passed AND claim LIKE 'The response to one pixel is the filter%'
        """),
    answer: [4, 6, 9],
    mistakes: [
      (
        [4, 6],
        "One is missing: the chapter replaces two layers by one layer with a 5x5 filter, which it "
          + "computes with one filter turned. That check is the ninth."
      ),
      (
        [4, 9],
        "One is missing: the library doesn't turn the filter, so the loops no longer agree with it. "
          + "That check is the sixth."
      ),
      (
        [6, 9],
        "One is missing: one bright pixel shows the filter, and now it shows it as it is. That check is "
          + "the fourth."
      ),
      (
        [3, 4, 6, 9],
        "A turned filter moves the result with the image as well: the third check holds."
      ),
      (
        [4, 5, 6, 9],
        "A filter of 1x1 is the same when it is turned: the check of the matrix product holds."
      ),
      (
        [4],
        "Two are missing: the loops no longer agree with the library, which doesn't turn the filter "
          + "(the sixth check), and the 5x5 filter was computed for filters that aren't turned (the "
          + "ninth)."
      ),
    ],
    explanation: """
      Three of nine checks fail (measured with seed 0): one bright pixel now shows the filter as it \
      is, so that the fourth check fails; of the 64 combinations that are compared with the library, those \
      with larger filters than 1x1 differ (the largest difference was 1.5 times the largest number); and the \
      5x5 filter of the ninth check isn't the one that two turned layers make. All others would hold for a \
      mathematician's convolution. It, too, is linear, finds an edge wherever it is, makes as many products, \
      and sees 2n + 1 pixels in n layers. A filter of 1x1, or of ones, doesn't change when it is turned.
      """)
}

private var receptiveField: Exercise {
  .function(
    6, "receptiveField", title: "How many pixels a stack of layers sees", .medium, minutes: 15,
    hints: [
      "Go from layer to layer. A layer of width 3 adds two pixels of what it gets. How many pixels of "
        + "the image are these?",
      "Behind a layer with stride 2, neighbours lie two pixels apart in what it got. Keep two numbers: "
        + "the width so far, and how far neighbours lie apart in the image.",
      "Begin with width 1 and distance 1. Each layer adds (kernel - 1) * distance to the width; only "
        + "then is the distance multiplied by the layer's stride.",
    ],
    labels: ["kernels", "strides"],
    cases: { generator in
      let small: [([Int], [Int])] = [
        ([], []), ([1], [1]), ([3], [1]), ([3], [2]), ([3, 3], [1, 1]), ([3, 3], [2, 1]),
        ([1, 3], [2, 1]), ([7, 3], [2, 2]), ([2, 2, 2], [3, 3, 1]),
      ]
      let larger = (0..<8).map { _ in
        let count = Int.random(in: 2...5, using: &generator)
        return (
          (0..<count).map { _ in Int.random(in: 1...7, using: &generator) },
          (0..<count).map { _ in Int.random(in: 1...3, using: &generator) }
        )
      }
      return small + larger
    },
    expected: { (kernels: [Int], strides: [Int]) -> Int in
      // From one pixel of the result back to those of the image.
      var seen: ClosedRange<Int> = 0...0
      for (kernel, stride) in zip(kernels, strides).reversed() {
        seen = seen.lowerBound * stride...seen.upperBound * stride + kernel - 1
      }
      return seen.count
    },
    misconceptions: { (kernels: [Int], strides: [Int]) -> [Misconception<Int>] in
      func width(_ body: (_ width: inout Int, _ distance: inout Int, Int, Int) -> Void) -> Int {
        var (width, distance) = (1, 1)
        for (kernel, stride) in zip(kernels, strides) { body(&width, &distance, kernel, stride) }
        return width
      }
      return [
        Misconception(
          "The strides weren't used. A layer's pixels lie as far apart in the image as the strides "
            + "before it say.",
          width { width, _, kernel, _ in width += kernel - 1 }),
        Misconception(
          "A layer's own stride was used for the layer itself. It only moves the layer's results apart; "
            + "what the layer sees lies as far apart as the strides before it say.",
          width { width, distance, kernel, stride in
            distance *= stride
            width += (kernel - 1) * distance
          }),
        Misconception(
          "Strides multiply: two of 2, one behind the other, move pixels 4 apart.",
          width { width, distance, kernel, stride in
            width += (kernel - 1) * distance
            distance += stride
          }),
        Misconception(
          "A layer of width 3 adds 2 pixels, not 3: the pixel that it began with was there already.",
          width { width, distance, kernel, stride in
            width += kernel * distance
            distance *= stride
          }),
      ]
    })
}

private var smallFilters: Exercise {
  .function(
    7, "smallFilters", title: "Many small filters for a large one", .easy, minutes: 10,
    hints: [
      "How many pixels does the second layer of 3x3 add to those that the first one sees?",
      "A filter of 3x3 sees 3, and each further layer adds two. A layer learns a filter for every pair "
        + "of an input and an output channel.",
      "It takes (kernel - 1) / 2 layers. A layer of k x k learns k * k * channels * channels numbers.",
    ],
    labels: ["kernel", "channels"],
    cases: { generator in
      let small = [(1, 1), (3, 1), (5, 1), (3, 2), (7, 1), (7, 64)]
      let larger = (0..<6).map { _ in
        (
          2 * Int.random(in: 0...7, using: &generator) + 1,
          Int.random(in: 1...64, using: &generator)
        )
      }
      return small + larger
    },
    expected: { (kernel: Int, channels: Int) -> [Int] in
      var (seen, layers) = (1, 0)
      while seen < kernel { (seen, layers) = (seen + 2, layers + 1) }
      let pairs = channels * channels
      return [layers, kernel * kernel * pairs, layers * 9 * pairs]
    },
    misconceptions: { (kernel: Int, channels: Int) -> [Misconception<[Int]>] in
      let layers = (kernel - 1) / 2
      let (large, small) = (kernel * kernel, 9)
      let pairs = channels * channels
      return [
        Misconception(
          "The first layer of 3x3 sees 3 pixels, but each further one only adds two: \(layers) "
            + "layer\(layers == 1 ? " sees" : "s see") \(kernel).",
          [kernel / 3, large * pairs, kernel / 3 * small * pairs]),
        Misconception(
          "There is a filter for each of the \(pairs) pairs of an input and an output channel, not for "
            + "each of \(channels) channels.",
          [layers, large * channels, layers * small * channels]),
        Misconception(
          "The last number should be that of all layers together; it is that of one.",
          [layers, large * pairs, small * pairs]),
        Misconception(
          "The numbers are those of a single filter, without channels: there is one for each of the "
            + "\(pairs) pairs of an input and an output channel.",
          [layers, large, layers * small]),
        Misconception(
          "Each layer was taken to add three pixels; it adds two.",
          [(kernel + 2) / 3, large * pairs, (kernel + 2) / 3 * small * pairs]),
      ]
    })
}

/// Random numbers between -1 and 1.
private func random(_ shape: [Int], _ generator: inout RandomGenerator) -> Tensor {
  Initialization.uniform(bound: 1).tensor(shape, using: &generator)
}
