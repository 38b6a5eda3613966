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
  // TODO: write this function.
  throw Unsolved()
}
