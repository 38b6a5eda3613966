import Foundation
import MiniTensor
import Testing

@Suite struct TransformerOperationTests {
  private static func cases(_ operation: String) throws -> [VectorCase] {
    try VectorCase.all(of: operation, in: "transformer")
  }

  @Test("Layer normalisation agrees with PyTorch", arguments: try cases("layerNorm"))
  func layerNormPyTorch(_ vectors: VectorCase) {
    // The parts of a row's gradient cancel: where all channels are alike there is nothing left of them.
    let cotangent = vectors.cotangent.values.map { Double(abs($0)) }.max()!
    vectors.expectAgreement(of: ["input": cotangent, "scale": cotangent]) {
      layerNorm($0["input"]!, scale: $0["scale"]!, shift: $0["shift"]!)
    }
  }

  @Test("Products of matrices agree with PyTorch", arguments: try cases("matmul"))
  func matmulPyTorch(_ vectors: VectorCase) {
    vectors.expectAgreement { matmul($0["left"]!, $0["right"]!) }
  }

  @Test("Softmax agrees with PyTorch", arguments: try cases("softmax"))
  func softmaxPyTorch(_ vectors: VectorCase) {
    let cotangent = vectors.cotangent.values.map { Double(abs($0)) }.max()!
    vectors.expectAgreement(of: ["input": cotangent]) { softmax($0["input"]!) }
  }

  @Test("GELU agrees with PyTorch", arguments: try cases("gelu"))
  func geluPyTorch(_ vectors: VectorCase) {
    vectors.expectAgreement { gelu($0["input"]!) }
  }

  @Test("Attention, made of these, agrees with PyTorch", arguments: try cases("attention"))
  func attentionPyTorch(_ vectors: VectorCase) {
    let cotangent = vectors.cotangent.values.map { Double(abs($0)) }.max()!
    vectors.expectAgreement(of: ["queries": cotangent, "keys": cotangent]) { inputs in
      let (shape, heads) = (inputs["keys"]!.shape, vectors.parameters.heads!)
      let size = shape[2] / heads
      func split(_ name: String) -> Tensor {
        transposed(inputs[name]!.reshaped([shape[0], shape[1], heads, size]), 1, 2)
      }
      let scores = matmul(split("queries"), transposed(split("keys"), 2, 3))
      let shares = softmax((1 / Float(size).squareRoot()) * scores)
      return transposed(matmul(shares, split("values")), 1, 2).reshaped(shape)
    }
  }

