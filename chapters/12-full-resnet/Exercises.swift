import MiniTensor
import Networks
import Notebook
import Training

/// Exercise 1. Where a step stands in its epoch.
///
/// A run that is continued after `step` steps knows nothing but that number, the size of its training
/// set and that of a batch. Which batch is next?
///
/// - Returns: the epoch of the next step, counted from 1, and which places of the epoch's order its
///   batch takes. The last batch of an epoch is smaller if the images don't come out even.
func nextBatch(after step: Int, images: Int, batchSize: Int) throws -> (
  epoch: Int, places: Range<Int>
) {
  throw Unsolved(1)
}

/// A solution of exercise 1 takes every image once per epoch, in as many steps as the recipe says.
func nextBatchHolds(
  _ solution: (Int, Int, Int) throws -> (epoch: Int, places: Range<Int>)
) throws -> Bool {
  for (images, batchSize) in [(1294, 128), (256, 128), (8, 3), (5, 8)] {
    let perEpoch = Recipe(batchSize: batchSize).stepsPerEpoch(images: images)
    for epoch in 1...3 {
      var end = 0
      for step in (epoch - 1) * perEpoch..<epoch * perEpoch {
        let next = try solution(step, images, batchSize)
        guard next.epoch == epoch, next.places.lowerBound == end, !next.places.isEmpty,
          next.places.count <= batchSize
        else { return false }
        end = next.places.upperBound
      }
      if end != images { return false }
    }
  }
  return true
}

/// Exercise 2. An image shifted by whole pixels, with zeros where nothing was: the paper's augmentation
/// without the mirror, and a part of a better one for digits.
///
/// - Parameters:
///   - image: rows of pixels.
///   - down: how far it moves down, negative for up.
///   - right: how far it moves to the right, negative for left.
func shifted(_ image: [[Float]], down: Int, right: Int) throws -> [[Float]] {
  throw Unsolved(2)
}

/// A solution of exercise 2 does to images what the library's augmentation does where it doesn't flip.
func shiftedHolds(_ solution: ([[Float]], Int, Int) throws -> [[Float]]) throws -> Bool {
  let (height, width) = (3, 5)
  let pixels = (1...height * width).map(Float.init)
  let rows = (0..<height).map { Array(pixels[$0 * width..<($0 + 1) * width]) }
  let augmentation = Augmentation(seed: 1)
  for image in 0..<60 {
    let draw = augmentation.draw(image: image, epoch: 1, count: 60)
    if draw.isFlipped { continue }
    let library = augmentation(
      Tensor([1, height, width, 1], pixels), of: [image], epoch: 1, count: 60)
    let padding = augmentation.padding
    let moved = try solution(rows, padding - draw.top, padding - draw.left)
    if moved.flatMap({ $0 }) != library.scalars { return false }
  }
  return true
}

/// Exercise 3. The depth that a budget of parameters allows.
///
/// - Parameter parameters: how many there may be.
/// - Returns: the depth $6n + 2$ of the deepest network of section 4.2, for colour images and ten classes,
///   that has no more of them; nil if even 8 layers have more.
func deepest(parameters: Int) throws -> Int? {
  throw Unsolved(3)
}

/// A solution of exercise 3 finds every network of table 6 from its own size, and the one before from
/// one parameter less.
func deepestHolds(_ solution: (Int) throws -> Int?) throws -> Bool {
  try [8, 14, 20, 32, 44, 56, 110, 1202].allSatisfy { depth in
    let count = CifarNetwork(try CifarArchitecture(depth: depth, shortcut: .A)).parameterCount
    let before = depth == 8 ? nil : depth - 6
    return try solution(count) == depth && solution(count + 1) == depth
      && solution(count - 1) == before
  }
}
