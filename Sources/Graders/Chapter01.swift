import ExerciseKit
import Exercises
import MiniTensor
import Translation

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
      """
      Each pixel of the result is the sum of nine products. Which of the nine numbers meets the \
      left neighbour?
      """,
      """
      To move a picture, a single number of the filter isn't zero. For a mean of nine pixels, all \
      are equal.
      """,
      """
      The filter's middle meets the pixel itself, so the left neighbour meets the number to the \
      left of the middle. A ninth of the sum is the sum of ninths.
      """,
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
      // Weights that blur as well: each place as often as its weight says.
      let weighted = zip(around, [1, 2, 1, 2, 4, 2, 1, 2, 1]).flatMap {
        Array(repeating: $0, count: $1)
      }
      let roundings = [0.1, 0.11, 0.111, 0.1111] as [Float]
      return [
        Misconception(
          """
          The first filter moves to the left. To move to the right, a pixel has to become what its \
          left neighbour was: which number of the filter lies above the left neighbour?
          """,
          [neighbours(image, [(0, 1)], 1), blurred]),
        Misconception(
          """
          The first filter moves down: its number lies above the middle. The left neighbour is in \
          the same row.
          """,
          [neighbours(image, [(-1, 0)], 1), blurred]),
        Misconception(
          """
          The first filter moves up: its number lies below the middle. The left neighbour is in the \
          same row.
          """,
          [neighbours(image, [(1, 0)], 1), blurred]),
        Misconception(
          """
          The blurred picture is nine times as bright as it should be: it has the sums of nine \
          pixels, not their means.
          """,
          [moved, neighbours(image, around, 1)]),
        Misconception(
          "The mean was taken without the pixel in the middle. It is one of the nine.",
          [moved, neighbours(image, around.filter { $0 != (0, 0) }, 8)]),
        Misconception(
          """
          The filters came back the other way round: first the one that moves, then the one that \
          blurs.
          """,
          [blurred, moved]),
        Misconception(
          "The first filter leaves the picture where it is: its number lies in the middle.",
          [image, blurred]),
        Misconception(
          """
          The first filter adds the picture itself to the picture that was moved. A pixel becomes what its \
          left neighbour was, and keeps nothing of its own: the middle's number is 0.
          """,
          [moved + image, blurred]),
        Misconception(
          """
          The first filter takes the picture itself away from the picture that was moved: that finds edges. \
          The middle's number is 0.
          """,
          [moved - image, blurred]),
        Misconception(
          """
          The blurred picture is black: all nine numbers are 0. Between whole numbers Swift rounds towards \
          zero, and 1 / 9 is 0; between numbers of type Float it isn't.
          """,
          [moved, Tensor(image.shape)]),
        Misconception(
          "That is the mean of the three pixels in a row. All nine count, those above and below too.",
          [moved, neighbours(image, [(0, -1), (0, 0), (0, 1)], 3)]),
        Misconception(
          "Near pixels count more than far ones here. In a mean all nine count alike.",
          [moved, neighbours(image, weighted, 16)]),
      ]
        + roundings.map {
          Misconception(
            """
            \($0) is a little less than a ninth, so the picture gets darker. Let Swift divide: 1 / 9, as \
            a Float.
            """,
            [moved, neighbours(image, around, 1 / $0)])
        }
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
      """
      Five posts stand four gaps apart. Over how many pixels does the filter reach, from its first \
      number to its last?
      """,
      """
      It reaches over (kernel - 1) * dilation + 1 pixels. If the row has as many or more, divide \
      what the row has beyond that by the stride, round down, and add 1 for the first place.
      """,
    ],
    labels: ["input", "kernel", "stride", "padding", "dilation"],
    cases: { generator in
      let small = [
        (1, 1, 1, 0, 1), (3, 1, 1, 2, 1), (3, 3, 1, 1, 1), (4, 3, 2, 0, 1), (5, 2, 1, 0, 3),
        (2, 3, 2, 0, 1), (1, 5, 1, 0, 2), (7, 3, 2, 1, 2), (8, 3, 2, 1, 1), (224, 7, 2, 3, 1),
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
      func places(_ row: Int, _ reach: Int, _ stride: Int = stride) -> Int {
        reach <= row ? (row - reach) / stride + 1 : 0
      }
      let gapsBetween = kernel + (kernel - 1) * dilation
      let bothSides: Message =
        "The zeros were counted once, but \(padding) are added on both sides."
      let gaps: Message =
        """
        A filter of \(kernel) has one gap less than numbers: from its first number to its last it \
        reaches over \(reach) of the row's pixels, not \(kernel * dilation).
        """
      let sideBySide: Message =
        """
        The filter was taken as if its numbers lay side by side. With dilation \(dilation) it reaches \
        over \(reach) pixels, not \(kernel).
        """
      let between: Message =
        """
        With dilation \(dilation) there are \(dilation - 1) pixels between a number of the filter and \
        the next, not \(dilation): it reaches over \(reach) of the row's pixels.
        """
      let rounded: Message =
        """
        The filter reaches over \(reach) pixels and the padded row has \(row), so it doesn't fit in: \
        there is no place. (Swift rounds a quotient towards zero, so the formula alone doesn't say so.)
        """
      return [
        Misconception(
          """
          That counts the steps. The filter also stands where it begins, before its first step: one \
          place more.
          """,
          reach <= row ? (row - reach) / stride : 0),
        Misconception(rounded, (row - reach) / stride + 1),
        Misconception(rounded, max(0, (row - reach) / stride + 1)),
        Misconception(
          """
          The filter reaches over \(reach) pixels and the padded row has \(row), so it doesn't fit in: \
          there is no place. The number of places is never below 0.
          """,
          Int((Double(row - reach) / Double(stride)).rounded(.down)) + 1),
        Misconception(
          """
          The filter reaches over \(reach) pixels and the padded row has \(row), so it doesn't fit in: \
          there is no place. One place was counted all the same.
          """,
          max(1, places(row, reach))),
        Misconception(bothSides, places(input + padding, reach)),
        Misconception(bothSides, (input + padding - reach) / stride + 1),
        Misconception(gaps, places(row, kernel * dilation)),
        Misconception(gaps, (row - kernel * dilation) / stride + 1),
        // The chapter's own formula.
        Misconception(sideBySide, places(row, kernel)),
        Misconception(sideBySide, (row - kernel) / stride + 1),
        Misconception(sideBySide, max(0, (row - kernel) / stride + 1)),
        Misconception(between, places(row, gapsBetween)),
        Misconception(between, (row - gapsBetween) / stride + 1),
        Misconception(
          """
          A step is as long as the stride, \(stride), whatever the dilation: it spreads the filter and not \
          its places.
          """,
          places(row, reach, stride * dilation)),
        Misconception(
          "A filter that is as long as the padded row fits in once.",
          reach < row ? places(row, reach) : 0),
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
      """
      Four loops go over the numbers of the result, three over the products of one of them. The \
      chapter's code has the same seven.
      """,
      """
      A pixel's row is i * stride + u * dilation - padding. Leave out the product where it lies \
      outside of 0 ..< height, and do the same with the column.
      """,
      """
      outHeight is (height + 2 * padding - (kernelHeight - 1) * dilation - 1) / stride + 1. In the \
      innermost loop, over c, add images[n, row, column, c] * filters[u, v, c, o] to a sum that \
      began with 0 for this n, i, j and o.
      """,
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
          """
          The filter is turned by 180 degrees. In deep learning a convolution doesn't turn it: its \
          first number meets the upper left pixel of those below it.
          """,
          products.convolved(turned: true)),
        Misconception(
          """
          The filter's first place lies before the image begins, by the padding of \(padding), so that has \
          to be taken away from row and column.
          """,
          products.convolved(place: { $0 * stride + $1 * dilation })),
        Misconception(
          """
          From one place to the next the filter moves by one pixel only. It should move by \
          \(stride).
          """,
          products.convolved(place: { $0 + $1 * dilation - padding })),
        Misconception(
          """
          The numbers of the filter lie side by side. With dilation \(dilation) they should lie \
          \(dilation) pixels apart.
          """,
          products.convolved(place: { $0 * stride + $1 - padding })),
        Misconception(
          "Each result has only the last product. The products have to be added up.",
          products.convolved(adds: false)),
        Misconception(
          """
          Each result has only the first channel of the images. The sum goes over all \
          \(images.shape[3]).
          """,
          products.convolved(channels: 1)),
        Misconception(
          """
          The result is as large as without dilation. With \(dilation) the filter reaches farther and has \
          fewer places (exercise 2).
          """,
          products.convolved(dilatesSize: false)),
        Misconception(
          """
          That is the chapter's convolution. The dilation of \(dilation) isn't used: neither for the size \
          of the result nor for the place of a pixel.
          """,
          products.convolved(place: { $0 * stride + $1 - padding }, dilatesSize: false)),
        Misconception(
          "The dilation spreads the filter, not its places: it multiplies u and v only, not i and j.",
          products.convolved(place: { ($0 * stride + $1) * dilation - padding })),
        Misconception(
          """
          The dilation multiplies the padding as well. It spreads the filter only: the first place lies \
          before the image by the padding, \(padding), whatever the dilation.
          """,
          products.convolved(place: { $0 * stride + ($1 - padding) * dilation })),
        Misconception(
          "The first row and the first column of the image are left out. They are at 0, which is inside.",
          products.convolved(first: 1)),
        Misconception(
          """
          Where one pixel lies outside of the image, the rest of the filter's row is left out with it. Go \
          on with the next one: `continue`, not `break` or `return`.
          """,
          products.convolved(stops: true)),
        Misconception(
          "The sum goes on from one number of the result to the next. It has to begin with 0 for each.",
          products.convolved(sumsOn: true)),
        Misconception(
          """
          The filter was taken to be as wide as it is high. Its height is filters.shape[0], its width \
          filters.shape[1].
          """,
          products.convolved(widthAxis: 0)),
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
  ///   - dilatesSize: whether the result is as large as the spread filter has places.
  ///   - first: the first row and column that are used.
  ///   - stops: whether the first pixel outside ends the filter's row.
  ///   - sumsOn: whether a sum begins with the one before.
  ///   - widthAxis: the axis that the filter's width is read from.
  func convolved(
    place: ((Int, Int) -> Int)? = nil, turned: Bool = false, adds: Bool = true,
    channels: Int? = nil, dilatesSize: Bool = true, first: Int = 0, stops: Bool = false,
    sumsOn: Bool = false, widthAxis: Int = 1
  ) -> Tensor {
    let place = place ?? { $0 * stride + $1 * dilation - padding }
    let x = images.shape
    let w = [filters.shape[0], filters.shape[widthAxis]] + filters.shape[2...]
    // Where such a function would crash, anything may stand.
    func size(_ axis: Int) -> Int {
      max(0, x[1 + axis] + 2 * padding - (w[axis] - 1) * (dilatesSize ? dilation : 1) - 1) / stride
        + 1
    }
    var result = Tensor([x[0], size(0), size(1), w[3]])
    var before: Float = 0
    for n in 0..<x[0] {
      for i in 0..<size(0) {
        for j in 0..<size(1) {
          for o in 0..<w[3] {
            if sumsOn { result[n, i, j, o] = before }
            for u in 0..<w[0] {
              for v in 0..<min(w[1], filters.shape[1]) {
                let (row, column) = (place(i, u), place(j, v))
                guard (first..<x[1]).contains(row), (first..<x[2]).contains(column) else {
                  if stops { break }
                  continue
                }
                for c in 0..<(channels ?? x[3]) {
                  let weight =
                    turned ? filters[w[0] - 1 - u, w[1] - 1 - v, c, o] : filters[u, v, c, o]
                  let product = images[n, row, column, c] * weight
                  result[n, i, j, o] = adds ? result[n, i, j, o] + product : product
                }
              }
            }
            before = result[n, i, j, o]
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
      """
      Row i of the result lies over row i - padding of the image, if there is one. Which row is the \
      nearest if i - padding is below 0? If it is height or more?
      """,
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
          """
          Zeros surround the image. Each of these pixels should be a copy of the nearest one that \
          the image has.
          """,
          surrounded(images, padding) { (0..<$1).contains($0) ? $0 : nil }),
        Misconception(
          """
          What is added comes from the opposite side of the image, as if it went on round a cylinder. \
          The nearest pixel is the one at the border.
          """,
          surrounded(images, padding) { ($0 % $1 + $1) % $1 }),
        Misconception(
          """
          The image goes on as in a mirror. Farther out, too, the nearest pixel is the one at the \
          border.
          """,
          surrounded(images, padding) {
            let place = ($0 % (2 * $1) + 2 * $1) % (2 * $1)
            return min(place, 2 * $1 - 1 - place)
          }),
        Misconception(
          """
          The image stands in the upper left corner, and all that was added is below it and to its \
          right. Its distance from each side should be the padding, \(padding).
          """,
          surrounded(images, padding) { min($0 + padding, $1 - 1) }),
        Misconception(
          "Beyond the corners the result is 0. There, too, the nearest pixel is copied: the corner.",
          surrounded(images, padding, leavesCorners: true) { min(max($0, 0), $1 - 1) }),
        Misconception(
          "The padding was added on one side of each axis: height and width grow by 2 * \(padding).",
          surrounded(images, padding, sides: (1, 1)) { min(max($0, 0), $1 - 1) }),
        Misconception(
          "Only the width grows. The rows of the border are copied above and below as well.",
          surrounded(images, padding, sides: (0, 2)) { min(max($0, 0), $1 - 1) }),
        Misconception(
          "Only the height grows. The columns of the border are copied left and right as well.",
          surrounded(images, padding, sides: (2, 0)) { min(max($0, 0), $1 - 1) }),
        Misconception(
          "The columns are cut off by the image's height. They end at its width: images.shape[2].",
          surrounded(images, padding, columns: min(images.shape[1], images.shape[2])) {
            min(max($0, 0), $1 - 1)
          }),
        Misconception(
          """
          Copies of the border are left and above only. What lies behind the last row or column is nearest \
          to that one.
          """,
          surrounded(images, padding) { $0 < $1 ? max($0, 0) : nil }),
      ]
    })
}

/// Images with more pixels around them.
///
/// - Parameter source: the row or column that one outside of the image is a copy of, given how many there are;
///   nil for zeros.
/// - Parameters:
///   - sides: how many sides are padded, of the height and of the width.
///   - leavesCorners: whether what is outside along both axes is zero.
///   - columns: how many columns of an image are used; without it, all.
private func surrounded(
  _ images: Tensor, _ padding: Int, sides: (Int, Int) = (2, 2), leavesCorners: Bool = false,
  columns: Int? = nil, _ source: (_ place: Int, _ count: Int) -> Int?
) -> Tensor {
  let shape = images.shape
  let (above, left) = (sides.0 == 0 ? 0 : padding, sides.1 == 0 ? 0 : padding)
  var result = Tensor(
    [shape[0], shape[1] + sides.0 * padding, shape[2] + sides.1 * padding, shape[3]])
  for n in 0..<shape[0] {
    for i in 0..<result.shape[1] {
      for j in 0..<result.shape[2] {
        guard let row = source(i - above, shape[1]),
          let column = source(j - left, columns ?? shape[2])
        else { continue }
        let isCorner =
          !(0..<shape[1]).contains(i - above) && !(0..<shape[2]).contains(j - left)
        if leavesCorners, isCorner { continue }
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
      """
      Which of the claims would hold for the turned filter, too? A filter that is the same when it is \
      turned can notice nothing.
      """,
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
        """
        One is missing: the chapter replaces two layers by one layer with a 5x5 filter, which it \
        computes with one filter turned. That check is the ninth.
        """
      ),
      (
        [4, 9],
        """
        One is missing: the library doesn't turn the filter, so the loops no longer agree with it. \
        That check is the sixth.
        """
      ),
      (
        [6, 9],
        """
        One is missing: one bright pixel shows the filter, and now it shows it as it is. That check is \
        the fourth.
        """
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
        """
        Two are missing: the loops no longer agree with the library, which doesn't turn the filter \
        (the sixth check), and the 5x5 filter was computed for filters that aren't turned (the \
        ninth).
        """
      ),
      ([3, 5, 8], "The checks are counted from 1: the first on the page is 1, not 0."),
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
      """
      Go from layer to layer. A layer of width 3 adds two pixels of what it gets. How many pixels of \
      the image are these?
      """,
      """
      Behind a layer with stride 2, neighbours lie two pixels apart in what it got. Keep two numbers: \
      the width so far, and how far neighbours lie apart in the image.
      """,
      """
      Begin with width 1 and distance 1. Each layer adds (kernel - 1) * distance to the width; only \
      then is the distance multiplied by the layer's stride.
      """,
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
          """
          The strides weren't used. A layer's pixels lie as far apart in the image as the strides \
          before it say.
          """,
          width { width, _, kernel, _ in width += kernel - 1 }),
        Misconception(
          """
          A layer's own stride was used for the layer itself. It only moves the layer's results apart; \
          what the layer sees lies as far apart as the strides before it say.
          """,
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
          "Strides multiply: two of 2, one behind the other, move pixels 4 apart.",
          width { width, distance, kernel, stride in
            width += (kernel - 1) * distance
            distance += stride - 1
          }),
        Misconception(
          """
          Only the stride of the layer before was used. All strides before a layer move its pixels apart, \
          and they multiply.
          """,
          width { width, distance, kernel, stride in
            width += (kernel - 1) * distance
            distance = stride
          }),
        Misconception(
          "Widths don't multiply: a second layer of width 3 adds one pixel on each side, so that two see 5.",
          kernels.reduce(1, *)),
        Misconception(
          """
          (width - 1) * stride + kernel takes the layers from the last to the first: it says how much of \
          what a layer gets the layers behind it see.
          """,
          width { width, _, kernel, stride in width = (width - 1) * stride + kernel }),
        Misconception(
          "n pixels that lie s apart reach over (n - 1) * s + 1 pixels, not over n * s.",
          zip(kernels, strides).reversed().reduce(1) { $0 * $1.1 + $1.0 - 1 }),
        Misconception(
          "The pixels in between, which nothing depends on, count as well: from the first to the last.",
          zip(kernels, strides).reversed().reduce([0] as Set) { seen, layer in
            Set(seen.flatMap { place in (0..<layer.0).map { place * layer.1 + $0 } })
          }.count),
        Misconception(
          "A layer of width 3 adds 2 pixels, not 3: the pixel that it began with was there already.",
          width { width, distance, kernel, stride in
            width += kernel * distance
            distance *= stride
          }),
        Misconception(
          "A further layer of width 3 adds 2 pixels, not 3: the pixel that it began with was there already.",
          kernels.isEmpty
            ? 1
            : width { width, distance, kernel, stride in
              width += kernel * distance
              distance *= stride
            } - 1),
      ]
    })
}

