import Architectures
import BuiltPrograms
import Foundation
import RunStore

/// What `metrics` printed, and how it ended.
struct Answer {
  let output: String
  let messages: String
  let status: Int32

  /// The output as JSON.
  var json: Any {
    get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
  }
}

/// A folder with a store, and the program `metrics`, which is built beside the tests.
final class MetricsProcess {
  let folder: String
  let path: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("metrics-test-\(UUID().uuidString)").path
    path = folder + "/runs.sqlite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Asks about the test's store.
  func ask(_ arguments: String...) throws -> Answer {
    try run(arguments + ["--store", path], environment: [:])
  }

  /// - Parameter isInterrupted: whether Ctrl-C is pressed, as soon as the program listens to it.
  func run(
    _ arguments: [String], environment: [String: String], isInterrupted: Bool = false
  ) throws -> Answer {
    let output = Pipe()
    let messages = folder + "/messages-\(UUID().uuidString)"
    _ = FileManager.default.createFile(atPath: messages, contents: nil)
    let process = try begin(
      arguments, environment: environment, output: output,
      messages: FileHandle(forWritingAtPath: messages))
    if isInterrupted {
      while process.isRunning, !Self.handlesInterrupt(process) { usleep(5000) }
      // What listens begins a moment after it is said: it may take a second time.
      while process.isRunning {
        process.interrupt()
        for _ in 0..<200 where process.isRunning { usleep(5000) }
      }
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Answer(
      output: String(decoding: data, as: UTF8.self),
      messages: try String(contentsOfFile: messages, encoding: .utf8),
      status: process.terminationStatus)
  }

  /// Whether Ctrl-C doesn't end it any more as it ends every program.
  private static func handlesInterrupt(_ process: Process) -> Bool {
    #if os(Linux)
      // Signal 2 is bit 1 of the mask.
      let status = try? String(
        contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let line = status?.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
      let mask = line.flatMap {
        UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
      }
      return (mask ?? 0) & 2 != 0
    #else
      // Nothing says so there.
      sleep(2)
      return true
    #endif
  }

  /// Starts the program and doesn't wait for it; what it prints goes nowhere unless said otherwise.
  func begin(
    _ arguments: [String], environment: [String: String] = [:], output: Any? = nil,
    messages: Any? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = try builtProgram("metrics")
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = messages ?? FileHandle.nullDevice
    try process.run()
    return process
  }
}

extension RunStore {
  /// A finished run of the degradation experiment that ended with these errors.
  @discardableResult
  func sample(
    depth: Int, shortcut: Shortcut, seed: Int = 0, train: Double,
    test: Double = 0.25, loss: Double = 0.5
  ) throws -> Run {
    let run = try begin(
      RunConfiguration(
        experiment: "degradation",
        network: .described(
          .cifar(
            try CifarArchitecture(depth: depth, width: 8, inputChannels: 1, shortcut: shortcut))),
        dataset: "digits", seed: seed,
        hyperparameters: [
          "epochs": 20, "batchSize": 64, "learningRate": 0.1, "momentum": 0.9, "weightDecay": 1e-4,
          "initialisation": "he-normal-fan-out", "augmentation": false,
        ]), chapter: 9, threads: 2)
    try record(
      [
        Metric(step: 460, epoch: 20, split: .train, name: "error", value: train),
        Metric(step: 460, epoch: 20, split: .test, name: "error", value: test),
        Metric(step: 460, epoch: 20, split: .train, name: "loss", value: loss),
        Metric(step: 460, epoch: 20, split: .test, name: "loss", value: loss),
        Metric(step: 460, epoch: 20, split: .train, name: "seconds", value: 0.25),
      ], in: run.id)
    try end(run.id, as: .finished)
    return run
  }
}
