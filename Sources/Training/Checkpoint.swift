import Foundation
import MiniTensor
import Networks
import RunStore

/// A training run on disk: everything needed to continue it to the bit.
///
/// A checkpoint is a safetensors file: `network.NAME` are the weights and running statistics under
/// PyTorch's names, `velocity.NAME` the optimiser's velocities in this project's layout; what was to be
/// trained and how far it has got is JSON in `__metadata__`.
public struct Checkpoint {
  /// What is trained, and how.
  public let configuration: RunConfiguration
  /// How far it has got.
  public let progress: TrainingProgress
  /// The network's weights and running statistics, as a safetensors file; its metadata say how images are
  /// prepared (`Preprocessing`), if that is known.
  public let weights: Data
  private let velocities: [ExactName: Tensor]

  private static let format = "resnet-by-hand checkpoint 1"

  /// The state of a session.
  public init(of session: TrainingSession, configuration: RunConfiguration) {
    self.configuration = configuration
    progress = session.progress
    weights = session.network.weights(metadata: session.data.weightsMetadata)
    velocities = Dictionary(
      uniqueKeysWithValues: zip(
        session.network.parameters.map { ExactName($0.name) }, session.optimizer.velocities))
  }

  /// Reads a file.
  ///
  /// - Throws: `CheckpointError` if it isn't there, can't be read or isn't a checkpoint.
  public init(contentsOf file: URL) throws(CheckpointError) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: file)
    } catch {
      guard FileManager.default.fileExists(atPath: file.path) else { throw .missing(file.path) }
      throw .unreadable(file.path, error.localizedDescription)
    }
    do {
      try self.init(bytes)
    } catch let error as SafetensorsError {
      throw .damaged(file.path, error.found)
    } catch {
      throw .damaged(file.path, "what it says about the run can't be understood")
    }
  }

  init(_ bytes: Data) throws {
    let metadata = try Safetensors.metadata(of: bytes)
    guard metadata["format"] == Self.format else {
      throw SafetensorsError("its format is not `\(Self.format)`")
    }
    func decode<T: Decodable>(_ key: String) throws -> T {
      try JSONDecoder().decode(T.self, from: Data((metadata[key] ?? "").utf8))
    }
    var configuration: RunConfiguration = try decode("configuration")
    progress = try decode("progress")
    var parts: [Substring: [ExactName: Tensor]] = [:]
    for (name, tensor) in try Safetensors.decode(bytes) {
      let part = name.text.prefix { $0 != "." }
      parts[part, default: [:]][String(name.text.dropFirst(part.count + 1))] = tensor
    }
    guard let network = parts["network"], let velocities = parts["velocity"], parts.count == 2
    else { throw SafetensorsError("its tensors are not those of a network and its velocities") }
    var kept: [ExactName: String] = ["format": "pt"]
    kept[Preprocessing.key] = metadata[Preprocessing.key]
    weights = Safetensors.encode(network, metadata: kept)
    self.velocities = velocities
    // An older checkpoint of pictures from a folder: channels and classes are those of its weights.
    if configuration.network.architecture == nil,
      let found = try? Architecture(
        of: SafetensorsFile(weights), shortcut: configuration.network.shortcut),
      let described = try? configuration.network.architecture(
        inputChannels: found.inputChannels, classes: found.classes)
    {
      configuration.network = .described(described)
    }
    self.configuration = configuration
  }

  /// The bytes of the file.
  ///
  /// - Throws: `SafetensorsError` if the weights can't be taken apart.
  func encoded() throws -> Data {
    func json(_ value: some Encodable) throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    var tensors: [ExactName: Tensor] = [:]
    for (name, tensor) in try Safetensors.decode(weights) { tensors["network.\(name)"] = tensor }
    for (name, tensor) in velocities { tensors["velocity.\(name)"] = tensor }
    var metadata: [ExactName: String] = [
      "format": Self.format, "network": configuration.network.text,
      "configuration": try json(configuration),
      "progress": try json(progress),
    ]
    metadata[Preprocessing.key] = try Safetensors.metadata(of: weights)[Preprocessing.key]
    return Safetensors.encode(tensors, metadata: metadata)
  }

  /// Brings a session to where this checkpoint's was.
  ///
  /// - Parameters:
  ///   - session: a session of the same configuration.
  ///   - file: where the checkpoint came from, for the message.
  /// - Throws: `CheckpointError`; the session is then as it was.
  public func restore(_ session: TrainingSession, from file: URL) throws(CheckpointError) {
    guard session.accepts(progress) else {
      throw .damaged(file.path, "its steps, epochs and sums don't fit each other")
    }
    let names = session.network.parameters.map(\.name)
    let found = names.compactMap { velocities[$0] }
    guard found.map(\.shape) == session.optimizer.velocities.map(\.shape),
      velocities.count == names.count
    else { throw .damaged(file.path, "its velocities are not those of this network") }
    do {
      try session.network.load(weights: weights)
    } catch {
      throw .damaged(file.path, error.found)
    }
    session.optimizer.velocities = found
    session.progress = progress
  }
}

/// Why a checkpoint can't be read or written.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// There is no such file.
  case missing(String)
  /// The system doesn't let it be read.
  case unreadable(String, String)
  /// It is something else, or was changed.
  case damaged(String, String)
  /// It is of another training run.
  case other(String, [String])
  /// There is one, and nobody said what to do with it.
  case present(String, step: Int)
  /// It couldn't be written.
  case notWritten(String, String)

  /// What was wrong and what to do.
  public var description: String {
    switch self {
    case .missing(let file): "There is no checkpoint at \(file). Start without --resume."
    case .unreadable(let file, let reason): "The checkpoint \(file) can't be read: \(reason)"
    case .damaged(let file, let reason):
      "\(file) is not a checkpoint that can be continued: \(reason). "
        + "Remove it, or name another folder with --checkpoints."
    case .other(let file, let differences):
      "The checkpoint \(file) is of another run: \(differences.joined(separator: "; ")). "
        + "Ask for the same, or name another folder with --checkpoints."
    case .present(let file, let step):
      "There is a checkpoint of this run at \(file), after step \(step). "
        + "Continue it with --resume, or begin anew with --fresh."
    case .notWritten(let file, let reason):
      "The checkpoint \(file) can't be written: \(reason). The one before is still there. "
        + "Make room, then continue with --resume."
    }
  }
}
