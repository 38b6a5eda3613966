import Exercises
import MiniTensor

extension Array where Element == Exercise {
  /// The exercises of chapter 2.
  public static var chapter2: [Exercise] {
    [windowsMatrix, addWindows, laneSum, blockProduct, bandRows, attainable, intensity]
  }
}

private var windowsMatrix: Exercise {
  .function(
    1, "windowsMatrix", title: "The matrix of windows, im2col", .medium, minutes: 20,
    hints: [
      """
      Collect the numbers in one array in the order in which they lie in the matrix, and make a tensor \
      of it at the end.
      """,
      """
      Six loops: image, row and column of the place; kernel row, kernel column and channel of the \
      number.
      """,
      """
      The pixel is in row i * stride + u - padding and column j * stride + v - padding. Append \
      images[n, row, column, c] if it exists, and 0 if it doesn't.
      """,
    ],
    labels: ["images", "kernelHeight", "kernelWidth", "stride", "padding"],
    cases: { generator in
      let small: [(Tensor, Int, Int, Int, Int)] = [
        (Tensor([1, 1, 1, 1], [5]), 1, 1, 1, 0), (Tensor([1, 1, 3, 1], [1, 2, 3]), 1, 2, 1, 0),
        (Tensor([1, 1, 2, 2], [1, 10, 2, 20]), 1, 2, 1, 0),
        (Tensor([1, 1, 3, 1], [1, 2, 3]), 1, 1, 2, 0), (Tensor([1, 1, 1, 1], [5]), 3, 3, 1, 1),
        (Tensor([1, 2, 2, 1], [1, 2, 3, 4]), 1, 1, 1, 0),
      ]
      let larger = largerShapes.map { (wholeNumbers($0, &generator), $1, $2, $3, $4) }
      return small + larger
    },
    expected: {
      (images: Tensor, kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int) -> Tensor in
      let copies = Copies(images.shape, kernelHeight, kernelWidth, stride, padding)
      return conv2d(images, copies.pickingFilters, stride: stride, padding: padding)
        .reshaped([copies.places, copies.windowSize])
    },
    misconceptions: {
      (images: Tensor, kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int)
        -> [Misconception<Tensor>] in
      let copies = Copies(images.shape, kernelHeight, kernelWidth, stride, padding)
      let (rows, columns) = (copies.places, copies.windowSize)
      let right = copies.matrix(of: images)
      let turned = (0..<rows * columns).map { right[$0 % rows, $0 / rows] }
      return [
        Misconception(
          """
          The numbers of a window are sorted channel by channel. In memory a filter's numbers have \
          all channels of a pixel side by side, so those of the window have to lie likewise.
          """,
          copies.matrix(of: images) { $0.channelsFirst = true }),
        Misconception(
          "The windows begin one pixel apart, not \(stride), the stride.",
          copies.matrix(of: images) { $0.step = 1 }),
        Misconception(
          """
          The first window should begin before the image begins, above and on the left: take the padding, \
          \(padding), away from row and column.
          """,
          copies.matrix(of: images) { $0.offset = 0 }),
        Misconception(
          """
          Rows and columns of the matrix are interchanged: there should be a row for every place, \(rows), \
          and a column for every number of a window, \(columns).
          """,
          Tensor([columns, rows], turned)),
        Misconception(
          """
          The numbers are right and the shape isn't: there should be a row for every place, \(rows), and a \
          column for every number of a window, \(columns).
          """,
          right.reshaped([columns, rows])),
        Misconception(
          """
          The places are sorted by columns before rows. Go through them row by row, as the pixels of \
          the result lie in memory.
          """,
          copies.matrix(of: images) { $0.columnsFirst = true }),
        Misconception(
          """
          The numbers of a window are sorted by kernel column before kernel row. A filter's \
          rows come first: its loop is the outer one.
          """,
          copies.matrix(of: images) { $0.tapColumnsFirst = true }),
        Misconception(
          """
          The places are sorted by row and column before the images. First come all places \
          of the first image.
          """,
          copies.matrix(of: images) { $0.imagesLast = true }),
        Misconception(
          """
          The padding's zeros were left out, and all numbers behind them moved up. A zero \
          has a place in its row as every number has.
          """,
          copies.matrix(of: images) { $0.dropsZeros = true }),
        Misconception(
          """
          There are only the places of the first image. The matrix has rows for all \
          \(images.shape[0]) images.
          """,
          right.rows(0..<rows / images.shape[0])),
      ]
    })
}

