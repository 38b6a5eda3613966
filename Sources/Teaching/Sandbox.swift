import Exercises
import Files
import Foundation

/// What a submission may do: compute, in an empty system that has a compiler and nothing else.
///
/// Bubblewrap makes that system: no network, no other processes, a file system that has the system's programs
/// and libraries and can only be read, a folder in memory to write to, a user without rights. Limits hold for
/// each process (memory, processor time, size and number of files) and for all together (how many processes).
/// What it does and doesn't promise stands in docs/teaching.md.
public struct Sandbox: Confinement {
  /// How much memory a process may use, in bytes.
  static let memory = 4 << 30
  /// How much a submission may keep in files while it runs, in bytes.
  static let disk = 64 << 20
  /// How many processes and threads there may be, besides one for each processor.
  static let processes = 64

  private let bubblewrap: String
  private let filter: TemporaryFolder
  private let limits: [String]
  private let toolchain: String
  /// The program that gives the rights of root up; nil where there are none.
  private let setpriv: String?
  private var user = Sandbox.anyUser
  private let readable: [String]
  private var mayWriteToFolder = true

  /// A sandbox for the compiler: it may write to the folder that it is given.
  ///
  /// - Parameters:
  ///   - toolchain: the folder of Swift's toolchain that has `bin` and `lib`.
  ///   - readable: files and folders that may be read besides the system's.
  /// - Throws: ``TeachingError``, with what to install.
  public init(toolchain: String, readable: [String]) throws {
    #if os(Linux)
      func find(_ program: String, _ missing: TeachingError) throws -> String {
        guard let path = programPath(program) else { throw missing }
        return path
      }
      bubblewrap = try find("bwrap", .noSandbox)
      func utility(_ name: String) throws -> String {
        try find(name, .noProgram(name, package: "util-linux"))
      }
      // Root is exempt from the limit on processes, and owns what others would like to read.
      setpriv = geteuid() == 0 ? try utility("setpriv") : nil
      let processes = Self.processes + ProcessInfo.processInfo.activeProcessorCount
      limits = [
        try utility("prlimit"), "--as=\(Self.memory)", "--nproc=\(processes)",
        "--fsize=\(Self.disk)", "--cpu=60", "--nofile=256", "--core=0", "--",
        // Should all of them want too much together, they are the first that the system ends.
        try utility("choom"), "-n", "1000", "--",
      ]
      guard let program = SystemCallFilter.program else { throw TeachingError.noSandboxHere }
      filter = try TemporaryFolder()
      try replaceFile(filter.url.appendingPathComponent("filter"), with: program)
      (self.toolchain, self.readable) = (toolchain, readable)
    #else
      throw TeachingError.noSandboxHere
    #endif
  }

  /// A number that no user has.
  private static var anyUser: String { "\(UInt32.random(in: 60_578...61_183))" }

  /// The same for another submission, with a user of its own: the limit counts a user's processes, wherever they
  /// are, so that one submission could use up what another one needs to be compiled.
  public var forAnotherSubmission: Sandbox {
    var other = self
    other.user = Self.anyUser
    return other
  }

  /// The same for what was compiled: the folder can only be read.
  public var forPrograms: Sandbox {
    var other = self
    other.mayWriteToFolder = false
    return other
  }

  /// Tries whether it works here.
  ///
  /// - Throws: ``TeachingError/brokenSandbox(_:)``.
  public func check() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    chmod(folder.url.path, 0o777)
    let process = try ChildProcess(
      confined(["/bin/sh", "-c", "echo works"], in: folder.url.path), in: folder.url.path)
    defer { process.kill() }
    let deadline = Date(timeIntervalSinceNow: 20)
    let output = try? process.readAll(until: deadline, limit: 1 << 16)
    _ = try? process.wait(until: deadline)
    guard output == Data("works\n".utf8) else {
      let words = process.complaints.trimmingCharacters(in: .whitespacesAndNewlines)
      throw TeachingError.brokenSandbox(words.isEmpty ? "it doesn't answer." : words)
    }
  }

  /// Runs the command in the sandbox.
  public func confined(_ command: [String], in folder: String) -> [String] {
    var words = [bubblewrap, "--seccomp", "9"]
    words +=
      setpriv != nil
      ? ["--cap-drop", "ALL"]
        + ["CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"].flatMap { ["--cap-add", $0] }
      : ["--unshare-user"]
    words += [
      "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
      "--hostname", "sandbox", "--die-with-parent", "--new-session",
    ]
    for folder in ["/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin"] {
      words += ["--ro-bind-try", folder, folder]
    }
    words += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    words += ["--perms", "1777", "--size", "\(Self.disk)", "--tmpfs", "/tmp"]
    var made: Set<String> = ["/", "/usr", "/tmp"]
    // What bubblewrap makes by itself only root may enter.
    func makeFolders(above path: String) {
      var parents: [String] = []
      var parent = (path as NSString).deletingLastPathComponent
      while made.insert(parent).inserted {
        parents.append(parent)
        parent = (parent as NSString).deletingLastPathComponent
      }
      for parent in parents.reversed() { words += ["--perms", "0755", "--dir", parent] }
    }
    var places = ["/etc/ld.so.cache", "/etc/alternatives"]
    if !toolchain.hasPrefix("/usr/"), toolchain != "/usr" { places.append(toolchain) }
    for place in places + readable {
      makeFolders(above: place)
      words += ["--ro-bind-try", place, place]
    }
    makeFolders(above: folder)
    words += [mayWriteToFolder ? "--bind" : "--ro-bind", folder, folder]
    words += ["--remount-ro", "/", "--chdir", folder, "--clearenv"]
    for (name, value) in [
      ("PATH", "\(toolchain)/bin:/usr/bin:/bin"), ("HOME", "/tmp"), ("TMPDIR", "/tmp"),
      ("LANG", "C.UTF-8"), ("SWIFT_BACKTRACE", "enable=no"),
    ] {
      words += ["--setenv", name, value]
    }
    let asNobody = setpriv.map {
      [
        $0, "--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all",
        "--bounding-set=-all", "--",
      ]
    }
    let filter = filter.url.appendingPathComponent("filter").path
    return ["/bin/sh", "-c", "exec \"$@\" 9<\"$0\"", filter] + words + ["--"]
      + (asNobody ?? []) + limits + command
  }
}

/// The path of a program, as a shell finds it.
func programPath(_ name: String) -> String? {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  return (path.split(separator: ":") + ["/usr/bin", "/bin", "/usr/sbin"]).lazy.map {
    "\($0)/\(name)"
  }
  .first(where: FileManager.default.isExecutableFile(atPath:))
}
