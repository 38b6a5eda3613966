import ExerciseKit

/// Exercise 2 of chapter 13. How good a search by features is.
///
/// For every query the nearest rows were found. Look at the first few of each: which share of them has the
/// class of its own query?
///
/// One query of class 1 with the rows 2, 1 and 0 found, labels `[0, 1, 1]`: of the first two, rows 2 and 1, both
/// have class 1, so the share is 1; of all three it is 2/3.
///
/// - Parameters:
///   - neighbours: for every query the numbers of the rows that were found, nearest first. There is one query at
///     least.
///   - count: how many of the first ones are looked at, 1 or more, and never more than were found.
///   - labels: the class of each row that can be found.
///   - asked: the class of each query.
/// - Returns: the share of those neighbours that have their query's class, over all queries.
func precision(
  of neighbours: [[Int]], first count: Int, labels: [Int], asked: [Int]
) throws -> Double {
  // TODO: write this function.
  throw Unsolved()
}
