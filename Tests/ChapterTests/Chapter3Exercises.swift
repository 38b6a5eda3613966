import Notebook
import Testing

@testable import chapter3

@Suite("Exercises of chapter 3")
struct Chapter3Exercises {
  private func sums(_ delta: Grid) -> Grid {
    var result = Grid([delta.shape[3]])
    for (index, value) in delta.values.enumerated() {
      result.values[index % delta.shape[3]] += value
    }
    return result
  }

  @Test("1: what is added everywhere collects from everywhere; a mean is too small")
  func channelBias() throws {
    #expect(try channelBiasGradientHolds(sums))
    #expect(
      try !channelBiasGradientHolds { delta in
        let pixels = Float(delta.values.count / delta.shape[3])
        return Grid([delta.shape[3]], sums(delta).values.map { $0 / pixels })
      })
    #expect(throws: Unsolved(1)) { try channelBiasGradientHolds(channelBiasGradient) }
  }

  private func spread(_ delta: Grid, _ height: Int, _ width: Int, by divisor: Int) -> Grid {
    let (batch, channels) = (delta.shape[0], delta.shape[1])
    let values = (0..<batch * height * width * channels).map { index in
      let image = index / (height * width * channels)
      return delta.values[image * channels + index % channels] / Float(divisor)
    }
    return Grid([batch, height, width, channels], values)
  }

  @Test("2: every pixel gets its share of the mean's gradient, not all of it")
  func averagePool() throws {
    #expect(try globalAveragePoolGradientHolds { spread($0, $1, $2, by: $1 * $2) })
    #expect(try !globalAveragePoolGradientHolds { spread($0, $1, $2, by: 1) })
    #expect(throws: Unsolved(2)) {
      try globalAveragePoolGradientHolds {
        try globalAveragePoolGradient($0, height: $1, width: $2)
      }
    }
  }

  @Test("3: the sigmoid's slope is y (1 - y), not y")
  func sigmoid() throws {
    #expect(
      try sigmoidGradientHolds { delta, y in
        Grid(y.shape, zip(delta.values, y.values).map { $0 * $1 * (1 - $1) })
      })
    #expect(
      try !sigmoidGradientHolds { delta, y in
        Grid(y.shape, zip(delta.values, y.values).map { $0 * $1 })
      })
    #expect(throws: Unsolved(3)) { try sigmoidGradientHolds(sigmoidGradient) }
  }
}
