import Commands
import Files
import Foundation
import Networks
import RunStore
import Training

/// A recorded run as `metrics show RUN --json` prints it, or as a person changed it: the file of `--config`.
///
/// Every key and every value is checked, since a misspelt `momentqm` that is passed over is a network
/// trained with the wrong momentum.
struct RecordedRunFile {
  /// What was trained, and how.
  let configuration: RunConfiguration

  /// Reads and checks a file.
  ///
  /// - Throws: `Failure`, a sentence that names the key and what is allowed there.
  init(contentsOf file: String) throws {
    do {
      let bytes = try readFile(file, limit: 1 << 28)
      guard let value = try? JSONDecoder().decode(Value.self, from: bytes) else {
        throw Fault("it isn't JSON")
      }
      if let key = repeatedKey(in: bytes) { throw Fault("`\(key)` stands there twice") }
      guard case .object(let members) = value else { throw Fault("it is no object in braces") }
      try Self.check(members)
      configuration = try JSONDecoder().decode(RunConfiguration.self, from: bytes)
      _ = try Recipe(configuration.hyperparameters)
      _ = try configuration.network.architecture(inputChannels: 3, classes: 10)
    } catch let error as FileError {
      throw Failure("\(error)")
    } catch {
      throw Failure(
        "\(file.visible) can't be followed: \(sentence(error).visible) "
          + "`metrics show RUN --json > FILE` writes one that can.")
    }
  }

  /// What a file says wrong, as a sentence.
  private struct Fault: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text + "." }
  }

  /// What `metrics show RUN --json` prints: what decides the numbers, then what is said about the run.
  private static let keys = [
    "experiment", "architecture", "depth", "width", "shortcut", "dataset", "seed",
    "hyperparameters",
    "run", "name", "network", "status", "message", "chapter", "code_version", "host", "threads",
    "started", "last_recorded", "finished", "learner", "session", "note", "tags", "weights_bytes",
    "reuses", "reused_by_session", "checks", "checks_of_session", "metrics", "layer_statistics",
  ]

  private static func check(_ members: [String: Value]) throws {
    try check(members.keys, among: keys, what: "")
    for key in ["experiment", "dataset", members["network"] == nil ? "architecture" : "network"] {
      guard case .text(let text)? = members[key] else {
        throw Fault("its `\(key)` has to be a text\(members[key] == nil ? ", and is missing" : "")")
      }
      do {
        _ = try experimentName(text)
      } catch {
        throw Fault("its `\(key)` has to be a name of 1 to 200 printable characters")
      }
    }
    try whole(members["depth"], "depth", in: 1...10_000, optional: true)
    try whole(members["width"], "width", in: networkWidths, optional: true)
    try whole(members["seed"], "seed", in: seedNumbers, optional: false)
    switch members["shortcut"] {
    case nil, .missing?: break
    case .text(let text)? where Shortcut(rawValue: text) != nil: break
    default: throw Fault("its `shortcut` has to be none, A, B or C")
    }
    guard case .object(let values)? = members["hyperparameters"] else {
      throw Fault("its `hyperparameters` have to be an object in braces")
    }
    try check(values.keys, among: Recipe.keys, what: "hyper-parameter ")
    try whole(values["validation"], "validation", in: 0...1_000_000_000, optional: true)
    try word(
      values["centering"], "centering", among: TrainingData.Centering.allCases.map(\.rawValue))
    try word(
      values["bottleneck_stride"], "bottleneck_stride",
      among: BottleneckStride.allCases.map(\.rawValue))
  }

  private static func check(
    _ found: some Collection<String>, among known: [String], what: String
  ) throws {
    guard let key = found.sorted().first(where: { !known.contains($0) }) else { return }
    let near = known.min { distance(key, $0) < distance(key, $1) }
    throw Fault("there is no \(what)`\(key)`" + (near.map { "; the nearest is `\($0)`" } ?? ""))
  }

  private static func distance(_ first: String, _ second: String) -> Int {
    editDistance(Array(first.utf8.prefix(100)), Array(second.utf8))
  }

  private static func whole(
    _ value: Value?, _ key: String, in range: ClosedRange<Int>, optional: Bool
  ) throws {
    switch value {
    case nil where optional, .missing? where optional: return
    case .number(let number)?:
      if let whole = Int(exactly: number), range.contains(whole) { return }
    default: break
    }
    throw Fault("its `\(key)` has to be a whole number \(NumberRange(range).words)")
  }

  private static func word(_ value: Value?, _ key: String, among words: [String]) throws {
    guard let value else { return }
    if case .text(let text) = value, words.contains(text) { return }
    throw Fault("its `\(key)` has to be \(words.joined(separator: " or "))")
  }

  /// What stands in a JSON file.
  private enum Value: Decodable {
    case missing
    case flag
    case number(Double)
    case text(String)
    case list
    case object([String: Value])

    init(from decoder: any Decoder) throws {
      if let members = try? decoder.container(keyedBy: AnyKey.self) {
        var object: [String: Value] = [:]
        for key in members.allKeys {
          object[key.stringValue] = try members.decode(Value.self, forKey: key)
        }
        self = .object(object)
      } else if (try? decoder.unkeyedContainer()) != nil {
        self = .list
      } else {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
          self = .missing
        } else if (try? value.decode(Bool.self)) != nil {
          self = .flag
        } else if let number = try? value.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try value.decode(String.self))
        }
      }
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// What is wrong, as a sentence.
private func sentence(_ error: any Error) -> String {
  switch error {
  case DecodingError.keyNotFound(let key, _): "it has no `\(key.stringValue)`."
  case DecodingError.dataCorrupted(let context): context.debugDescription + "."
  case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
    "its `\(context.codingPath.map(\.stringValue).joined(separator: "."))` has another type."
  default: "\(error)"
  }
}

/// The first key that an object of a JSON text has twice. Readers of JSON keep one of them without a word.
private func repeatedKey(in json: Data) -> String? {
  /// The keys of the objects that are open here; nil for an array.
  var open: [Set<String>?] = []
  var isKey = false
  var position = json.startIndex
  while position < json.endIndex {
    switch json[position] {
    case UInt8(ascii: "{"):
      open.append([])
      isKey = true
    case UInt8(ascii: "["): open.append(nil as Set<String>?)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
    case UInt8(ascii: ","): isKey = open.last.flatMap(\.self) != nil
    case UInt8(ascii: "\""):
      let start = position
      position += 1
      while position < json.endIndex, json[position] != UInt8(ascii: "\"") {
        position += json[position] == UInt8(ascii: "\\") ? 2 : 1
      }
      guard position < json.endIndex else { return nil }
      if isKey, let key = try? JSONDecoder().decode(String.self, from: json[start...position]),
        open[open.count - 1]?.insert(key).inserted == false
      {
        return key
      }
      isKey = false
    default: break
    }
    position += 1
  }
  return nil
}
