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
  // solution
  let perEpoch = (images + batchSize - 1) / batchSize
  let first = step % perEpoch * batchSize
  return [step / perEpoch + 1, first, min(first + batchSize, images)]
  // end of solution
}

// wrong: left out
// - (images + batchSize - 1) / batchSize
// + max(images / batchSize, 1)

// wrong: beyond the last image
// - min(first + batchSize, images)
// + first + batchSize

// wrong: counted from 1
// - step / perEpoch + 1
// + step / perEpoch

// wrong: behind
// - min(first + batchSize, images)
// + min(first + batchSize, images) - 1

// wrong: begins at place 0
// - let first = step % perEpoch * batchSize
// + let first = step * batchSize % images

// wrong: of the step that was taken last
// - step / perEpoch + 1
// + max(1, (step + perEpoch - 1) / perEpoch)

// wrong: as if the epochs were one row
// -   let first = step % perEpoch * batchSize
// -   return [step / perEpoch + 1, first
// +   let first = step * batchSize % images
// +   return [step * batchSize / images + 1 + 0 * perEpoch, first

// wrong: the batch that was taken last
// -   let first = step % perEpoch * batchSize
// -   return [step
// +   let taken = max(step - 1, 0)
// +   let first = taken % perEpoch * batchSize
// +   return [taken

// wrong: the numbers of batches
// -   let first = step % perEpoch * batchSize
// -   return [step / perEpoch + 1, first, min(first + batchSize, images)]
// +   let first = step % perEpoch
// +   return [step / perEpoch + 1, first, first + 1]

// wrong: not how many it has
// - min(first + batchSize, images)
// + min(batchSize, images - first)

// wrong: one step too many
// - (images + batchSize - 1) / batchSize
// + images / batchSize + 1
