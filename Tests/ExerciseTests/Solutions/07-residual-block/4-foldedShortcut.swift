import ExerciseKit
import MiniTensor

/// Exercise 4 of chapter 7. A shortcut around one layer.
///
/// A block of a single layer without a nonlinearity computes $y = w * x + x$: a 3x3 convolution, and the
/// shortcut around it. A convolution alone can compute the same. With which filters?
///
/// For one channel and a filter whose nine numbers are 0, 1, …, 8 in row-major order, the number in the
/// centre becomes 5 and the others stay.
///
/// - Parameter filters: $w$, `[3, 3, channels, channels]`, used with stride 1 and padding 1.
/// - Returns: filters $w'$ of the same shape with `conv2d(x, w', padding: 1)` equal to
///   `conv2d(x, w, padding: 1) + x` for every `x`.
/// - SeeAlso: He et al. 2015, section 3.2: "if $\mathcal F$ has only a single layer", $y = W_1 x + x$ is
///   "similar to a linear layer", for which the paper has "not observed advantages".
func foldedShortcut(_ filters: Tensor) throws -> Tensor {
  // solution
  var folded = filters
  for channel in 0..<filters.shape[2] { folded[1, 1, channel, channel] += 1 }
  return folded
  // end of solution
}

// wrong: replaced the number
// - folded[1, 1, channel, channel] += 1
// + folded[1, 1, channel, channel] = 1
// wrong: corner
// - folded[1, 1, channel, channel] += 1
// + folded[0, 0, channel, channel] += 1
// wrong: from every channel to every other
// - folded[1, 1, channel, channel] += 1
// + for to in 0..<filters.shape[3] { folded[1, 1, channel, to] += 1 }
// wrong: all nine taps
// - folded[1, 1, channel, channel] += 1
// + for tap in 0..<9 { folded[tap / 3, tap % 3, channel, channel] += 1 }
// wrong: takes the input away
// - folded[1, 1, channel, channel] += 1
// + folded[1, 1, channel, channel] -= 1
// wrong: to every number
// - folded[1, 1, channel, channel] += 1
// + for to in 0..<filters.shape[3] { for tap in 0..<9 { folded[tap / 3, tap % 3, channel, to] += 1 } }
