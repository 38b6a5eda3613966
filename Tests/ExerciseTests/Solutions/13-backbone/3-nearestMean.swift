import ExerciseKit

/// Exercise 3 of chapter 13. Classify by the nearest class mean.
///
/// Take the mean of the labelled rows of each class, and give a query the class whose mean has the least squared
/// distance to it. If several are equally near, it is the one with the smallest number.
///
/// Rows `[0]` and `[6]` of class 0 and `[5]` of class 1: the means are 3 and 5. The query `[4.5]` is of class 1,
/// and so is `[5.8]`, though the row nearest to it is of class 0.
///
/// With one label per class this is the nearest neighbour. When you have it: do you expect it to be better than
/// that with 50?
///
/// - Parameters:
///   - query: a feature vector.
///   - rows: labelled feature vectors of the same length.
///   - labels: the class of each row, 0 ..< classes; every class has one row at least.
///   - classes: how many classes there are.
/// - Returns: the class.
func nearestMean(
  of query: [Double], rows: [[Double]], labels: [Int], classes: Int
) throws -> Int {
  // solution
  func distance(_ point: [Double]) -> Double {
    zip(point, query).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
  let means = (0..<classes).map { label -> [Double] in
    let own = rows.indices.filter { labels[$0] == label }
    return query.indices.map { axis in
      own.reduce(0) { $0 + rows[$1][axis] } / Double(own.count)
    }
  }
  return means.indices.min { distance(means[$0]) < distance(means[$1]) }!
  // end of solution
}

// wrong: That is the class of the nearest row
// - means.indices.min { distance(means[$0]) < distance(means[$1]) }!
// + labels[rows.indices.min { distance(rows[$0]) < distance(rows[$1]) }!] + 0 * means.count
// wrong: not divided by how many there are
// - / Double(own.count)
// +
// wrong: by the number of all rows
// - / Double(own.count)
// + / Double(rows.count)
// wrong: is the farthest one
// - means.indices.min {
// + means.indices.max {
// wrong: the class with the smaller number
// - means.indices.min {
// + means.indices.reversed().min {
// wrong: the sum of the absolute differences
// - ($1.0 - $1.1) * ($1.0 - $1.1)
// + abs($1.0 - $1.1)
// wrong: the mean of the distances
// -   return means.indices.min { distance(means[$0]) < distance(means[$1]) }!
// +   func mean(_ label: Int) -> Double {
// +     let own = rows.indices.filter { labels[$0] == label }
// +     return own.reduce(0) { $0 + distance(rows[$1]) } / Double(own.count)
// +   }
// +   return means.indices.min { mean($0) < mean($1) }!
// wrong: by the number of classes
// - / Double(own.count)
// + / Double(classes)
// wrong: the largest product
// -     zip(point, query).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
// +     -zip(point, query).reduce(0) { $0 + $1.0 * $1.1 }
// wrong: cancel each other
// -     zip(point, query).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
// +     abs(zip(point, query).reduce(0) { $0 + $1.0 - $1.1 })
