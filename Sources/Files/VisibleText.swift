extension StringProtocol {
  /// The text on one line, with nothing in it that acts instead of being seen.
  ///
  /// A name in a file that somebody hands in can hold anything. Control characters would move the
  /// terminal's cursor or clear its screen, a line break would forge a message, an override of the
  /// writing direction would make one name look like another. They are shown as in Swift's source:
  /// `\u{1B}`, `\n`, `\u{202E}`.
  public var visible: String { visible(keepingLines: false) }

  /// The same for text of several lines: line breaks and tabs stay.
  public var visibleLines: String { visible(keepingLines: true) }

  /// The same for the text of a JSON document, in which only strings can hold such characters: they become
  /// escapes, which a parser reads back. Lines stay.
  public var visibleInJSON: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard scalar.actsUnseen, scalar != "\n" else {
        text.append(scalar)
        continue
      }
      for unit in UTF16.encode(scalar).map({ Array($0) }) ?? [] {
        let digits = String(unit, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.count)
        text.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
      }
    }
    return String(text)
  }

  private func visible(keepingLines: Bool) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar {
      case "\n", "\t":
        if keepingLines {
          text.append(scalar)
        } else {
          text.append(contentsOf: (scalar == "\n" ? "\\n" : "\\t").unicodeScalars)
        }
      case "\r": text.append(contentsOf: "\\r".unicodeScalars)
      default:
        if scalar.actsUnseen {
          let code = String(scalar.value, radix: 16, uppercase: true)
          text.append(contentsOf: "\\u{\(code)}".unicodeScalars)
        } else {
          text.append(scalar)
        }
      }
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether it does something to the text around it and has no picture of its own.
  fileprivate var actsUnseen: Bool {
    // Joiners belong to the spelling of several languages and to emoji.
    if value == 0x200C || value == 0x200D { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
