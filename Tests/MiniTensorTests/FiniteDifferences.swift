import MiniTensor
import Testing

/// Compares the gradients of an operation with central differences,
/// `(f(x + step) − f(x − step)) / 2·step`, where f is the sum of output · cotangent in double
/// precision and the cotangent is random.
///
/// With operations that are linear in each input the difference has no truncation error, and a step
/// of 1/4 keeps the rounding of the outputs (2⁻²⁴ of them, divided by the step) near 1e-6. Others
/// have a truncation error of step²/6 times the third derivative, 1e-3 at most with a step of 1/64.
///
/// - Parameters:
///   - inputs: where to differentiate; of each up to a dozen elements are tried, drawn from `seed`.
///   - tolerance: of the largest element of the gradient.
func expectGradients(
  at inputs: [Tensor], step: Float = 0.25, within tolerance: Double = 1e-4, seed: Int = 0,
  _ what: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation,
  _ operation: ([Tensor]) -> Tensor
) {
  var generator = RandomGenerator(seed)
  let parameters = inputs.map { Parameter($0) }
  let output = operation(parameters.map(\.tracked))
  let cotangent = Tensor.normal(output.shape, using: &generator)
  output.backward(cotangent)
  for (position, input) in inputs.enumerated() {
    guard let gradient = parameters[position].gradient else {
      Issue.record("\(what()): no gradient of input \(position)", sourceLocation: sourceLocation)
      continue
    }
    #expect(gradient.shape == input.shape, "\(what())", sourceLocation: sourceLocation)
    let scale = gradient.doubles.map(abs).max()!
    for element in (0..<input.count).shuffled(using: &generator).prefix(12) {
      var (above, below) = (input.scalars, input.scalars)
      above[element] += step
      below[element] -= step
      func output(_ values: [Float]) -> [Double] {
        var changed = inputs
        changed[position] = Tensor(input.shape, values)
        return operation(changed).doubles
      }
      let difference = zip(zip(output(above), output(below)), cotangent.doubles)
        .reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 }
      let expected = difference / Double(above[element] - below[element])
      let actual = Double(gradient.scalars[element])
      #expect(
        abs(actual - expected) <= tolerance * max(scale, abs(expected)),
        "\(what()): input \(position), element \(element)", sourceLocation: sourceLocation)
    }
  }
}
