import MiniTensor
import Networks
import Optimization

/// One step of training, or one pass of inference, of a whole network: the cases that are compared
/// with PyTorch. Random images and labels, SGD with momentum 0.9 and weight decay 1e-4.
struct NetworkCase {
  let name: String
  /// `[batch, height, width, channels]`.
  let images: [Int]
  let trains: Bool
  /// A network without values, and what it learns.
  let network: () -> (module: any Network, parameters: [Parameter])

  static var all: [NetworkCase] {
    [
      cifar("train-digits-20", depth: 20, width: 8, images: [64, 8, 8, 1]),
      cifar("train-digits-56", depth: 56, width: 8, images: [64, 8, 8, 1]),
      cifar(
        "train-digits-plain-56", depth: 56, width: 8, images: [64, 8, 8, 1], shortcut: .none),
      cifar("train-cifar-20", depth: 20, width: 16, images: [128, 32, 32, 3]),
      cifar("train-cifar-56", depth: 56, width: 16, images: [128, 32, 32, 3]),
      cifar("infer-cifar-20", depth: 20, width: 16, images: [128, 32, 32, 3], trains: false),
      imageNet("train-imagenet-18", depth: 18, trains: true),
      imageNet("infer-imagenet-50", depth: 50, trains: false),
      imageNet("infer-imagenet-50-one", depth: 50, batch: 1, trains: false),
    ]
  }

  /// Makes the network and its data, and returns what does one step.
  func prepare() -> () -> Void {
    var generator = RandomGenerator(seed: 0, stream: .experiment)
    let (network, parameters) = network()
    for parameter in parameters { parameter.initialize(using: &generator) }
    let batch = Initialization.heNormal(fan: 2).tensor(images, using: &generator)
    let labels = (0..<images[0]).map { _ in Int.random(in: 0..<10, using: &generator) }
    guard trains else {
      network.keepOnlyFolded()
      return { _ = network(batch, .inference) }
    }
    let optimizer = SGD(parameters, momentum: 0.9, weightDecay: 1e-4)
    return {
      softmaxCrossEntropy(network(batch, .training), labels: labels).backward()
      optimizer.step(learningRate: 0.1)
    }
  }

  private static func cifar(
    _ name: String, depth: Int, width: Int, images: [Int], shortcut: Shortcut = .A,
    trains: Bool = true
  ) -> NetworkCase {
    NetworkCase(name: name, images: images, trains: trains) {
      // The depths above are all 6n + 2.
      let architecture = try! CifarArchitecture(
        depth: depth, width: width, inputChannels: images[3], shortcut: shortcut)
      let network = CifarNetwork(architecture)
      return (network, network.parameters.map(\.parameter))
    }
  }

  private static func imageNet(
    _ name: String, depth: Int, batch: Int = 8, trains: Bool
  ) -> NetworkCase {
    NetworkCase(name: name, images: [batch, 224, 224, 3], trains: trains) {
      // Both depths above are in table 1.
      let network = ImageNetNetwork(ImageNetArchitecture(depth: depth)!)
      return (network, network.parameters.map(\.parameter))
    }
  }
}
