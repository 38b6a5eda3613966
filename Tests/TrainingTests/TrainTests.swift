import Datasets
import MiniTensor
import Networks
import Optimization
import Testing
import Training

@Suite struct TrainTests {
  /// PyTorch's own losses in single and double precision differ by up to 2.2e-7 within ten steps.
  /// Ours are held to ten times what rounding does there, as our additions come in another order.
  @Test("Losses are PyTorch's, step by step", arguments: ["plain-8", "resnet-8"], [0, 1])
  func losses(_ file: String, _ number: Int) throws {
    let vectors = try TrainingVectors.named(file)
    let run = vectors.runs[number]
    let network = try vectors.initialNetwork()
    let optimizer = SGD(
      network.parameters.map(\.parameter), momentum: run.momentum, weightDecay: run.weightDecay)
    for (step, batch) in vectors.batches.enumerated() {
      let logits = network(batch.images.tensor, .training)
      let loss = softmaxCrossEntropy(logits, labels: batch.labels)
      loss.backward()
      if step == 0 {
        let expected = vectors.firstLogits.values.map(Double.init)
        #expect(relativeError(logits.scalars, expected) < 1e-5)
        try expectGradients(of: network, vectors)
      }
      optimizer.step(learningRate: run.learningRates[step])
      let error = abs(Double(loss.scalar) / run.lossesInDouble[step] - 1)
      #expect(error < 2.2e-6, "step \(step + 1)")
    }
    for stored in run.final {
      let name = try vectors.ownName(of: stored)
      let value: Tensor =
        switch try #require(network.storedValues[name]) {
        case .parameter(let parameter): parameter.value
        case .statistics(let running): name.hasSuffix("mean") ? running.mean : running.variance
        }
      #expect(value.shape == stored.shape)
      #expect(relativeError(value.scalars, stored.values.map(Double.init)) < 1e-4, "\(name)")
    }
    let logits = network(vectors.batches[0].images.tensor, .inference)
    let expected = run.inferenceLogits.values.map(Double.init)
    #expect(relativeError(logits.scalars, expected) < 1e-4)
  }

  /// PyTorch's gradients are in single precision too, from sums of up to 512 products in each layer.
  private func expectGradients(of network: CifarNetwork, _ vectors: TrainingVectors) throws {
    #expect(vectors.firstGradients.count == network.parameters.count)
    let parameters = network.storedValues
    for stored in vectors.firstGradients {
      let name = try vectors.ownName(of: stored)
      guard case .parameter(let parameter) = try #require(parameters[name]) else { continue }
      let gradient = try #require(parameter.gradient, "\(name)")
      #expect(gradient.shape == stored.shape)
      #expect(
        relativeError(gradient.scalars, stored.values.map(Double.init)) < 1e-4, "\(name)")
    }
  }

  @Test("Training is SGD on shuffled batches, and evaluation after each epoch")
  func loop() throws {
    let digits = try Digits.load()
    let data = digits.train.examples(Array(0..<100))
    let test = digits.test.examples(Array(0..<50))
    let recipe = Recipe(epochs: 3, batchSize: 32, learningRate: 0.05, drops: [2])
    let network = CifarNetwork(try .small(.A), seed: 1)
    var (steps, losses, reports): ([Int], [Double], [EpochReport]) = ([], [], [])
    try train(
      network, on: data, test: test, recipe: recipe, seed: 5,
      onStep: {
        steps.append($0)
        losses.append($1)
      }, onEpoch: { reports.append($0) })

    let twin = CifarNetwork(try .small(.A), seed: 1)
    let optimizer = SGD(twin.parameters.map(\.parameter), momentum: 0.9, weightDecay: 1e-4)
    var generator = RandomGenerator(seed: 5, stream: .shuffling)
    var expected: [Double] = []
    for rate: Float in [0.05, 0.05, 0.005] {
      for (images, labels) in data.batches(of: 32, shuffledBy: &generator) {
        let loss = softmaxCrossEntropy(twin(images, .training), labels: labels)
        loss.backward()
        optimizer.step(learningRate: rate)
        expected.append(Double(loss.scalar))
      }
    }
    #expect(steps == Array(1...12))
    #expect(losses == expected)
    #expect(network.weights() == twin.weights())
    #expect(reports.map(\.epoch) == [1, 2, 3] && reports.map(\.step) == [4, 8, 12])
    #expect(reports[2].train == Evaluation(of: { twin($0, .inference) }, on: data))
    #expect(reports[2].test == Evaluation(of: { twin($0, .inference) }, on: test))
    #expect(reports.allSatisfy { $0.seconds > 0 })
  }

  @Test("Training gives the same bits with any number of threads, and twice in a row")
  func bitIdentity() throws {
    let digits = try Digits.load()
    let data = digits.train.examples(Array(0..<150))
    let recipe = Recipe(epochs: 2, drops: [1])
    for shortcut in [Shortcut.none, .A, .B] {
      let architecture = try CifarArchitecture(
        depth: 8, width: 8, inputChannels: 1, shortcut: shortcut)
      let results = try [1, 2, 3, 8, 1].map { threads in
        let network = CifarNetwork(architecture, seed: 2)
        var losses: [Double] = []
        try train(
          network, on: data, test: data, recipe: recipe, seed: 2, device: Device(threads: threads),
          onStep: { losses.append($1) },
          onEpoch: { losses += [$0.train.loss, $0.test.loss, $0.test.error] })
        return (weights: network.weights(), losses: losses)
      }
      for result in results.dropFirst() {
        #expect(result.weights == results[0].weights && result.losses == results[0].losses)
      }
    }
  }

  @Test("Another seed gives another order of the images, and so another network")
  func seeds() throws {
    let data = try Digits.load().train.examples(Array(0..<100))
    let weights = try (0..<2).map { seed in
      let network = CifarNetwork(try .small(.none), seed: 0)
      try train(network, on: data, test: data, recipe: Recipe(epochs: 1), seed: seed)
      return network.weights()
    }
    #expect(weights[0] != weights[1])
  }

  @Test("Training learns: the loss of a small residual network on few digits falls to a tenth")
  func learns() throws {
    let data = try Digits.load().train.examples(Array(0..<200))
    let architecture = try CifarArchitecture(depth: 8, width: 8, inputChannels: 1, shortcut: .A)
    var reports: [EpochReport] = []
    try train(
      CifarNetwork(architecture, seed: 0), on: data, test: data,
      recipe: Recipe(epochs: 15, batchSize: 32, drops: [10]), seed: 0,
      onEpoch: { reports.append($0) })
    #expect(reports.last!.train.loss < 0.1 * reports[0].train.loss)
    #expect(reports.last!.train.error < 0.02)
  }

  @Test("A loss that isn't finite stops training at once", arguments: [Float.nan, 3e38])
  func diverges(_ value: Float) throws {
    let data = try Digits.load().train.examples(Array(0..<100))
    let network = CifarNetwork(try .small(.none), seed: 0)
    // The distance between the logits 3e38 and −3e38 is infinite in single precision.
    network.linear.bias.value = Tensor([10], (0..<10).map { $0 == 0 ? value : -value })
    var steps = 0
    let error = #expect(throws: TrainingError.self) {
      try train(
        network, on: data, test: data, recipe: Recipe(), seed: 0,
        onStep: { step, _ in steps = step })
    }
    guard case .diverged(epoch: 1, step: 1, let loss) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value.isNaN ? loss.isNaN : loss == .infinity)
    #expect(steps == 1)
    #expect(error!.description.contains("diverged"))
  }

  @Test("A learning rate that is far too high ends in divergence, not in a crash")
  func tooFast() throws {
    let data = try Digits.load().train.examples(Array(0..<100))
    #expect(throws: TrainingError.self) {
      try train(
        CifarNetwork(try .small(.none), seed: 0), on: data, test: data,
        recipe: Recipe(learningRate: 1e38), seed: 0)
    }
  }
}
