import ArgumentParser
import Testing

@testable import Commands

@Suite("The reader's language")
struct LanguageOptionTests {
  private func language(
    _ arguments: [String] = [], _ environment: [String: String]
  ) throws -> Language {
    try LanguageOption.parse(arguments).language(environment: environment)
  }

  @Test(
    "The first of LC_ALL, LC_MESSAGES and LANG that is set decides, by its language",
    arguments: [
      ([:], Language.english),
      (["LANG": "ko_KR.UTF-8"], .korean),
      (["LANG": "ko_KR.utf8"], .korean),
      (["LANG": "ko"], .korean),
      (["LANG": "ko_KR@euro"], .korean),
      (["LANG": "kok_IN.UTF-8"], .english),
      (["LANG": "C.UTF-8"], .english),
      (["LANG": "ko_KR.UTF-8", "LC_ALL": "C"], .english),
      (["LANG": "ko_KR.UTF-8", "LC_ALL": ""], .korean),
      (["LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"], .korean),
      // Its terminal can't show what is written here.
      (["LANG": "ko_KR.eucKR"], .english),
    ])
  func locale(environment: [String: String], expected: Language) throws {
    #expect(try language([], environment) == expected)
  }

  @Test("The option goes before RESNET_LANGUAGE, and that before the locale")
  func order() throws {
    let korean = ["LANG": "ko_KR.UTF-8"]
    #expect(try language(["--language", "en"], korean) == .english)
    #expect(try language([], korean.merging(["RESNET_LANGUAGE": "en"]) { $1 }) == .english)
    #expect(try language([], korean.merging(["RESNET_LANGUAGE": ""]) { $1 }) == .korean)
    #expect(try language(["--language", "ko"], ["RESNET_LANGUAGE": "en"]) == .korean)
  }

  @Test("A language that there is not is refused")
  func unknown() {
    #expect(throws: (any Error).self) { try language(["--language", "fr"], [:]) }
    let error = #expect(throws: ValidationError.self) {
      try language([], ["RESNET_LANGUAGE": "Korean"])
    }
    #expect(error?.message.contains("'Korean', and takes en or ko") == true)
  }
}