private var addWindows: Exercise {
  .function(
    2, "addWindows", title: "From the windows back to the images", .medium, minutes: 20,
    hints: [
      "The loops are those of exercise 1. What there is read from the images is here added to them.",
      """
      The number at (u, v, c) of a window is at index (u * kernelWidth + v) * channels + c of its row, \
      and the row of the place (n, i, j) is (n * outHeight + i) * outWidth + j.
      """,
      """
      Begin with zeros. For each number whose pixel exists: images[n, row, column, c] += \
      matrix[place, index], with row = i * stride + u - padding and column likewise.
      """,
    ],
    labels: ["matrix", "shape", "kernelHeight", "kernelWidth", "stride", "padding"],
    cases: { generator in
      let small: [(Tensor, [Int], Int, Int, Int, Int)] = [
        (Tensor([1, 1], [5]), [1, 1, 1, 1], 1, 1, 1, 0),
        (Tensor([2, 2], [1, 2, 30, 40]), [1, 1, 3, 1], 1, 2, 1, 0),
        (Tensor([2, 1], [5, 7]), [1, 1, 3, 1], 1, 1, 2, 0),
        (Tensor([1, 9], (1...9).map(Float.init)), [1, 1, 1, 1], 3, 3, 1, 1),
        (Tensor([1, 4], [1, 2, 3, 4]), [1, 1, 2, 2], 1, 2, 1, 0),
      ]
      let larger = largerShapes.map { shape, kernelHeight, kernelWidth, stride, padding in
        let copies = Copies(shape, kernelHeight, kernelWidth, stride, padding)
        let matrix = wholeNumbers([copies.places, copies.windowSize], &generator)
        return (matrix, shape, kernelHeight, kernelWidth, stride, padding)
      }
      return small + larger
    },
    expected: {
      (matrix: Tensor, shape: [Int], kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int)
        -> Tensor in
      let copies = Copies(shape, kernelHeight, kernelWidth, stride, padding)
      let images = Parameter(Tensor(shape))
      let windows = conv2d(
        images.tracked, copies.pickingFilters, stride: stride, padding: padding)
      windows.backward(matrix.reshaped(windows.shape))
      return images.gradient!
    },
    misconceptions: {
      (matrix: Tensor, shape: [Int], kernelHeight: Int, kernelWidth: Int, stride: Int, padding: Int)
        -> [Misconception<Tensor>] in
      let copies = Copies(shape, kernelHeight, kernelWidth, stride, padding)
      return [
        Misconception(
          """
          A pixel has only what the last window gave it. What comes from several windows has to be \
          added up.
          """,
          copies.images(from: matrix, adding: false)),
        Misconception(
          """
          The first window begins before the image begins, above and on the left: take the padding, \
          \(padding), away from row and column.
          """,
          copies.images(from: matrix) { $0.offset = 0 }),
        Misconception(
          "The windows begin one pixel apart, not \(stride), the stride.",
          copies.images(from: matrix) { $0.step = 1 }),
        Misconception(
          """
          The numbers of a window were read channel by channel. They lie as in exercise 1: kernel row, \
          kernel column, channel, the last one running fastest.
          """,
          copies.images(from: matrix) { $0.channelsFirst = true }),
        Misconception(
          "A pixel got the mean of what its windows have. Add their numbers up, and don't divide.",
          copies.means(from: matrix)),
        Misconception(
          """
          The windows' numbers were added turned by 180 degrees: kernel row u and kernel \
          column v belong to the pixel that the filter's number (u, v) stands on.
          """,
          copies.images(from: matrix) { $0.turned = true }),
        Misconception(
          """
          All images got the windows of the first one. The places of image n begin at n * \
          outHeight * outWidth.
          """,
          copies.images(from: matrix) { $0.firstImageOnly = true }),
        Misconception(
          """
          What belongs to the padding's zeros was added to the pixels at the border. It is \
          left out.
          """,
          copies.images(from: matrix) { $0.clamps = true }),
        Misconception(
          """
          The result has the shape of the padded images. Cut the border off: what was added \
          to the padding's zeros is left out.
          """,
          Tensor([shape[0], shape[1] + 2 * padding, shape[2] + 2 * padding, shape[3]])),
      ]
    })
}

