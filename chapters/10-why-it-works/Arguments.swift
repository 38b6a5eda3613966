import ArgumentParser

/// The options that only this chapter has.
struct Arguments: ParsableArguments {
  @Flag(help: "Also delete several random blocks of ResNet-56 at once, for exercise 4.")
  var deletions = false
}
