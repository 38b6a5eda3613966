import Foundation
import Testing

@testable import Notebook

@Suite("A chapter's command line")
struct ChapterOptionsTests {
  private func parse(
    _ arguments: [String], _ kind: ChapterKind = .training, _ environment: [String: String] = [:]
  ) throws(EarlyExit) -> ChapterOptions {
    try ChapterOptions(parsing: arguments, for: kind, environment: environment)
  }

  @Test("Every option arrives")
  func all() throws {
    let options = try parse([
      "--quick", "--code", "--seed", "3", "--store", "a.sqlite", "--no-color", "--weave", "woven",
      "--threads", "2", "--fresh", "--seeds", "4",
    ])
    #expect(options.quick && options.code && options.noColor && options.fresh)
    #expect(options.store == "a.sqlite" && options.weave == "woven" && options.threads == 2)
    #expect(options.everySeed == 3..<7)
  }

  @Test("The defaults are one run with seed 0")
  func defaults() throws {
    let options = try parse([])
    #expect(!options.quick && !options.code && !options.noColor && !options.fresh)
    #expect(options.everySeed == 0..<1 && options.weave == nil && options.threads >= 1)
    #expect(options.store.hasSuffix("runs.sqlite"))
  }

  @Test("--store goes before RESNET_STORE, which goes before the default; an empty one is none")
  func store() throws {
    let environment = ["RESNET_STORE": "env.sqlite"]
    #expect(try parse(["--store", "arg.sqlite"], .basic, environment).store == "arg.sqlite")
    #expect(try parse([], .basic, environment).store == "env.sqlite")
    #expect(try parse([], .basic, ["RESNET_STORE": ""]).store == parse([]).store)
  }

  @Test(
    "Bad usage says what is wrong and what is allowed, with status 2",
    arguments: [
      (["--frsh"], "--fresh"), (["--seeds", "0"], "from 1 to 1000, not 0"),
      (["--seeds", "x"], "from 1 to 1000"), (["--seeds"], "from 1 to 1000"),
      (["--seeds", "99999999999999999999"], "from 1 to 1000"),
      (["--threads", "0"], "from 1 to 256, not 0"), (["--threads", "257"], "from 1 to 256"),
      (["--seed", "-1"], "from 0 to 4294967295, not -1"), (["--seed", "1.5"], "4294967295"),
      (["--seed", "4294967296"], "4294967295"), (["--store", ""], "path of a file"),
      (["--weave", ""], "path of a folder"), (["6"], "Unexpected argument '6'"),
      (["--weave", "/dev/null"], "'/dev/null' is a file"),
    ])
  func badUsage(arguments: [String], hint: String) {
    let exit = #expect(throws: EarlyExit.self) { try parse(arguments) }
    #expect(exit?.status == 2)
    #expect(exit?.message.contains(hint) == true, "\(exit?.message ?? "")")
    #expect(exit?.message.contains("--quick") == true)
  }

  @Test("A chapter that doesn't train takes neither --fresh nor --seeds")
  func basic() {
    for arguments in [["--fresh"], ["--seeds", "2"]] {
      let exit = #expect(throws: EarlyExit.self) { try parse(arguments, .basic) }
      #expect(exit?.status == 2)
    }
  }

  @Test("--help has status 0 and names every option", arguments: [ChapterKind.basic, .training])
  func help(kind: ChapterKind) {
    let exit = #expect(throws: EarlyExit.self) { try parse(["--help"], kind) }
    #expect(exit?.status == 0)
    let options = ["--quick", "--code", "--seed", "--store", "--no-color", "--weave", "--threads"]
    for option in options + (kind == .training ? ["--fresh", "--seeds"] : []) {
      #expect(exit?.message.contains(option) == true, "\(option)")
    }
  }
}
