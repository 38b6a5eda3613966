import ExerciseKit

/// Exercise 7 of chapter 6. What remains of the degradation after three times as many epochs.
///
/// Train plain-20 and plain-32 for 60 epochs instead of 20, with drops of the learning rate after 30 and 45:
///
///     swift run resnet train --dataset digits --arch plain20 --unit epochs --total 60 --drops 30,45
///     swift run resnet train --dataset digits --arch plain32 --unit epochs --total 60 --drops 30,45
///
/// Compare the errors after the last epoch with each other, and those of plain-32 with what the chapter found
/// after 20 epochs. What of the degradation is left?
///
/// - Returns: one of
///   - `"as before"`: plain-32 still has a training error of several percent;
///   - `"worse"`: its training error is higher than after 20 epochs;
///   - `"gone in training"`: both fit the training set, but plain-32 is worse on the test set;
///   - `"gone"`: plain-32 is as good as plain-20 on both.
func longerTraining() throws -> String {
  // TODO: write this function.
  throw Unsolved()
}
