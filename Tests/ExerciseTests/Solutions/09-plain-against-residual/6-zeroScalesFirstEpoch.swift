import ExerciseKit

/// Exercise 6 of chapter 9. A fresh network whose blocks begin by doing nothing.
///
/// Set γ = 0 in the last normalisation of every block of a fresh ResNet-56. That is no twin: its first
/// convolution and its classifier are random. At the beginning it is a network of two weighted layers and
/// some additions. Is it behind for that when training begins, or ahead?
///
/// `swift run chapter9 --seeds 5 --zero-scales` trains five of them, with the recipe and the seeds of the
/// networks with γ = 1, and shows nothing but a table of both training errors, epoch by epoch. (With what
/// exercise 3 trains, which isn't trained again, that is seven minutes of one processor core.) Predict first.
/// Then compare the mean training errors after the first epoch. When you have it, look at the epochs after:
/// what becomes of the difference?
///
/// - Returns: `"better"` if γ = 0 has the lower error after the first epoch, by more than 5 points, `"worse"`
///   if it has the higher one by more than 5 points, otherwise `"the same"`.
func zeroScalesFirstEpoch() throws -> String {
  // solution
  "better"
  // end of solution
}

// wrong: A block that does nothing loses nothing
// -   "better"
// - }
// +   "worse"
// + }
// wrong: Look at the row of epoch 1
// -   "better"
// - }
// +   "the same"
// + }
// wrong: isn't one of the answers
// -   "better"
// - }
// +   "faster"
// + }
