import ArgumentParser

/// The options that only this chapter has.
struct Arguments: ParsableArguments {
  @Option(
    name: .customLong("try"),
    help: ArgumentHelp(
      "Repeat the training of one block with something changed, and record it: "
        + Variation.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "change"))
  var variation: Variation?
}

/// What is changed in "Zero is easier than identity".
enum Variation: String, CaseIterable, ExpressibleByArgument {
  /// One layer instead of two, and no ReLU: $y = Wx + x$.
  case oneLayer = "one-layer"
  /// The target is the input plus a permutation of it, times a factor.
  case nearIdentity = "near-identity"
  /// The plain block begins with identity matrices and some noise.
  case noisyStart = "noisy-start"
  /// No ReLU behind the addition.
  case openAddition = "open-addition"
}