/// Shapes of images, kernel height and width, stride and padding.
private let largerShapes: [([Int], Int, Int, Int, Int)] = [
  ([2, 3, 4, 2], 2, 3, 1, 0), ([1, 5, 4, 3], 3, 3, 2, 1), ([2, 4, 5, 1], 1, 2, 3, 2),
]

/// Which number of the images each number of the matrix of windows is a copy of.
private struct Copies {
  let shape: [Int]
  let (kernelHeight, kernelWidth): (Int, Int)
  let (outHeight, outWidth): (Int, Int)
  /// Pixels from a window to the next.
  var step: Int
  /// Pixels by which the first window begins before the image.
  var offset: Int
  /// Whether a window's numbers are sorted by channel, then by pixel.
  var channelsFirst = false
  /// Whether the places are sorted by column, then by row.
  var columnsFirst = false
  /// Whether a window's pixels are sorted by column, then by row.
  var tapColumnsFirst = false
  /// Whether the places are sorted by row and column, then by image.
  var imagesLast = false
  /// Whether numbers move up where the padding's zeros would be.
  var dropsZeros = false
  /// Whether a window is turned by 180 degrees.
  var turned = false
  /// Whether every image has the windows of the first.
  var firstImageOnly = false
  /// Whether the nearest pixel stands for one of the padding.
  var clamps = false

  init(_ shape: [Int], _ kernelHeight: Int, _ kernelWidth: Int, _ stride: Int, _ padding: Int) {
    (self.shape, self.kernelHeight, self.kernelWidth) = (shape, kernelHeight, kernelWidth)
    outHeight = (shape[1] + 2 * padding - kernelHeight) / stride + 1
    outWidth = (shape[2] + 2 * padding - kernelWidth) / stride + 1
    (step, offset) = (stride, padding)
  }

  var places: Int { shape[0] * outHeight * outWidth }
  var windowSize: Int { kernelHeight * kernelWidth * shape[3] }

  /// Filters each of which picks one number of a window: their convolution is the matrix of windows.
  var pickingFilters: Tensor {
    let size = windowSize
    return Tensor(
      [kernelHeight, kernelWidth, shape[3], size],
      (0..<size * size).map { $0 / size == $0 % size ? 1 : 0 })
  }

  /// The place in the images of a number of the matrix, nil for one of the padding.
  private func source(_ place: Int, _ index: Int) -> Int? {
    let perImage = outHeight * outWidth
    let (image, within) =
      imagesLast
      ? (place % shape[0], place / shape[0]) : (place / perImage, place % perImage)
    let (i, j) =
      columnsFirst
      ? (within % outHeight, within / outHeight) : (within / outWidth, within % outWidth)
    let area = kernelHeight * kernelWidth
    let (tap, c) =
      channelsFirst ? (index % area, index / area) : (index / shape[3], index % shape[3])
    var (u, v) =
      tapColumnsFirst
      ? (tap % kernelHeight, tap / kernelHeight) : (tap / kernelWidth, tap % kernelWidth)
    if turned { (u, v) = (kernelHeight - 1 - u, kernelWidth - 1 - v) }
    var (row, column) = (i * step + u - offset, j * step + v - offset)
    if clamps {
      (row, column) = (min(max(row, 0), shape[1] - 1), min(max(column, 0), shape[2] - 1))
    }
    guard (0..<shape[1]).contains(row), (0..<shape[2]).contains(column) else { return nil }
    return ((image * shape[1] + row) * shape[2] + column) * shape[3] + c
  }

