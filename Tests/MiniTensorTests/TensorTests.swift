import MiniTensor
import Testing

@Suite struct TensorTests {
  @Test("A copy shares nothing that can be seen: changing one leaves the other")
  func valueSemantics() {
    let original = Tensor([2, 2], [1, 2, 3, 4])
    var copy = original
    copy[1, 0] = 30
    #expect(original.scalars == [1, 2, 3, 4])
    #expect(copy.scalars == [1, 2, 30, 4])
    var other = copy
    other.add(copy)
    #expect(copy.scalars == [1, 2, 30, 4])
    #expect(other.scalars == [2, 4, 60, 8])
  }

  @Test("A reshaped, detached or stepped tensor is copied before it is changed")
  func sharedMemory() {
    let original = Tensor([2, 2], [1, 2, 3, 4])
    var reshaped = original.reshaped([4])
    reshaped[0] = 10
    var detached = original.detached
    detached[0, 0] = 20
    var stepped = original
    var velocity = Tensor([2, 2])
    let rest = velocity
    stepped.descend(
      velocity: &velocity, gradient: original, rate: 1, momentum: 0, weightDecay: 0)
    #expect(original.scalars == [1, 2, 3, 4])
    #expect(reshaped.scalars == [10, 2, 3, 4] && detached.scalars == [20, 2, 3, 4])
    #expect(stepped.scalars == [0, 0, 0, 0] && velocity.scalars == [1, 2, 3, 4])
    #expect(rest.scalars == [0, 0, 0, 0])
  }

  @Test("What an operation keeps for the backward pass doesn't change with its input")
  func recordedValue() {
    let x = Parameter(Tensor([2], [3, 4]))
    var factor = Tensor([2], [10, 20])
    let y = sum(x.tracked * factor)
    factor[0] = 0
    x.value = Tensor([2], [7, 7])
    y.backward()
    #expect(x.gradient!.scalars == [10, 20])
  }

  @Test("Elements are in row-major order: the last index runs fastest")
  func order() {
    let tensor = Tensor([2, 3, 4], (0..<24).map(Float.init))
    #expect(tensor[0, 0, 1] == 1)
    #expect(tensor[0, 1, 0] == 4)
    #expect(tensor[1, 0, 0] == 12)
    #expect(tensor[1, 2, 3] == 23)
    #expect(tensor.count == 24)
  }

  @Test("A scalar has one element and no axis; a tensor without elements has none")
  func extremes() {
    #expect(Tensor([], [5]).scalar == 5)
    #expect(Tensor([], [5])[] == 5)
    #expect(Tensor([1, 1], [7]).scalar == 7)
    #expect(Tensor([0, 3], []).scalars == [])
    #expect(relu(Tensor([0])).shape == [0])
    #expect(Tensor([3], repeating: 2).scalars == [2, 2, 2])
    #expect(Tensor([3]).scalars == [0, 0, 0])
  }

  @Test("Gradients flow through reshaped and get the old shape back")
  func reshapedGradient() {
    let x = Parameter(Tensor([2, 3]))
    x.tracked.reshaped([6]).backward(Tensor([6], [1, 2, 3, 4, 5, 6]))
    #expect(x.gradient!.shape == [2, 3])
    #expect(x.gradient!.scalars == [1, 2, 3, 4, 5, 6])
  }

  @Test("rows picks along the first axis, in any order, and more than once")
  func rows() {
    let tensor = Tensor([3, 1, 2], [1, 2, 3, 4, 5, 6])
    let rows = tensor.rows([2, 0, 2])
    #expect(rows.shape == [3, 1, 2])
    #expect(rows.scalars == [5, 6, 1, 2, 5, 6])
    #expect(tensor.rows([]).shape == [0, 1, 2])
    #expect(tensor.rows(1..<3).scalars == [3, 4, 5, 6])
    #expect(!Parameter(tensor).tracked.rows([0]).isTracked)
    #expect(Tensor(rowsOf: [tensor.rows(1..<3), tensor.rows([]), tensor]).shape == [5, 1, 2])
    #expect(
      Tensor(rowsOf: [tensor.rows(1..<3), tensor]).scalars == [3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
  }

  @Test("Wrong counts and positions are a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([2, 3], [1, 2, 3]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([2, 3])[0, 3] }
    await #expect(processExitsWith: .failure) { _ = Tensor([2, 3]).rows([2]) }
    await #expect(processExitsWith: .failure) {
      _ = Tensor(rowsOf: [Tensor([2, 3]), Tensor([2, 4])])
    }
  }
}
