import MiniTensor
import Testing

@Suite struct MomentumStepTests {
  @Test("A step of many tensors is the step of each, bit by bit")
  func together() {
    var generator = RandomGenerator(1)
    // One that is cut into pieces among them.
    let shapes = [[3], [1], [5, 7], [20_000], [16], []]
    var values = shapes.map { Tensor.normal($0, using: &generator) }
    var velocities = shapes.map { Tensor.normal($0, using: &generator) }
    let gradients = shapes.map { Tensor.normal($0, using: &generator) }
    var (alone, slow) = (values, velocities)
    for index in shapes.indices {
      alone[index].descend(
        velocity: &slow[index], gradient: gradients[index], rate: 0.1, momentum: 0.9,
        weightDecay: 0.01)
    }
    var step = MomentumStep(rate: 0.1, momentum: 0.9, weightDecay: 0.01)
    for index in shapes.indices {
      step.add(&values[index], velocity: &velocities[index], gradient: gradients[index])
    }
    step.run()
    #expect(values.map(\.bits) == alone.map(\.bits))
    #expect(velocities.map(\.bits) == slow.map(\.bits))
    #expect(values.map(\.shape) == shapes)
  }

  @Test("A step leaves copies of a tensor as they were")
  func copies() {
    var value = Tensor([2], [1, 2])
    var velocity = Tensor([2], [0, 0])
    let copy = value
    var step = MomentumStep(rate: 1, momentum: 0, weightDecay: 0)
    step.add(&value, velocity: &velocity, gradient: Tensor([2], [1, 1]))
    step.run()
    #expect(copy.scalars == [1, 2])
    #expect(value.scalars == [0, 1])
  }
}
