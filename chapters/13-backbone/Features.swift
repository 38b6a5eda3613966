import Datasets
import MiniTensor
import Networks

/// What a network makes of images, one row per image.
struct Features {
  /// `[images, width]`.
  let rows: Tensor
  /// The class of each image.
  let labels: [Int]

  /// Numbers in a row.
  var width: Int { rows.shape[1] }

  /// The rows of some images, in the given order.
  func chosen(_ indices: [Int]) -> Features {
    Features(rows: rows.rows(indices), labels: indices.map { labels[$0] })
  }

  /// The same features with the mean and the deviation of others taken away: every number counts
  /// alike, whatever its unit.
  func standardized(like others: Features) -> Features {
    let scale = Standardization(of: others.rows.reshaped([others.labels.count, 1, 1, width]))
    let rows = scale(self.rows.reshaped([labels.count, 1, 1, width]))
    return Features(rows: rows.reshaped([labels.count, width]), labels: labels)
  }
}
