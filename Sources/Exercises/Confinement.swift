/// What a reader's code may do while it is compiled and while it runs.
public protocol Confinement: Sendable {
  /// The command line that runs another one confined.
  ///
  /// - Parameters:
  ///   - command: a program's path and its arguments.
  ///   - folder: the only folder that it may write to.
  func confined(_ command: [String], in folder: String) -> [String]
}

/// Limits on memory, files and time, for code that the reader trusts, such as their own.
public struct OwnCode: Confinement {
  /// The limits for code of one's own.
  public init() {}

  /// Runs the command with at most 4 GiB of memory, files of at most 64 MiB, and a minute of processor time.
  public func confined(_ command: [String], in folder: String) -> [String] {
    ["/bin/sh", "-c", Self.limits + "; exec \"$0\" \"$@\""] + command
  }

  /// What a system doesn't know is left out: macOS has no limit on memory.
  static let limits = "ulimit -c 0; ulimit -v 4194304 2>/dev/null; ulimit -f 65536; ulimit -t 60"
}
