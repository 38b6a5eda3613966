import Foundation

/// Which process a run belongs to, told so exactly that a later process with the same number isn't mistaken for it.
struct ProcessIdentity: Hashable, Sendable {
  /// How long another machine's run may be silent before it is shown as interrupted.
  ///
  /// A process of another machine can't be looked up. An epoch of a large network on a slow machine takes hours, a day is safe.
  static let longestSilence: TimeInterval = 24 * 60 * 60

  /// The machine's name.
  let host: String
  /// The process's number.
  let pid: Int32
  /// When the process started, in whatever form the system tells it; empty if it doesn't.
  let started: String

  /// This process.
  static var current: ProcessIdentity {
    let pid = ProcessInfo.processInfo.processIdentifier
    var started = ""
    if case .alive(let since) = life(of: pid) { started = since ?? "" }
    return ProcessIdentity(host: ProcessInfo.processInfo.hostName, pid: pid, started: started)
  }

  /// Whether the process certainly no longer runs. A process of another machine is never certain.
  func isGone(seenFrom host: String) -> Bool {
    guard self.host == host else { return false }
    switch Self.life(of: pid) {
    case .gone: return true
    case .alive(let since): return since != nil && !started.isEmpty && since != started
    }
  }

  private enum Life {
    case gone
    /// Alive since a moment, if the system tells.
    case alive(since: String?)
  }

  #if os(Linux)
    private static func life(of pid: Int32) -> Life {
      guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
        // Where /proc hides the processes of others, a signal that isn't sent still tells.
        return kill(pid, 0) == 0 || errno == EPERM ? .alive(since: nil) : .gone
      }
      // The second field is the program's name in brackets, in which anything may stand; count from its end (man 5 proc).
      let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
      guard fields.count > 20 else { return .alive(since: nil) }
      if ["Z", "X"].contains(fields[1]) { return .gone }
      let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
      let bootID = boot?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
      return .alive(since: "\(bootID)/\(fields[20])")
    }
  #else
    private static func life(of pid: Int32) -> Life {
      var info = kinfo_proc()
      var size = MemoryLayout<kinfo_proc>.stride
      var name: [Int32] = [CTL_KERN, KERN_PROC, KERN_PROC_PID, pid]
      guard sysctl(&name, UInt32(name.count), &info, &size, nil, 0) == 0 else {
        return .alive(since: nil)
      }
      guard size > 0, Int32(info.kp_proc.p_stat) != SZOMB else { return .gone }
      let start = info.kp_proc.p_un.__p_starttime
      return .alive(since: "\(start.tv_sec).\(start.tv_usec)")
    }
  #endif
}
