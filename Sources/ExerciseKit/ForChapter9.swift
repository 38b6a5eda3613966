import Foundation
import MiniTensor
import Networks
import RunStore

/// What a question to the store answers, asked of a store of made-up runs.
///
/// The runs' networks are those of chapter 9; their test errors are 3 points above the training errors.
///
/// - Parameters:
///   - question: a SELECT whose answer has numbers only.
///   - depths: the depth of each run's network.
///   - shortcuts: its shortcuts, `none` or `A`.
///   - errors: its training errors, epoch by epoch.
/// - Returns: the rows of the answer.
/// - Throws: what is wrong with the question, in a sentence.
public func rows(
  of question: String, depths: [Int], shortcuts: [String], errors: [[Double]]
) throws -> [[Double?]] {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("exercise-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let store = try RunStore(opening: folder.appendingPathComponent("runs.sqlite").path)
  defer { store.close() }
  for (index, epochs) in errors.enumerated() {
    let architecture = try CifarArchitecture(
      depth: depths[index], width: 8, inputChannels: 1,
      shortcut: Shortcut(rawValue: shortcuts[index]) ?? .none)
    let configuration = RunConfiguration(
      experiment: "degradation", network: .described(.cifar(architecture)), dataset: "digits",
      seed: index)
    let run = try store.begin(configuration, chapter: 9, threads: 1)
    let metrics = epochs.enumerated().flatMap { epoch, error in
      [(Metric.Split.train, error), (.test, error + 0.03)].map { split, value in
        Metric(
          step: 23 * (epoch + 1), epoch: epoch + 1, split: split, name: "error", value: value)
      }
    }
    try store.record(metrics, in: run.id)
    try store.end(run.id, as: .finished)
  }
  let answer = try store.rows(sql: question).rows.map { row in
    try row.map { value -> Double? in
      switch value {
      case .null: nil
      case .integer(let number): Double(number)
      case .real(let number): number
      case .text, .blob: throw NotANumber(value: "\(value)")
      }
    }
  }
  return answer.reduce(into: []) { sorted, row in
    // Several rows of one depth come by their networks' names, which are drawn: put them in order.
    var place = sorted.endIndex
    while place > 0, row.count == 2, sorted[place - 1].first == row[0],
      sorted[place - 1].last.flatMap(\.self) ?? 0 > row[1] ?? 0
    {
      place -= 1
    }
    sorted.insert(row, at: place)
  }
}

/// Says that an answer has something in it that isn't a number.
struct NotANumber: Error, CustomStringConvertible {
  let value: String
  var description: String { "The answer has '\(value)' in it, which isn't a number." }
}

/// The logits of a deep network that was made a twin of a shallow one.
///
/// - Parameters:
///   - shallow: blocks per stage of the shallow network, whose values are made up.
///   - deep: blocks per stage of the deep network, which is fresh.
///   - seed: decides the values of both.
///   - images: `[batch, height, width, 1]`.
///   - make: makes its first argument, the deep network, a twin of its second.
public func logitsOfResidualTwin(
  shallow: Int, deep: Int, seed: Int, images: Tensor,
  make: (CifarNetwork, CifarNetwork) throws -> Void
) throws -> Tensor {
  let original = try madeUpNetwork(blocksPerStage: shallow, seed: seed)
  let architecture = try CifarArchitecture(
    depth: 6 * deep + 2, width: 4, inputChannels: 1, classes: 3, shortcut: .A)
  let twin = CifarNetwork(architecture, seed: seed + 1)
  try make(twin, original)
  return twin(images, .inference)
}
