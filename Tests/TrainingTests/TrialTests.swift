import Networks
import RunStore
import Testing
import Training

@Suite struct TrialTests {
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
