import Foundation

/// Which of the system's calls a submission may not make: a program for the kernel (seccomp), as bubblewrap
/// reads it.
///
/// Namespaces of its own would let a submission mount file systems in memory that no limit counts; files and
/// segments in memory escape the limit on a process's memory; sockets of some families don't belong to any
/// network that can be taken away. Neither a compiler nor an exercise needs one of them.
enum SystemCallFilter {
  /// The program for this machine's processor; nil where it isn't known.
  static var program: Data? {
    #if arch(x86_64)
      program(
        architecture: 0xC000_003E, clone: 56, clone3: 435, otherNumbersFrom: 0x4000_0000,
        refused: [
          "ptrace": 101, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
          "unshare": 272, "setns": 308, "memfd_create": 319, "memfd_secret": 447, "shmget": 29,
          "msgget": 68, "semget": 64, "mq_open": 240, "add_key": 248, "request_key": 249,
          "keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
          "io_uring_setup": 425, "process_vm_readv": 310, "process_vm_writev": 311,
          "name_to_handle_at": 303, "open_by_handle_at": 304, "kexec_load": 246,
          "init_module": 175, "finit_module": 313, "open_tree": 428, "move_mount": 429,
          "fsopen": 430, "fsmount": 432, "mount_setattr": 442, "socket": 41,
        ])
    #elseif arch(arm64)
      program(
        architecture: 0xC000_00B7, clone: 220, clone3: 435, otherNumbersFrom: nil,
        refused: [
          "ptrace": 117, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97,
          "setns": 268, "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "msgget": 186,
          "semget": 190, "mq_open": 180, "add_key": 217, "request_key": 218, "keyctl": 219,
          "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "io_uring_setup": 425,
          "process_vm_readv": 270, "process_vm_writev": 271, "name_to_handle_at": 264,
          "open_by_handle_at": 265, "kexec_load": 104, "init_module": 105, "finit_module": 273,
          "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsmount": 432,
          "mount_setattr": 442, "socket": 198,
        ])
    #else
      nil
    #endif
  }

  private static func program(
    architecture: UInt32, clone: UInt32, clone3: UInt32, otherNumbersFrom: UInt32?,
    refused: [String: UInt32]
  ) -> Data {
    let load: UInt16 = 0x20
    let (isEqual, isAtLeast, hasBit): (UInt16, UInt16, UInt16) = (0x15, 0x35, 0x45)
    var code: [(code: UInt16, yes: UInt8, no: UInt8, value: UInt32)] = []
    func end(_ value: UInt32) { code.append((0x06, 0, 0, value)) }
    func fail(_ error: Int32) { end(0x0005_0000 | UInt32(error)) }
    // Calls of another processor's numbering have other numbers.
    code.append((load, 0, 0, 4))
    code.append((isEqual, 1, 0, architecture))
    end(0x8000_0000)
    code.append((load, 0, 0, 0))
    if let otherNumbersFrom {
      code.append((isAtLeast, 0, 1, otherNumbersFrom))
      fail(EPERM)
    }
    for number in refused.values.sorted() {
      code.append((isEqual, 0, 1, number))
      fail(EPERM)
    }
    // Its flags are in memory, where this program can't look; who is told that it isn't there uses `clone`.
    code.append((isEqual, 0, 1, clone3))
    fail(ENOSYS)
    // The flags that make a namespace.
    code.append((isEqual, 0, 3, clone))
    code.append((load, 0, 0, 16))
    code.append((hasBit, 0, 1, 0x7E02_0000))
    fail(EPERM)
    end(0x7FFF_0000)
    var bytes = Data()
    for step in code {
      withUnsafeBytes(of: step.code.littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: [step.yes, step.no])
      withUnsafeBytes(of: step.value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
