import Testing

@testable import MiniTensor

@Suite struct TapAxisTests {
  /// A tap and the source position that it meets.
  private struct Meeting: Hashable {
    let tap: Int
    let source: Int
  }

  @Test(
    "An axis meets exactly the data that its definition says, forward and backward",
    arguments: 1...7,
    1...3)
  func meetings(_ kernel: Int, _ stride: Int) {
    for padding in 0...4 {
      for input in max(1, kernel - 2 * padding)...9 {
        let output = (input + 2 * padding - kernel) / stride + 1
        var forward = Array(repeating: Set<Meeting>(), count: output)
        var backward = Array(repeating: Set<Meeting>(), count: input)
        for position in 0..<output {
          for tap in 0..<kernel {
            let source = position * stride - padding + tap
            guard (0..<input).contains(source) else { continue }
            forward[position].insert(Meeting(tap: tap, source: source))
            backward[source].insert(Meeting(tap: tap, source: position))
          }
        }
        let what = "kernel \(kernel), stride \(stride), padding \(padding), input \(input)"
        let axis = TapAxis(
          input: input, output: output, kernel: kernel, stride: stride, padding: padding)
        #expect(meetings(of: axis) == forward, "forward, \(what)")
        let gradient = TapAxis(
          gradientOfInput: input, output: output, kernel: kernel, stride: stride, padding: padding)
        #expect(meetings(of: gradient) == backward, "backward, \(what)")
        #expect(gradient.phases.joined().sorted() == Array(0..<kernel), "taps, \(what)")
      }
    }
  }

  private func meetings(of axis: TapAxis) -> [Set<Meeting>] {
    zip(axis.classOf, axis.source).map { index, source in
      let value = axis.classes[index]
      return Set(
        (0..<value.taps).map {
          Meeting(tap: axis.phases[value.phase][value.firstTap + $0], source: source + $0)
        })
    }
  }
}
