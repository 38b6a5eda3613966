import Files
import Foundation
import MiniTensor
import Networks
import RunStore

/// A training run on disk: everything needed to continue it to the bit.
///
/// A checkpoint is a safetensors file: `network.NAME` are the weights and running statistics under
/// PyTorch's names, `velocity.NAME` the optimiser's velocities in this project's layout (of AdamW `moment.NAME` and
/// `square.NAME`); what was to be
/// trained and how far it has got is JSON in `__metadata__`, and so is a checksum of the whole file.
public struct Checkpoint {
  /// What is trained, and how.
  public let configuration: RunConfiguration
  /// How far it has got.
  public let progress: TrainingProgress
  /// The network's weights and running statistics, as a safetensors file; its metadata say how images are
  /// prepared (`Preprocessing`), if that is known.
  public let weights: Data
  /// For the checkpoint with the lowest error, on which images that is: `validation`, or `test`, and then its
  /// test error is no fair estimate.
  public let chosenBy: String?
  /// What the optimiser remembers: tensors by the names of parameters, under the name of each quantity.
  private let optimizer: [String: [ExactName: Tensor]]

  private static let format = "resnet-by-hand checkpoint 2"
  /// That of files without a checksum, which are still read.
  private static let earlierFormat = "resnet-by-hand checkpoint 1"

  /// The state of a session.
  ///
  /// - Parameter choice: on which images its error is the lowest, if it is kept for that.
  public init(
    of session: TrainingSession, configuration: RunConfiguration, chosenBy choice: String? = nil
  ) {
    self.configuration = configuration
    chosenBy = choice
    progress = session.progress
    weights = session.network.weights(metadata: session.data.weightsMetadata)
    let names = session.network.parameters.map { ExactName($0.name) }
    optimizer = Dictionary(
      uniqueKeysWithValues: session.optimizer.state.map { quantity, tensors in
        (quantity, Dictionary(uniqueKeysWithValues: zip(names, tensors)))
      })
  }

  /// Reads a file.
  ///
  /// - Throws: `CheckpointError` if it isn't there, can't be read or isn't a checkpoint.
  public init(contentsOf file: URL) throws(CheckpointError) {
    let bytes: Data
    do {
      bytes = try readFile(file.path)
    } catch {
      throw error.code == ENOENT ? .missing(file.path) : .unreadable(error)
    }
    try self.init(bytes, from: file.path)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameter name: what they are called in the error.
  init(_ bytes: Data, from name: String) throws(CheckpointError) {
    do {
      try self.init(bytes)
    } catch let error as SafetensorsError {
      throw .damaged(name, error.found)
    } catch {
      throw .damaged(name, "what it says about the run can't be understood")
    }
  }

  init(_ bytes: Data) throws {
    let metadata = try Safetensors.metadata(of: bytes)
    guard [Self.format, Self.earlierFormat].contains(metadata["format"]) else {
      throw SafetensorsError("its format is not `\(Self.format)`")
    }
    if metadata["format"] == Self.format || metadata["checksum"] != nil {
      guard let stored = metadata["checksum"], Self.sealed(bytes)?.checksum == stored else {
        throw SafetensorsError("its bytes were changed: they don't have its checksum")
      }
    }
    func decode<T: Decodable>(_ key: String) throws -> T {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try decoder.decode(T.self, from: Data((metadata[key] ?? "").utf8))
    }
    chosenBy = metadata["chosen_by"]
    var configuration: RunConfiguration = try decode("configuration")
    progress = try decode("progress")
    var parts: [Substring: [ExactName: Tensor]] = [:]
    for (name, tensor) in try Safetensors.decode(bytes) {
      let part = name.text.prefix { $0 != "." }
      parts[part, default: [:]][String(name.text.dropFirst(part.count + 1))] = tensor
    }
    let remembered = parts.filter { $0.key != "network" }
    guard let network = parts["network"],
      [["velocity"], ["moment", "square"]].contains(remembered.keys.sorted())
    else { throw SafetensorsError("its tensors are not those of a network and its optimiser") }
    var kept: [ExactName: String] = ["format": "pt"]
    kept[Preprocessing.key] = metadata[Preprocessing.key]
    weights = Safetensors.encode(network, metadata: kept)
    optimizer = Dictionary(uniqueKeysWithValues: remembered.map { (String($0.key), $0.value) })
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
  func encoded() -> Data {
    func json(_ value: some Encodable) -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      guard let text = try? encoder.encode(value) else {
        preconditionFailure("Texts and numbers can always be written as JSON.")
      }
      return String(decoding: text, as: UTF8.self)
    }
    guard let weights = try? Safetensors.decode(weights) else {
      preconditionFailure("A network's own weights can be read.")
    }
    var tensors: [ExactName: Tensor] = [:]
    for (name, tensor) in weights { tensors["network.\(name)"] = tensor }
    for (quantity, values) in optimizer {
      for (name, tensor) in values { tensors["\(quantity).\(name)"] = tensor }
    }
    var metadata: [ExactName: String] = [
      "format": Self.format, "network": configuration.network.text,
      "configuration": json(configuration),
      "progress": json(progress), "checksum": Self.noChecksum,
    ]
    metadata["chosen_by"] = chosenBy
    metadata[Preprocessing.key] = try? Safetensors.metadata(of: self.weights)[Preprocessing.key]
    let bytes = Safetensors.encode(tensors, metadata: metadata)
    return Self.sealed(bytes)?.bytes ?? bytes
  }

  private static let noChecksum = String(repeating: "0", count: 16)

  /// The bytes of a file with the checksum that belongs into it: that of the file with zeros in its place.
  ///
  /// - Returns: nil if there is no place for it.
  private static func sealed(_ file: Data) -> (bytes: Data, checksum: String)? {
    // In a text of the header every quotation mark has a backslash before it: this is the key itself.
    let key = Data("\"checksum\":\"".utf8)
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let header = file.prefix(8 + Int(clamping: min(length, UInt64(file.count))))
    guard let place = header.range(of: key).map({ $0.upperBound - file.startIndex }),
      place + noChecksum.utf8.count <= header.count
    else { return nil }
    var bytes = [UInt8](file)
    let digits = place..<place + noChecksum.utf8.count
    bytes.replaceSubrange(digits, with: noChecksum.utf8)
    let sum = hexadecimal(Files.checksum(bytes))
    bytes.replaceSubrange(digits, with: sum.utf8)
    return (Data(bytes), sum)
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
    let expected = session.optimizer.state
    let found = expected.map { quantity, _ in
      (name: quantity, tensors: names.compactMap { optimizer[quantity]?[$0] })
    }
    guard Set(optimizer.keys) == Set(expected.map(\.name)),
      zip(found, expected).allSatisfy({ $0.tensors.map(\.shape) == $1.tensors.map(\.shape) }),
      optimizer.values.allSatisfy({ $0.count == names.count })
    else { throw .damaged(file.path, "its optimiser's state is not that of this network") }
    do {
      try session.network.load(weights: weights)
    } catch {
      throw .damaged(file.path, error.found)
    }
    session.optimizer.state = found
    session.optimizer.steps = progress.step
    session.progress = progress
  }
}
