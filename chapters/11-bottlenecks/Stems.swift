import ChapterExperiments
import Commands
import Datasets
import MiniTensor
import Networks
import Notebook
import Training

/// A network of table 1 whose first layer is a 3x3 convolution with stride 1, without pooling, for small images.
final class SmallImageNetwork: Network {
  let conv1: Conv2d
  let bn1: BatchNorm
  /// Its stages and its classifier are used.
  let rest: ImageNetNetwork

  init(_ architecture: ImageNetArchitecture) {
    conv1 = Conv2d(architecture.inputChannels, architecture.width)
    bn1 = BatchNorm(architecture.width)
    rest = ImageNetNetwork(architecture)
  }

  func features(_ images: Tensor, _ mode: Mode) -> Tensor {
    var features = conv1(images, then: bn1, mode, relu: true)
    for block in rest.stages.joined() { features = block(features, mode) }
    return rest.avgpool(features)
  }

  var lastLayer: Linear { rest.fc }

  var parts: [(name: String, module: any Module)] {
    [("conv1", conv1), ("bn1", bn1)]
      + rest.parts.filter { !["conv1", "bn1", "maxpool"].contains($0.name) }
  }
}

extension Chapter {
  /// Trains fresh networks on the digits, one for each seed.
  ///
  /// - Returns: for each seed the errors on the training and on the test digits.
  func train(
    _ label: String, _ network: () -> any Network, on digits: Digits, _ recipe: Recipe,
    seeds: Range<Int>
  ) -> [(train: Double, test: Double)] {
    let data = TrainingData(digits)
    let device = Device(threads: options.threads)
    let steps = recipe.totalSteps(images: data.train.count)
    let name = translations.plain(label, .cell)
    let bar = progress("\(name)", total: steps * seeds.count, unit: .words("steps"))
    defer { bar.finish() }
    var errors: [(train: Double, test: Double)] = []
    for (index, seed) in seeds.enumerated() {
      let network = network()
      network.initialize(seed: seed)
      let session = TrainingSession(network, on: data, recipe: recipe, seed: seed, device: device)
      func show(_ report: StepReport) {
        bar.advance(to: index * steps + report.step, detail: report.detail(in: translations))
      }
      require(try session.run(afterStep: show))
      func error(_ data: Dataset) -> Double {
        Evaluation(of: { network($0, .inference) }, on: data).error
      }
      errors.append(
        Device.$current.withValue(device) { (error(digits.train), error(digits.test)) })
    }
    return errors
  }
}
