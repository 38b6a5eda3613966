import Charts
import Foundation

extension Scalar {
  /// The number and all that it was computed from, each with its value and its gradient; beside each arrow
  /// what goes back along it.
  func graph(_ title: String) -> Diagram {
    let all = everything
    func text(_ value: Double) -> String {
      String(format: "%g", value).replacing("-", with: "−")
    }
    return Diagram(
      title,
      all.map { .box($0.text, "\($0.text) = \(text($0.value))", "gradient \(text($0.gradient))") },
      all.flatMap { result in
        result.inputs.map { input, slope in
          Diagram.Arrow(input.text, result.text, "\(text(result.gradient * slope)) back")
        }
      })
  }

  /// What this number was computed from, each once, and the number itself.
  private var everything: [Scalar] {
    var found: [Scalar] = []
    for scalar in inputs.flatMap(\.scalar.everything) + [self] {
      if !found.contains(where: { $0 === scalar }) { found.append(scalar) }
    }
    return found
  }
}
