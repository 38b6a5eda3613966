import Chapter3Library
import ExerciseKit

/// Exercise 4 of chapter 3. Back through a convolution.
///
/// The chapter lets the seven loops say which three numbers meet in a product. Write the backward pass
/// without that, with the loops in full: from the gradient of the result come those of the images and
/// of the filters. Each number's gradient collects something from every product that the number is in.
///
/// For example, a single pixel x = 2 and a filter w = 3 of 1x1 make y = 6. If the gradient of y is 10,
/// that of x is 30, and that of w is 20.
///
/// `Convolution(x.shape, w.shape, stride: stride, padding: padding)` knows the shape of the result,
/// which is also `delta.shape`. Numbers of a `Grid` are read and changed as `dx[n, row, column, c]`.
///
/// - Parameters:
///   - delta: the gradient of the result, `[batch, outHeight, outWidth, out]`.
///   - x: the images, `[batch, height, width, in]`.
///   - w: the filters, `[kernelHeight, kernelWidth, in, out]`.
///   - stride: pixels per step along both axes, at least 1.
///   - padding: zeros on each side, at least 0.
/// - Returns: two arrays: the gradient of the images, of their shape, and that of the filters.
func convolveBackward(
  _ delta: Grid, _ x: Grid, _ w: Grid, stride: Int, padding: Int
) throws -> [Grid] {
  // solution
  let (batch, height, width) = (x.shape[0], x.shape[1], x.shape[2])
  var (dx, dw) = (Grid(x.shape), Grid(w.shape))
  for n in 0..<batch {
    for i in 0..<delta.shape[1] {
      for j in 0..<delta.shape[2] {
        for u in 0..<w.shape[0] {
          for v in 0..<w.shape[1] {
            let row = i * stride + u - padding
            let column = j * stride + v - padding
            guard row >= 0, row < height, column >= 0, column < width else { continue }
            for c in 0..<w.shape[2] {
              for o in 0..<w.shape[3] {
                dx[n, row, column, c] += delta[n, i, j, o] * w[u, v, c, o]
                dw[u, v, c, o] += delta[n, i, j, o] * x[n, row, column, c]
              }
            }
          }
        }
      }
    }
  }
  return [dx, dw]
  // end of solution
}

// wrong: of the images have only the last
// - dx[n, row, column, c] += delta
// + dx[n, row, column, c] = delta
// wrong: of the filters have only the last
// - dw[u, v, c, o] += delta
// + dw[u, v, c, o] = delta
// wrong: the other way round
// - [dx, dw]
// + [dw, dx]
// wrong: products of the forward pass
// -             let row = i * stride + u - padding
// -             let column = j * stride + v - padding
// +             let row = i + u - padding
// +             let column = j + v - padding
// wrong: divided by the number of images
// -   return [dx, dw]
// +   return [dx, Grid(dw.shape, dw.values.map { $0 / Float(batch) })]
// wrong: turned
// - delta[n, i, j, o] * w[u, v, c, o]
// + delta[n, i, j, o] * w[w.shape[0] - 1 - u, w.shape[1] - 1 - v, c, o]
// wrong: The factors are exchanged
// -                 dx[n, row, column, c] += delta[n, i, j, o] * w[u, v, c, o]
// -                 dw[u, v, c, o] += delta[n, i, j, o] * x[n, row, column, c]
// +                 dx[n, row, column, c] += delta[n, i, j, o] * x[n, row, column, c]
// +                 dw[u, v, c, o] += delta[n, i, j, o] * w[u, v, c, o]
// wrong: delta is missing
// -                 dx[n, row, column, c] += delta[n, i, j, o] * w[u, v, c, o]
// -                 dw[u, v, c, o] += delta[n, i, j, o] * x[n, row, column, c]
// +                 dx[n, row, column, c] += w[u, v, c, o]
// +                 dw[u, v, c, o] += x[n, row, column, c]
