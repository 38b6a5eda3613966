/// The processes that train one network together, each some shards of every batch, on one machine or many.
///
/// Everybody holds equal parameters and calls the same functions in the same order; a call returns once the others
/// have made it too. Only one thread calls at a time.
public protocol Ranks: AnyObject, Sendable {
  /// The number of this process, from 0. Process 0 records, prints and saves.
  var index: Int { get }
  /// How many processes there are.
  var count: Int { get }

  /// What each process gives, in the order of the processes.
  ///
  /// - Parameter counts: how many values each of them gives.
  func gathered(_ values: [Double], counts: [Int]) -> [[Double]]
  /// What each process gives, in the order of the processes.
  func gathered(_ bytes: [UInt8]) -> [[UInt8]]
  /// What process 0 gives.
  func fromFirst(_ bytes: [UInt8]) -> [UInt8]

  /// Begins to give every process a part of `values` and to get one from each.
  ///
  /// - Parameters:
  ///   - counts: how many values each process gets, one after the other.
  ///   - receiving: how many values each process gives this one.
  func beginExchange(_ values: [Float], counts: [Int], receiving: [Int]) -> any Transfer
  /// Begins to gather what each process gives.
  ///
  /// - Parameter counts: how many values each of them gives.
  func beginGathering(_ values: [Float], counts: [Int]) -> any Transfer
  /// Begins to add up what each process gives, in whatever order is fastest.
  func beginSum(_ values: [Float]) -> any Transfer
}

/// Values on their way while something else is computed.
public protocol Transfer: AnyObject {
  /// Whether they have arrived. Asking helps them on.
  var isDone: Bool { get }
  /// The values, once they have arrived.
  func received() -> [Float]
}

extension Ranks {
  /// Whether this process is the one that records, prints and saves.
  public var isFirst: Bool { index == 0 }

  /// What process 0 finds; the others don't look.
  public func decidedByFirst(_ find: () -> Bool) -> Bool {
    fromFirst(isFirst && find() ? [1] : [0]) == [1]
  }

  /// What each process gives, which may be different amounts.
  func gathered(_ values: [Double]) -> [[Double]] {
    let one = [Int](repeating: 1, count: count)
    let counts = gathered([Double(values.count)], counts: one).joined().map { Int($0) }
    return gathered(values, counts: counts)
  }

  /// Whether any process says so.
  func any(_ flag: Bool) -> Bool {
    gathered([flag ? 1 : 0], counts: [Int](repeating: 1, count: count)).contains([1])
  }

  /// Compares texts that have to be the same everywhere.
  ///
  /// - Parameter texts: what each text is about, such as `data`, and the text.
  /// - Throws: `RanksError` on every process if one of them differs.
  public func compare(_ texts: [(what: String, text: String)]) throws(RanksError) {
    for (what, text) in texts {
      let others = gathered(Array(text.utf8))
      if let rank = others.indices.first(where: { others[$0] != others[0] }) {
        throw RanksError(
          what: what, rank: rank, count: count, first: String(decoding: others[0], as: UTF8.self),
          other: String(decoding: others[rank], as: UTF8.self))
      }
    }
  }
}

/// Two processes can't train one network together.
public struct RanksError: Error, Equatable, CustomStringConvertible {
  /// What differs.
  public let what: String
  /// The first process that differs from process 0, and how many there are.
  public let rank, count: Int
  /// What process 0 has, and what that one has.
  public let first, other: String

  /// A sentence that says what differs and what to do.
  public var description: String {
    "Rank \(rank) of \(count) has another \(what) than rank 0: \(other), not \(first). Start all of them with the same "
      + "program, options and data."
  }
}
