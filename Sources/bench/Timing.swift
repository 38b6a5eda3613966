import Commands
import Foundation

/// How long something takes: the median over many runs and how far they are spread.
struct Timing {
  /// Half of the runs took less.
  let median: Double
  /// A quarter of the runs took less.
  let lowerQuartile: Double
  /// A quarter of the runs took longer.
  let upperQuartile: Double
  /// What the fastest run took: what the machine can do undisturbed.
  let fastest: Double
  /// How many runs were timed.
  let runs: Int

  /// Runs `body` twice to warm up, then again and again, at least three times.
  ///
  /// - Parameters:
  ///   - seconds: for how long in all, preparation included.
  ///   - prepare: makes what one run needs, off the clock.
  ///   - body: what is timed.
  init<Input>(seconds: Double, prepare: () -> Input, body: (Input) -> Void) {
    for _ in 0..<2 { body(prepare()) }
    var times: [Double] = []
    let end = Self.now + seconds
    while times.count < 3 || Self.now < end {
      let input = prepare()
      let start = Self.now
      body(input)
      times.append(Self.now - start)
    }
    times.sort()
    median = times[times.count / 2]
    lowerQuartile = times[times.count / 4]
    upperQuartile = times[times.count * 3 / 4]
    fastest = times[0]
    runs = times.count
  }

  /// The same for something that needs no preparation.
  init(seconds: Double, body: () -> Void) {
    self.init(seconds: seconds, prepare: {}, body: body)
  }

  /// In seconds.
  var json: JSON {
    [
      "median": .number(median), "lowerQuartile": .number(lowerQuartile),
      "upperQuartile": .number(upperQuartile), "fastest": .number(fastest), "runs": JSON(runs),
    ]
  }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}
