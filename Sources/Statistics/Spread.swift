/// The mean and the standard deviation of a number over the seeds.
public struct Spread: Hashable, Sendable {
  /// The mean.
  public let mean: Double
  /// The sample standard deviation (n − 1 in the denominator); nil for a single value, which has no spread.
  public let deviation: Double?
  /// The number of values.
  public let count: Int

  /// Summarises values; nil when there are none. A value that isn't finite makes the mean so, too.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    count = values.count
    deviation =
      values.count == 1
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
        .squareRoot()
  }
}
