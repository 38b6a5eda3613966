/// The class with the largest logit, row by row; the first of equals. This and `ranks(of:in:)` say what a
/// right answer is, wherever errors are counted.
///
/// An infinity is larger, or smaller, than every other number. A row with a NaN has no answer: it is wrong
/// whatever the label, as its loss is a NaN.
///
/// - Parameter logits: `[batch, classes]`.
/// - Returns: a class for each row; nil for a row with a NaN.
public func predictedClasses(_ logits: Tensor) -> [Int?] {
  rows(of: logits).map { row in
    row.flatMap { row in
      row.indices.max { row[$0] < row[$1] }.map { $0 - row.startIndex }
    }
  }
}

/// How many classes come before each row's label: those with a larger logit, and of equal ones the first.
///
/// A label is the predicted class where its rank is 0, and among the five most likely where it is below 5.
///
/// - Parameters:
///   - labels: a class for each row.
///   - logits: `[batch, classes]`.
/// - Returns: a rank for each row; nil for a row with a NaN, of which no class is among the most likely.
/// - Precondition: one label a row, each within the classes.
public func ranks(of labels: [Int], in logits: Tensor) -> [Int?] {
  precondition(labels.count == logits.shape[0], "\(labels.count) labels for \(logits.shape).")
  return zip(labels, rows(of: logits)).map { label, row in
    row.map { row in
      let own = row.startIndex + label
      return row.indices.count { row[$0] > row[own] || row[$0] == row[own] && $0 < own }
    }
  }
}

/// The rows of logits, nil in place of one with a NaN.
private func rows(of logits: Tensor) -> [ArraySlice<Float>?] {
  let (classes, scalars) = (logits.shape[1], logits.scalars)
  return (0..<logits.shape[0]).map { row in
    let row = scalars[row * classes..<(row + 1) * classes]
    return row.contains(where: { $0.isNaN }) ? nil : row
  }
}
