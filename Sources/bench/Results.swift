import Commands
import MiniTensor

/// What a network case came to.
struct NetworkResult {
  let `case`: String
  let threads: Int
  let imagesPerSecond: Double
  let seconds: Timing
  /// MiB.
  let peakMemory: Int
  /// Buffers asked of the system in the timed steps: 0 if every step reuses those of the last.
  let allocations: Int
  let machine: Machine

  init(_ network: NetworkCase, seconds: Double) {
    let step = network.prepare()
    for _ in 0..<2 { step() }
    let before = Device.current.allocations
    let timing = Timing(seconds: seconds, body: step)
    `case` = network.name
    threads = Device.current.threads
    imagesPerSecond = Double(network.images[0]) / timing.median
    self.seconds = timing
    peakMemory = Machine.peakMemory
    allocations = Device.current.allocations - before
    machine = Machine()
  }

  var json: JSON {
    [
      "case": .text(`case`), "threads": JSON(threads),
      "images_per_second": .number(imagesPerSecond), "seconds": seconds.json,
      "peak_rss_mb": JSON(peakMemory), "allocations": JSON(allocations), "machine": machine.json,
    ]
  }
}

/// What an operation case came to.
struct OperationResult {
  /// Forward, or one gradient.
  struct Part {
    let name: String
    let seconds: Timing
    let gigaflops: Double
    let gigabytesPerSecond: Double
    /// Of the roofline, 0 … 1; more with Winograd's convolution.
    let shareOfRoofline: Double
  }

  let `case`: String
  let threads: Int
  let parts: [Part]
  let roofline: Roofline
  let machine: Machine

  init(_ operation: OperationCase, seconds: Double, roofline: Roofline) {
    `case` = operation.name
    threads = Device.current.threads
    let cases = operation.parts()
    parts = cases.map { part in
      let timing = Timing(
        seconds: seconds / Double(cases.count), prepare: part.prepare, body: { $0() })
      return Part(
        name: part.name, seconds: timing,
        gigaflops: 2e-9 * Double(part.multiplyAdds) / timing.median,
        gigabytesPerSecond: 1e-9 * Double(part.bytes) / timing.median,
        shareOfRoofline: roofline.share(
          multiplyAdds: part.multiplyAdds, bytes: part.bytes, seconds: timing.median))
    }
    self.roofline = roofline
    machine = Machine()
  }

  var json: JSON {
    [
      "case": .text(`case`), "threads": JSON(threads),
      "parts": .array(
        parts.map { part in
          [
            "name": .text(part.name), "seconds": part.seconds.json,
            "gigaflops": .number(part.gigaflops),
            "gigabytes_per_second": .number(part.gigabytesPerSecond),
            "share_of_roofline": .number(part.shareOfRoofline),
          ]
        }),
      "roofline": roofline.json, "machine": machine.json,
    ]
  }
}

/// What the machine can do at most.
struct PeakResult {
  let `case` = "fma-peak"
  let threads: Int
  let roofline: Roofline
  let machine: Machine

  init(seconds: Double) {
    threads = Device.current.threads
    roofline = Roofline(seconds: seconds)
    machine = Machine()
  }

  var json: JSON {
    [
      "case": .text(`case`), "threads": JSON(threads), "roofline": roofline.json,
      "machine": machine.json,
    ]
  }
}
