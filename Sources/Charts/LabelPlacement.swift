/// Moves labels apart so that none overlaps another, each as little as possible.
///
/// The labels keep their order. The result has the least sum of squared moves (isotonic regression by
/// pooling neighbours that would overlap), then is kept within bounds.
///
/// - Parameters:
///   - wanted: where the centre of each label would best be.
///   - spacing: the least distance of two centres.
///   - bounds: where the centres may be.
/// - Returns: the centres, in the order of `wanted`; nothing if the labels don't fit.
/// - Complexity: n log n for n labels.
func placeLabels(_ wanted: [Double], spacing: Double, in bounds: ClosedRange<Double>) -> [Double]? {
  let room = bounds.upperBound - bounds.lowerBound
  guard Double(wanted.count - 1) * spacing <= room else { return nil }
  let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
  // Without the spacing of those before it, a label only may not come before its neighbour.
  var pools: [(sum: Double, count: Int)] = []
  for (rank, label) in order.enumerated() {
    pools.append((wanted[label] - Double(rank) * spacing, 1))
    while pools.count > 1, mean(pools[pools.count - 2]) >= mean(pools[pools.count - 1]) {
      let last = pools.removeLast()
      pools[pools.count - 1].sum += last.sum
      pools[pools.count - 1].count += last.count
    }
  }
  let highest = bounds.upperBound - Double(max(0, wanted.count - 1)) * spacing
  var placed = wanted
  var rank = 0
  for pool in pools {
    let start = min(max(mean(pool), bounds.lowerBound), highest)
    for _ in 0..<pool.count {
      placed[order[rank]] = start + Double(rank) * spacing
      rank += 1
    }
  }
  return placed
}

private func mean(_ pool: (sum: Double, count: Int)) -> Double { pool.sum / Double(pool.count) }

/// Picks, from labels along a line, those that don't overlap: from the first on, each that has room.
///
/// - Parameters:
///   - labels: the centre and the width of each, in order.
///   - gap: the least distance between two.
/// - Returns: the indices of those to be shown.
func thinned(_ labels: [(center: Double, width: Double)], gap: Double) -> [Int] {
  var end = -Double.infinity
  return labels.indices.filter { index in
    let label = labels[index]
    guard label.center - label.width / 2 >= end + gap else { return false }
    end = label.center + label.width / 2
    return true
  }
}
