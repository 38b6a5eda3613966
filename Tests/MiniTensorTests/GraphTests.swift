import MiniTensor
import Testing

@Suite struct GraphTests {
  @Test("Gradients add up where a tensor is used twice")
  func accumulation() {
    let x = Parameter(Tensor([2], [3, -5]))
    let tracked = x.tracked
    sum(tracked * tracked + 4 * tracked + tracked).backward()
    #expect(x.gradient!.scalars == [11, -5])
  }

  @Test("A diamond passes its gradient on once, when both sides have arrived")
  func diamond() {
    let x = Parameter(Tensor([1], [2]))
    let square = x.tracked * x.tracked
    let cube = square * x.tracked
    // y = x² · x³ + x² = x⁵ + x², whose derivative at 2 is 84.
    sum(square * cube + square).backward()
    #expect(x.gradient!.scalars == [84])
  }

  @Test("A second loss adds to the gradient until it is set to nil")
  func twoLosses() {
    let x = Parameter(Tensor([1], [2]))
    sum(3 * x.tracked).backward()
    sum(4 * x.tracked).backward()
    #expect(x.gradient!.scalars == [7])
    x.gradient = nil
    sum(x.tracked).backward()
    #expect(x.gradient!.scalars == [1])
  }

  @Test("Parameters don't share the memory of a gradient that both got")
  func sharedGradient() {
    let (x, y) = (Parameter(Tensor([2])), Parameter(Tensor([2])))
    (x.tracked + y.tracked).backward(Tensor([2], [1, 2]))
    (x.tracked + x.tracked).backward(Tensor([2], [10, 10]))
    #expect(x.gradient!.scalars == [21, 22])
    #expect(y.gradient!.scalars == [1, 2])
  }

  @Test("Gradients stop at detached")
  func detached() {
    let x = Parameter(Tensor([1], [3]))
    let y = x.tracked * x.tracked
    #expect(y.isTracked && !y.detached.isTracked)
    sum(y.detached * x.tracked).backward()
    #expect(x.gradient!.scalars == [9])
  }

  @Test("The gradient of a parameter has no history")
  func gradientIsUntracked() {
    let (x, y) = (Parameter(Tensor([1], [3])), Parameter(Tensor([1], [3])))
    (2 * x.tracked).backward(5 * y.tracked)
    #expect(x.gradient!.scalars == [30])
    #expect(!x.gradient!.isTracked)
  }

  @Test("Without a parameter nothing is recorded")
  func inference() {
    let x = Tensor([1, 4, 4, 8], repeating: 1)
    let ones = Tensor([8], repeating: 1)
    let y = maxPool(conv2d(x, Tensor([3, 3, 8, 8]), padding: 1), size: 2)
    let z = batchNorm(y, scale: ones, shift: ones, adding: y, relu: true).output
    let logits = linear(globalAveragePool(relu(z + averagePool(x, size: 2))), Tensor([8, 3]))
    for tensor in [y, z, logits, softmaxCrossEntropy(logits, labels: [0]), mean(logits)] {
      #expect(!tensor.isTracked)
      tensor.backward(Tensor(tensor.shape))
    }
  }

  @Test("Every operation records, if any input is tracked")
  func training() {
    let x = Parameter(Tensor([1, 4, 4, 8], repeating: 1)).tracked
    let ones = Parameter(Tensor([8], repeating: 1))
    let y = x.detached
    let tracked = [
      conv2d(x, Tensor([3, 3, 8, 8])), conv2d(y, Parameter(Tensor([3, 3, 8, 8])).tracked),
      batchNorm(y, scale: ones.tracked, shift: ones.value).output,
      batchNorm(y, scale: ones.value, shift: ones.tracked).output,
      batchNorm(y, scale: ones.value, shift: ones.value, adding: x).output,
      relu(x), x + y, y + x, x - y, y * x, 2 * x, sum(x), mean(x), flatten(x), maxPool(x, size: 2),
      averagePool(x, size: 2), globalAveragePool(x), zeroPaddedShortcut(x, stride: 2, channels: 16),
      linear(flatten(y), Tensor([128, 3]), Parameter(Tensor([3])).tracked),
      softmaxCrossEntropy(flatten(x), labels: [0]), x.reshaped([128]),
    ]
    for (position, tensor) in tracked.enumerated() {
      #expect(tensor.isTracked, "operation \(position)")
    }
  }

  @Test("Inference frees each activation as soon as the next is there")
  func inferenceMemory() {
    let device = Device(threads: 1)
    Device.$current.withValue(device) {
      var x = Tensor([1000], repeating: 1)
      for _ in 0..<100 { x = relu(1.5 * x) }
      #expect(device.allocations <= 4)
    }
  }

  @Test("The history is freed by backward(), though the loss lives on")
  func historyMemory() {
    let device = Device(threads: 1)
    Device.$current.withValue(device) {
      let x = Parameter(Tensor([1000], repeating: 1))
      var losses: [Tensor] = []
      func step() {
        var y = x.tracked
        for _ in 0..<50 { y = relu(y) * y }
        losses.append(sum(y))
        losses.last!.backward()
        x.gradient = nil
      }
      step()
      let once = device.allocations
      #expect(once >= 100, "each of 100 operations keeps its output for the backward pass")
      for _ in 0..<10 { step() }
      // Only the losses themselves, which are kept.
      #expect(device.allocations <= once + 10)
    }
  }

  @Test("A chain of 100,000 operations goes back without overflowing the stack")
  func deepChain() async {
    await #expect(processExitsWith: .success) {
      let x = Parameter(Tensor([1], [1]))
      var y = x.tracked
      for _ in 0..<100_000 { y = -1 * y }
      y.backward(Tensor([1], [3]))
      #expect(x.gradient!.scalars == [3])
    }
  }

  @Test("A chain of 100,000 operations is freed without overflowing the stack")
  func deepChainUnused() async {
    await #expect(processExitsWith: .success) {
      let x = Parameter(Tensor([1], [1]))
      var y = x.tracked
      for _ in 0..<100_000 { y = -1 * y }
      y = x.tracked
    }
  }

  @Test("A gradient of another shape is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      Parameter(Tensor([2])).tracked.backward(Tensor([3]))
    }
  }

  @Test("A history that was used up is a programmer's error, not a gradient that goes missing")
  func usedUp() async {
    await #expect(processExitsWith: .failure) {
      let square = Parameter(Tensor([1], [2])).tracked * Tensor([1], [2])
      sum(square).backward()
      sum(square).backward()
    }
  }
}
