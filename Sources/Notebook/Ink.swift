import Rainbow

/// How a stretch of text looks on a terminal.
struct Look: OptionSet, Hashable {
  let rawValue: Int
  static let strong = Look(rawValue: 1)
  static let emphasis = Look(rawValue: 2)
  static let code = Look(rawValue: 4)
  static let link = Look(rawValue: 8)
  static let faint = Look(rawValue: 16)
  static let passed = Look(rawValue: 32)
  static let failed = Look(rawValue: 64)
}

/// Colours text, or leaves it as it is.
///
/// The codes are Rainbow's. Whether to use them is decided by the page, from the options and the
/// stream it is written to, not by Rainbow's process-wide switch.
struct Ink {
  let isOn: Bool

  func paint(_ text: String, _ look: Look) -> String {
    guard isOn, !look.isEmpty, !text.isEmpty else { return text }
    let codes = Ink.codes.filter { look.contains($0.look) }.flatMap(\.codes)
    return "\u{1B}[\(codes.map(String.init).joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  func paint(_ line: StyledText) -> String {
    line.map { paint($0.text, $0.look) }.joined()
  }

  private static let codes: [(look: Look, codes: [UInt8])] = [
    (.strong, Style.bold.value),
    (.emphasis, Style.italic.value),
    (.code, NamedColor.cyan.value),
    (.link, Style.underline.value),
    (.faint, Style.dim.value),
    (.passed, NamedColor.green.value),
    (.failed, Style.bold.value + NamedColor.red.value),
  ]
}
