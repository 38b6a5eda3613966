import ExerciseKit
import MiniTensor

/// Exercise 4 of chapter 1. Padding that makes no edges.
///
/// On an image of ones with zeros around it, the edge filters of the chapter answer all along the
/// border: the zeros make an edge that isn't in the picture. Surround the image with copies of its own
/// border instead. Every pixel that is added has the value of that pixel of the image which is nearest
/// to it; beyond a corner that is the corner.
///
/// For example, the row 1 2 3 with a padding of 2 becomes five rows of 1 1 1 2 3 3 3.
///
/// - Parameters:
///   - images: `[batch, height, width, channels]`, at least one pixel each.
///   - padding: pixels to add on each of the four sides, at least 0. It may be larger than the image.
/// - Returns: `[batch, height + 2 * padding, width + 2 * padding, channels]`.
func repeatBorder(_ images: Tensor, padding: Int) throws -> Tensor {
  // solution
  let (batch, height, width, channels) = (
    images.shape[0], images.shape[1], images.shape[2], images.shape[3]
  )
  var result = Tensor([batch, height + 2 * padding, width + 2 * padding, channels])
  for n in 0..<batch {
    for i in 0..<result.shape[1] {
      for j in 0..<result.shape[2] {
        let row = min(max(i - padding, 0), height - 1)
        let column = min(max(j - padding, 0), width - 1)
        for c in 0..<channels { result[n, i, j, c] = images[n, row, column, c] }
      }
    }
  }
  return result
  // end of solution
}

// wrong: Zeros
// -         let row = min(max(i - padding, 0), height - 1)
// -         let column = min(max(j - padding, 0), width - 1)
// +         let (row, column) = (i - padding, j - padding)
// +         guard row >= 0, row < height, column >= 0, column < width else { continue }
// wrong: from the opposite side
// -         let row = min(max(i - padding, 0), height - 1)
// -         let column = min(max(j - padding, 0), width - 1)
// +         let row = ((i - padding) % height + height) % height
// +         let column = ((j - padding) % width + width) % width
// wrong: mirror
// -         let row = min(max(i - padding, 0), height - 1)
// -         let column = min(max(j - padding, 0), width - 1)
// +         func mirrored(_ index: Int, _ count: Int) -> Int {
// +           let place = (index % (2 * count) + 2 * count) % (2 * count)
// +           return min(place, 2 * count - 1 - place)
// +         }
// +         let (row, column) = (mirrored(i - padding, height), mirrored(j - padding, width))
// wrong: in the upper left corner
// -         let row = min(max(i - padding, 0), height - 1)
// -         let column = min(max(j - padding, 0), width - 1)
// +         let (row, column) = (min(i, height - 1), min(j, width - 1))
// wrong: Beyond the corners
// -         let row = min(max(i - padding, 0), height - 1)
// +         let rows = padding..<height + padding
// +         guard rows.contains(i) || (padding..<width + padding).contains(j) else { continue }
// +         let row = min(max(i - padding, 0), height - 1)
// wrong: on one side
// - Tensor([batch, height + 2 * padding, width + 2 * padding, channels])
// + Tensor([batch, height + padding, width + padding, channels])
// wrong: by the image's height
// - min(max(j - padding, 0), width - 1)
// + min(max(j - padding, 0), height - 1)
// wrong: left and above
// -         let row = min(max(i - padding, 0), height - 1)
// -         let column = min(max(j - padding, 0), width - 1)
// +         let (row, column) = (max(i - padding, 0), max(j - padding, 0))
// +         guard row < height, column < width else { continue }
