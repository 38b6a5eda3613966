import Charts
import Files

/// What a chapter's code shows on its page.
extension Chapter {
  /// Shows preformatted text.
  ///
  /// - Parameters:
  ///   - text: one or more lines.
  ///   - volatile: whether it differs between two runs of the same program, as a time does.
  public func show(
    _ text: String, volatile: Bool = false, line: Int = #line, file: String = #filePath
  ) {
    place(.text(text.visibleLines, isVolatile: volatile), line: line, file: file)
  }

  /// Shows text with times or rates in it, which differ from run to run; pages are compared without it.
  ///
  /// - Parameter text: one or more lines.
  public func measured(_ text: String, line: Int = #line, file: String = #filePath) {
    show(text, volatile: true, line: line, file: file)
  }

  /// Shows a table.
  ///
  /// - Parameters:
  ///   - table: columns and rows.
  ///   - volatile: whether it differs between two runs of the same program.
  public func table(
    _ table: Table, volatile: Bool = false, line: Int = #line, file: String = #filePath
  ) {
    place(.table(table, isVolatile: volatile), line: line, file: file)
  }

  /// Shows a figure: drawn with characters on a terminal, as SVG on the woven page.
  ///
  /// - Parameters:
  ///   - figure: what to draw.
  ///   - name: the name of the figure's file, without its extension.
  ///   - volatile: whether it differs between two runs of the same program.
  /// - Precondition: `name` is made of the letters a to z, digits and `-`, and no other figure of the
  ///   chapter has it.
  public func plot(
    _ figure: any Figure, _ name: String, volatile: Bool = false,
    line: Int = #line, file: String = #filePath
  ) {
    let isPlain = name.allSatisfy {
      ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
    }
    precondition(!name.isEmpty && isPlain, "a figure can't be named '\(name)': use a-z, 0-9 and -")
    for case .figure(_, name, _) in blocks {
      preconditionFailure("two figures are named '\(name)'; the second would replace the first")
    }
    place(.figure(figure, name: name, isVolatile: volatile), line: line, file: file)
  }
}
