import ExerciseKit
import MiniTensor

/// Exercise 6 of chapter 2. The roof.
///
/// How fast can a program be on a machine whose peak and bandwidth you know?
///
/// For example, on a machine with a peak of 100 GFLOP/s and a bandwidth of 10 GB/s, a program that does 2
/// operations per byte can't reach more than 20 GFLOP/s.
///
/// - Parameters:
///   - intensity: operations per byte, more than 0.
///   - peak: in GFLOP/s, more than 0.
///   - bandwidth: in GB/s, more than 0.
/// - Returns: the most that a program of this intensity can reach, in GFLOP/s.
func attainable(intensity: Double, peak: Double, bandwidth: Double) throws -> Double {
  // solution
  min(peak, intensity * bandwidth)
  // end of solution
}

// wrong: above the peak
// - min(peak, intensity * bandwidth)
// + intensity * bandwidth
// wrong: memory can't deliver
// - min(peak, intensity * bandwidth)
// + peak
// wrong: the lower of two bounds
// - min(peak
// + max(peak
// wrong: divided by
// - min(peak, intensity * bandwidth)
// + min(peak, bandwidth / intensity)
// wrong: exchanged
// - min(peak, intensity * bandwidth)
// + min(bandwidth, intensity * peak)
// wrong: times of memory and arithmetic
// - min(peak, intensity * bandwidth)
// + 1 / (1 / peak + 1 / (intensity * bandwidth))
// wrong: mean of the two bounds
// - min(peak, intensity * bandwidth)
// + (peak + intensity * bandwidth) / 2
