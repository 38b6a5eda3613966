import Files
import Foundation

/// What a file is that isn't safetensors: what other programs save weights as, and what else is found under
/// such a name.
struct OtherFile: Equatable {
  /// What it is, to be put after a colon.
  let name: String
  /// How weights come out of it, a sentence of its own.
  let remedy: String

  private init(_ name: String, _ remedy: String) { (self.name, self.remedy) = (name, remedy) }

  /// Recognises a file by its bytes, and where these say nothing by its name; nil if nothing is known.
  ///
  /// - Parameters:
  ///   - start: its first bytes, about 4,000.
  ///   - end: its last bytes: a zip archive lists there what is in it.
  ///   - name: without the folders.
  init?(start: Data, end: Data, name: String) {
    guard !start.isEmpty else {
      self.init("it is empty", "Fetch or save it again.")
      return
    }
    // A length and a brace: safetensors, though not as it should be.
    let length = start.prefix(8)
    if length.count == 8, length.suffix(3).allSatisfy({ $0 == 0 }),
      start.dropFirst(8).first == UInt8(ascii: "{")
    {
      return nil
    }
    let found =
      Self.archive(start, end) ?? Self.signature(start) ?? Self.text(start)
      ?? Self.protobuf(start, name) ?? Self.ending(name)
    guard let found else { return nil }
    self = found
  }

  private static let unpack = "Unpack it, and name the safetensors file in it."
  private static let fromPyTorch = """
    In Python: safetensors.torch.save_file(torch.load(FILE, weights_only=True), "weights.safetensors"), with \
    the state dict alone.
    """
  private static let fromKeras = """
    Give its weights PyTorch's names and layout in Python and save them with safetensors.
    """

  /// Formats of other programs' weights that begin with fixed bytes.
  private static let signatures: [(bytes: [UInt8], at: Int, name: String, remedy: String)] = [
    ([0x89] + Array("HDF".utf8), 0, "it is an HDF5 file, such as Keras's .h5", fromKeras),
    ([0x93] + Array("NUMPY".utf8), 0, "it is a NumPy array (.npy)", fromKeras),
    (Array("GGUF".utf8), 0, "it is a GGUF file, of a language model", "Name another file."),
    (Array("TFL3".utf8), 4, "it is a TensorFlow Lite model", fromKeras),
    (
      Array("SQLite format 3\0".utf8), 0, "it is a SQLite database, such as a run store",
      "To use a run's weights: `resnet export --run ID --store FILE --output weights.safetensors`."
    ),
    (Array("P5".utf8), 0, "it is a PGM picture", "Name the weights."),
    (Array("P6".utf8), 0, "it is a PPM picture", "Name the weights."),
    ([0x04, 0x22, 0x4D, 0x18], 0, "it is packed with lz4", unpack),
    (Array("Rar!".utf8), 0, "it is a RAR archive", unpack),
    ([0xCF, 0xFA, 0xED, 0xFE], 0, "it is a program", "Name the weights."),
  ]

  private static func signature(_ start: Data) -> OtherFile? {
    let own = signatures.first { start.dropFirst($0.at).starts(with: $0.bytes) }
    if let own { return OtherFile(own.name, own.remedy) }
    guard let format = FileFormat(startingWith: start), !format.name.hasPrefix("JSON") else {
      return nil
    }
    return OtherFile(
      "it is \(format.name)", format.remedy ?? "Name the weights, in safetensors format.")
  }

  /// Zip and tar archives by what is in them, and pickles.
  private static func archive(_ start: Data, _ end: Data) -> OtherFile? {
    func holds(_ text: String, in bytes: Data) -> Bool { bytes.range(of: Data(text.utf8)) != nil }
    if start.starts(with: Array("PK".utf8)) {
      if holds("constants.pkl", in: end) || holds("/code/", in: end) {
        return OtherFile(
          "it is a TorchScript program of PyTorch",
          "In Python: safetensors.torch.save_file(dict(torch.jit.load(FILE).state_dict()), \"weights.safetensors\")."
        )
      }
      if holds("data.pkl", in: end) || holds("data.pkl", in: start) {
        return OtherFile("it is a file of torch.save (.pth, .pt, .ckpt)", fromPyTorch)
      }
      if holds("model.weights.h5", in: end) {
        return OtherFile("it is a model of Keras (.keras)", fromKeras)
      }
      if holds(".npy", in: end) { return OtherFile("it holds arrays of NumPy (.npz)", fromKeras) }
      return OtherFile("it is a zip archive", unpack)
    }
    if start.count > 262, start.dropFirst(257).starts(with: Array("ustar".utf8)) {
      if holds("storages", in: start) || holds("pickle", in: start) {
        return OtherFile("it is a file of torch.save of before 2018 (tar)", fromPyTorch)
      }
      return OtherFile("it is a tar archive", unpack)
    }
    if start.first == 0x80, let version = start.dropFirst().first, 2...5 ~= version {
      // torch.save wrote this number first before version 1.6.
      let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
      return start.range(of: Data(magic)) != nil || holds("torch", in: start)
        ? OtherFile("it is a file of torch.save of before version 1.6 (a pickle)", fromPyTorch)
        : OtherFile("it is a pickle of Python", fromPyTorch)
    }
    return nil
  }