  private func changed(by change: (inout Copies) -> Void) -> Copies {
    var copies = self
    change(&copies)
    return copies
  }

  func matrix(of images: Tensor, _ change: (inout Copies) -> Void = { _ in }) -> Tensor {
    let (copies, values, size) = (changed(by: change), images.scalars, windowSize)
    let sources = (0..<places * size).map { copies.source($0 / size, $0 % size) }
    var numbers = sources.map { $0.map { values[$0] } ?? 0 }
    if copies.dropsZeros {
      numbers = sources.compactMap { $0.map { values[$0] } }
      numbers += [Float](repeating: 0, count: places * size - numbers.count)
    }
    return Tensor([places, size], numbers)
  }

  func images(
    from matrix: Tensor, adding: Bool = true, _ change: (inout Copies) -> Void = { _ in }
  ) -> Tensor {
    let copies = changed(by: change)
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    for (number, value) in matrix.scalars.enumerated() {
      guard let place = copies.source(number / windowSize, number % windowSize) else { continue }
      // Of several images, the numbers are those that belong to the first one.
      let perImage = matrix.count / shape[0]
      let number = copies.firstImageOnly ? matrix.scalars[number % perImage] : value
      values[place] = adding ? values[place] + number : number
    }
    return Tensor(shape, values)
  }

  func means(from matrix: Tensor) -> Tensor {
    let counts = images(from: Tensor(matrix.shape, repeating: 1)).scalars
    return Tensor(shape, zip(images(from: matrix).scalars, counts).map { $0 / max(1, $1) })
  }
}

private var laneSum: Exercise {
  .function(
    3, "laneSum", title: "A sum in eight lanes", .easy, minutes: 10,
    hints: [
      "How many vectors of eight can be made of values.count numbers, and where does the rest begin?",
      """
      The rest begins at values.count / 8 * 8. A loop over stride(from: 0, to: that, by: 8) meets the \
      first number of every vector.
      """,
      """
      Add SIMD8(values[first..<first + 8]) to a vector of sums. The result is sums.sum() and, added to \
      it one by one, the numbers of the rest.
      """,
    ],
    labels: ["values"], tolerance: 1e-6,
    cases: { generator in
      let small: [[Float]] = [0, 1, 8, 9, 16].map { (count: Int) in
        (0..<count).map { Float($0 + 1) }
      }
      let larger: [[Float]] = (0..<8).map { _ in
        wholeNumbers([Int.random(in: 1...50, using: &generator)], &generator).scalars
      }
      return small + larger
    },
    expected: { (values: [Float]) -> Float in sum(values) },
    misconceptions: { (values: [Float]) -> [Misconception<Float>] in
      let whole = values.count / 8 * 8
      let (vectors, rest) = (values[..<whole], values[whole...])
      let lane = vectors.indices.filter { $0 % 8 == 0 }.map { values[$0] }
      return [
        Misconception(
          """
          Numbers at the end are missing, \(rest.count) of \(values.count). What doesn't fill a vector of \
          eight has to be added as well.
          """,
          sum(vectors)),
        Misconception(
          """
          The last eight numbers were added for the rest, and with them some that are in a vector \
          already, a second time. \(values.count) numbers leave a rest of \(rest.count).
          """,
          sum(vectors) + sum(values.suffix(8))),
        Misconception(
          "The vectors' sum is that of one lane only. All eight have to be added up.",
          sum(lane) + sum(rest)),
        Misconception(
          """
          The sum lacks the first number of the rest. Indices begin at 0, so the rest begins at \
          \(whole).
          """,
          sum(vectors) + sum(rest.dropFirst())),
        Misconception(
          "Each number of the rest was added to all eight lanes, and so counts eight times.",
          sum(vectors) + 8 * sum(rest)),
        Misconception(
          "Only the last vector of eight counts: `sums` was replaced by each, not added to.",
          sum(vectors.suffix(8)) + sum(rest)),
        Misconception(
          """
          The last eight numbers are missing, though they fill a vector: where exactly \
          eight are left, there is one more vector.
          """,
          sum(values[..<max(0, (values.count - 1) / 8 * 8)])),
        Misconception(
          """
          The last eight numbers were added for the rest, and with them some that are in a \
          vector already, a second time. \(values.count) numbers leave a rest of \
          \(rest.count).
          """,
          values.count < 8 || rest.isEmpty ? sum(values) : sum(vectors) + sum(values.suffix(8))),
      ]
    })
}

