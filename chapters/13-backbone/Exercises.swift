import Notebook

/// Exercise 1. How good a search by features is.
///
/// - Parameters:
///   - neighbours: for every query the rows that were found, nearest first.
///   - count: how many of the first ones are looked at.
///   - labels: the class of each row that can be found.
///   - asked: the class of each query.
/// - Returns: the share of those neighbours that have their query's class, over all queries.
func precision(
  of neighbours: [[Int]], first count: Int, labels: [Int], asked: [Int]
) throws -> Double {
  throw Unsolved(1)
}

/// What a solution of exercise 1 has to satisfy: only the first ones count, and each against its own
/// query.
func precisionHolds(
  _ solution: ([[Int]], Int, [Int], [Int]) throws -> Double
) throws -> Bool {
  let labels = [0, 0, 1, 1, 2]
  let found = [[0, 2, 1], [2, 3, 0], [1, 0, 4]]
  let cases: [(count: Int, asked: [Int], share: Double)] = [
    (1, [0, 1, 2], 2 / 3), (2, [0, 1, 2], 3 / 6), (3, [0, 1, 2], 5 / 9), (3, [2, 2, 1], 0),
  ]
  return try cases.allSatisfy {
    abs(try solution(found, $0.count, labels, $0.asked) - $0.share) < 1e-12
  }
}

/// Exercise 2. The class whose mean is nearest.
///
/// - Parameters:
///   - query: a feature vector.
///   - rows: labelled feature vectors of the same length.
///   - labels: the class of each row, 0 ..< `classes`; every class has one at least.
///   - classes: how many classes there are.
/// - Returns: the class for which the mean of its rows has the least squared distance to the query.
func nearestMean(
  of query: [Double], rows: [[Double]], labels: [Int], classes: Int
) throws -> Int {
  throw Unsolved(2)
}

/// What a solution of exercise 2 has to satisfy: it goes by means, also where the nearest single row
/// is of another class, and where a class has more rows than another.
func nearestMeanHolds(
  _ solution: ([Double], [[Double]], [Int], Int) throws -> Int
) throws -> Bool {
  let rows: [[Double]] = [[0, 0], [4, 0], [1, 3], [1, 5], [1, 4], [9, 9]]
  let labels = [0, 0, 1, 1, 1, 2]
  let cases: [(query: [Double], answer: Int)] = [
    ([2, 1], 0), ([1, 2.5], 1), ([1.2, 1.8], 0), ([7, 7], 2), ([4, 2.5], 0),
  ]
  return try cases.allSatisfy { try solution($0.query, rows, labels, 3) == $0.answer }
}

/// Exercise 3. How much of the variance lies along a direction.
///
/// - Parameters:
///   - direction: of any length but zero.
///   - rows: feature vectors of the same length; they aren't centred.
/// - Returns: the variance of the rows along the direction, divided by the sum of their variances
///   along all axes.
func varianceShare(along direction: [Double], rows: [[Double]]) throws -> Double {
  throw Unsolved(3)
}

/// What a solution of exercise 3 has to satisfy: shares along directions at right angles add up to 1,
/// and neither the length of the direction nor the mean of the rows matters.
func varianceShareHolds(_ solution: ([Double], [[Double]]) throws -> Double) throws -> Bool {
  let rows: [[Double]] = [[101, 3], [99, 3], [104, 4], [96, 2]]
  let (along, across) = (try solution([3, 1], rows), try solution([-2, 6], rows))
  let first = try solution([5, 0], rows)
  return abs(along + across - 1) < 1e-9 && abs(first - 34.0 / 36) < 1e-9
}
