import MiniTensor
import Notebook

/// Exercise 1. A sum in eight lanes.
///
/// Add up any count of numbers with `SIMD8<Float>`: eight at a time while there are eight, and the rest so
/// that none is lost. What has to be right is the end of the array; that it is fast comes by itself.
///
/// - Parameter values: any count of numbers, none included.
/// - Returns: their sum.
func laneSum(_ values: [Float]) throws -> Float {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: the sum of whole numbers, which is exact, for every
/// count up to 40.
func laneSumHolds(_ solution: ([Float]) throws -> Float) throws -> Bool {
  try (0...40).allSatisfy { count in
    let values = (0..<count).map { (index: Int) in Float(index * (index - 3) + 1) }
    return try solution(values) == values.reduce(0, +)
  }
}

/// Exercise 2. Backward from the matrix of windows.
///
/// `appendWindows` copies every number of the padded images to each window that sees it. Go backward:
/// add every number of the matrix to the place in the padded images that it was copied from.
///
/// - Parameters:
///   - matrix: a row for every window, as `appendWindows` makes it.
///   - e: the extents of the convolution.
/// - Returns: numbers in the places of `padded(images, e)`.
func addWindows(_ matrix: [Float], _ e: Extents) throws -> [Float] {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: for any images $x$ and any matrix $m$, the product of
/// the windows of $x$ with $m$ is that of $x$ with what comes back from $m$.
func addWindowsHolds(_ solution: ([Float], Extents) throws -> [Float]) throws -> Bool {
  var generator = RandomGenerator(seed: 2, stream: .experiment)
  let shapes: [(images: [Int], filters: [Int], stride: Int, padding: Int)] = [
    ([1, 4, 4, 1], [3, 3, 1, 1], 1, 1), ([2, 5, 7, 3], [3, 2, 3, 4], 2, 1),
    ([1, 6, 6, 2], [1, 1, 2, 2], 3, 0),
  ]
  for shape in shapes {
    let e = Extents(Grid(shape.images), Grid(shape.filters), shape.stride, shape.padding)
    let count = e.batch * (e.height + 2 * e.padding) * e.rowSize
    // Whole numbers: their products and sums are exact.
    func whole(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(Int.random(in: -9...9, using: &generator)) }
    }
    let (x, m) = (whole(count), whole(e.windows * e.windowSize))
    let windows = (0..<e.windows).flatMap { window in
      (0..<e.kernelHeight).flatMap { kernelRow in
        let start = e.start(window) + kernelRow * e.rowSize
        return Array(x[start..<start + e.run])
      }
    }
    let back = try solution(m, e)
    guard back.count == count else { return false }
    func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { $0 * $1 }.reduce(0, +) }
    if product(windows, m) != product(x, back) { return false }
  }
  return true
}

/// Exercise 3. The roof.
///
/// - Parameters:
///   - intensity: operations a byte.
///   - peak: in GFLOP/s.
///   - bandwidth: in GB/s.
/// - Returns: the most that a program of this intensity can reach, in GFLOP/s.
func attainable(intensity: Double, peak: Double, bandwidth: Double) throws -> Double {
  throw Unsolved(3)
}

/// What a solution of exercise 3 has to satisfy: it is bounded by memory on the left of the ridge, by
/// arithmetic on its right, and both bounds meet there.
func attainableHolds(_ solution: (Double, Double, Double) throws -> Double) throws -> Bool {
  for (peak, bandwidth) in [(100.0, 10.0), (64, 16), (8, 32)] {
    let ridge = peak / bandwidth
    guard try solution(ridge, peak, bandwidth) == peak,
      try solution(ridge / 4, peak, bandwidth) == peak / 4,
      try solution(ridge * 4, peak, bandwidth) == peak
    else { return false }
  }
  return true
}
