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
  // solution
  var signal = [[Double]](repeating: [Double](repeating: 1, count: width), count: height)
  for _ in 0..<layers {
    var next = signal
    for row in 0..<height {
      for column in 0..<width {
        var sum = 0.0
        for y in row - 1...row + 1 where 0..<height ~= y {
          for x in column - 1...column + 1 where 0..<width ~= x { sum += signal[y][x] }
        }
        next[row][column] = sum / 9
      }
    }
    signal = next
  }
  return signal
  // end of solution
}

// wrong: Nothing is lost
// -         var sum = 0.0
// -         for y in row - 1...row + 1 where 0..<height ~= y {
// -           for x in column - 1...column + 1 where 0..<width ~= x { sum += signal[y][x] }
// -         }
// -         next[row][column] = sum / 9
// +         var (sum, inside) = (0.0, 0.0)
// +         for y in row - 1...row + 1 where 0..<height ~= y {
// +           for x in column - 1...column + 1 where 0..<width ~= x { (sum, inside) = (sum + signal[y][x], inside + 1) }
// +         }
// +         next[row][column] = sum / inside

// wrong: already behind this layer
// -         next[row][column] = sum / 9
// -       }
// -     }
// -     signal = next
// +         signal[row][column] = sum / 9
// +       }
// +     }
// +     _ = next

// wrong: pixel itself
// - where 0..<width ~= x {
// + where 0..<width ~= x && (x, y) != (column, row) {

// wrong: one layer too many
// - 0..<layers
// + 0...layers
// wrong: make the whole map anew
// -   return signal
// +   func left(_ place: Int, of extent: Int) -> Double {
// +     Double((place - 1...place + 1).count { 0..<extent ~= $0 }) / 3
// +   }
// +   return (0..<height).map { row in
// +     (0..<width).map { column in
// +       (0..<layers).reduce(1) { product, _ in
// +         product * left(row, of: height) * left(column, of: width)
// +       }
// +     }
// +   }
// wrong: behind one layer
// - 0..<layers {
// + 0..<1 {
// wrong: half that the ReLU
// - sum / 9
// + sum / 18
// wrong: added up, not averaged
// - sum / 9
// + sum
// wrong: Height and width
// -   var signal
// +   let (height, width) = (width, height)
// +   var signal
