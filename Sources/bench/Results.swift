import MiniTensor

/// What a network case came to.
struct NetworkResult: Encodable {
  let `case`: String
  let threads: Int
  let images_per_second: Double
  let seconds: Timing
  let peak_rss_mb: Int
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
    images_per_second = Double(network.images[0]) / timing.median
    self.seconds = timing
    peak_rss_mb = Machine.peakMemory
    allocations = Device.current.allocations - before
    machine = Machine()
  }
}

/// What an operation case came to.
struct OperationResult: Encodable {
  /// Forward, or one gradient.
  struct Part: Encodable {
    let name: String
    let seconds: Timing
    let gigaflops: Double
    let gigabytes_per_second: Double
    /// Of the roofline, 0 … 1; more with Winograd's convolution.
    let share_of_roofline: Double
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
        gigabytes_per_second: 1e-9 * Double(part.bytes) / timing.median,
        share_of_roofline: roofline.share(
          multiplyAdds: part.multiplyAdds, bytes: part.bytes, seconds: timing.median))
    }
    self.roofline = roofline
    machine = Machine()
  }
}

/// What the machine can do at most.
struct PeakResult: Encodable {
  let `case` = "fma-peak"
  let threads: Int
  let roofline: Roofline
  let machine: Machine

  init(seconds: Double) {
    threads = Device.current.threads
    roofline = Roofline(seconds: seconds)
    machine = Machine()
  }
}
