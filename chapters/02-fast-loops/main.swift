//: # 2. Fast loops
//:
//: The seven loops of chapter 1 are correct, and slow. The library's convolution finds the same numbers, and
//: you saw that it needs far less time. This chapter climbs towards it in six rungs, and at every one of them
//: the numbers stay the same. What the library does beyond the sixth rung, three of four multiplications saved
//: among it, is told at the end.
//:
//: **What you will learn**
//:
//: - why the order of loops, and of numbers in memory, decides how fast they run;
//: - how a convolution becomes a product of two matrices, and what that costs;
//: - what registers, caches and cores are good for;
//: - how to measure what your machine can do at most.
import Charts
import ChapterExperiments
import Foundation
import Graders
import MiniTensor
import Notebook
import RunStore

let chapter = Chapter(2, exercises: .chapter2)
//: ## Before you run
//:
//: At the end you will measure the *peak*: how many multiplications and additions your processor does
//: per second if all of its cores do nothing else.
let guess = chapter.predict(
  "What share of that peak do the seven loops of chapter 1 reach?",
  choices: ["about half", "about a tenth", "about a hundredth, or less"])
//: ## Where we start
//:
//: Chapter 1's array with four axes, `Grid`, and its `sevenLoops` lie beside this chapter, in
//: `SevenLoops.swift`. Every rung is checked against the library's `conv2d` on the same random images and
//: filters. Their shapes are odd on purpose: a batch of one, five channels, seventeen filters, strides of
//: 2 and 3.
//: <!-- plumbing -->
let threads = chapter.options.threads
var generator = RandomGenerator(seed: UInt64(chapter.options.seed), stream: .experiment)
let cases = Cases(using: &generator)
chapter.compare("The seven loops find the numbers of `conv2d`", sevenLoops, on: cases)
//: ## Rung 1: the order of the loops
//:
//: Look at the innermost loop. Turn after turn it adds a product to the same `sum`, and an addition can't begin
//: before the one before it has ended. A processor could begin several in every cycle, and each takes a few
//: cycles, so it may have to wait. (How much of the time goes there isn't measured here.)
//:
//: Nothing in the formula says which loop is the innermost. Let it be the one over the output channels. Then
//: each turn adds to another number of the result, and none waits for the turn before. Filters and results are
//: read one after the other, and the image's number stays the same.
//:
//: (Chapter 1's loop also jumps: the filter's numbers that it reads lie `outChannels` apart. A processor fetches
//: lines of 64 bytes or more, so that is slow where the filters are large. These are small and stay in the
//: fastest cache; the ladder below has a line that measures the loops with the jumps taken away.)
func reordered(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid {
  let e = Extents(images, filters, stride, padding)
  var result = Grid(e.resultShape)
  for image in 0..<e.batch {
    for outRow in 0..<e.outHeight {
      for outColumn in 0..<e.outWidth {
        for kernelRow in 0..<e.kernelHeight {
          for kernelColumn in 0..<e.kernelWidth {
            let row = outRow * stride + kernelRow - padding
            let column = outColumn * stride + kernelColumn - padding
            guard row >= 0, row < e.height, column >= 0, column < e.width else { continue }
            for channel in 0..<e.channels {
              let value = images[image, row, column, channel]
              for outChannel in 0..<e.outChannels {
                result[image, outRow, outColumn, outChannel] +=
                  value * filters[kernelRow, kernelColumn, channel, outChannel]
              }
            }
          }
        }
      }
    }
  }
  return result
}
chapter.compare("Rung 1, loop order: the same numbers", reordered, on: cases)
//: ## Rung 2: the layout of the numbers
//:
//: The `guard` asks for every pixel whether it exists. Write the padding's zeros into memory, once, and
//: there is nothing to ask. Then something else shows: since channels come last in our arrays, all that a
//: window sees in one row of an image lies side by side. A window of 3x3 pixels is three contiguous
//: *runs* of $3 \cdot$ `channels` numbers:
//:
//: ```text
//: row i    . . . [a a a a a a] . . .
//: row i+1  . . . [b b b b b b] . . .    one run: kernel width x channels
//: row i+2  . . . [c c c c c c] . . .
//: ```
//:
//: Two loops become one, and four indices become one place and a step. (`Extents.swift` has all extents
//: of a convolution, where each window starts, and `padded`, which puts the zeros in.)
func inRuns(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid {
  let e = Extents(images, filters, stride, padding)
  let (x, w) = (padded(images, e), filters.values)
  var result = [Float](repeating: 0, count: e.windows * e.outChannels)
  for window in 0..<e.windows {
    let start = e.start(window)
    for kernelRow in 0..<e.kernelHeight {
      for index in 0..<e.run {
        let value = x[start + kernelRow * e.rowSize + index]
        let weights = (kernelRow * e.run + index) * e.outChannels
        for channel in 0..<e.outChannels {
          result[window * e.outChannels + channel] += value * w[weights + channel]
        }
      }
    }
  }
  return Grid(e.resultShape, result)
}
chapter.compare("Rung 2, layout: the same numbers", inRuns, on: cases)
//: ## Rung 3: one product of two matrices
//:
//: Copy each window into a row of a large matrix. The filters, as they lie in memory, are a matrix too:
//: a row for every number of a window, a column for every output channel. The convolution is their
//: product, three loops that `SevenLoops.swift` has as well. The copying is known as `im2col`.
func appendWindows(_ windows: Range<Int>, _ x: [Float], _ e: Extents, to matrix: inout [Float]) {
  matrix.reserveCapacity(matrix.count + windows.count * e.windowSize)
  for window in windows {
    let start = e.start(window)
    for kernelRow in 0..<e.kernelHeight {
      let row = start + kernelRow * e.rowSize
      matrix.append(contentsOf: x[row..<row + e.run])
    }
  }
}

func asMatrices(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid {
  let e = Extents(images, filters, stride, padding)
  var matrix: [Float] = []
  appendWindows(0..<e.windows, padded(images, e), e, to: &matrix)
  return Grid(
    e.resultShape,
    matrixProduct(matrix, filters.values, inner: e.windowSize, columns: e.outChannels))
}
chapter.compare("Rung 3, matrix product: the same numbers", asMatrices, on: cases)
//: Why copy? Because a product of matrices knows nothing of strides and padding, and can be made fast once
//: for all. The price is memory. The layer that we will measure is that of chapter 1, from the paper's
//: section 4.2: images of 32x32 pixels with 16 channels, and 16 filters of 3x3.
//: <!-- plumbing -->
let batch = chapter.options.quick ? 16 : 64
let layer = (
  images: random([batch, 32, 32, 16], &generator), filters: random([3, 3, 16, 16], &generator)
)
let extents = Extents(layer.images, layer.filters, 1, 1)
var copied: [Float] = []
appendWindows(0..<extents.windows, padded(layer.images, extents), extents, to: &copied)
chapter.check(
  "The matrix of windows holds every pixel nine times, once for each number of a 3x3 filter",
  copied.count == 9 * layer.images.values.count,
  "\(batch) images: \(layer.images.values.count) numbers, their windows: \(copied.count)")
//: ## Rung 4: registers
//:
//: A processor computes with what is in its *registers*, a few dozen places for a handful of numbers each;
//: and one instruction, the *fused multiply-add*, multiplies all the numbers of a register by those of
//: another and adds a third. The loops until now load a result, add one product and put it back: two visits
//: to memory for every product. Instead, keep 96 results in registers, six windows by sixteen channels,
//: until they are complete:
//:
//: ```text
//: six windows   x  a row of weights     =  96 sums in registers
//: value 0          w0, w1 ... w15          s0, s1 ... s15
//: ...                                      ...
//: value 5                                  s0, s1 ... s15
//: ```
//:
//: Sixteen weights are loaded once for six windows, six values once for sixteen channels. In Swift,
//: `SIMD16<Float>` is a vector of sixteen numbers, and `addProduct` the multiply-add. The filters are
//: stored as such vectors, in *panels* of sixteen channels.
func blockProduct(
  _ a: [Float], _ panels: [[Vector]], inner: Int, columns: Int, appendingTo result: inout [Float]
) {
  let (rows, base) = (a.count / inner, result.count)
  result.append(contentsOf: repeatElement(0, count: rows * columns))
  for (number, panel) in panels.enumerated() {
    for row in stride(from: 0, to: rows, by: 6) {
      // The last block repeats the last row instead of shrinking.
      func start(_ offset: Int) -> Int { min(row + offset, rows - 1) * inner }
      let (row0, row1, row2) = (start(0), start(1), start(2))
      let (row3, row4, row5) = (start(3), start(4), start(5))
      var (sum0, sum1, sum2) = (Vector(), Vector(), Vector())
      var (sum3, sum4, sum5) = (Vector(), Vector(), Vector())
      for index in 0..<inner {
        let weights = panel[index]
        sum0.addProduct(Vector(repeating: a[row0 + index]), weights)
        sum1.addProduct(Vector(repeating: a[row1 + index]), weights)
        sum2.addProduct(Vector(repeating: a[row2 + index]), weights)
        sum3.addProduct(Vector(repeating: a[row3 + index]), weights)
        sum4.addProduct(Vector(repeating: a[row4 + index]), weights)
        sum5.addProduct(Vector(repeating: a[row5 + index]), weights)
      }
      for (offset, sum) in [sum0, sum1, sum2, sum3, sum4, sum5].prefix(rows - row).enumerated() {
        let target = base + (row + offset) * columns + 16 * number
        for lane in 0..<min(16, columns - 16 * number) { result[target + lane] = sum[lane] }
      }
    }
  }
}

func inRegisters(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid {
  let e = Extents(images, filters, stride, padding)
  var (matrix, result): ([Float], [Float]) = ([], [])
  appendWindows(0..<e.windows, padded(images, e), e, to: &matrix)
  blockProduct(
    matrix, panels(filters.values, columns: e.outChannels),
    inner: e.windowSize, columns: e.outChannels, appendingTo: &result)
  return Grid(e.resultShape, result)
}
chapter.compare("Rung 4, registers: the same numbers", inRegisters, on: cases)
//: ## Rung 5: the cache
//:
//: Between registers and memory are *caches*: the first one small and about as fast as the arithmetic, the
//: others larger and slower. The matrix of windows doesn't fit into the fast ones: it is written to memory
//: and fetched again, nine numbers for each that was there.
//:
//: And it is a new array in every convolution. The operating system hands out new memory in pages, fills each
//: with zeros and enters it into a table when it is first touched. All of that takes time, and computes nothing.
//:
//: But six rows are all that a block needs. So make a band of 96 rows at a time, always in the same small array,
//: multiply it, and forget it. That avoids both, and the ladder below tells which of the two counted for more.
func bands(_ windows: Range<Int>, _ x: [Float], _ w: [[Vector]], _ e: Extents) -> [Float] {
  var band: [Float] = []
  var result: [Float] = []
  result.reserveCapacity(windows.count * e.outChannels)
  for first in stride(from: windows.lowerBound, to: windows.upperBound, by: 96) {
    band.removeAll(keepingCapacity: true)
    appendWindows(first..<min(first + 96, windows.upperBound), x, e, to: &band)
    blockProduct(
      band, w, inner: e.windowSize, columns: e.outChannels, appendingTo: &result)
  }
  return result
}

func inBands(_ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int) -> Grid {
  let e = Extents(images, filters, stride, padding)
  let w = panels(filters.values, columns: e.outChannels)
  return Grid(e.resultShape, bands(0..<e.windows, padded(images, e), w, e))
}
chapter.compare("Rung 5, cache: the same numbers", inBands, on: cases)
//: ## Rung 6: threads
//:
//: Each core has registers and fast caches of its own, and no window needs another's result. Give every
//: thread a share of the windows, and put the results one behind the other.
func shared(
  _ images: Grid, _ filters: Grid, _ stride: Int, _ padding: Int, threads: Int
) -> Grid {
  let e = Extents(images, filters, stride, padding)
  let (x, w) = (padded(images, e), panels(filters.values, columns: e.outChannels))
  let share = (e.windows + threads - 1) / threads
  let parts = onThreads(threads) { thread in
    bands(min(thread * share, e.windows)..<min((thread + 1) * share, e.windows), x, w, e)
  }
  var result: [Float] = []
  result.reserveCapacity(e.windows * e.outChannels)
  for part in parts { result += part }
  return Grid(e.resultShape, result)
}
//: <!-- plumbing -->
let onAllThreads: Convolution = { shared($0, $1, $2, $3, threads: threads) }
chapter.compare("Rung 6, threads: the same numbers", onAllThreads, on: cases)
//: The order of the additions within a window doesn't depend on who computes it, so neither does the sum:
//: <!-- plumbing -->
let byThreads = [1, 2, 3, 7].map { count in
  cases.results { shared($0, $1, $2, $3, threads: count) }
}
chapter.check(
  "One thread and 2, 3 or 7 find the same numbers to the last bit",
  byThreads.allSatisfy { $0 == byThreads[0] }, "\(byThreads[0].count) numbers compared")
//: ## What the machine can do
//:
//: To judge a speed you need something to hold it against. Two numbers bound every program. The first is
//: the *peak*: multiply-adds on registers alone, with sums enough that none waits for the one before. With
//: ones for $a$ and $b$, the sums count the turns.
@inline(never)
func multiplyAdds(steps: Int, _ a: Vector, _ b: Vector) -> Vector {
  var (sum0, sum1, sum2) = (Vector(), Vector(), Vector())
  var (sum3, sum4, sum5) = (Vector(), Vector(), Vector())
  for _ in 0..<steps {
    sum0.addProduct(a, b)
    sum1.addProduct(a, b)
    sum2.addProduct(a, b)
    sum3.addProduct(a, b)
    sum4.addProduct(a, b)
    sum5.addProduct(a, b)
  }
  return sum0 + sum1 + sum2 + sum3 + sum4 + sum5
}
//: The second is the *bandwidth*: how many bytes come from memory in a second. It is measured by summing
//: up an array that is larger than most caches (`Measuring.swift`).
//: <!-- plumbing -->
let ones = Vector(repeating: 1)
let steps = 1_000_000
var counted: [Vector] = []
let peakSeconds = fastest {
  counted = onThreads(threads) { _ in multiplyAdds(steps: steps, ones, ones) }
}
let peak = 2e-9 * Double(threads * steps * 6 * 16) / peakSeconds
chapter.check(
  "The multiply-adds of the peak were done, and not optimised away",
  counted == [Vector](repeating: Vector(repeating: Float(6 * steps)), count: threads),
  "\(steps) steps of 96 on every thread")
let memory = MemoryReading(threads: threads)
chapter.check(
  "Every number of the large array was read", memory.isComplete, "\(memory.mebibytes) MiB")
//: ## The ladder
//: <!-- plumbing -->
let rungs: [(name: String, convolution: Convolution)] = [
  ("seven loops", sevenLoops), ("1 loop order", reordered), ("2 layout", inRuns),
  ("3 matrix product", asMatrices), ("4 registers", inRegisters), ("5 cache", inBands),
  ("6 threads", onAllThreads),
]
let products = extents.windows * extents.windowSize * extents.outChannels
func gigaflops(_ seconds: Double) -> Double { 2e-9 * Double(products) / seconds }
let speeds = rungs.map { rung in
  gigaflops(fastest { _ = rung.convolution(layer.images, layer.filters, 1, 1) })
}
let (x, w) = (layer.images.tensor, layer.filters.tensor)
let library = Device.$current.withValue(Device(threads: threads)) {
  gigaflops(fastest { _ = conv2d(x, w, padding: 1) })
}
let ladder = Ladder(
  names: rungs.map(\.name) + ["the library"], speeds: speeds + [library], peak: peak,
  bandwidth: memory.bandwidth)
chapter.measured(ladder.bounds(threads: threads))
chapter.table(ladder.table, volatile: true)
chapter.plot(ladder.bars, "ladder", volatile: true)
let share = speeds[0] / peak
chapter.reveal(
  guess,
  answer: guess.choices[share > 0.22 ? 0 : share > 0.033 ? 1 : 2])
let gain = speeds.max()! / speeds[0]
chapter.check(
  "The fastest rung is at least ten times as fast as the seven loops", gain > 10,
  String(format: "%.0f times", gain), volatile: true)
//: Order and layout alone gain little here: for every number the program still computes a place, asks
//: whether it lies within the array, loads a result and stores it. Nor does rung 3 gain much. It makes
//: the same products in the same way, and copies nine numbers for each that was there before it begins. But
//: these rungs prepare the ground: that sixteen weights lie side by side is what lets the fourth one load them
//: as one vector.
//:
//: Two more measurements show where time goes. The first gives the seven loops the same products with a single
//: filter, whose numbers lie side by side, so that the innermost loop doesn't jump: if jumps were what makes
//: them slow, they would be faster now. The second is rung 4 with arrays that are allocated once and filled
//: again each time.
//: <!-- plumbing -->
let singleFilter = (
  images: random([batch, 32, 32, 16], &generator), filters: random([3, 3, 16, 1], &generator)
)
let withoutJumps = gigaflops(
  16 * fastest { _ = sevenLoops(singleFilter.images, singleFilter.filters, 1, 1) })
let weightPanels = panels(layer.filters.values, columns: extents.outChannels)
var product: [Float] = []
let withKeptArrays = gigaflops(
  fastest {
    copied.removeAll(keepingCapacity: true)
    product.removeAll(keepingCapacity: true)
    appendWindows(0..<extents.windows, padded(layer.images, extents), extents, to: &copied)
    blockProduct(
      copied, weightPanels, inner: extents.windowSize, columns: extents.outChannels,
      appendingTo: &product)
  })
chapter.check(
  "Rung 4 with kept arrays finds the numbers of the library, too", product,
  closeTo: conv2d(x, w, padding: 1).scalars, tolerance: 1e-5)
chapter.measured(
  String(
    format:
      "GFLOP/s: seven loops %.1f, without jumps %.1f; rung 4 %.1f, with kept arrays %.1f, rung 5 %.1f",
    speeds[0], withoutJumps, speeds[4], withKeptArrays, speeds[5]))
//:
//: ## The roofline
//:
//: What stops a rung from being faster, arithmetic or memory? Count both. A convolution has to read its
//: images and filters and write its result; rungs 3 and 4 also write the matrix of windows and read it
//: again. Operations divided by bytes are the *arithmetic intensity* (S. Williams and others, 2009). With
//: an intensity $I$, a bandwidth $B$ and a peak $P$, no program is faster than $\min(P, I B)$.
//: <!-- plumbing -->
let (read, written) = (
  layer.images.values.count + layer.filters.values.count, products / extents.windowSize
)
let intensities = ladder.names.map { name in
  let matrix = ["3 matrix product", "4 registers"].contains(name) ? 2 * 4 * copied.count : 0
  return Double(2 * products) / Double(4 * (read + written) + matrix)
}
chapter.show(
  String(
    format: "%.0f operations per byte with the matrix, %.0f without", intensities[3],
    intensities[6]))
chapter.plot(ladder.roofline(intensities), "roofline", volatile: true)
//: Where the roof slopes, memory is the limit; where it is flat, arithmetic. The matrix of windows puts rungs
//: 3 and 4 under the slope, but far below it: the bandwidth would allow them many times their speed, so it isn't
//: what holds them. A roof says what can't be passed. It doesn't say what stops you below it.
//:
//: What is between rung 6 and the library? Its block, that of rung 4, reads the runs where they are, and for
//: such a layer it needs a quarter of the products (both in `Sources/MiniTensor/Kernels/`). Bars and points count the
//: products of the seven loops, so the library can pass the roof.
//:
//: So few products have a price (*Winograd's convolution*). It makes a tile of 4x4 outputs together from all that
//: their inputs gave. What a filter doesn't see cancels: on paper exactly, in the machine within the rounding
//: of the largest input. So an infinity, or a number that is none (NaN), spoils all sixteen outputs of its tile, the
//: ones included that don't see it. And one input that is a million times as large as the others disturbs its
//: neighbours. How much? Here the same outputs are computed twice, with the seven loops and by the library,
//: where one input of 16 channels is $10^4$ or $10^6$ and the others are about 1:
let outliers: [Float] = [1e4, 1e6]
let disturbed = outliers.map { outlier in
  var scene = random([1, 16, 16, 16], &generator)
  scene[0, 8, 8, 0] = outlier
  let exact = sevenLoops(scene, layer.filters, 1, 1)
  let found = conv2d(scene.tensor, w, padding: 1).scalars
  // Outputs of the same tiles that no filter at the outlier reaches, and all others.
  let unseen = (0..<exact.values.count).filter { index in
    let (row, column) = (index / 16 / 16, index / 16 % 16)
    return abs(row - 8) > 1 || abs(column - 8) > 1
  }
  let largest = unseen.map { abs(exact.values[$0]) }.max()!
  return unseen.map { abs(exact.values[$0] - found[$0]) }.max()! / largest
}
chapter.show(
  zip(outliers, disturbed).map {
    String(
      format:
        "%.0f among numbers near 1: an output that doesn't see it is off by %.0e of the largest of these",
      $0, $1)
  }.joined(separator: "\n"))
//: Batch normalisation (chapter 5) keeps the numbers in a network near 1.
//:
//: ## Kept for comparison
//:
//: The speeds go into the run store, each rung like a layer, with its number and its name.
//: <!-- plumbing -->
let run = ladder.record(by: chapter, batch: batch)
if let store = chapter.store, let run {
  let question = """
    SELECT layer_name AS rung,
           round(max(CASE WHEN run = '\(run.id)' THEN value END), 1) AS now,
           round(max(value), 1) AS best, count(*) AS runs, count(DISTINCT host) AS machines
    FROM layer_statistics JOIN runs ON runs.id = layer_statistics.run
    WHERE experiment = 'fast-loops' AND statistic = 'gflops'
      AND json_extract(hyperparameters, '$.batch') = \(batch)
    GROUP BY layer, layer_name ORDER BY layer
    """
  let answer = chapter.require(try store.rows(sql: question))
  chapter.table(
    Table(
      answer.columns.map { Column($0, $0 == "rung" ? .left : .right) },
      rows: answer.rows.map { $0.map(\.description) }), volatile: true)
  chapter.check(
    "The store has what was measured just now",
    answer.rows.map { "\($0[0]) \($0[1])" }
      == zip(ladder.names, ladder.speeds).map { "\($0) \(($1 * 10).rounded() / 10)" },
    "\(answer.rows.count) rungs")
}
//: In a class, ask the same of every machine's store, and compare.
//:
//: ## What this shows, and what it does not
//:
//: - All rungs compute the same; what differs is how often a number travels, and how far.
//: - The speeds are those of one layer, on this machine, at this moment. Whatever else runs makes them lower,
//:   so the one check that depends on them leaves a wide margin.
//: - What a rung gains depends on the compiler too: one that makes vectors of rung 2's loops by itself would
//:   change the picture.
//:
//: ## In the paper
//:
//: The layer is one of section 4.2's first stage. Table 1 counts multiply-adds, not seconds: as you saw, the
//: same count can take very different times.
//:
//: ## Exercises
//:
//: Each waits for you in a file of its own, in `chapters/02-fast-loops/Exercises`, which says what to do
//: and where.
chapter.listExercises()
//: `swift run chapter2 exercises` grades them all, and says of each what is wrong with it and for which input;
//: `swift run chapter2 exercises 2 --hint` helps with the second. No grader measures a time. When you have
//: solved the fifth, change the band of rung 5 and see what this chapter measures.
//:
//: ## Next
//:
//: To learn, a network has to know how its result changes with each number: chapter 3 works that out.
chapter.finish()
