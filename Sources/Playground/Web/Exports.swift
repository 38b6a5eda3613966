// What the page calls. The package doesn't compile this file: `compile` does, for WebAssembly, where each worker
// has a memory and an instance of its own, and one thread. Numbers go in and out through `numbers`, a piece of
// memory at a fixed address.
import Architectures
import Datasets
import MiniTensor
import Networks
import Playground

private let capacity = 1 << 17
private let numbers = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
private let precise = UnsafeMutablePointer<Double>.allocate(capacity: 4096)
private var digits: Digits?
private var run: PlayedRun?
private var specimen: Specimen?

/// Where floats are read and written: 2¹⁷ of them.
@_cdecl("floats") public func floats() -> UnsafeMutablePointer<Float> { numbers }

/// Where doubles are written: 4096 of them.
@_cdecl("doubles") public func doubles() -> UnsafeMutablePointer<Double> { precise }

/// Takes the digits out of `floats`: 64 pixels from 0 to 16 and a label for each.
@_cdecl("load_digits") public func loadDigits(count: Int32) {
  let count = Int(count)
  let images = Tensor([count, 8, 8, 1], (0..<64 * count).map { numbers[$0] / 16 })
  let labels = (64 * count..<65 * count).map { Int(numbers[$0]) }
  digits = Digits(
    Dataset(
      name: Digits.name, images: images, labels: labels,
      classNames: (0..<10).map { String($0) }))
}

/// Writes where the test digits are among all digits to `floats`, and returns how many there are.
@_cdecl("test_digits") public func testDigits() -> Int32 {
  let indices = digits?.testIndices ?? []
  write(indices.map { Float($0) })
  return Int32(indices.count)
}

/// Makes a network, with the shortcut none, A, B or C as 0 to 3, and returns how many numbers it learns; -1 where
/// there is no such network.
@_cdecl("create") public func create(
  depth: Int32, shortcut: Int32, width: Int32, normalizes: Int32, rate: Double, seed: Int32,
  epochs: Int32
) -> Int32 {
  guard let digits,
    let architecture = try? CifarArchitecture(
      depth: Int(depth), width: Int(width), inputChannels: 1,
      shortcut: [Shortcut.none, .A, .B, .C][Int(shortcut)])
  else { return -1 }
  let epochs = Int(epochs)
  run = PlayedRun(
    PlayedRun.Settings(
      architecture, normalizes: normalizes != 0, learningRate: rate, seed: Int(seed),
      epochs: epochs, drops: [epochs / 2, epochs * 3 / 4]),
    digits: digits)
  return Int32(run?.network.network.parameterCount ?? -1)
}

/// The steps of the whole run.
@_cdecl("total_steps") public func totalSteps() -> Int32 { Int32(run?.totalSteps ?? 0) }

/// One step; returns its loss.
@_cdecl("advance") public func advance() -> Double { run?.advance() ?? .nan }

/// Writes the latest epoch's training loss and error and test loss and error to `doubles`, and returns how many
/// epochs there were.
@_cdecl("measured") public func measured() -> Int32 {
  guard let run, let last = run.history.last else { return 0 }
  write([last.train.loss, last.train.error, last.test.loss, last.test.error])
  return Int32(run.history.count)
}

/// Writes the norm of each convolution's latest gradient to `doubles`, and returns how many there are.
@_cdecl("gradient_norms") public func gradientNorms() -> Int32 {
  let norms = run?.gradientNorms ?? []
  write(norms)
  return Int32(norms.count)
}

/// Makes the trained network of so many values in `floats`, and returns how many blocks it has.
@_cdecl("load_specimen") public func loadSpecimen(count: Int32) -> Int32 {
  guard let digits, let architecture = try? Specimen.architecture() else { return -1 }
  let values = (0..<Int(count)).map { numbers[$0] }
  specimen = Specimen(architecture, values: values, digits: digits)
  return Int32(specimen?.network.blocks.count ?? -1)
}

/// Whether a block can be left out.
@_cdecl("is_removable") public func isRemovable(block: Int32) -> Int32 {
  guard let network = specimen?.network else { return 0 }
  return network.isRemovable(network.blocks[Int(block)]) ? 1 : 0
}

/// Takes an image, 64 numbers from 0 to 1, out of `floats`; writes what the four stages make of it there, one after
/// the other, `[height, width, channels]`, and ten probabilities to `doubles`.
@_cdecl("look") public func look() {
  guard let specimen else { return }
  let (stages, probabilities) = specimen.views(of: (0..<64).map { numbers[$0] })
  write(stages.flatMap { $0.scalars })
  write(probabilities)
}

/// Takes an order of so many blocks out of `floats`; writes the predicted classes of the test digits there (-1 for
/// none), and returns the share that is wrong.
@_cdecl("operate") public func operate(count: Int32) -> Double {
  guard let specimen, let digits else { return .nan }
  let order = (0..<Int(count)).map { Int(numbers[$0]) }
  let predictions = specimen.predictions(through: order)
  write(predictions.map { Float($0 ?? -1) })
  let wrong = zip(predictions, digits.test.labels).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
  return Double(wrong) / Double(predictions.count)
}

/// Convolves an image of 8x8 numbers in `floats` with the 3x3 filter behind it, writes the result there, and
/// returns how many numbers a side of it has.
@_cdecl("convolve") public func convolve(stride: Int32, padding: Int32) -> Int32 {
  let image = Tensor([1, 8, 8, 1], (0..<64).map { numbers[$0] })
  let filter = Tensor([3, 3, 1, 1], (64..<73).map { numbers[$0] })
  let result = conv2d(image, filter, stride: Int(stride), padding: Int(padding))
  write(result.scalars)
  return Int32(result.shape[1])
}

private func write(_ values: [Float]) {
  for (index, value) in values.enumerated() { numbers[index] = value }
}

private func write(_ values: [Double]) {
  for (index, value) in values.enumerated() { precise[index] = value }
}
