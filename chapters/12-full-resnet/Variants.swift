import ElementaryFunctions
import Training

/// How unevenly the library draws the 9 · 9 · 2 variants of an image: the sum of (n − n̄)² / n̄ over their
/// counts n, which for equally likely ones has a mean of 161 and a deviation of 18.
func chiSquareOfVariants(images: Int, epochs: Int, seed: Int) -> Double {
  let augmentation = Augmentation(seed: seed)
  var counts = [Int](repeating: 0, count: 2 * 9 * 9)
  for epoch in 1...epochs {
    for image in 0..<images {
      let draw = augmentation.draw(image: image, epoch: epoch, count: images)
      counts[(draw.isFlipped ? 81 : 0) + draw.top * 9 + draw.left] += 1
    }
  }
  let mean = Double(images * epochs) / Double(counts.count)
  return counts.reduce(0) { $0 + .pow(Double($1) - mean, 2) / mean }
}
