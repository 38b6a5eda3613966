import Commands
import Foundation

/// What the figures were measured on.
struct Machine {
  /// The processor's name, as the system gives it.
  let processor: String
  /// How the system sets the clock frequency; nil where it doesn't say (virtual machines, macOS).
  let governor: String?
  /// The cores that are switched on.
  let cores: Int

  init() {
    #if os(Linux)
      let cpuinfo = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = cpuinfo.split(separator: "\n").first { $0.hasPrefix("model name") }
      processor =
        line?.split(separator: ":").last.map {
          $0.trimmingCharacters(in: .whitespaces)
        } ?? "unknown"
      let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
      governor = (try? String(contentsOfFile: path, encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines)
    #else
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var name = [UInt8](repeating: 0, count: size)
      sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
      processor = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      governor = nil
    #endif
    cores = ProcessInfo.processInfo.activeProcessorCount
  }

  var json: JSON {
    ["processor": .text(processor), "governor": JSON(governor), "cores": JSON(cores)]
  }

  /// The largest memory that this process has had so far, in MiB.
  static var peakMemory: Int {
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss / 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss / 1_048_576
    #endif
  }
}
