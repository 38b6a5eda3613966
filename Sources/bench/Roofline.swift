import BuildFlags
import Commands
import Foundation
import MiniTensor

/// The two limits of the machine: how fast it multiplies and adds, and how fast it moves data
/// (Williams, Waterman, Patterson 2009). An operation can take no less than the larger of the times
/// that its arithmetic and its traffic need.
struct Roofline {
  /// Billions of floating-point operations per second, two for each multiply-add.
  let gigaflops: Double
  /// Billions of bytes a second between the cores and the memory.
  let gigabytes: Double

  /// Measures both, on as many threads as the current device has.
  init(seconds: Double) {
    gigaflops = Self.peak(threads: Device.current.threads, seconds: seconds / 2)
    gigabytes = Self.bandwidth(seconds: seconds / 2)
  }

  var json: JSON { ["gigaflops": .number(gigaflops), "gigabytes": .number(gigabytes)] }

  /// The share of the possible speed, 0 … 1; above 1 where the data stayed in a cache.
  func share(multiplyAdds: Int, bytes: Int, seconds: Double) -> Double {
    max(2e-9 * Double(multiplyAdds) / gigaflops, 1e-9 * Double(bytes) / gigabytes) / seconds
  }

  /// Multiplies and adds in registers only. Twelve sums of a register each keep the units busy: each
  /// takes four or five cycles, and two start in each cycle. A register has sixteen floats in a build for AVX-512, else
  /// it is taken to have eight.
  ///
  /// Each thread measures its own speed while the others run. They are threads that live as long as the
  /// measurement: the system's pool uses fewer when the machine is busy, and short-lived threads may
  /// share a core.
  static func peak(threads: Int, seconds: Double) -> Double {
    let steps = 1_000_000
    let floats = isWide ? SIMD16<Float>.scalarCount : SIMD8<Float>.scalarCount
    let lock = NSLock()
    let done = DispatchSemaphore(value: 0)
    // Changed under the lock, and read when all threads are done.
    nonisolated(unsafe) var total = 0.0
    for _ in 0..<threads {
      Thread {
        // Another number in each turn: the same sums would be computed once for all turns.
        var turn: Float = 0
        let timing = Timing(seconds: seconds) {
          turn += 1
          keep(
            isWide
              ? multiplyAdds(steps, turn, SIMD16<Float>.self)
              : multiplyAdds(steps, turn, SIMD8<Float>.self))
        }
        lock.withLock { total += 2e-9 * Double(steps * 12 * floats) / timing.median }
        done.signal()
      }.start()
    }
    for _ in 0..<threads { done.wait() }
    return total
  }

  private static var isWide: Bool { WIDE_BLOCK == 8 }

  /// Adds one tensor to another, both far larger than the caches: two are read and one is written.
  static func bandwidth(seconds: Double) -> Double {
    var sum = Tensor([1 << 24], repeating: 0)
    let one = Tensor([1 << 24], repeating: 1)
    let timing = Timing(seconds: seconds) { sum.add(one) }
    return 1e-9 * Double(3 * 4 * one.count) / timing.median
  }

  @inline(never)
  private static func multiplyAdds<V: SIMD<Float>>(
    _ steps: Int, _ turn: Float, _ type: V.Type
  ) -> Float {
    // Values that the compiler can't know, all different, and that neither grow nor vanish.
    let factor = V(repeating: 0.5 + 0.25 / turn)
    var (a, b, c, d, e, f) = (factor, factor * 2, factor * 3, factor * 4, factor * 5, factor * 6)
    var (g, h, i, j, k, l) = (a * 7, b * 7, c * 7, d * 7, e * 7, f * 7)
    for _ in 0..<steps {
      a = factor.addingProduct(a, factor)
      b = factor.addingProduct(b, factor)
      c = factor.addingProduct(c, factor)
      d = factor.addingProduct(d, factor)
      e = factor.addingProduct(e, factor)
      f = factor.addingProduct(f, factor)
      g = factor.addingProduct(g, factor)
      h = factor.addingProduct(h, factor)
      i = factor.addingProduct(i, factor)
      j = factor.addingProduct(j, factor)
      k = factor.addingProduct(k, factor)
      l = factor.addingProduct(l, factor)
    }
    return (a + b + c + d + e + f + g + h + i + j + k + l).sum()
  }

  /// Makes the compiler believe that somebody needs a value.
  @inline(never)
  private static func keep(_ value: Float) {
    withExtendedLifetime(value) {}
  }
}
