import ArgumentParser
import Commands
import Foundation
import RunStore

/// Which options a chapter takes, beside those of its own.
public enum ChapterKind: Sendable {
  /// The options of every chapter.
  case basic
  /// Those, and `--fresh` and `--seeds N` for a chapter that trains networks.
  case training
}

/// What the reader asked for on the command line.
public struct ChapterOptions: Sendable {
  /// Cut training budgets to seconds; every numerical check stays.
  public let quick: Bool
  /// Show all of the chapter's code, plumbing too.
  public let code: Bool
  /// The seed that everything random derives from.
  public let seed: Int
  /// The path of the run store.
  public let store: String
  /// Write no colour even to a terminal.
  public let noColor: Bool
  /// The language of the page on the terminal; English while a page is woven.
  public let language: Language
  /// The folder to write the woven page to, if any.
  public let weave: String?
  /// How many threads to compute with.
  public let threads: Int
  /// Train again instead of reusing stored runs (chapters that train only).
  public let fresh: Bool
  /// How many seeds the reader wants to train with; nil if that is left to the chapter.
  let seedCount: Int?

  /// The seeds to train with, from `seed` on: as many as the reader wants, else `count`.
  public func seeds(otherwise count: Int) -> Range<Int> { seed..<seed + (seedCount ?? count) }

  /// The seeds of a chapter that needs one.
  public var everySeed: Range<Int> { seeds(otherwise: 1) }
}

/// The end of a program that never began: help that was asked for, or arguments that can't be used.
struct EarlyExit: Error, Equatable {
  let message: String
  let status: Int32
}

extension ChapterOptions {
  /// Reads a command line.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - kind: which options there are.
  ///   - own: those that only this chapter has; becomes what was asked for.
  ///   - environment: `RESNET_STORE` names the run store, `RESNET_LANGUAGE` or the locale the language.
  init<Own: ParsableArguments>(
    parsing arguments: [String], for kind: ChapterKind, own: inout Own,
    environment: [String: String]
  ) throws(EarlyExit) {
    let common: CommonArguments
    var training: TrainingArguments?
    switch kind {
    case .basic:
      let command = try ChapterOptions.parse(BasicCommand<Own>.self, arguments)
      (common, own) = (command.common, command.own)
    case .training:
      let command = try ChapterOptions.parse(TrainingCommand<Own>.self, arguments)
      (common, training, own) = (command.common, command.training, command.own)
    }
    quick = common.quick
    code = common.code
    seed = common.seed
    store = common.store.path(otherwise: RunStore.defaultPath, environment: environment)
    noColor = common.noColor
    do throws(ValidationError) {
      let language = try common.language.language(environment: environment)
      self.language = common.weave == nil ? language : .english
    } catch {
      throw EarlyExit(message: "Error: \(error.message)", status: 2)
    }
    weave = common.weave
    threads = common.threads
    fresh = training?.fresh ?? false
    seedCount = training?.seeds
  }

  private static func parse<Command: ParsableCommand>(
    _ command: Command.Type, _ arguments: [String]
  ) throws(EarlyExit) -> Command {
    do {
      return try command.parse(arguments)
    } catch {
      // ArgumentParser's own status for bad usage is 64; this project's is 2.
      let status: Int32 = command.exitCode(for: error) == .success ? 0 : 2
      throw EarlyExit(message: command.fullMessage(for: error), status: status)
    }
  }
}
