import Foundation

/// One training of one network: what it was, where it ran, how it ended.
public struct Run: Identifiable, Hashable, Sendable {
  /// How far a run has got.
  public enum Status: String, Codable, Hashable, Sendable, CaseIterable {
    /// Its process is alive and may still record.
    case running
    /// It trained to its end; its numbers may be compared and used again.
    case finished
    /// It stopped by itself, for instance because the loss was no longer finite.
    case failed
    /// It was stopped from outside: Ctrl-C, a signal, a crash, a power cut.
    case interrupted
  }

  /// A UUID in lower case: unique everywhere, so that stores can be merged.
  public let id: String

  /// An id that no other run has.
  public static func newID() -> String { UUID().uuidString.lowercased() }

  /// What was trained, and how.
  public let configuration: RunConfiguration
  /// The chapter that started it.
  public let chapter: Int?
  /// The package's version and, in a clone, its commit: `0.1.0+3c8dee3a1b2c`.
  public let codeVersion: String
  /// The machine's name.
  public let host: String
  /// The number of threads asked for; it changes the time, never the numbers.
  public let threads: Int
  /// When it began.
  public let started: Date
  /// When it ended; for a run whose process died, when it last recorded.
  public let finished: Date?
  /// When it last recorded anything.
  public let lastRecorded: Date
  /// How far it has got.
  public let status: Status
  /// Why it ended as it did, in a sentence.
  public let message: String?
  /// What somebody called it; nothing else depends on it.
  public let name: String?
  /// What somebody noted about it.
  public let note: String?
  /// Who trained it: a name that nothing proves. Nil for runs of older versions.
  public let learner: String?
  /// The opening of the store in which it was begun. Nil for runs of older versions.
  public let session: String?

  /// The first eight characters of the id, enough to name it in practice.
  public var shortID: String { String(id.prefix(8)) }
}
