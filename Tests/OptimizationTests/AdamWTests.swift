import MiniTensor
import Optimization
import Testing

@Suite struct AdamWTests {
  /// PyTorch computed in double precision: ten steps with about six roundings of 2⁻²⁴ each.
  @Test("Each step on a parabola is PyTorch's", arguments: try ParabolaVectors.all(of: "adamw"))
  func parabola(_ run: ParabolaVectors.Run) {
    let shape = [1, run.start.count]
    let x = Parameter(Tensor(shape, run.start))
    let (target, curvature) = (Tensor(shape, run.target), Tensor(shape, run.curvature))
    let optimizer = AdamW([x], weightDecay: run.weightDecay)
    for (rate, expected) in zip(run.learningRates, run.steps) {
      let distance = x.tracked - target
      sum(0.5 * (curvature * (distance * distance))).backward()
      optimizer.step(learningRate: rate)
      let largest = expected.map(abs).max()!
      for (value, expected) in zip(x.value.scalars, expected) {
        #expect(abs(Double(value) - expected) < 60 * 0x1p-24 * largest)
      }
    }
  }

  @Test("The first step moves every number by the rate, whatever its gradient")
  func firstStep() {
    let x = Parameter(Tensor([4], [1, 2, 3, 4]))
    sum(Tensor([4], [1e-3, -5, 1e4, 0]) * x.tracked).backward()
    AdamW([x], weightDecay: 0.1).step(learningRate: 0.5)
    // A divisor of 1e-3 + 1e-8 is off by a hundred-thousandth.
    #expect(zip(x.value.scalars, [0.5, 2.5, 2.5, 4]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test("Weight decay shrinks matrices and leaves biases as they are")
  func decay() {
    let (weight, bias) = (Parameter(Tensor([1, 1], [2])), Parameter(Tensor([1], [2])))
    sum(0 * weight.tracked).backward()
    sum(0 * bias.tracked).backward()
    AdamW([weight, bias], weightDecay: 0.1).step(learningRate: 0.5)
    #expect(abs(weight.value.scalar - 1.9) < 1e-6)
    #expect(bias.value.scalar == 2)
  }

  @Test("An optimiser with the state and steps of another goes on like it")
  func state() {
    func step(_ x: Parameter, _ optimizer: AdamW) {
      sum(x.tracked * x.tracked).backward()
      optimizer.step(learningRate: 0.1)
    }
    let x = Parameter(Tensor([2, 2], [1, -2, 3, 4]))
    let optimizer = AdamW([x], weightDecay: 0.1)
    for _ in 0..<3 { step(x, optimizer) }
    let y = Parameter(x.value)
    let other = AdamW([y], weightDecay: 0.1)
    (other.state, other.steps) = (optimizer.state, optimizer.steps)
    for _ in 0..<3 {
      step(x, optimizer)
      step(y, other)
    }
    #expect(x.value.scalars == y.value.scalars)
  }

  @Test("Long parameters are stepped to their last element", arguments: [1, 17, 4_097])
  func lengths(_ count: Int) {
    let x = Parameter(Tensor([count], (0..<count).map(Float.init)))
    sum(2 * x.tracked).backward()
    AdamW([x], weightDecay: 0).step(learningRate: 0.5)
    #expect(zip(x.value.scalars, 0..<count).allSatisfy { abs($0 - (Float($1) - 0.5)) < 1e-3 })
  }
}
