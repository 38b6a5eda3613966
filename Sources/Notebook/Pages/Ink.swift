import Charts

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
  static let keyword = Look(rawValue: 128)
  static let string = Look(rawValue: 256)
  static let number = Look(rawValue: 512)
}

/// Colours text, or leaves it as it is: the page decides, from the options and the stream it is
/// written to.
struct Ink {
  let isOn: Bool

  func paint(_ text: String, _ look: Look) -> String {
    guard isOn else { return text }
    return Ink.styles.filter { look.contains($0.look) }.map(\.style).reduce(.plain, +).paint(text)
  }

  func paint(_ line: StyledText) -> String {
    line.map { paint($0.text, $0.look) }.joined()
  }

  private static let styles: [(look: Look, style: TerminalStyle)] = [
    (.strong, .bold), (.emphasis, .italic), (.code, .cyan), (.link, .underlined), (.faint, .faint),
    (.passed, .green), (.failed, .bold + .red), (.keyword, .magenta), (.string, .green),
    (.number, .yellow),
  ]
}
