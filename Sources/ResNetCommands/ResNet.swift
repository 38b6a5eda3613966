import ArgumentParser
import Commands

/// `resnet`: describes, trains and uses the networks of the paper.
public struct ResNet: AsyncParsableCommand {
  /// Its help.
  public static let configuration = CommandConfiguration(
    commandName: "resnet",
    abstract: "Describes, trains and uses the networks of the paper.",
    discussion: """
      Data go to standard output, messages to standard error.

      Exit status: 0 if it could do what it was asked, 1 if it couldn't, 2 if it was asked in a wrong way.
      """,
    subcommands: [
      Summary.self, Fetch.self, Train.self, Sweep.self, Evaluate.self, Predict.self, Features.self,
      Export.self,
    ])

  /// Without options, which parsing gives.
  public init() {}
}
