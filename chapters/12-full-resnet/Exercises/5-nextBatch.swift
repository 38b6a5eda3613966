import ExerciseKit

/// Exercise 5 of chapter 12. Where a step stands in its epoch.
///
/// In each epoch all images come once, in an order of that epoch, a batch at a time. The last batch of an epoch is
/// smaller if the images don't come out even: it is neither left out nor filled up with others.
///
/// A run that is continued after so many steps knows that number, the number of images and the size of a batch. Which batch
/// is next?
///
/// For example, 5 images in batches of 2 are three steps an epoch: places 0 and 1 of the order, 2 and 3, and 4. After 2 steps
/// the next batch is the last one of epoch 1, [1, 4, 5], and after 3 steps it is the first of epoch 2, [2, 0, 2].
///
/// - Parameters:
///   - step: how many steps were taken, 0 or more.
///   - images: how many images there are, at least 1.
///   - batchSize: how many of them a batch has, at least 1.
/// - Returns: three numbers: the epoch of the next step, counted from 1, the first place of the epoch's order that its batch
///   takes, and the place behind its last one.
func nextBatch(after step: Int, images: Int, batchSize: Int) throws -> [Int] {
  // TODO: write this function.
  throw Unsolved()
}
