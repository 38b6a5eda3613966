import Charts
import Foundation
import Networks

/// The model's time of an all-reduce: by the size of the message, and by the number of machines.
func allReduceFigure(_ link: Link, gradientBytes: Int) -> SideBySide {
  func lines(_ points: [Double], _ time: (Double) -> (tree: Double, ring: Double)) -> [Series] {
    let times = points.map { (at: $0, time: time($0)) }
    return [
      Series("tree", times.map { Point($0.at, 1000 * $0.time.tree) }, color: .hue(.orange)),
      Series("ring", times.map { Point($0.at, 1000 * $0.time.ring) }, color: .hue(.blue)),
    ]
  }
  let sizes = stride(from: 2, through: 8, by: 0.25).map { Foundation.pow(10, $0) }
  let counts = (1...8).map { Double(1 << $0) }
  return SideBySide(
    "The time of an all-reduce, by the model",
    [
      LineChart(
        "64 machines", x: Axis("bytes", scale: .log), y: Axis("milliseconds", scale: .log),
        series: lines(sizes) { bytes in
          (
            link.treeTime(bytes: bytes, machines: 64), link.ringTime(bytes: bytes, machines: 64)
          )
        }),
      LineChart(
        "the gradient of ResNet-20", x: Axis("machines", scale: .log, ticks: counts),
        y: Axis("milliseconds", scale: .log),
        series: lines(counts) { count in
          let bytes = Double(gradientBytes)
          return (
            link.treeTime(bytes: bytes, machines: Int(count)),
            link.ringTime(bytes: bytes, machines: Int(count))
          )
        }),
    ])
}

/// The model's milliseconds for what a step exchanges: the gradient once, and twice for each normalisation two numbers
/// of four bytes a channel.
func stepTable(_ link: Link, network: CifarNetwork, gradientBytes: Int) -> Table {
  let small = network.parameters.filter { $0.name.contains("bn") && $0.name.hasSuffix("weight") }
    .map { Double(8 * $0.parameter.count) }
  func milliseconds(_ seconds: Double) -> String { String(format: "%.1f", 1000 * seconds) }
  return Table(
    [
      Column("machines", .right), Column("gradient: tree", .right), Column("ring", .right),
      Column("\(2 * small.count) small messages: tree", .right), Column("ring", .right),
    ],
    rows: [2, 8, 64].map { n in
      [
        "\(n)", milliseconds(link.treeTime(bytes: Double(gradientBytes), machines: n)),
        milliseconds(link.ringTime(bytes: Double(gradientBytes), machines: n)),
        milliseconds(2 * small.reduce(0) { $0 + link.treeTime(bytes: $1, machines: n) }),
        milliseconds(2 * small.reduce(0) { $0 + link.ringTime(bytes: $1, machines: n) }),
      ]
    })
}