private func sum(_ values: some Collection<Float>) -> Float { values.reduce(0, +) }

private var blockProduct: Exercise {
  .function(
    4, "blockProduct", title: "A block of results in registers", .medium, minutes: 25,
    hints: [
      """
      The chapter's blockProduct does this for six windows and sixteen channels. Here there is only one \
      panel.
      """,
      """
      For each block of four windows: four sums, then a loop over the numbers of a window that loads \
      the weights once and adds a product to each sum.
      """,
      """
      Let a block that has fewer than four windows repeat the last window: begin at min(row + offset, \
      rows - 1) * panel.count. Of the four sums, append the first rows - row.
      """,
    ],
    labels: ["a", "panel"],
    cases: { generator in
      func vectors(_ count: Int) -> [[Float]] {
        (0..<count).map { _ in wholeNumbers([8], &generator).scalars }
      }
      let ones = [Float](repeating: 1, count: 8)
      let small: [([Float], [[Float]])] = [
        ([], [ones]), ([2], [ones]), ([1, 2, 3, 4], [ones]),
        ([1, 2, 3, 4], [ones.map { 10 * $0 }, ones]), ([1, 2, 3, 4, 5], [ones]),
        ([1, 2, 3, 4, 5, 6, 7, 8], [ones, ones]),
      ]
      let larger = [(1, 3), (4, 5), (6, 2), (7, 9), (12, 4), (13, 3)].map { rows, inner in
        (wholeNumbers([rows * inner], &generator).scalars, vectors(inner))
      }
      return small + larger
    },
    expected: { (a: [Float], panel: [[Float]]) -> [[Float]] in
      let rows = a.count / panel.count
      guard rows > 0 else { return [] }
      let product = linear(
        Tensor([rows, panel.count], a), Tensor([panel.count, 8], panel.flatMap { $0 }))
      return (0..<rows).map { row in (0..<8).map { product[row, $0] } }
    },
    misconceptions: { (a: [Float], panel: [[Float]]) -> [Misconception<[[Float]]>] in
      let (inner, rows) = (panel.count, a.count / panel.count)
      func sums(_ number: (_ row: Int, _ index: Int) -> Float) -> [[Float]] {
        (0..<rows).map { row in
          var sums = [Float](repeating: 0, count: 8)
          for (index, weights) in panel.enumerated() {
            for lane in 0..<8 { sums[lane] += number(row, index) * weights[lane] }
          }
          return sums
        }
      }
      let right = sums { a[$0 * inner + $1] }
      let sumsOfSums = (0..<rows).map { row in
        (0..<8).map { lane in
          panel.enumerated().reduce(0) { $0 + a[row * inner + $1.offset] + $1.element[lane] }
        }
      }
      var carried = right
      for row in carried.indices.dropFirst(4) {
        for lane in 0..<8 { carried[row][lane] += carried[row - 4][lane] }
      }
      // The last block repeats the last window, and so do sums that go on from block to block.
      let missing = right.isEmpty ? 0 : (4 - rows % 4) % 4
      let full = rows / 4 * 4
      var sumsOn = right
      for row in sumsOn.indices.dropFirst() {
        for lane in 0..<8 { sumsOn[row][lane] += sumsOn[row - 1][lane] }
      }
      return [
        Misconception(
          """
          More vectors came back than there are windows: the last block was written as if it were a \
          full block of four. Keep only the first \(rows - full) of its results.
          """,
          right + Array(repeating: right.last ?? [], count: missing)),
        Misconception(
          """
          The last block was left out: of all windows, \(rows), the last \(rows - full) fill no block of \
          four, and need results all the same.
          """,
          Array(right.prefix(full))),
        Misconception(
          """
          From the second block on, the sums go on where those of the block before ended. For every \
          block they begin with zeros.
          """,
          carried),
        Misconception(
          """
          The numbers were read as if the first ones of all windows came first. The windows lie one \
          behind the other: the number at index of window r is a[r * \(inner) + index].
          """,
          sums { a[$1 * rows + $0] }),
        Misconception(
          "The fourth window of a block has the sum of the third.",
          (0..<rows).map { right[$0 % 4 == 3 ? $0 - 1 : $0] }),
        Misconception(
          """
          Each result has only its last product. The products of all \(inner) numbers have to be added \
          up.
          """,
          (0..<rows).map { row in panel[inner - 1].map { $0 * a[row * inner + inner - 1] } }),
        Misconception(
          """
          More vectors came back than there are windows: the last block was written as if \
          it were a full block of four. Keep only the first \(rows - full) of its results.
          """,
          right + Array(repeating: [Float](repeating: 0, count: 8), count: missing)),
        Misconception(
          """
          The sum of a window goes on where that of the window before ended. Each begins \
          with zeros.
          """,
          sumsOn),
        Misconception(
          """
          All windows of a block have the sum of its first one. Each has numbers of its \
          own: those of the next window begin \(inner) further on.
          """,
          (0..<rows).map { right[$0 / 4 * 4] }),
        Misconception(
          "Numbers and weights were added, not multiplied.",
          sumsOfSums),
      ]
    })
}

