import Charts
import Foundation
import MiniTensor
import Networks

/// The shape of a feature map without the batch.
func extent(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: "x") }

/// How many of the pixels are read never, once, twice, four times.
func countTable(_ convolutions: [(name: String, counts: Tensor)]) -> Table {
  Table(
    [Column("stride 2")]
      + ["never", "once", "twice", "4 times"].map { Column($0 + ", %", .right) },
    rows: convolutions.map { name, counts in
      [name]
        + [Float(0), 1, 2, 4].map { times in
          let share = Double(counts.scalars.count { $0 == times }) / Double(counts.count)
          return String(format: "%.0f", 100 * share)
        }
    })
}

/// The multiply-adds of 3x3 convolutions one behind the other, for an image `[height, width, channels]`.
func multiplyAdds(_ convolutions: [Conv2d], input: [Int]) -> Int {
  var (height, width, sum) = (input[0], input[1], 0)
  for conv in convolutions {
    (height, width) = ((height - 1) / conv.stride + 1, (width - 1) / conv.stride + 1)
    sum += height * width * conv.weight.count
  }
  return sum
}
