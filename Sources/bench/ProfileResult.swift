import Commands
import MiniTensor

/// The steps of a network case, broken down by operation.
struct ProfileResult {
  /// What one kind of operation takes in one step.
  struct Line {
    let operation: String
    let calls: Double
    let seconds: Double
    /// That have to be read and written, each tensor counted once.
    let bytes: Double
    /// Of the whole step, 0 … 1.
    let share: Double
    let gigaflops: Double
    let gigabytesPerSecond: Double
    /// Of the roofline, 0 … 1; more where the data stayed in a cache, or with Winograd's convolution.
    let shareOfRoofline: Double
  }

  let `case`: String
  let threads: Int
  let seconds: Double
  let operations: [Line]
  let roofline: Roofline
  let machine: Machine

  init(_ network: NetworkCase, seconds: Double, roofline: Roofline) {
    let step = network.prepare()
    for _ in 0..<2 { step() }
    let profile = Profile()
    let start = ContinuousClock.now
    let timing = Profile.$current.withValue(profile) { Timing(seconds: seconds, body: step) }
    // The two steps that `Timing` warms up with are in the profile too, so this is a mean over all of them, as the
    // operations' times are: a median would be shorter than its parts.
    let steps = Double(timing.runs + 2)
    let mean = (ContinuousClock.now - start) / .seconds(1) / steps
    let entries = profile.entries.sorted { $0.value.seconds > $1.value.seconds }
    `case` = network.name
    threads = Device.current.threads
    self.seconds = mean
    operations = entries.map { name, entry in
      Line(
        operation: name, calls: Double(entry.calls) / steps, seconds: entry.seconds / steps,
        bytes: Double(entry.bytes) / steps,
        share: entry.seconds / steps / mean,
        gigaflops: 2e-9 * Double(entry.multiplyAdds) / entry.seconds,
        gigabytesPerSecond: 1e-9 * Double(entry.bytes) / entry.seconds,
        shareOfRoofline: roofline.share(
          multiplyAdds: entry.multiplyAdds, bytes: entry.bytes, seconds: entry.seconds))
    }
    self.roofline = roofline
    machine = Machine()
  }

  /// What a step takes outside of all operations: their bookkeeping, and the graph's.
  private var between: Double { seconds - operations.reduce(0) { $0 + $1.seconds } }

  private var calls: Double { operations.reduce(0) { $0 + $1.calls } }
  private var bytes: Double { operations.reduce(0) { $0 + $1.bytes } }

  var json: JSON {
    [
      "case": .text(`case`), "threads": JSON(threads), "seconds": .number(seconds),
      "seconds_between_operations": .number(between), "bytes": .number(bytes),
      "operations": .array(
        operations.map { line in
          [
            "operation": .text(line.operation), "calls": .number(line.calls),
            "seconds": .number(line.seconds), "share": .number(line.share),
            "bytes": .number(line.bytes),
            "gigaflops": .number(line.gigaflops),
            "gigabytes_per_second": .number(line.gigabytesPerSecond),
            "share_of_roofline": .number(line.shareOfRoofline),
          ]
        }),
      "roofline": roofline.json, "machine": machine.json,
    ]
  }

  var text: String {
    let table = measurements(
      ["operation", "calls", "ms", "share", "GFLOP/s", "GB/s", "of roofline"],
      operations.map { line in
        [
          line.operation, fixed(line.calls, 0), fixed(1e3 * line.seconds, 3), percent(line.share),
          fixed(line.gigaflops, 1), fixed(line.gigabytesPerSecond, 1),
          percent(line.shareOfRoofline),
        ]
      } + [
        ["between them", "", fixed(1e3 * between, 3), percent(between / seconds), "", "", ""]
      ])
    return """
      \(`case`), \(threads) threads: a step takes \(fixed(1e3 * seconds, 2)) ms on average
      \(table)
      \(fixed(calls, 0)) operations, \(fixed(1e6 * between / calls, 1)) µs between two of them; they read and write \(fixed(1e-6 * bytes, 1)) MB.
      \(countingNote)
      """
  }
}
