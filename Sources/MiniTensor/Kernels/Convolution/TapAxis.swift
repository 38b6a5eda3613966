/// One axis of a convolution: which taps of the filter meet data at each position of the result, and
/// which data.
///
/// Positions near the border meet fewer taps: what would be padding is left out, where multiplying
/// by zeros would cost as much as by data, more than half of the work on a 2x2 image.
///
///     result 0:   · a b        taps 1, 2 from source 0      class 0
///     result 1:   a b c        taps 0, 1, 2 from source 0   class 1
///     result 2:     b c d      taps 0, 1, 2 from source 1   class 1
///     result 3:       c d ·    taps 0, 1 from source 2      class 2
///
/// The input gradient is a convolution too: each input position collects from the outputs that saw
/// it, with the taps in descending order. With a stride of 2 an even position meets other taps than
/// an odd one: each such phase has a filter of its own, made of every second tap.
struct TapAxis {
  /// What positions of the result have in common.
  struct Class: Hashable {
    /// Which of `phases` the taps belong to.
    let phase: Int
    /// The first tap that meets data, counted within the phase.
    let firstTap: Int
    /// How many taps meet data; they are neighbours within the phase and so are the data.
    let taps: Int
  }

  /// The taps of each phase, in the order in which they are applied.
  let phases: [[Int]]
  /// The classes that occur.
  private(set) var classes: [Class] = []
  /// The class of each position.
  private(set) var classOf: [Int] = []
  /// The source position that the first tap of each position meets.
  private(set) var source: [Int] = []

  /// The axis of a forward pass.
  init(input: Int, output: Int, kernel: Int, stride: Int, padding: Int) {
    phases = [Array(0..<kernel)]
    for position in 0..<output {
      let first = position * stride - padding
      let taps = max(0, -first)..<max(0, -first, min(kernel, input - first))
      append(
        Class(phase: 0, firstTap: taps.lowerBound, taps: taps.count),
        source: first + taps.lowerBound)
    }
  }

  /// The axis of the input gradient of that pass: the source is the output's gradient.
  init(gradientOfInput input: Int, output: Int, kernel: Int, stride: Int, padding: Int) {
    phases = (0..<min(stride, kernel)).map { phase in
      Swift.stride(from: phase, to: kernel, by: stride).reversed()
    }
    for position in 0..<input {
      let phase = (position + padding) % stride
      // The output at `newest` saw the position through the phase's first tap, the smallest one.
      let newest = (position + padding) / stride
      let count = phase < phases.count ? phases[phase].count : 0
      let outputs = max(0, newest - count + 1)..<max(0, newest - count + 1, min(output, newest + 1))
      append(
        Class(
          phase: count == 0 ? 0 : phase, firstTap: outputs.lowerBound - (newest - count + 1),
          taps: outputs.count),
        source: outputs.lowerBound)
    }
  }

  private mutating func append(_ value: Class, source: Int) {
    if let known = classes.firstIndex(of: value) {
      classOf.append(known)
    } else {
      classOf.append(classes.count)
      classes.append(value)
    }
    // Where nothing is met nothing is read.
    self.source.append(value.taps == 0 ? 0 : source)
  }
}
