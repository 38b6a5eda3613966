/// The parts of a message that a translation takes over as they are, and faults in how it does so.
enum Markup {
  nonisolated(unsafe) static let code = /(`+)(?!`).*?[^`]\1(?!`)/
  nonisolated(unsafe) static let maths = /\$`.*?`\$|\$\$.*?\$\$|\$[^$\s`](?:[^$]*[^$\s])?\$(?!\d)/
  nonisolated(unsafe) static let link = /\]\(([^)\s]*)\)/
  nonisolated(unsafe) static let tag = /<[a-z\/!][^>]*>/

  /// What has no words of its own.
  nonisolated(unsafe) static let asides: [Regex<Substring>] = [
    /\$`.*?`\$/, /\$[^$\s`](?:[^$]*[^$\s])?\$(?!\d)/, /`+[^`]+`+/, /\]\([^)\s]*\)/,
    /<[a-z\/!][^>]*>/,
  ]

  /// What is wrong with a translation, in words; nothing if it keeps all that it has to.
  ///
  /// Whether it says the same is for a reader to see.
  static func faults(of translation: String, for message: String) -> [String] {
    var faults: [String] = []
    func compare(_ name: String, _ parts: (String) -> Set<String>) {
      let (wanted, found) = (parts(message), parts(translation))
      for part in wanted.subtracting(found).sorted() {
        faults.append("the \(name) \(part) is missing")
      }
      for part in found.subtracting(wanted).sorted() {
        faults.append("the \(name) \(part) isn't in the English text")
      }
    }
    compare("placeholder") { Set($0.matches(of: Message.placeholder).map { String($0.output.0) }) }
    compare("formula") { Set($0.matches(of: maths).map { String($0.output) }) }
    compare("code") { Set(withoutMaths($0).matches(of: code).map { String($0.output.0) }) }
    compare("link to") { Set($0.matches(of: link).map { String($0.output.1) }) }
    compare("tag") { Set(withoutCode($0).matches(of: tag).map { String($0.output) }) }
    if translation.contains("\n"), !message.contains("\n") {
      faults.append("it has a line break; a paragraph is one line")
    }
    if beginsBlock(translation), !beginsBlock(message) {
      faults.append(
        "it begins with '\(translation.prefix(3))', which Markdown doesn't read as text")
    }
    if translation.first?.isWhitespace == true || translation.last?.isWhitespace == true {
      faults.append("it has a space at its beginning or end")
    }
    if !emphasisIsSound(translation), emphasisIsSound(message) {
      faults.append(
        "Markdown doesn't read its emphasis: where asterisks stand between a letter and a punctuation mark "
          + "or code, put the punctuation outside of them, or other words")
    }
    return faults
  }

  private static func withoutMaths(_ text: String) -> String { text.replacing(maths, with: "x") }

  private static func withoutCode(_ text: String) -> String {
    withoutMaths(text).replacing(code, with: "`")
  }

  private static func beginsBlock(_ text: String) -> Bool {
    text.prefixMatch(of: /#{1,6} |>|\||[-*+] |\d{1,9}[.)] |```|~~~|<!--|    |---|===/) != nil
  }

  /// Whether Markdown finds an end for all emphasis. It doesn't where the closing asterisks stand between a
  /// punctuation mark (or code) and a letter, as before a Korean particle.
  private static func emphasisIsSound(_ markdown: String) -> Bool {
    let text = Array(withoutCode(markdown))
    var open: [Int] = []
    var index = 0
    func isText(_ character: Character) -> Bool { character.isLetter || character.isNumber }
    while index < text.count {
      guard text[index] == "*" else {
        index += text[index] == "\\" ? 2 : 1
        continue
      }
      let end = text[index...].firstIndex { $0 != "*" } ?? text.count
      let before = index > 0 ? text[index - 1] : " "
      let after = end < text.count ? text[end] : " "
      if open.last == end - index, !before.isWhitespace, isText(before) || !isText(after) {
        open.removeLast()
      } else if !after.isWhitespace, isText(after) || !isText(before) {
        open.append(end - index)
      } else {
        return false
      }
      index = end
    }
    return open.isEmpty
  }
}
