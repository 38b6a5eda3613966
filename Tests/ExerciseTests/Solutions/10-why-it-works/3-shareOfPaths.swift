import ExerciseKit

/// Exercise 3 of chapter 10. How long the paths through a residual network are.
///
/// Multiply out $(1 + \mathcal F_n) \cdots (1 + \mathcal F_1)$ as if the blocks were linear, and a residual
/// network is a sum over paths: at each block a path goes either through $\mathcal F$ or around it. Which
/// share of all paths goes through exactly `length` blocks?
///
/// With 2 blocks there are four paths: around both, through the first only, through the second only, through
/// both. Half of them have length 1, a quarter length 0, a quarter length 2.
///
/// ResNet-110 has 54 blocks. Compute the shares of its paths when you are done: are most of them about as
/// long as the network is deep?
///
/// - Parameters:
///   - blocks: how many blocks the network has, 1 or more.
///   - length: through how many of them the paths go, 0 … blocks.
/// - Returns: the share, 0 … 1.
func shareOfPaths(blocks: Int, length: Int) throws -> Double {
  // solution
  var share = 1.0
  for _ in 0..<blocks { share /= 2 }
  for chosen in 0..<length { share *= Double(blocks - chosen) / Double(chosen + 1) }
  return share
  // end of solution
}

// wrong: aren't equally frequent
// -   return share
// +   return 1 / Double(blocks + 1)
// wrong: Asked for is their share
// -   for _ in 0..<blocks { share /= 2 }
// +
// wrong: the share of one path
// -   for chosen in 0..<length { share *= Double(blocks - chosen) / Double(chosen + 1) }
// +
// wrong: The order counts here
// - / Double(chosen + 1)
// +
// wrong: or less
// -   for chosen in 0..<length { share *= Double(blocks - chosen) / Double(chosen + 1) }
// -   return share
// +   var sum = share
// +   for chosen in 0..<length {
// +     share *= Double(blocks - chosen) / Double(chosen + 1)
// +     sum += share
// +   }
// +   return sum
// wrong: Halved once for each block on the path
// - for _ in 0..<blocks { share /= 2 }
// + for _ in 0..<length { share /= 2 }
// wrong: doubles the number of paths
// - for _ in 0..<blocks { share /= 2 }
// + share /= Double(blocks * blocks)
// wrong: rounds down
// -   return share
// +   return share.rounded(.down)
// wrong: Each quotient was rounded down
// - Double(blocks - chosen) / Double(chosen + 1)
// + Double((blocks - chosen) / (chosen + 1))
