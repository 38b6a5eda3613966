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
    #expect(configuration.depth == 8 && configuration.width == 2 && configuration.seed == 4)
    #expect(configuration.shortcut == .plain)
    #expect(configuration.hyperparameters == Recipe(epochs: 3).hyperparameters)
  }

  @Test("Every shortcut has a name in the run store", arguments: Shortcut.allCases)
  func shortcuts(_ shortcut: Shortcut) throws {
    let stored = try Trial.sample(shortcut).configuration(dataset: "digits").shortcut
    #expect(stored?.rawValue == shortcut.rawValue)
  }
}
