import ExerciseKit

/// Exercise 6 of chapter 13. Fine-tuning with the first stage frozen.
///
/// The first layers find strokes and edges, one might say, and these are the same for all digits. So leave
/// them as they are: `swift run chapter13 --freeze-through 1` fine-tunes networks whose first convolution and
/// stage 1 are frozen, as in exercise 5. There is less that can be overfitted. Is that better with one label per
/// class, and worse with 50? Predict first.
///
/// Compare the mean errors of the fine-tuned ResNet-20 with those of the chapter without the option, for 1, 2, 5, 10
/// and 50 labels per class.
///
/// - Returns: `"better with one"` if the frozen one is better with one label and worse with 50,
///   `"worse with 50 only"`, `"better with all"` or `"worse with all"` numbers of labels.
func frozenStageOne() throws -> String {
  // solution
  "worse with all"
  // end of solution
}

// wrong: makes more errors too
// -   "worse with all"
// - }
// +   "better with one"
// + }
// wrong: the columns for few labels
// -   "worse with all"
// - }
// +   "worse with 50 only"
// + }
// wrong: The other way round
// -   "worse with all"
// - }
// +   "better with all"
// + }
