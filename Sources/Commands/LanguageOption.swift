import ArgumentParser
import Foundation

/// The language of what a program says to its reader.
public enum Language: String, CaseIterable, Sendable, ExpressibleByArgument {
  case english = "en"
  case korean = "ko"
}

/// `--language LANGUAGE`: the language of a program's prose.
public struct LanguageOption: ParsableArguments {
  @Option(
    name: .customLong("language"),
    help: ArgumentHelp(
      "The language of the prose: en or ko.",
      discussion: "Without it RESNET_LANGUAGE, without that your locale's.", valueName: "language"))
  var named: Language?

  /// Nothing named.
  public init() {}

  /// The language: what was given, or what the environment names, or else the locale's.
  ///
  /// - Throws: `ValidationError` if `RESNET_LANGUAGE` names none that there is.
  public func language(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(ValidationError) -> Language {
    if let named { return named }
    if let name = environment["RESNET_LANGUAGE"], !name.isEmpty {
      guard let language = Language(rawValue: name) else {
        throw ValidationError("RESNET_LANGUAGE is '\(name.prefix(40))', and takes en or ko.")
      }
      return language
    }
    return Self.ofLocale(environment)
  }

  /// Korean if the locale is, and its characters are those that are written here.
  private static func ofLocale(_ environment: [String: String]) -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
    guard let locale = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty })
    else { return .english }
    let parts = locale.prefix { $0 != "@" }.split(separator: ".", maxSplits: 1)
    let language = parts.first?.prefix { $0 != "_" }
    let charset = parts.count > 1 ? parts[1].lowercased().filter { $0 != "-" } : "utf8"
    return language == "ko" && charset == "utf8" ? .korean : .english
  }
}