private var bandRows: Exercise {
  .function(
    5, "bandRows", title: "How many windows fit into a cache", .easy, minutes: 5,
    hints: [
      "How many bytes does a window have? How many of them fit into half of the cache?",
      "Integer division rounds down. Divide by 6 and multiply by 6: what comes out?",
      "With fitting = cache / 2 / (4 * windowSize), the result is max(6, fitting / 6 * 6).",
    ],
    labels: ["windowSize", "cache"],
    cases: { generator in
      let small = [(1, 48), (1, 56), (1, 8), (144, 32_768), (144, 98_304), (576, 1_048_576)]
      let larger = (0..<8).map { _ in
        (
          9 * Int.random(in: 1...128, using: &generator),
          1024 * Int.random(in: 8...2048, using: &generator)
        )
      }
      return small + larger
    },
    expected: { (windowSize: Int, cache: Int) -> Int in
      var windows = 6
      while 2 * (windows + 6) * 4 * windowSize <= cache { windows += 6 }
      return windows
    },
    misconceptions: { (windowSize: Int, cache: Int) -> [Misconception<Int>] in
      let fitting = cache / 2 / (4 * windowSize)
      return [
        Misconception(
          "A number has four bytes, and the cache is measured in bytes.",
          max(6, cache / 2 / windowSize / 6 * 6)),
        Misconception(
          """
          The band should be a multiple of six windows, so that the last block is full: the largest \
          that doesn't exceed \(fitting), and 6 at least.
          """,
          max(6, fitting)),
        Misconception(
          "That band fills the whole cache. It may fill half of it.",
          max(6, cache / (4 * windowSize) / 6 * 6)),
        Misconception(
          """
          A band has at least six windows, even if they don't fit: with none there would be nothing to \
          multiply.
          """,
          fitting / 6 * 6),
        Misconception(
          "The band was rounded up to a multiple of six, and no longer fits into half of the cache.",
          max(6, (fitting + 5) / 6 * 6)),
        Misconception(
          """
          The band was rounded to the nearest multiple of six. Where that is the next \
          larger one, it no longer fits into half of the cache.
          """,
          max(6, (fitting + 3) / 6 * 6)),
        Misconception(
          """
          The band was rounded to the nearest multiple of six. Where that is the next \
          larger one, it no longer fits into half of the cache.
          """,
          max(6, Int((Double(cache) / 2 / Double(4 * windowSize) / 6).rounded()) * 6)),
        Misconception(
          "That is how many blocks of six windows fit. A block has six windows.",
          max(6, fitting / 6)),
        Misconception(
          """
          Six windows were added to those that fit. Six are the least that a band has, not \
          something on top.
          """,
          6 + fitting / 6 * 6),
        Misconception(
          """
          No band was made larger than the chapter's 96 windows. This cache has room for \
          more.
          """,
          min(96, max(6, fitting / 6 * 6))),
      ]
    })
}