  /// ONNX and TensorFlow have no fixed bytes: a model begins with a version, and what made it.
  private static func protobuf(_ start: Data, _ name: String) -> OtherFile? {
    let onnx = OtherFile(
      "it is an ONNX model",
      "Its weights are its initializers: save them with PyTorch's names and safetensors, in Python."
    )
    let tensorFlow = OtherFile("it is a saved model of TensorFlow", fromKeras)
    if name.hasSuffix(".onnx") { return onnx }
    if name.hasSuffix(".pb") { return tensorFlow }
    guard start.first == 0x08, let version = start.dropFirst().first, 1...20 ~= version,
      let tag = start.dropFirst(2).first
    else { return nil }
    // A length stands in a safetensors file's first eight bytes: with this one it would be beyond 2⁴⁸.
    guard start.dropFirst(6).prefix(2).contains(where: { $0 != 0 }) else { return nil }
    return tag == 0x12 && version == 1 && start.range(of: Data("onnx".utf8)) == nil
      && start.range(of: Data("torch".utf8)) == nil
      ? tensorFlow : [0x12, 0x1A, 0x3A, 0x42].contains(tag) ? onnx : nil
  }

  /// Text, and what is written as text.
  private static func text(_ start: Data) -> OtherFile? {
    // The last character may be cut.
    guard
      let text = (0..<4).lazy.compactMap({ String(bytes: start.dropLast($0), encoding: .utf8) })
        .first,
      text.unicodeScalars.allSatisfy({
        $0.value >= 0x20 || "\t\n\r\u{C}\u{1B}".unicodeScalars.contains($0)
      })
    else { return nil }
    let words = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if words.hasPrefix("{") || words.hasPrefix("[") {
      return words.contains("\"weight_map\"")
        ? OtherFile(
          "it is the index of weights that are spread over several files",
          "In Python, put those files together: load each with safetensors and save all tensors in one."
        )
        : OtherFile("it is JSON", "Name the weights.")
    }
    if words.hasPrefix("model_checkpoint_path") {
      return OtherFile("it is TensorFlow's note of where its checkpoints are", fromKeras)
    }
    return OtherFile("it is text", "Name the weights.")
  }

  /// Files that nothing but their name tells.
  private static func ending(_ name: String) -> OtherFile? {
    if name.contains(".ckpt.") || name.contains(".data-00000-of-") || name.hasSuffix(".index") {
      return OtherFile("it is a part of a checkpoint of TensorFlow", fromKeras)
    }
    for (ending, what) in [
      (".msgpack", "it is a file of Flax (msgpack)"), (".caffemodel", "it is a model of Caffe"),
      (".weights", "it holds weights of Darknet"), (".mlmodel", "it is a model of Core ML"),
      (".bin", "it holds bytes without a form"), (".params", "it holds parameters of MXNet"),
    ] where name.lowercased().hasSuffix(ending) {
      return OtherFile(what, fromKeras)
    }
    return nil
  }

  /// A folder in the place of a file, with the names in it.
  static func folder(_ path: String, _ names: [String]) -> FileError {
    let remedy: String
    if names.contains("saved_model.pb") {
      return FileError(
        .read, path, reason: "it is a folder, a saved model of TensorFlow", remedy: fromKeras)
    }
    let weights = names.filter { $0.hasSuffix(".safetensors") }
    switch weights.count {
    case 0: remedy = "Name a file of weights, in safetensors format."
    case 1: remedy = "Name the file in it: \(shortened(weights[0]))."
    default:
      remedy =
        "Name one of the files in it: \(weights.prefix(5).map(shortened).joined(separator: ", "))."
    }
    return FileError(.read, path, reason: "it is a folder", remedy: remedy)
  }
}
