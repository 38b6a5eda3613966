import ExerciseKit

/// Exercise 2 of chapter 5. What zero padding takes away.
///
/// A 3x3 convolution with $c$ input channels adds up $9c$ products. With He initialisation, $\mathrm{Var}[w] = 2/(9c)$,
/// and after the ReLU, the mean square of its output at a pixel is
///
/// $$\tfrac12 \cdot 9c \cdot \tfrac{2}{9c} \cdot (\text{mean of the nine mean squares around the pixel})$$
///
/// which is to say, just that mean. Inside an image it keeps the size of a signal. At the edges some of the nine are
/// padding: zeros, which count as such in the mean.
///
/// Begin with a mean square of 1 at each pixel, and follow it through some layers of stride 1 and padding 1.
///
/// For example, for an image of 3x3 pixels and one layer the centre keeps 1, a pixel at the middle of an edge gets 6/9 and
/// one at a corner 4/9.
///
/// (In the long run each layer multiplies the whole map by the same factor, for $h$ by $w$ pixels by
/// $(1 + 2\cos\frac{\pi}{h+1})(1 + 2\cos\frac{\pi}{w+1}) / 9$. For 8x8 that is 0.92 per layer: after fifty layers about
/// a hundredth of the mean square is left.)
///
/// - Parameters:
///   - height: of the image, in pixels, at least 1.
///   - width: of the image, in pixels, at least 1.
///   - layers: how many convolutions there are, 0 or more.
/// - Returns: the mean square at each pixel behind the last of them: `height` rows of `width` numbers.
func paddedSignal(height: Int, width: Int, layers: Int) throws -> [[Double]] {
  // TODO: write this function.
  throw Unsolved()
}