private var attainable: Exercise {
  .function(
    6, "attainable", title: "The roof", .easy, minutes: 5,
    hints: [
      "How many operations can be done per second with the bytes that memory delivers?",
      """
      Memory delivers bandwidth bytes per second, and each is used for intensity operations. Arithmetic \
      can't do more than the peak.
      """,
      "It is the smaller one of the peak and intensity * bandwidth.",
    ],
    labels: ["intensity", "peak", "bandwidth"], tolerance: 1e-12,
    cases: { generator in
      let small: [(Double, Double, Double)] = [
        (2, 100, 10), (40, 100, 10), (10, 100, 10), (0.25, 64, 16),
      ]
      let larger = (0..<8).map { _ in
        (
          Double.random(in: 0.1...30, using: &generator),
          Double.random(in: 10...500, using: &generator),
          Double.random(in: 5...50, using: &generator)
        )
      }
      return small + larger
    },
    expected: { (intensity: Double, peak: Double, bandwidth: Double) -> Double in
      intensity < peak / bandwidth ? intensity * bandwidth : peak
    },
    misconceptions: {
      (intensity: Double, peak: Double, bandwidth: Double) -> [Misconception<Double>] in
      let delivered = intensity * bandwidth
      return [
        Misconception(
          """
          That is above the peak. However many operations memory has bytes for, arithmetic does no more \
          than the peak.
          """,
          delivered),
        Misconception(
          "With so few operations per byte, memory can't deliver the numbers for the peak.",
          peak),
        Misconception(
          "Both bounds hold at once, so the program reaches the lower of two bounds, not the higher.",
          max(peak, delivered)),
        Misconception(
          """
          The bandwidth was divided by the intensity. More operations per byte make a program faster, not \
          slower: GB/s times operations per byte are GFLOP/s.
          """,
          min(peak, bandwidth / intensity)),
        Misconception(
          """
          Peak and bandwidth are exchanged: bytes per second times operations per byte are \
          operations per second, and the peak bounds them.
          """,
          min(bandwidth, intensity * peak)),
        Misconception(
          """
          The times of memory and arithmetic were added. Both work at once, so the slower \
          one alone decides: the lower of two bounds.
          """,
          1 / (1 / peak + 1 / delivered)),
        Misconception(
          """
          A mean of the two bounds is above one of them, and each bound holds. The lower \
          one decides.
          """,
          (peak + delivered) / 2),
      ]
    })
}