  @Test("Products of matrices are exactly their plain loops on whole numbers", arguments: 0..<60)
  func plainMatmul(_ seed: Int) {
    var generator = RandomGenerator(seed)
    func draw(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
    let (batch, rows, inner, columns) = (draw(1...40), draw(1...20), draw(1...30), draw(1...40))
    let left = Parameter(.wholeNumbers([batch, rows, inner], using: &generator))
    let right = Parameter(.wholeNumbers([batch, inner, columns], using: &generator))
    let cotangent = Tensor.wholeNumbers([batch, rows, columns], using: &generator)
    let (a, b, g) = (left.value.doubles, right.value.doubles, cotangent.doubles)
    var expected = [Double](repeating: 0, count: g.count)
    var (ofLeft, ofRight) = (a.map { _ in 0.0 }, b.map { _ in 0.0 })
    for matrix in 0..<batch {
      for row in 0..<rows {
        for column in 0..<columns {
          let output = (matrix * rows + row) * columns + column
          for index in 0..<inner {
            let (x, y) = (
              (matrix * rows + row) * inner + index, (matrix * inner + index) * columns + column
            )
            expected[output] += a[x] * b[y]
            ofLeft[x] += g[output] * b[y]
            ofRight[y] += a[x] * g[output]
          }
        }
      }
    }
    let output = matmul(left.tracked, right.tracked)
    output.backward(cotangent)
    let what = "seed \(seed): \(batch)x\(rows)x\(inner) to \(columns)"
    expectEqual(output, shape: [batch, rows, columns], expected, what)
    expectEqual(left.gradient!, shape: left.shape, ofLeft, "gradient of the left, " + what)
    expectEqual(right.gradient!, shape: right.shape, ofRight, "gradient of the right, " + what)
  }

  @Test(
    "Axes change places, and back with the gradient",
    arguments: [([2, 3], 0, 1), ([2, 3, 4], 2, 0), ([5, 7, 3, 2], 1, 2), ([3, 2, 4, 5], 3, 1)])
  func axes(_ shape: [Int], _ first: Int, _ second: Int) {
    let input = Parameter(Tensor(shape, (0..<shape.reduce(1, *)).map(Float.init)))
    let output = transposed(input.tracked, first, second)
    var swapped = shape
    swapped.swapAt(first, second)
    #expect(output.shape == swapped)
    // The index of an element is its number in mixed radix: swap two digits, and number them again.
    for (number, scalar) in output.scalars.enumerated() {
      var (rest, digits) = (number, [Int]())
      for extent in swapped.reversed() {
        digits.insert(rest % extent, at: 0)
        rest /= extent
      }
      digits.swapAt(first, second)
      #expect(Int(scalar) == zip(digits, shape).reduce(0) { $0 * $1.1 + $1.0 })
    }
    output.backward(output.detached)
    #expect(input.gradient!.scalars == input.value.scalars)
  }

  @Test("The same tensor is added to each one of a batch")
  func addToEach() {
    let row = Parameter(Tensor([2, 2], [1, 2, 3, 4]))
    let batch = Parameter(Tensor([3, 2, 2], (0..<12).map(Float.init)))
    let output = add(row.tracked, toEachOf: batch.tracked)
    #expect(output.scalars == [1, 3, 5, 7, 5, 7, 9, 11, 9, 11, 13, 15])
    output.backward(Tensor([3, 2, 2], (0..<12).map(Float.init)))
    #expect(row.gradient!.scalars == [12, 15, 18, 21])
    #expect(batch.gradient!.scalars == (0..<12).map(Float.init))
  }

  @Test("The gradients are those of finite differences", arguments: [1, 5, 16, 19])
  func finiteDifferences(_ columns: Int) {
    var generator = RandomGenerator(columns)
    let x = Tensor.normal([2, 3, columns], using: &generator)
    let y = Tensor.normal([2, columns, 3], using: &generator)
    let (scale, shift) = (
      Tensor.normal([columns], using: &generator), Tensor.normal([columns], using: &generator)
    )
    expectGradients(at: [x, y], "matmul") { matmul($0[0], $0[1]) }
    expectGradients(at: [x], "transposed") { transposed($0[0], 1, 2) }
    // The step's truncation error is a sixth of its square times the third derivative; the rounding of
    // the outputs, 2⁻²⁴, is divided by the step.
    expectGradients(at: [x], step: 0x1p-6, within: 1e-3, "gelu") { gelu($0[0]) }
    expectGradients(at: [3 * x], step: 0x1p-6, within: 1e-3, "softmax") { softmax($0[0]) }
    guard columns > 1 else { return }
    expectGradients(at: [x, scale, shift], step: 0x1p-7, within: 2e-3, "layerNorm") {
      layerNorm($0[0], scale: $0[1], shift: $0[2])
    }
  }

  @Test("A row of equal numbers becomes the shift, and its gradient is finite")
  func equalRow() {
    let x = Parameter(Tensor([1, 4], repeating: 7))
    let output = layerNorm(
      x.tracked, scale: Tensor([4], repeating: 2), shift: Tensor([4], [1, 2, 3, 4]))
    #expect(output.scalars == [1, 2, 3, 4])
    output.backward(Tensor([1, 4], [1, 0, 0, 0]))
    #expect(x.gradient!.scalars.allSatisfy { $0.isFinite })
  }

  @Test("Huge numbers neither overflow in softmax nor in GELU")
  func extremes() {
    #expect(softmax(Tensor([1, 3], [3e38, 0, -3e38])).scalars == [1, 0, 0])
    let x = Parameter(Tensor([3], [-1e4, 0, 1e4]))
    let output = gelu(x.tracked)
    #expect(output.scalars == [0, 0, 1e4])
    output.backward(Tensor([3], [1, 1, 1]))
    #expect(x.gradient!.scalars == [0, 0.5, 1])
  }

  @Test("Wrong shapes are a programmer's error")
  func preconditions() async {
    await #expect(processExitsWith: .failure) { _ = matmul(Tensor([2, 3, 4]), Tensor([2, 3, 4])) }
    await #expect(processExitsWith: .failure) { _ = matmul(Tensor([2, 3, 4]), Tensor([1, 4, 4])) }
    await #expect(processExitsWith: .failure) { _ = transposed(Tensor([2, 3]), 1, 2) }
    await #expect(processExitsWith: .failure) {
      _ = layerNorm(Tensor([2, 3]), scale: Tensor([2]), shift: Tensor([3]))
    }
    await #expect(processExitsWith: .failure) {
      _ = add(Tensor([3]), toEachOf: Tensor([3, 2]))
    }
  }
}
