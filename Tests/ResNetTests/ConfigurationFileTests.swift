import Foundation
import Testing

@testable import ResNetCommands

@Suite("resnet train --config")
struct ConfigurationFileTests {
  /// What `metrics show --json` prints of a run, shortened.
  private static let good = """
    {"run": "0a1b", "status": "finished", "message": null, "chapter": null, "experiment": "train",
     "architecture": "cifar-resnet", "depth": 8, "width": 4, "shortcut": "A", "dataset": "digits",
     "seed": 3, "hyperparameters": {"batch_size": 64, "epochs": 20, "learning_rate": 0.1,
     "learning_rate_drops": "10,15", "momentum": 0.9, "weight_decay": 0.0001},
     "code_version": "1", "host": "here", "threads": 2, "started": "2026-01-01 00:00:00",
     "last_recorded": "2026-01-01 00:00:00", "finished": null,
     "metrics": [{"step": 23, "epoch": 1, "split": "train", "name": "loss", "value": "nan"}]}
    """

  private func read(_ text: String) throws -> RecordedRunFile {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("config-\(UUID().uuidString).json")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try RecordedRunFile(contentsOf: file.path)
  }

  @Test("What the store prints is followed")
  func good() throws {
    let run = try read(Self.good).configuration
    #expect(run.network.depth == 8 && run.seed == 3 && run.hyperparameters["momentum"] == 0.9)
    let shards = #""epochs": 20, "shards": 8, "normalized_over": "shard", "all_reduce_ranks": 4"#
    let values = try read(Self.good.replacingOccurrences(of: #""epochs": 20"#, with: shards))
      .configuration.hyperparameters
    #expect(values["shards"] == 8 && values["all_reduce_ranks"] == 4)
  }

  @Test(
    "Whatever it says wrong is named, with what is allowed",
    arguments: [
      (#""depth": 8"#, #""depth": -4"#, "depth"),
      (#""depth": 8"#, #""depth": 6000000002"#, "depth"),
      (#""depth": 8"#, #""depth": "8""#, "depth"), (#""depth": 8"#, #""depth": 9"#, "depth 9"),
      (#""width": 4"#, #""width": 4611686018427387904"#, "from 1 to 4096"),
      (#""width": 4"#, #""width": 1e400"#, "JSON"), (#""seed": 3"#, #""seed": -1"#, "4294967295"),
      (#""seed": 3"#, #""sede": 3"#, "nearest is `seed`"), (#""seed": 3, "#, "", "seed"),
      (#""experiment": "train""#, #""experiment": """#, "printable"),
      (#""experiment": "train""#, #""experiment": "a\u001b[2J""#, "printable"),
      (#""experiment": "train""#, #""experiment": 5"#, "has to be a text"),
      ("cifar-resnet", "cifar-reO*snet", "cifar-reO"), ("cifar-resnet", "cifar-", "cifar-"),
      (#""shortcut": "A""#, #""shortcut": "a""#, "none, A, B or C"),
      (#""shortcut": "A""#, #""shortcut": "A", "shortcut": "B""#, "twice"),
      (#""epochs": 20"#, #""epochs": 20, "\u0065pochs": 30"#, "`epochs` stands there twice"),
      (#""momentum""#, #""momentqm""#, "nearest is `momentum`"),
      (#""momentum": 0.9"#, #""momentum": "0.9""#, "momentum"),
      (#""momentum": 0.9"#, #""momentum": 9"#, "from 0.0 to 1.0"),
      (#""batch_size": 64"#, #""batch_size": 9223372036854775807"#, "from 1 to 65536"),
      (#""learning_rate": 0.1"#, #""learning_rate": 1e308"#, "from 0.0 to 1000.0"),
      (#""epochs": 20"#, #""epochs": true"#, "epochs is true"),
      (#""epochs": 20"#, #""epochs": 20, "centering": "row""#, "channel or pixel"),
      (#""epochs": 20"#, #""epochs": 20, "validation": 0.5"#, "validation"),
      ("10,15", "15,10", "ascending"), ("{\"run\"", "[{\"run\"", "JSON"),
    ])
  func wrong(part: String, change: String, words: String) {
    let text = Self.good.replacingOccurrences(of: part, with: change)
    #expect(text != Self.good)
    let error = #expect(throws: Failure.self, "\(change)") { try read(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(
    "What is no file, or not an object, is called so", arguments: ["[]", "5", "", "{", "\"x\""])
  func noObject(text: String) {
    let error = #expect(throws: Failure.self) { try read(text) }
    #expect(
      error?.description.contains("can't be followed: it is") == true
        || error?.description.contains("isn't JSON") == true)
    #expect(throws: Failure.self) { try RecordedRunFile(contentsOf: "/") }
  }
}
