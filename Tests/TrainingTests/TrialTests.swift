import Networks
import RunStore
import Testing
import Training

@Suite struct TrialTests {
  @Test(
    "Training needs memory for three numbers a weight, and for what each layer makes of a batch")
  func memory() throws {
    let trial = Trial(
      experiment: "test", try CifarArchitecture(depth: 8, width: 4, inputChannels: 1, shortcut: .A),
      Recipe(), seed: 0)
    let weights = trial.architecture.network().parameters.reduce(0) { $0 + $1.parameter.count }
    let none = trial.trainingBytes(images: 0, shape: [8, 8, 1])
    #expect(none == 12 * Double(weights))
    let (one, many) = (
      trial.trainingBytes(images: 1, shape: [8, 8, 1]) - none,
      trial.trainingBytes(images: 1437, shape: [8, 8, 1]) - none
    )
    #expect(one > 4 * 8 * 8 * 4 && many == 64 * one)
  }

  @Test("A trial's configuration names everything that decides the result")
  func configuration() throws {
    let trial = try Trial.sample(.none, recipe: Recipe(epochs: 3), seed: 4)
    let configuration = trial.configuration(dataset: "digits")
    #expect(configuration.experiment == "test" && configuration.dataset == "digits")
    #expect(configuration.network == .described(trial.architecture) && configuration.seed == 4)
    #expect(configuration.network.shortcut == Shortcut.none)
    #expect(configuration.hyperparameters == Recipe(epochs: 3).hyperparameters)
  }
}
