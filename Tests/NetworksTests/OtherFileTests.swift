import Foundation
import MiniTensor
import Testing

@testable import Networks

@Suite("Files that hold no weights are called what they are")
struct OtherFileTests {
  private func fault(_ bytes: Data, _ name: String = "weights") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "other-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try bytes.write(to: file)
    do {
      _ = try SafetensorsFile(contentsOf: file).stateDict()
      return ""
    } catch {
      return error.description
    }
  }

  /// A zip archive with these names in it, as far as a look at it goes.
  private static func zip(_ names: String...) -> Data {
    var bytes = Data()
    for name in names {
      bytes += Data("PK\u{3}\u{4}".utf8) + Data(count: 22) + Data(name.utf8) + Data(count: 9000)
    }
    for name in names { bytes += Data("PK\u{1}\u{2}".utf8) + Data(count: 42) + Data(name.utf8) }
    return bytes + Data("PK\u{5}\u{6}".utf8) + Data(count: 18)
  }

  /// Bytes, a text and zeros.
  private static func file(_ bytes: [UInt8] = [], _ text: String = "", zeros: Int = 0) -> Data {
    Data(bytes + Array(text.utf8) + [UInt8](repeating: 0, count: zeros))
  }

  /// The header of a tar archive's first file.
  private static func tar(_ name: String) -> Data {
    file([], name, zeros: 257 - name.utf8.count) + file([], "ustar  ", zeros: 300)
  }

  // Not kept: LeakSanitizer doesn't follow the pointers in a kept `Data`.
  private static var files: [(bytes: Data, what: String)] {
    [
      (Data(), "it is empty"), (zip("archive/data.pkl", "archive/data/0"), "torch.save"),
      (zip("net/data.pkl", "net/code/__torch__.py", "net/constants.pkl"), "TorchScript"),
      (zip("metadata.json", "config.json", "model.weights.h5"), "Keras"),
      (zip("arr_0.npy"), "NumPy (.npz)"), (zip("a.txt"), "zip archive"),
      (
        file([
          0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
        ]),
        "before version 1.6"
      ),
      (file([0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x7D, 0x2E]), "pickle of Python"),
      (tar("data/storages"), "of before 2018"), (tar("a.txt"), "tar archive"),
      (file([0x89], "HDF\r\n\u{1A}\n", zeros: 40), "HDF5"),
      (file([0x93], "NUMPY\u{1}", zeros: 60), ".npy"), (file([], "GGUF", zeros: 40), "GGUF"),
      (file([0x1C, 0, 0, 0], "TFL3", zeros: 40), "Lite"),
      (file([], "SQLite format 3\0", zeros: 84), "resnet export --run"),
      (file([0x1F, 0x8B, 8], zeros: 40), "gzip"), (file([0xFD], "7zXZ\0", zeros: 40), "xz"),
      (file([0x28, 0xB5, 0x2F, 0xFD], zeros: 40), "Zstandard"),
      (file([], "BZh9", zeros: 40), "bzip2"), (file([0x89], "PNG\r\n\u{1A}\n", zeros: 40), "PNG"),
      (file([0xFF, 0xD8, 0xFF, 0xE0], zeros: 40), "JPEG"),
      (file([], "P6 2 2 255\n", zeros: 12), "PPM"),
      (file([], "  <!DOCTYPE html><html></html>"), "web page"),
      (file([], "<?xml version=\"1.0\"?><Error>AccessDenied</Error>"), "web page"),
      (
        file([], "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"),
        "git lfs pull"
      ),
      (
        file([], #"{"metadata":{},"weight_map":{"conv1.weight":"a-00001-of-00002.safetensors"}}"#),
        "index"
      ), (file([], #"{"a": 1}"#), "it is JSON"), (file([], "no weights at all"), "it is text"),
      (file([], "model_checkpoint_path: \"model.ckpt-1\"\n"), "TensorFlow"),
      (file([8, 7, 0x12, 7], "pytorch", zeros: 40), "ONNX"),
      (
        file([8, 1, 0x12, 0xA5, 1, 0x0A, 0x2E, 0x12], "serve", zeros: 40),
        "saved model of TensorFlow"
      ),
    ]
  }

  @Test("By what stands in them", arguments: files)
  func bytes(file: Data, what: String) throws {
    let said = try fault(file)
    #expect(said.contains(what), "\(said)")
    #expect(said.contains("can't be used as weights") && said.hasSuffix("."), "\(said)")
  }

  @Test(
    "By their name, where their bytes say nothing",
    arguments: [
      ("variables.data-00000-of-00001", "TensorFlow"), ("model.ckpt.index", "TensorFlow"),
      ("flax_model.msgpack", "Flax"), ("resnet.caffemodel", "Caffe"), ("net.onnx", "ONNX"),
    ])
  func names(name: String, what: String) throws {
    #expect(try fault(Data([0xDE, 0xC0, 0x17, 0, 0, 0, 0, 0, 1, 2, 3]), name).contains(what))
  }

  @Test("By their tensors")
  func tensors() throws {
    let one = Tensor([1])
    let cases: [([ExactName: Tensor], String)] = [
      ([:], "it holds no tensors"),
      (["state.0.exp_avg": one, "state.0.exp_avg_sq": one, "state.0.step": one], "optimiser"),
      (["conv1.weight.momentum_buffer": one], "optimiser"),
      (["q_proj.lora_A.weight": one, "q_proj.lora_B.weight": one], "LoRA"),
      (["features": Tensor([2, 3])], "resnet features"), (["logits": Tensor([2, 3])], "--logits"),
    ]
    for (tensors, what) in cases {
      let said = try fault(Safetensors.encode(tensors))
      #expect(said.contains(what), "\(said)")
    }
    let part = try fault(
      Safetensors.encode(["layer4.0.conv1.weight": one]), "model-00002-of-00003.safetensors")
    #expect(part.contains("2 of 3"), "\(part)")
  }

  @Test("A folder is one, and the files in it are named")
  func folders() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "folder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func said() -> String {
      do {
        _ = try SafetensorsFile(contentsOf: folder)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(said().contains("it is a folder. Name a file"))
    try Data().write(to: folder.appendingPathComponent("last.safetensors"))
    #expect(said().contains("it is a folder. Name the file in it: last.safetensors."))
    try Data().write(to: folder.appendingPathComponent("best.safetensors"))
    #expect(said().contains("best.safetensors, last.safetensors"))
    try Data().write(to: folder.appendingPathComponent("saved_model.pb"))
    #expect(said().contains("a saved model of TensorFlow"))
  }

  @Test("What is safetensors but for its end is called cut off, whatever its length looks like")
  func cutOff() throws {
    // The lengths of these headers begin as pickles and gzip's files do.
    for length in [0x0280, 0x0480, 0x8B1F] {
      let header = #"{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}"#
      let padded = header + String(repeating: " ", count: length - header.utf8.count)
      let said = try fault(SafetensorsTests.file(padded, body: 12))
      #expect(said.contains("where 12 are left") && said.contains("cut off"), "\(said)")
    }
  }

  @Test("Links that lead nowhere are called that, not pipes")
  func links() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "links-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, target, what) in [
      ("dangling", "nowhere", "isn't there"), ("loop", "loop", "circle"),
    ] {
      let link = folder.appendingPathComponent(name)
      try FileManager.default.createSymbolicLink(
        atPath: link.path, withDestinationPath: folder.appendingPathComponent(target).path)
      let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(contentsOf: link) }
      #expect(error?.description.contains(what) == true, "\(String(describing: error))")
    }
  }

  @Test("Good weights are never taken for something else")
  func weights() throws {
    let network = CifarNetwork(try CifarArchitecture(depth: 8, width: 4, shortcut: .A), seed: 0)
    #expect(try fault(network.weights(), "weights.onnx") == "")
  }
}