private var smallFilters: Exercise {
  .function(
    7, "smallFilters", title: "Many small filters for a large one", .easy, minutes: 10,
    hints: [
      "How many pixels does the second layer of 3x3 add to those that the first one sees?",
      """
      A filter of 3x3 sees 3, and each further layer adds two. A layer learns a filter for every pair \
      of an input and an output channel.
      """,
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
          "A filter of 1x1 sees one pixel, as the image has it: no layer is needed for that.",
          [max(1, layers), large * pairs, max(1, layers) * small * pairs]),
        Misconception(
          "The two counts are exchanged: first the layer with the large filter, then all layers of 3x3.",
          [layers, layers * small * pairs, large * pairs]),
        Misconception(
          "The number of layers isn't the quotient of the areas: it is how often two pixels are added.",
          [large / small, large * pairs, large / small * small * pairs]),
        Misconception(
          "One number per output channel too many: a bias. Here only the filters are counted.",
          [layers, large * pairs + channels, layers * (small * pairs + channels)]),
        Misconception(
          """
          Of the layers of 3x3, too, each has a filter for every one of the \(pairs) pairs of an input and an \
          output channel.
          """,
          [layers, large * pairs, layers * small * channels]),
        Misconception(
          "Channels in and channels out multiply: \(pairs) filters, not \(2 * channels).",
          [layers, large * 2 * channels, layers * small * 2 * channels]),
        Misconception(
          """
          The first layer of 3x3 sees 3 pixels, but each further one only adds two: to see \(kernel) of \
          them the number of layers has to be \(layers).
          """,
          [kernel / 3, large * pairs, kernel / 3 * small * pairs]),
        Misconception(
          """
          There is a filter for each of the \(pairs) pairs of an input and an output channel, not for \
          each of \(channels) channels.
          """,
          [layers, large * channels, layers * small * channels]),
        Misconception(
          "The last number should be that of all layers together; it is that of one.",
          [layers, large * pairs, small * pairs]),
        Misconception(
          """
          The numbers are those of a single filter, without channels: there is one for each of the \
          \(pairs) pairs of an input and an output channel.
          """,
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
