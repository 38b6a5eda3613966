/// How text looks on a terminal, in the codes of ECMA-48 ("ANSI codes"). All of this project's are
/// written here.
package struct TerminalStyle: Hashable, Sendable {
  private let codes: [Int]

  /// As the terminal shows text anyway.
  package static let plain = TerminalStyle(codes: [])
  package static let bold = TerminalStyle(codes: [1])
  package static let faint = TerminalStyle(codes: [2])
  package static let italic = TerminalStyle(codes: [3])
  package static let underlined = TerminalStyle(codes: [4])
  package static let red = TerminalStyle(codes: [31])
  package static let green = TerminalStyle(codes: [32])
  package static let yellow = TerminalStyle(codes: [33])
  package static let magenta = TerminalStyle(codes: [35])
  package static let cyan = TerminalStyle(codes: [36])

  /// The colour of the letters.
  static func foreground(_ color: Color) -> TerminalStyle {
    TerminalStyle(codes: [38, 5, color.terminalCode])
  }

  /// The colour behind them.
  static func background(_ color: Color) -> TerminalStyle {
    TerminalStyle(codes: [48, 5, color.terminalCode])
  }

  /// Both together.
  package static func + (left: TerminalStyle, right: TerminalStyle) -> TerminalStyle {
    TerminalStyle(codes: left.codes + right.codes)
  }

  /// What begins the style, from a plain terminal on.
  package var begin: String {
    codes.isEmpty ? "" : "\u{1B}[\(codes.map(String.init).joined(separator: ";"))m"
  }

  /// What ends it.
  package var end: String { codes.isEmpty ? "" : "\u{1B}[0m" }

  /// The text in this style.
  package func paint(_ text: String) -> String { text.isEmpty ? "" : begin + text + end }
}
