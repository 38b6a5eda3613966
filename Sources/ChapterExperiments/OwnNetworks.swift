import Commands
import Datasets
import MiniTensor
import Networks
import Notebook
import Training

/// A network that a chapter builds itself, such as one with a block that no architecture has, and how it is trained.
public struct OwnTrial {
  /// What it is called while it trains.
  public let name: String
  /// How it is trained.
  public let recipe: Recipe
  /// Decides the order of the images; the network's values are its maker's business.
  public let seed: Int
  /// Makes it, with its first values.
  public let network: () -> any Network

  /// A trial of a network.
  public init(_ name: String, _ recipe: Recipe, seed: Int, network: @escaping () -> any Network) {
    (self.name, self.recipe, self.seed, self.network) = (name, recipe, seed, network)
  }
}

extension Chapter {
  /// Trains networks that no architecture describes, each time anew: the run store has no words for them.
  ///
  /// Ctrl-C ends the chapter with status 130.
  ///
  /// - Parameters:
  ///   - trials: what is wanted.
  ///   - digits: what they learn from and are measured on.
  /// - Returns: for each its errors in inference mode, fractions; nil where training diverged.
  public func errors(
    of trials: [OwnTrial], on digits: Digits, line: Int = #line, file: String = #filePath
  ) -> [(train: Double, test: Double)?] {
    let data = TrainingData(train: digits.train, test: digits.test)
    let device = Device(threads: options.threads)
    let steps = trials.map { $0.recipe.totalSteps(images: data.train.count) }
    let bar = progress(
      .words("training"), total: steps.reduce(0, +), unit: .words("steps"), line: line, file: file)
    let interruption = Interruption()
    defer { bar.finish() }
    var done = 0
    return zip(trials, steps).map { trial, steps in
      let network = trial.network()
      var recipe = trial.recipe
      recipe.trainingError = .running
      let session = TrainingSession(
        network, on: data, recipe: recipe, seed: trial.seed, device: device)
      defer { done += steps }
      do throws(TrainingError) {
        try session.run(
          interruption: interruption,
          afterStep: {
            let name = translations.plain(trial.name, .cell)
            bar.advance(to: done + $0.step, detail: "\(name), \($0.detail(in: translations))")
          })
      } catch .interrupted {
        bar.finish()
        interrupted()
      } catch {
        return nil
      }
      return Device.$current.withValue(device) {
        let error = { Evaluation(of: { network($0, .inference) }, on: $0).error }
        return (error(data.train), error(data.test))
      }
    }
  }
}