private var intensity: Exercise {
  .function(
    7, "intensity", title: "Operations per byte", .medium, minutes: 15,
    hints: [
      "Count the places of the filter first: in all images, rows and columns.",
      """
      A place costs kernelHeight * kernelWidth * in * out multiply-adds, and makes out numbers. In the \
      matrix of windows it has kernelHeight * kernelWidth * in numbers.
      """,
      """
      Divide 2 * multiply-adds by 4 * numbers. The numbers are those of images, filters and result and, \
      with the matrix, twice those of the matrix. (The two layers have 34 and 107 operations per \
      byte for a batch of 64, with the matrix 3.6 and 14.)
      """,
    ],
    labels: ["images", "filters", "copiesWindows"], tolerance: 1e-9,
    cases: { generator in
      let small: [([Int], [Int], Bool)] = [
        ([1, 1, 1, 1], [1, 1, 1, 1], false), ([1, 1, 1, 1], [1, 1, 1, 1], true),
        ([1, 3, 3, 1], [3, 3, 1, 2], true), ([64, 34, 34, 16], [3, 3, 16, 16], true),
        ([64, 10, 10, 64], [3, 3, 64, 64], false),
      ]
      func some(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
      let larger: [([Int], [Int], Bool)] = (0..<6).map { number in
        let channels = some(1...32)
        return (
          [some(1...8), some(5...20), some(5...20), channels],
          [some(1...5), some(1...5), channels, some(1...32)], number % 2 == 0
        )
      }
      return small + larger
    },
    expected: { (images: [Int], filters: [Int], copiesWindows: Bool) -> Double in
      Traffic(images, filters, copiesWindows).intensity()
    },
    misconceptions: {
      (images: [Int], filters: [Int], copiesWindows: Bool) -> [Misconception<Double>] in
      let traffic = Traffic(images, filters, copiesWindows)
      let places = traffic.result / filters[3]
      return [
        Misconception(
          "Multiply-adds were counted. Each is two operations, a multiplication and an addition.",
          traffic.intensity(operations: 1)),
        Misconception(
          "Numbers were counted, not bytes. A number has four bytes.",
          traffic.intensity(bytes: 1)),
        Misconception(
          "The matrix was counted once. It is written and read again: twice the traffic.",
          traffic.intensity(matrix: 1)),
        Misconception(
          "The result is missing from the traffic: the result is written to memory, too.",
          traffic.intensity(result: 0)),
        Misconception(
          "The matrix of windows isn't in what was counted, though this convolution makes it.",
          traffic.intensity(matrix: 0)),
        Misconception(
          """
          The filter was counted at every pixel. Without padding it fits at height - \
          kernelHeight + 1 rows and width - kernelWidth + 1 columns.
          """,
          Traffic(images, filters, copiesWindows, everyPixel: true).intensity()),
        Misconception(
          "The images are missing from the traffic. They are read to make the matrix.",
          traffic.intensity(images: copiesWindows ? 0 : 1)),
        Misconception(
          """
          Of the batch only one image has places: the operations and the result are those \
          of one. There are \(images[0]) images.
          """,
          Traffic(images, filters, copiesWindows, batch: 1).intensity()),
        Misconception(
          "That is bytes per operation. Divide the operations by the bytes.",
          1 / traffic.intensity()),
        Misconception(
          """
          The quotient of two whole numbers is rounded towards zero. Convert both to Double \
          before you divide.
          """,
          traffic.intensity().rounded(.towardZero)),
        Misconception(
          "The filters were counted anew for every place. They are read once.",
          traffic.intensity(filters: places)),
        Misconception(
          """
          The matrix of windows has no output channels: in a row are kernelHeight * \
          kernelWidth * in numbers.
          """,
          traffic.intensity(matrix: 2 * filters[3])),
      ]
    })
}

/// What a convolution without padding, of stride 1, computes and moves.
private struct Traffic {
  let (products, images, filters, result, matrix): (Int, Int, Int, Int, Int)

  init(
    _ images: [Int], _ filters: [Int], _ copiesWindows: Bool, everyPixel: Bool = false,
    batch: Int? = nil
  ) {
    let rows = everyPixel ? images[1] : images[1] - filters[0] + 1
    let columns = everyPixel ? images[2] : images[2] - filters[1] + 1
    let places = (batch ?? images[0]) * rows * columns
    products = places * filters.reduce(1, *)
    (self.images, self.filters) = (images.reduce(1, *), filters.reduce(1, *))
    result = places * filters[3]
    matrix = copiesWindows ? products / filters[3] : 0
  }

  func intensity(
    operations: Int = 2, bytes: Int = 4, images imagesRead: Int = 1, filters filtersRead: Int = 1,
    matrix times: Int = 2, result written: Int = 1
  ) -> Double {
    let inputs = imagesRead * images + filtersRead * filters
    return Double(operations * products)
      / Double(bytes * (inputs + written * result + times * matrix))
  }
}

/// Whole numbers, whose sums and products are exact.
private func wholeNumbers(_ shape: [Int], _ generator: inout RandomGenerator) -> Tensor {
  Tensor(
    shape,
    (0..<shape.reduce(1, *)).map { _ in Float(Int.random(in: -9...9, using: &generator)) })
}
