import Files

/// Why a file can't be used as weights.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// What was found.
  public let found: String
  /// The file it was found in, if it is known.
  public let file: String?
  /// What helps, a sentence of its own.
  public let remedy: String

  /// What is wrong.
  public init(
    _ found: String, file: String? = nil, remedy: String = "Save them again, or name another file."
  ) {
    (self.found, self.file, self.remedy) = (found, file, remedy)
  }

  /// A sentence that says what was wrong, and one with the way out.
  public var description: String {
    "\(file?.visible ?? "These weights") can't be \(file == nil ? "read" : "used as weights"): \(found). \(remedy)"
  }

  /// The same about a file with this name.
  public func about(_ file: String) -> SafetensorsError {
    SafetensorsError(found, file: file, remedy: remedy)
  }
}

extension ExactName {
  /// As it is shown in a message: on a line, and not a long one.
  var shown: String { shortened(text) }
}

/// A text of a file as it is shown in a message: on a line, and not a long one.
func shortened(_ text: some StringProtocol) -> String {
  let start = text.unicodeScalars.prefix(80)
  let rest = text.unicodeScalars.dropFirst(80).isEmpty ? "" : "…"
  return String(String.UnicodeScalarView(start)).visible + rest
}
