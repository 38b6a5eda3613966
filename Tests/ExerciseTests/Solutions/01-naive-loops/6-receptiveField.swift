import ExerciseKit
import MiniTensor

/// Exercise 6 of chapter 1. How many pixels of the image a stack of layers sees.
///
/// One pixel behind a stack of convolutions depends on some pixels of the image. How wide is the part
/// of a row that holds them, from the first of them to the last? With a stride that is larger than
/// the kernel there are pixels in between that it doesn't depend on; they count as well.
///
/// For example, two layers of width 3 with stride 1 see 5 pixels. If the first one has stride 2, its
/// results lie two pixels apart, and the two layers see 7.
///
/// - Parameters:
///   - kernels: the widths of the layers' filters, the first layer first, each at least 1.
///   - strides: their strides in pixels of what they get, as many as widths, each at least 1.
/// - Returns: the width of what is seen, in pixels of the image; 1 if there is no layer.
func receptiveField(kernels: [Int], strides: [Int]) throws -> Int {
  // solution
  var width = 1
  // How far neighbouring pixels behind the layers so far lie apart in the image.
  var distance = 1
  for (kernel, stride) in zip(kernels, strides) {
    width += (kernel - 1) * distance
    distance *= stride
  }
  return width
  // end of solution
}

// wrong: strides before it
// -     distance *= stride
// +     _ = stride
// wrong: own stride
// -     width += (kernel - 1) * distance
// -     distance *= stride
// +     distance *= stride
// +     width += (kernel - 1) * distance
// wrong: multiply
// - distance *= stride
// + distance += stride
// wrong: was there already
// - (kernel - 1) * distance
// + kernel * distance
// wrong: stride of the layer before
// - distance *= stride
// + distance = stride
// wrong: Strides multiply
// - distance *= stride
// + distance += stride - 1
// wrong: Widths don't multiply
// -   return width
// +   return kernels.reduce(1, *)
// wrong: from the last to the first
// -     width += (kernel - 1) * distance
// +     width = (width - 1) * stride + kernel
// wrong: not over n * s
// -   return width
// +   return zip(kernels, strides).reversed().reduce(1) { $0 * $1.1 + $1.0 - 1 }
// wrong: in between
// -   return width
// +   return zip(kernels, strides).reversed().reduce([0] as Set) { seen, layer in
// +     Set(seen.flatMap { place in (0..<layer.0).map { place * layer.1 + $0 } })
// +   }.count
