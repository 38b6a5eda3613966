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
  // solution
  var hits = 0
  for (rows, label) in zip(neighbours, asked) {
    hits += rows.prefix(count).count { labels[$0] == label }
  }
  return Double(hits) / Double(count * asked.count)
  // end of solution
}

// wrong: All neighbours were looked at
// -     hits += rows.prefix(count).count { labels[$0] == label }
// -   }
// -   return Double(hits) / Double(count * asked.count)
// +     hits += rows.count { labels[$0] == label }
// +   }
// +   return Double(hits) / Double(neighbours.joined().count)
// wrong: That is a number of hits
// - / Double(count * asked.count)
// +
// wrong: by the number of queries only
// - / Double(count * asked.count)
// + / Double(asked.count)
// wrong: by the number of all neighbours
// - / Double(count * asked.count)
// + / Double(neighbours.joined().count)
// wrong: at least one hit
// -     hits += rows.prefix(count).count { labels[$0] == label }
// -   }
// -   return Double(hits) / Double(count * asked.count)
// +     if rows.prefix(count).contains(where: { labels[$0] == label }) { hits += 1 }
// +   }
// +   return Double(hits) / Double(asked.count)
// wrong: was taken for its class
// - labels[$0] == label
// + $0 == label
// wrong: So many neighbours are looked at for each of
// - / Double(count * asked.count)
// + / Double(count)
// wrong: Only the nearest neighbour
// -     hits += rows.prefix(count).count { labels[$0] == label }
// -   }
// -   return Double(hits) / Double(count * asked.count)
// +     hits += rows.prefix(1).count { labels[$0] == label }
// +   }
// +   return Double(hits) / Double(asked.count)
// wrong: The nearest come first
// - rows.prefix(count)
// + rows.suffix(count)
// wrong: That is in `asked`
// - zip(neighbours, asked)
// + zip(neighbours, labels)
// wrong: of another class
// - labels[$0] == label
// + labels[$0] != label
// wrong: most of whose neighbours
// -     hits += rows.prefix(count).count { labels[$0] == label }
// -   }
// -   return Double(hits) / Double(count * asked.count)
// +     if 2 * rows.prefix(count).count(where: { labels[$0] == label }) > count { hits += 1 }
// +   }
// +   return Double(hits) / Double(asked.count)
// wrong: rounds down
// - Double(hits) / Double(count * asked.count)
// + Double(hits / (count * asked.count))
