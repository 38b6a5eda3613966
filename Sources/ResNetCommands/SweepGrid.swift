import ArgumentParser
import Commands
import Networks

/// One network of a sweep's grid, as it was asked for.
struct GridPoint {
  /// By its name, or by its depth if it is one of section 4.2.
  enum Network {
    case name(String)
    case depth(Int)
  }

  let network: Network
  /// The shortcuts; nil for those that belong to the name.
  let shortcut: Shortcut?
  let seed: Int
  /// Its place in the whole grid, which is also the `--shard` that is this network alone.
  let place: WorkShard
}

/// Reads a range such as `0..<5`, or a list such as `0,1,7`.
@Sendable func seedList(_ text: String) throws -> [Int] {
  let numbers = NumberRange(seedNumbers)
  let bounds = text.components(separatedBy: "..<")
  guard bounds.count == 2 else { return try numbers.list(text) }
  let (first, end) = (try numbers.number(bounds[0]), try numbers.number(bounds[1]))
  guard first < end, end - first <= 100_000 else {
    throw ValidationError("a range such as 0..<5 has from 1 to 100000 seeds.")
  }
  return Array(first..<end)
}
