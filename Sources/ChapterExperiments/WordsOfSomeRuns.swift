import Translation

/// What chapters show while they run, or in some runs only: with options of an exercise, without a store, with CIFAR-10,
/// with one seed.
///
/// No woven page has it, so `book translate` finds it here. It is translated as what pages have: `{1}`, `{2}` … stand
/// for the numbers. A test compares it with the sources.
package let wordsOfSomeRuns: [Message] = [
  // Verdicts.
  .words("contradicted"), .words("can't be decided with {1} seed"),
  // Chapter 4, while it trains; chapters 4 and 9, without a store.
  .words("loss {1}"),
  .words("There is no run store to write to, so this run isn't kept."),
  .words("The run store doesn't have all of these runs, so it can't be asked about them."),
  // Chapter 7, `--try`.
  .words("the input"), .words("a permutation"), .words("plain, begun at W + I"),
  .words("with ReLU"), .words("x + {1} · permutation"), .words("I + {1} · He"),
  .words("best rate"), .words("under {1} % after"), .words("x alone leaves"),
  // Chapter 10, `--deletions`.
  .words("deleted blocks"), .words("mean test error, %"),
  // Chapter 11, with weights and a picture.
  .words("class"), .words("probability"),
  // Chapter 12, `--shifts`, one seed, CIFAR-10.
  .words("seed"), .words("untouched: test error, %"), .words("shifted, %"),
  .words("ResNet-{1}, {2} seed"), .words("CIFAR-{1}, red"), .words("CIFAR-{1}, green"),
  .words("CIFAR-{1}, blue"), .words("CIFAR-{1}, step {2}"),
  .words("ResNet-{1}: step {2} of {3}, {4} % of the recipe, {5} of them in this session"),
  .words("epoch {1}: training error {2} %, test error {3} %"),
  .words("no epoch is complete yet, so nothing was measured"), .words("the recipe is done"),
  .words("at this pace the rest takes {1} minutes"),
  .words("at this pace the rest takes {1} hours"), .words("nothing was trained"),
]
