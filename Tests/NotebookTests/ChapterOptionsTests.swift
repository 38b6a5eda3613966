import ArgumentParser
import Foundation
import Testing

@testable import Notebook

@Suite("A chapter's command line")
struct ChapterOptionsTests {
  private func parse(
    _ arguments: [String], _ kind: ChapterKind = .training, _ environment: [String: String] = [:]
  ) throws(EarlyExit) -> ChapterOptions {
    var none = NoArguments()
    return try ChapterOptions(
      parsing: arguments, for: kind, own: &none, environment: environment)
  }

  /// The options of some chapter.
  private struct Pictures: ParsableArguments {
    @Option(help: "Where they are.") var data: String?
    @Option var budget = 0.5

    func validate() throws {
      if budget <= 0 { throw ValidationError("--budget is above 0, not \(budget).") }
    }
  }

  @Test(
    "A chapter's own options arrive beside the others", arguments: [ChapterKind.basic, .training])
  func own(kind: ChapterKind) throws {
    var own = Pictures()
    let options = try ChapterOptions(
      parsing: ["--data", "cifar", "--seed", "3"], for: kind, own: &own, environment: [:])
    #expect(own.data == "cifar" && own.budget == 0.5 && options.seed == 3)
  }

  @Test(
    "A chapter's own options can be used badly, and are in its help",
    arguments: [(["--budget", "0"], "above 0, not 0.0"), (["--help"], "Where they are.")])
  func ownBadUsage(arguments: [String], hint: String) {
    var own = Pictures()
    let exit = #expect(throws: EarlyExit.self) {
      try ChapterOptions(parsing: arguments, for: .training, own: &own, environment: [:])
    }
    #expect(exit?.status == (arguments == ["--help"] ? 0 : 2))
    #expect(exit?.message.contains(hint) == true && exit?.message.contains("--data") == true)
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

  @Test("COLUMNS counts where it says a width that a page can have")
  func columns() {
    #expect(Console.columns(in: ["COLUMNS": "132"]) == 132)
    for nonsense in ["", "0", "-1", "-9223372036854775808", "9223372036854775807", "wide"] {
      #expect(Console.columns(in: ["COLUMNS": nonsense]) == nil)
    }
    #expect(Console.columns(in: [:]) == nil)
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
