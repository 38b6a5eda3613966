import MiniTensor
import Networks
import Testing

/// At test time a convolution keeps its filters multiplied by what the normalisation behind it learnt, until one of
/// the two changes.
@Suite struct FoldedConvolutionTests {
  private let conv = Conv2d(3, 4)
  private let bn = BatchNorm(4)
  private let images: Tensor

  init() {
    var generator = RandomGenerator(seed: 3, stream: .experiment)
    for parameter in [conv.weight, bn.scale, bn.shift] {
      parameter.initialize(using: &generator)
    }
    images = Tensor(
      [2, 5, 5, 3], (0..<150).map { _ in Float.random(in: -1...1, using: &generator) })
  }

  /// One operation after the other, which keeps nothing.
  private var expected: Tensor { bn(conv(images, .inference), .inference) }

  private func check(_ what: String) {
    let (found, expected) = (conv(images, then: bn, .inference), expected)
    let difference = zip(found.scalars, expected.scalars).map { abs($0 - $1) }.max()!
    #expect(difference < 1e-5, "\(what)")
  }

  @Test("Whatever changes between two calls is seen by the second")
  func changes() {
    check("at first")
    conv.weight.value = 2 * conv.weight.value
    check("other filters")
    conv.weight.update { $0[0, 0, 0, 0] = 7 }
    check("one weight")
    bn.scale.value = Tensor([4], [1, -2, 0, 3])
    check("another scale")
    bn.shift.value = Tensor([4], [5, 6, 7, 8])
    check("another shift")
    bn.running.mean = Tensor([4], [0.5, 1, 2, -1])
    check("another mean")
    bn.running.variance = Tensor([4], [4, 1, 9, 0.25])
    check("another variance")
    _ = conv(images, then: bn, .training)
    check("statistics of one more batch")
  }

  @Test("Large images go through a network a few at a time, with the bits that each has alone")
  func fewAtATime() {
    let network = ImageNetNetwork(ImageNetArchitecture(depth: 18)!)
    network.initialize(seed: 1)
    var generator = RandomGenerator(seed: 4, stream: .experiment)
    let images = Initialization.heNormal(fan: 2).tensor([9, 224, 224, 3], using: &generator)
    let logits = network(images, .inference)
    #expect(logits.shape == [9, 1000])
    let alone = (0..<9).flatMap { network(images.rows($0...$0), .inference).scalars }
    #expect(logits.scalars.map(\.bitPattern) == alone.map(\.bitPattern))
  }

  @Test("A network of one stage has no stages that take more images")
  func oneStage() throws {
    let network = ImageNetNetwork(try ImageNetArchitecture(.basic, [1]))
    network.initialize(seed: 1)
    #expect(network(Tensor([2, 32, 32, 3], repeating: 1), .inference).shape == [2, 1000])
  }

  @Test("Another normalisation isn't taken for the first one")
  func otherNormalisation() {
    _ = conv(images, then: bn, .inference)
    let other = BatchNorm(4)
    other.scale.value = Tensor([4], repeating: 3)
    other.shift.value = Tensor([4], repeating: 1)
    let found = conv(images, then: other, .inference)
    let expected = other(conv(images, .inference), .inference)
    #expect(zip(found.scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("Filters that changed don't change what was folded from them before")
  func copies() {
    let folded = FoldedConv2d(
      conv.weight.value, padding: 1, scale: bn.scale.value, shift: bn.shift.value,
      mean: bn.running.mean, variance: bn.running.variance)
    let expected = expected
    conv.weight.update { $0[0, 0, 0, 0] = 7 }
    #expect(zip(folded(images).scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("A network that keeps only what is folded predicts the same, batch after batch")
  func keepsOnlyFolded() {
    for filters in [conv.weight.value, 2 * conv.weight.value] {
      conv.weight.value = filters
      let expected = expected
      conv.keepOnlyFolded()
      for _ in 0..<2 {
        let found = conv(images, then: bn, .inference)
        #expect(zip(found.scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }

  @Test("A shortcut that nobody else holds becomes the result, and one that somebody holds stays")
  func shortcuts() {
    let folded = FoldedConv2d(conv.weight.value, bias: nil, padding: 1)
    let values = (0..<200).map { Float($0) / 100 }
    let device = Device(threads: 1)
    Device.$current.withValue(device) {
      let shortcut = Tensor([2, 5, 5, 4], values)
      let expected = folded(images, adding: shortcut).scalars
      #expect(shortcut.scalars == values)
      let once = device.allocations
      let found = folded(images, adding: Tensor([2, 5, 5, 4], values))
      #expect(found.scalars == expected)
      #expect(device.allocations == once)
    }
  }

  @Test("A linear layer sees what changed, and predicts the same when it keeps only packed weights")
  func linearLayer() {
    let layer = Linear(6, 40)
    layer.initialize(seed: 1)
    let input = Tensor([2, 6], (0..<12).map { Float($0) })
    func expected() -> [Float] { linear(input, layer.weight.value, layer.bias.value).scalars }
    #expect(layer(input, .inference).scalars == expected())
    layer.weight.update { $0[5, 39] = 7 }
    #expect(layer(input, .inference).scalars == expected())
    layer.bias.value = Tensor([40], repeating: 3)
    let last = expected()
    layer.keepOnlyFolded()
    for _ in 0..<2 { #expect(layer(input, .inference).scalars == last) }
  }

  @Test("Each row of a linear layer has the bits that it has alone", arguments: 1...17)
  func rows(count: Int) {
    let layer = Linear(1040, 96)
    layer.initialize(seed: 2)
    var generator = RandomGenerator(seed: 5, stream: .experiment)
    let input = Initialization.heNormal(fan: 2).tensor([count, 1040], using: &generator)
    let outputs = layer(input, .inference)
    let alone = (0..<count).flatMap { layer(input.rows($0...$0), .inference).scalars }
    #expect(outputs.scalars.map(\.bitPattern) == alone.map(\.bitPattern))
    let (weight, bias) = (layer.weight.value.scalars, layer.bias.value.scalars)
    for output in [0, 31, 32, 95] {
      let row = count - 1
      let sum = (0..<1040).reduce(Double(bias[output])) {
        $0 + Double(input[row, $1]) * Double(weight[$1 * 96 + output])
      }
      #expect(abs(Double(outputs[row, output]) - sum) < 1e-5)
    }
  }

  @Test("What was let go of can't be read, nor folded for images of another kind")
  func released() async {
    await #expect(processExitsWith: .failure) {
      let (conv, bn) = (Conv2d(16, 16), BatchNorm(16))
      for module in [conv, bn] as [any Module] { module.initialize(seed: 0) }
      conv.keepOnlyFolded()
      _ = conv(Tensor([1, 8, 8, 16], repeating: 1), then: bn, .inference)
      _ = conv.weight.value
    }
    await #expect(processExitsWith: .failure) {
      let (conv, bn) = (Conv2d(16, 16), BatchNorm(16))
      for module in [conv, bn] as [any Module] { module.initialize(seed: 0) }
      conv.keepOnlyFolded()
      _ = conv(Tensor([1, 8, 8, 16], repeating: 1), then: bn, .inference)
      _ = conv(Tensor([1, 6, 6, 16], repeating: 1), then: bn, .inference)
    }
    await #expect(processExitsWith: .failure) {
      let layer = Linear(4, 2)
      layer.initialize(seed: 0)
      layer.keepOnlyFolded()
      _ = layer(Tensor([1, 4], repeating: 1), .inference)
      _ = layer.weight.value
    }
  }
}
