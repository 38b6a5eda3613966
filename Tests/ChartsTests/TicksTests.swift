import Foundation
import Testing

@testable import Charts

@Suite struct TicksTests {
  @Test("Ticks are 1, 2 or 5 times a power of ten apart and cover the range", arguments: 0..<200)
  func linear(seed: UInt64) {
    var random = Noise(seed)
    let size = pow(10, random.between(-12, 12))
    let low = random.between(-1, 1) * size
    let range = low...(low + random.between(0.001, 1) * size)
    let count = Int(random.between(2, 9))
    let ticks = Ticks.linear(covering: range, count: count)
    let factor = ticks.step / pow(10, floor(log10(ticks.step) + 1e-9))
    #expect([1, 2, 5].contains { abs($0 - factor) < 1e-6 }, "a step of \(ticks.step)")
    let slack = ticks.step * 1e-6
    #expect(ticks.values.first! <= range.lowerBound + slack)
    #expect(ticks.values.last! >= range.upperBound - slack)
    #expect(ticks.values.count >= 2 && ticks.values.count <= count * 3 / 2 + 2, "\(range)")
    let steps = ticks.values.map { $0 / ticks.step }
    #expect(steps.allSatisfy { abs($0.rounded() - $0) < 1e-6 }, "\(range)")
  }

  @Test("Three ticks at least lie within a range that isn't widened", arguments: 0..<200)
  func within(seed: UInt64) {
    var random = Noise(seed)
    let low = random.between(-10, 10)
    let range = low...(low + random.between(0.1, 20))
    let ticks = Ticks.linear(within: range, count: Int(random.between(4, 9))).values
    #expect(ticks.count(where: range.contains) >= 3, "\(range): \(ticks)")
  }

  @Test("Ticks of a logarithmic axis are round and cover the range", arguments: 0..<200)
  func logarithmic(seed: UInt64) {
    var random = Noise(seed)
    let low = pow(10, random.between(-12, 6))
    let range = low...(low * pow(10, random.between(0.01, 12)))
    let count = Int(random.between(2, 9))
    let ticks = Ticks.logarithmic(covering: range, count: count).values
    #expect(ticks.first! <= range.lowerBound * 1.000001)
    #expect(ticks.last! >= range.upperBound * 0.999999)
    for tick in ticks {
      let factor = tick / pow(10, floor(log10(tick) + 1e-9))
      #expect([1, 2, 5].contains { abs($0 - factor) < 1e-6 }, "\(tick) of \(range)")
    }
    #expect(ticks == ticks.sorted() && Set(ticks).count == ticks.count)
  }

  @Test("Ticks are written with the decimals they need, and alike")
  func labels() {
    func labels(_ range: ClosedRange<Double>, _ style: NumberStyle = .plain) -> [String] {
      FittedAxis(Axis("", range: range, format: style), values: [], count: 5, endsAtTicks: false)
        .ticks.map(\.label)
    }
    #expect(labels(0...1, .percent) == ["0 %", "50 %", "100 %"])
    #expect(labels(0...0.4) == ["0", "0.1", "0.2", "0.3", "0.4"])
    #expect(labels(-2...2) == ["−2", "−1", "0", "1", "2"])
    #expect(labels(0...0.02, .percent) == ["0 %", "0.5 %", "1.0 %", "1.5 %", "2.0 %"])
    #expect(labels(0...2e7) == ["0", "5M", "10M", "15M", "20M"])
    #expect(labels(0...4e-6) == ["0", "10⁻⁶", "2·10⁻⁶", "3·10⁻⁶", "4·10⁻⁶"])
    let far = FittedAxis(
      Axis("", scale: .log), values: [8e-7, 218], count: 4, endsAtTicks: true)
    #expect(far.ticks.map(\.label) == ["10⁻⁷", "10⁻⁴", "10⁻¹", "10²"])
    #expect(abs(far.range.upperBound - 1000) < 1e-9)
    let ticks = FittedAxis(
      Axis("", ticks: [0.003, 0.1, 1]), values: [0, 1], count: 5, endsAtTicks: false)
    #expect(ticks.ticks.map(\.label) == ["0.003", "0.100", "1.000"])
  }

  @Test("Numbers have three significant digits")
  func numbers() {
    let plain: [(Double, String)] = [
      (0, "0"), (1, "1"), (118.2, "118"), (0.4213, "0.421"), (-3.14159, "−3.14"), (9.996, "10"),
      (853_018, "853k"), (25_557_032, "25.6M"), (8e-7, "8·10⁻⁷"), (1e-9, "10⁻⁹"),
      (.infinity, "∞"), (.nan, "not a number"), (1234, "1234"), (0.0001, "0.0001"),
    ]
    for (value, text) in plain { #expect(NumberStyle.plain.text(value) == text) }
    #expect(NumberStyle.percent.text(0.525) == "52.5 %")
    #expect(NumberStyle.percent.text(0.00123) == "0.12 %")
    #expect(NumberStyle.percent.text(1) == "100 %")
    #expect(NumberStyle.percent.text(-0.00001) == "0 %")
  }

  @Test("A series of one value gets a range around it", arguments: [Scale.linear, .log])
  func constant(scale: Scale) throws {
    for value in [3, 1e-9, 1e12] {
      let axis = FittedAxis(
        Axis("", scale: scale), values: [value, value], count: 5, endsAtTicks: true)
      let position = try #require(axis.position(value))
      #expect(position > 0.05 && position < 0.95 && axis.ticks.count > 1, "\(value)")
    }
  }

  @Test("Values that have no place on an axis don't widen it")
  func withoutPlace() {
    let values = [.nan, .infinity, -.infinity, 1e308, 1, 8]
    let linear = FittedAxis(Axis(""), values: values, count: 5, endsAtTicks: false)
    #expect(linear.range == 1...8 && linear.position(.nan) == nil)
    let log = FittedAxis(
      Axis("", scale: .log), values: values + [0, -3], count: 5, endsAtTicks: false)
    #expect(log.range == 1...8 && log.position(0) == nil)
    let empty = FittedAxis(Axis(""), values: [.nan], count: 5, endsAtTicks: true)
    #expect(empty.range == 0...1)
  }
}
