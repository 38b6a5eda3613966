import Foundation
import Testing
import Training

@Suite("Standard streams that can't be used", .serialized)
struct StreamsTests {
  private static let training = [
    "train", "--dataset", "digits", "--arch", "resnet8", "--width", "4", "--checkpoints", "points",
    "--threads", "1", "--unit", "epochs", "--total", "2", "--drops", "1",
  ]

  @Test(
    "Output that is lost is a failure with a sentence",
    arguments: [
      ["summary", "resnet20"], ["summary", "resnet20", "--json"], ["summary", "--all"],
      ["--help"], ["train", "--help"], ["help", "train"], ["--generate-completion-script", "bash"],
    ],
    [">/dev/full", ">&-"])
  func lost(_ arguments: [String], _ redirection: String) throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let program = try ResNetProcess()
    let answer = try program.run(arguments, redirection)
    #expect(answer.status == 1, "\(answer.messages)")
    #expect(answer.messages.contains("Standard output can't be written"), "\(answer.messages)")
    #expect(!answer.messages.contains("Domain"))
  }

  @Test(
    "A training whose output is lost saves its work all the same, and ends with status 1",
    arguments: [">/dev/full", ">&-", ">&- 2>&-", ">/dev/full 2>/dev/full"])
  func training(_ redirection: String) throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let program = try ResNetProcess()
    let answer = try program.run(Self.training, redirection)
    #expect(answer.status == 1)
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    #expect(try Checkpoint(contentsOf: last).progress.history.count == 2)
    // Nothing that was printed went into a file that took the stream's number.
    let store = program.folder.appendingPathComponent("runs.sqlite")
    #expect(try Data(contentsOf: store).prefix(15) == Data("SQLite format 3".utf8))
  }

  @Test(
    "Messages that are lost change nothing",
    arguments: ["2>/dev/full", "2>&-", "<&- 2>&-"])
  func messages(_ redirection: String) throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let program = try ResNetProcess()
    let answer = try program.run(Self.training, redirection)
    #expect(answer.status == 0)
    #expect(answer.output.split(separator: "\n").count == 3)
    let wrong = try program.run(["train", "--arch", "nothing"], redirection)
    #expect(wrong.status == 2)
  }

  @Test("A file that may not grow is an error with its remedy, and leaves the one before")
  func fileSize() throws {
    let program = try ResNetProcess()
    #expect(try program.run(Self.training + ["--until-epoch", "1"]).status == 0)
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    let before = try Data(contentsOf: last)
    // In blocks of 512 or 1,024 bytes: less than a checkpoint has, more than a message.
    let answer = try program.run(Self.training + ["--resume", "--no-store"], "; ulimit -f 8")
    #expect(answer.status == 1 && answer.messages.contains("ulimit -f"), "\(answer.messages)")
    #expect(answer.messages.contains("The one before is still there"))
    #expect(try Data(contentsOf: last) == before)
    #expect(try program.run(Self.training + ["--resume", "--no-store"]).status == 0)
  }

  @Test("A reader that has gone is told, and doesn't end the program by a signal")
  func reader() throws {
    let program = try ResNetProcess()
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    for arguments in [["summary", "--all"], Self.training] {
      let messages = program.folder.appendingPathComponent("messages")
      let process = try program.start(
        arguments, output: pipe.fileHandleForWriting, messages: messages)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 1)
      #expect(try String(contentsOf: messages, encoding: .utf8).contains("nobody reads"))
    }
    let last = program.folder.appendingPathComponent("points/last.safetensors")
    #expect(try Checkpoint(contentsOf: last).progress.history.count == 2)
  }
}
