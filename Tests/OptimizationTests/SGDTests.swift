import MiniTensor
import Optimization
import Testing

@Suite struct SGDTests {
  /// PyTorch computed in double precision: ten steps with three roundings of 2⁻²⁴ each.
  @Test("Each step on a parabola is PyTorch's", arguments: try ParabolaVectors.all(of: "sgd"))
  func parabola(_ run: ParabolaVectors.Run) {
    let shape = [run.start.count]
    let x = Parameter(Tensor(shape, run.start))
    let (target, curvature) = (Tensor(shape, run.target), Tensor(shape, run.curvature))
    let optimizer = SGD([x], momentum: run.momentum, weightDecay: run.weightDecay)
    for (rate, expected) in zip(run.learningRates, run.steps) {
      let distance = x.tracked - target
      sum(0.5 * (curvature * (distance * distance))).backward()
      optimizer.step(learningRate: rate)
      let largest = expected.map(abs).max()!
      for (value, expected) in zip(x.value.scalars, expected) {
        #expect(abs(Double(value) - expected) < 30 * 0x1p-24 * largest)
      }
    }
  }

  @Test("A step forgets the gradients, and leaves parameters without one as they are")
  func forgets() {
    let (x, y) = (Parameter(Tensor([2], [1, 2])), Parameter(Tensor([2], [3, 4])))
    let optimizer = SGD([x, y], momentum: 0.9, weightDecay: 0.1)
    sum(x.tracked).backward()
    optimizer.step(learningRate: 0.5)
    #expect(x.gradient == nil)
    #expect(x.value[0] < 1 && y.value.scalars == [3, 4])
    let after = x.value.scalars
    optimizer.step(learningRate: 0.5)
    #expect(x.value.scalars == after)
  }

  @Test("Without a decay of vectors, matrices alone are decayed")
  func vectors() {
    func moved(decay: Float, decaysVectors: Bool) -> [[Float]] {
      let x = [Parameter(Tensor([2, 1], [1, -2])), Parameter(Tensor([2], [3, -4]))]
      let optimizer = SGD(
        x, momentum: 0.9, weightDecay: decay, decaysVectors: decaysVectors)
      for _ in 0..<3 {
        (sum(x[0].tracked) + sum(x[1].tracked)).backward()
        optimizer.step(learningRate: 0.5)
      }
      return x.map { $0.value.scalars }
    }
    let all = moved(decay: 0.1, decaysVectors: true)
    let none = moved(decay: 0, decaysVectors: true)
    let matrices = moved(decay: 0.1, decaysVectors: false)
    #expect(all[1] != none[1])
    #expect(matrices == [all[0], none[1]])
  }

  @Test("Every parameter has a velocity of its own")
  func velocities() {
    let (x, y) = (Parameter(Tensor([1])), Parameter(Tensor([1])))
    let optimizer = SGD([x, y], momentum: 0.5, weightDecay: 0)
    for _ in 0..<2 {
      sum(x.tracked - 4 * y.tracked).backward()
      optimizer.step(learningRate: 1)
    }
    // −g − (g + g/2)
    #expect(x.value.scalars == [-2.5] && y.value.scalars == [10])
  }

  @Test("Long parameters are stepped to their last element", arguments: [1, 17, 16_385])
  func lengths(_ count: Int) {
    let x = Parameter(Tensor([count], (0..<count).map(Float.init)))
    let optimizer = SGD([x], momentum: 0.9, weightDecay: 0)
    sum(2 * x.tracked).backward()
    optimizer.step(learningRate: 0.5)
    #expect(x.value.scalars == (0..<count).map { Float($0) - 1 })
  }
}
