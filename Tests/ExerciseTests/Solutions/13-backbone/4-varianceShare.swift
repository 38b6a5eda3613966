import ExerciseKit

/// Exercise 4 of chapter 13. How much of the variance lies along a direction.
///
/// A scatter plot shows features along two directions only. Which share of their whole variance does it show
/// along one of them? Compute the variance of the rows along the direction, divided by the sum of their
/// variances along all axes.
///
/// For the rows `[1, 2]` and `[-1, -2]` and the direction `[1, 0]`: the variances along the axes are 1 and 4, so
/// the share is 1/5. For `[2, 0]` it is the same, because only where a direction points counts.
///
/// - Parameters:
///   - direction: of any length but zero.
///   - rows: feature vectors of the same length, at least two that aren't equal. Their mean needn't be 0.
/// - Returns: the share, 0 … 1.
func varianceShare(along direction: [Double], rows: [[Double]]) throws -> Double {
  // solution
  let mean = direction.indices.map { axis in
    rows.reduce(0) { $0 + $1[axis] } / Double(rows.count)
  }
  let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
  var (along, whole) = (0.0, 0.0)
  for row in rows {
    let centred = zip(row, mean).map { $0 - $1 }
    let place = zip(centred, direction).reduce(0) { $0 + $1.0 * $1.1 } / length
    along += place * place
    whole += centred.reduce(0) { $0 + $1 * $1 }
  }
  return along / whole
  // end of solution
}

// wrong: The mean is still in it
// - .map { $0 - $1 }
// + .map { $0 - 0 * $1 }
// wrong: The length of the direction matters
// - .reduce(0) { $0 + $1.0 * $1.1 } / length
// + .reduce(0) { $0 + $1.0 * $1.1 } / (0 * length + 1)
// wrong: should be by its square
// - along += place * place
// + along += place * place * length
// wrong: the share of a deviation
// - along / whole
// + (along / whole).squareRoot()
// wrong: That is the variance along the direction
// - along / whole
// + along / Double(rows.count)
// wrong: between the axes
// -     let place = zip(centred, direction).reduce(0) { $0 + $1.0 * $1.1 } / length
// +     let longest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) }!
// +     let place = centred[longest] + 0 * length
// wrong: project every row first
// -     let place = zip(centred, direction).reduce(0) { $0 + $1.0 * $1.1 } / length
// -     along += place * place
// +     for (value, part) in zip(centred, direction) {
// +       along += value * value * part * part / length / length
// +     }
// wrong: and the other by n − 1
// - along / whole
// + (along / Double(rows.count - 1)) / (whole / Double(rows.count))
// wrong: and the other by n. Either
// - along / whole
// + (along / Double(rows.count)) / (whole / Double(rows.count - 1))
// wrong: a share of absolute values
// -     along += place * place
// -     whole += centred.reduce(0) { $0 + $1 * $1 }
// +     along += abs(place)
// +     whole += centred.reduce(0) { $0 + abs($1) }
// wrong: and not from the whole
// - whole += centred.reduce(0)
// + whole += row.reduce(0)
// wrong: and not along the direction
// - zip(centred, direction)
// + zip(row, direction)
