import MiniTensor
import Testing

@Suite struct ParameterTests {
  @Test("update changes the value where it is, and leaves copies alone")
  func update() {
    let parameter = Parameter(Tensor([2], [1, 2]))
    let before = parameter.value
    let device = Device(threads: 1)
    Device.$current.withValue(device) {
      parameter.update { $0[0] = 10 }
      #expect(device.allocations == 1, "before still holds the old value")
      for step in 0..<10 { parameter.update { $0[1] = Float(step) } }
      #expect(device.allocations == 1, "nobody else holds the value")
    }
    #expect(before.scalars == [1, 2])
    #expect(parameter.value.scalars == [10, 9])
  }

  @Test("A parameter takes its shape from its definition and its value from a generator")
  func initialize() {
    let parameter = Parameter([3, 3, 2, 4], .heNormal(fan: 36))
    #expect(parameter.count == 72)
    var generator = RandomGenerator(1)
    parameter.initialize(using: &generator)
    var again = RandomGenerator(1)
    #expect(
      parameter.value.bits
        == Initialization.heNormal(fan: 36).tensor([3, 3, 2, 4], using: &again).bits)
  }

  @Test("A value of a tracked tensor is stored without its history")
  func detaches() {
    let x = Parameter(Tensor([1], [2]))
    let y = Parameter(Tensor([1]))
    y.value = 3 * x.tracked
    #expect(!y.value.isTracked)
    y.tracked.backward(Tensor([1], [1]))
    #expect(x.gradient == nil && y.gradient!.scalars == [1])
  }

  @Test("Reading before there is a value is a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Parameter([2], .constant(1)).value }
  }
}
