import ExerciseKit

/// Exercise 5 of chapter 4. The top-k error.
///
/// For ImageNet the paper reports how often the true class isn't even among a network's five best guesses. A photograph
/// often shows more than the one thing that it is labelled with; so the first guess needn't be the label for the network
/// to have seen the right thing.
///
/// An image counts as read if its true class is among the `k` largest logits, which is to say: if fewer than `k` logits
/// are larger than that of its true class. A logit that is equal to it isn't larger.
///
/// For example, of the logits [3, 1, 2] the second largest is that of class 2, and so an image of class 2 is a mistake
/// for `k` = 1 and none for `k` = 2.
///
/// - Parameters:
///   - logits: a row for each image, one number for each class. There is at least one row.
///   - labels: the true class of each image, counted from 0.
///   - k: how many guesses there are, at least 1.
/// - Returns: the share of images that are misread, 0 … 1.
func topError(_ logits: [[Float]], _ labels: [Int], k: Int) throws -> Double {
  // solution
  let misread = zip(logits, labels).count { row, label in
    row.count { $0 > row[label] } >= k
  }
  return Double(misread) / Double(labels.count)
  // end of solution
}

// wrong: share of images that are read
// - >= k
// + < k

// wrong: one guess too many
// - >= k
// + > k

// wrong: isn't larger
// - $0 > row[label] } >= k
// + $0 >= row[label] } > k

// wrong: only the first guess
// - >= k
// + >= 1

// wrong: smallest logits
// - $0 > row[label]
// + $0 < row[label]
// wrong: number of all
// - Double(misread) / Double(labels.count)
// + Double(misread)
// wrong: per cent
// - Double(misread) / Double(labels.count)
// + 100 * Double(misread) / Double(labels.count)
// wrong: rounded towards zero
// - Double(misread) / Double(labels.count)
// + Double(misread / labels.count)
// wrong: guess number
// - > row[label] } >= k
// + > row[label] } != k - 1
// wrong: Sorting decides
// -     row.count { $0 > row[label] } >= k
// +     !row.indices.sorted { row[$0] > row[$1] }.prefix(k).contains(label)
// wrong: compared with k
// -     row.count { $0 > row[label] } >= k
// +     row.count > 0 && label >= k
