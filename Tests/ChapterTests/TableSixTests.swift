import Networks
import Optimization
import RunStore
import Testing
import Training

@testable import chapter12

@Suite("Table 6")
struct TableSixTests {
  /// A run of the paper's recipe, but for what is given.
  private func run(
    _ network: String = "resnet20", _ changes: [String: HyperparameterValue?] = [:]
  ) throws -> RunConfiguration {
    var values = Recipe.paper(images: 45_000).hyperparameters
    values["validation"] = 5000
    values["centering"] = "pixel"
    for (name, value) in changes { values[name] = value }
    return RunConfiguration(
      experiment: "train", network: .described(try Architecture(network)), dataset: "cifar10",
      seed: 3, hyperparameters: values)
  }

  @Test("A run of the paper's recipe has a place, however its training error was found")
  func followed() throws {
    #expect(TableSix.followsThePaper(try run()))
    #expect(TableSix.followsThePaper(try run("resnet20", ["training_error": nil])))
    let warmUp: [String: HyperparameterValue?] = [
      "warm_up_learning_rate": 0.01, "warm_up_steps": HyperparameterValue(WarmUp().steps),
      "warm_up_error": 0.8,
    ]
    #expect(TableSix.followsThePaper(try run("resnet110", warmUp)))
  }

  @Test(
    "A run that differs in one thing hasn't, though it took 64,000 steps",
    arguments: [
      ["learning_rate": 0.2], ["batch_size": 64], ["learning_rate_drops": "32000"],
      ["momentum": 0.8], ["weight_decay": 0.0005], ["steps": 32_000], ["augmentation": nil],
      ["validation": 0], ["centering": "channel"], ["warm_up_learning_rate": 0.01],
      ["of_another_version": true],
    ] as [[String: HyperparameterValue?]])
  func departed(changes: [String: HyperparameterValue?]) throws {
    #expect(!TableSix.followsThePaper(try run("resnet20", changes)))
  }

  @Test("The rows are the paper's networks, to the last parameter")
  func rows() {
    #expect(TableSix.rows.map(\.network.depth) == [20, 32, 44, 56, 110, 1202])
    #expect(
      TableSix.rows.map(\.network.parameters)
        == [269_722, 464_154, 658_586, 853_018, 1_727_962, 19_421_274])
  }
}
