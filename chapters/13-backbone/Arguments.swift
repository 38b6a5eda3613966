import ArgumentParser
import Commands

/// The options that only this chapter has.
struct Arguments: ParsableArguments {
  @Option(
    in: 1...100_000,
    help: "Steps that each network learns from few labels, for exercise 7.")
  var fineTuningSteps = 240

  @Option(
    in: 0...3,
    help: ArgumentHelp(
      "The last stage that fine-tuning leaves as it is, for exercise 6; 0 is the first convolution.",
      valueName: "stage"))
  var freezeThrough: Int?

  /// Whether fine-tuning isn't that of the chapter.
  var changesFineTuning: Bool { freezeThrough != nil || fineTuningSteps != 240 }
}
