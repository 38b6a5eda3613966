import ExerciseKit

/// Exercise 7 of chapter 9. Plain-32, given three times as long.
///
/// After 20 epochs plain-32 makes training errors, and ResNet-32 makes none. Is it that plain-32 can't be
/// trained? Give it 60 epochs, with the learning rate divided by ten after 30 and 45 instead of 10 and 15:
/// `swift run resnet sweep --depths 32 --shortcuts none --total 60 --drops 30,45 --seeds '0..<3'`.
///
/// Predict first. Then say how large its training error is after the 60 epochs, on average over the three
/// seeds. When you have it, look at the epoch in which the error fell, and think about what the words "can't be
/// trained" should mean.
///
/// - Returns: `"under 1 %"`, `"1 to 5 %"`, `"5 to 20 %"` or `"over 20 %"`.
func plainGivenTime() throws -> String {
  // solution
  "under 1 %"
  // end of solution
}

// wrong: behind both drops of the learning rate
// -   "under 1 %"
// - }
// +   "1 to 5 %"
// + }
// wrong: after the 20 epochs of the chapter
// -   "under 1 %"
// - }
// +   "5 to 20 %"
// + }
// wrong: What was too short was the training
// -   "under 1 %"
// - }
// +   "over 20 %"
// + }
