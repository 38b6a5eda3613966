import ExerciseKit

/// Exercise 7 of chapter 13. Three times as many steps for new networks.
///
/// With 10 labels per class a new ResNet-20 did badly in the chapter. Perhaps 240 steps were too few for it:
/// `swift run chapter13 --quick --seeds 5 --fine-tuning-steps 720` lets it learn for 720, on the same canvases in
/// every step and on new ones. (`--quick` leaves out what new networks don't need. It makes poorer backbones, so
/// don't compare the fine-tuned ones.)
///
/// Where do the three times as many steps lower its mean test error by more than 5 points? Compare the row
/// "ResNet-20, from scratch" of the table with both kinds of canvases with that of the chapter.
///
/// - Returns: `"same canvases"`, `"new canvases"`, `"both"` or `"neither"`.
func longerFineTuning() throws -> String {
  // solution
  "new canvases"
  // end of solution
}

// wrong: add nothing
// -   "new canvases"
// - }
// +   "both"
// + }
// wrong: Look at the two columns again
// -   "new canvases"
// - }
// +   "same canvases"
// + }
// wrong: weren't enough to see
// -   "new canvases"
// - }
// +   "neither"
// + }
