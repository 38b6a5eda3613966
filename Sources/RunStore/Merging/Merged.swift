/// What came of merging one store into another.
public struct Merged: Hashable, Sendable {
  /// Something that was left out.
  public struct Refusal: Hashable, Sendable {
    /// What: `run 0f3c…`, `check 77ab…`.
    public let what: String
    /// Why, to be put after a colon.
    public let reason: String
  }

  /// The store that was read.
  public let path: String
  /// Why nothing at all of it was merged, in a sentence; nil if it could be read.
  public internal(set) var fault: String?
  /// The number of runs that are new.
  public internal(set) var newRuns = 0
  /// The number of runs that were there and got further: ended, or with more numbers.
  public internal(set) var completedRuns = 0
  /// The number of runs that were there and got nothing new.
  public internal(set) var knownRuns = 0
  /// The number of new rows of each table but `runs`.
  public internal(set) var rows: [String: Int] = [:]
  /// What was left out, and why. What was left out can be merged again later.
  public internal(set) var refusals: [Refusal] = []

  /// Nothing, of a store.
  init(path: String) { self.path = path }

  /// Whether all of it is there now.
  public var isWhole: Bool { fault == nil && refusals.isEmpty }
}
