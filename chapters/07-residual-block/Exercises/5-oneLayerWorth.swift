import ExerciseKit

/// Exercise 5 of chapter 7. What a shortcut around one layer is worth.
///
/// In exercise 4 you folded a shortcut into the filters of a single layer. Is there any use in it? Run
///
///     swift run chapter7 --try one-layer
///
/// It trains $y = Wx + x$ and $y = Wx$, with 16x16 weights and without ReLU, to give back the input and to
/// permute it, each at the best of five learning rates. The third row of each target begins the plain layer at
/// $W + I$, where $W$ is what the others begin at. Look at other seeds too: `--seed 1`, `--seed 2`.
///
/// - Returns: what the shortcut is worth here, one of
///   - `"more functions"`: the layer with it can compute something that the plain one can't;
///   - `"faster learning"`: wherever they begin, the layer with it needs fewer steps;
///   - `"a better solution"`: the layer with it ends at a lower error;
///   - `"another start"`: it is the plain layer, begun elsewhere.
func oneLayerWorth() throws -> String {
  // TODO: write this function.
  throw Unsolved()
}
