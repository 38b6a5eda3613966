import MiniTensor
import Networks

/// A matrix in double precision: what this chapter computes by hand. A row is a token.
struct Matrix {
  let rows: Int
  let columns: Int
  /// Row by row.
  var values: [Double]

  /// A matrix from its elements, row by row.
  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows)x\(columns).")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// A matrix whose elements are computed from their places.
  init(_ rows: Int, _ columns: Int, _ value: (_ row: Int, _ column: Int) -> Double) {
    self.init(rows, columns, (0..<rows * columns).map { value($0 / columns, $0 % columns) })
  }

  /// The last axis of a tensor as columns, everything before it as rows.
  init(_ tensor: Tensor) {
    let columns = tensor.shape.last ?? 1
    self.init(tensor.count / columns, columns, tensor.scalars.map(Double.init))
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The elements of a row.
  func row(_ row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }

  var transposed: Matrix { Matrix(columns, rows) { self[$1, $0] } }

  /// Some neighbouring columns.
  func columns(_ range: Range<Int>) -> Matrix {
    Matrix(rows, range.count) { self[$0, range.lowerBound + $1] }
  }

  /// Each row as another one of the same length.
  func mappingRows(_ change: (ArraySlice<Double>) -> [Double]) -> Matrix {
    Matrix(rows, columns, (0..<rows).flatMap { change(row($0)) })
  }

  /// The same in single precision.
  var floats: [Float] { values.map(Float.init) }

  static func + (left: Matrix, right: Matrix) -> Matrix {
    Matrix(left.rows, left.columns, zip(left.values, right.values).map { $0 + $1 })
  }

  static func * (factor: Double, matrix: Matrix) -> Matrix {
    Matrix(matrix.rows, matrix.columns, matrix.values.map { factor * $0 })
  }

  /// The product of two matrices.
  static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columns == right.rows, "\(left.columns) columns for \(right.rows) rows.")
    var product = [Double](repeating: 0, count: left.rows * right.columns)
    for row in 0..<left.rows {
      for inner in 0..<left.columns {
        let factor = left[row, inner]
        for column in 0..<right.columns {
          product[row * right.columns + column] += factor * right[inner, column]
        }
      }
    }
    return Matrix(left.rows, right.columns, product)
  }
}

/// A linear layer: a matrix and a bias.
struct Dense {
  let weight: Matrix
  let bias: [Double]

  /// The layer of the library, as it is now.
  init(_ layer: Linear) {
    weight = Matrix(layer.weight.value)
    bias = layer.bias.value.scalars.map(Double.init)
  }

  /// Maps each row by itself.
  func callAsFunction(_ x: Matrix) -> Matrix {
    (x * weight).mappingRows { row in zip(row, bias).map { $0 + $1 } }
  }
}

/// How much the sum of output · gradient changes where one number of x does: a finite difference.
///
/// - Parameters:
///   - place: the number's place, row by row.
///   - gradient: of the output, of its shape.
func slope(
  at x: Matrix, _ place: Int, along gradient: Tensor, _ function: (Matrix) -> Matrix
) -> Double {
  let sums = [1e-4, -1e-4].map { step in
    var moved = x
    moved.values[place] += step
    return zip(function(moved).values, gradient.scalars).reduce(0) { $0 + $1.0 * Double($1.1) }
  }
  return (sums[0] - sums[1]) / 2e-4
}
